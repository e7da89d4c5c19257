"""Tables that run over pages: their parts are joined before heads and labels are read.

A grid goes on from the one before it if nothing but a page break (footnotes, page numbers)
stands between them, they are equally wide, and their columns agree or the second one has no
heads of its own. Facing pages may be shifted against each other (mirrored margins), so columns
are compared from the left border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from ingest.drawn import RawPage
from ingest.table_block import Block
from ingest.table_breaks import complete_labels
from ingest.table_grid import Grid
from ingest.table_heads import head_rows

SAME_PT = 4.0
"""Borders of two parts of a table nearer than this are the same."""

MOVED_PT = 20.0
"""Column borders of two parts that are farther apart do not belong together."""

MARGIN = 0.09
"""Share of the page's height at top and bottom where running heads and page numbers stand."""

MIN_RULE_PT = 40.0
"""Shorter rules do not divide footnotes from the text."""

NOTE_SIZE = 0.93
"""Text smaller than this share of the table's own is a footnote."""


@dataclass(slots=True, kw_only=True)
class Part:
    """The part of a table that one page holds.

    Attributes:
        page: 0-based index of its page.
        blocks: its grid's cells with their text, in the same order.
        inside: the cell of another table that it stands in.
    """

    page: int
    grid: Grid
    blocks: list[Block]
    inside: Block | None = None

    @property
    def is_grid(self) -> bool:
        """Whether it has several cells; one alone is a frame around text."""
        return len(self.blocks) > 1


def join_parts(parts: Sequence[Sequence[Part]], pages: Sequence[RawPage]) -> list[list[Part]]:
    """Join parts into tables and renumber their cells.

    Args:
        parts: the parts of each page, from top to bottom.
        pages: the pages, as many.

    Returns:
        Tables as lists of parts. Rows and columns of the cells count through the whole table;
        labels cut by a page break are completed. Frames (one cell) are left out.
    """
    tables: list[list[Part]] = []
    before: list[Part] | None = None
    for page, here in zip(pages, parts, strict=True):
        outer = [part for part in here if part.inside is None]
        for part in here:
            if part.inside is not None:
                tables.append([part])
            elif before is not None and _goes_on(before, part, pages):
                before.append(part)
            else:
                before = [part]
                tables.append(before)
        if before is not None and not (outer and _nothing_below(outer[-1], page)):
            before = None
    tables = [table for table in tables if sum(len(part.blocks) for part in table) > 1]
    for table in tables:
        _renumber(table)
        complete_labels([part.blocks for part in table])
    return tables


def _goes_on(table: list[Part], part: Part, pages: Sequence[RawPage]) -> bool:
    """Whether a part is the rest of the table before it."""
    last, page = table[-1], pages[part.page]
    if abs(_width(last.grid) - _width(part.grid)) > SAME_PT:
        return False
    if last.page == part.page - 1:
        return _nothing_above(part, page) and (
            _same_columns(last.grid, part.grid) or _needs_heads(table, part)
        )
    return (
        last.page == part.page
        and abs(last.grid.box.x0 - part.grid.box.x0) <= SAME_PT
        and _nothing_between(last, part, page)
        and _needs_heads(table, part)
    )


def _needs_heads(table: list[Part], part: Part) -> bool:
    """Whether a table has column heads and the part that follows has columns but no heads."""
    return len(part.grid.xs) > 2 and head_rows(part.blocks) == 0 and head_rows(table[0].blocks) > 0


def _width(grid: Grid) -> float:
    return grid.xs[-1] - grid.xs[0]


def _nothing_between(above: Part, below: Part, page: RawPage) -> bool:
    return not any(
        above.grid.box.bottom <= (word.box.top + word.box.bottom) / 2 <= below.grid.box.top
        for word in page.words
    )


def _nothing_above(part: Part, page: RawPage) -> bool:
    top = part.grid.box.top
    return not any(
        word.box.bottom > MARGIN * page.height and word.box.bottom <= top + 2 for word in page.words
    )


def _nothing_below(part: Part, page: RawPage) -> bool:
    """Whether only footnotes and the foot of the page follow."""
    bottom = part.grid.box.bottom
    inside = [w.size for w in page.words if part.grid.box.top <= w.box.top < bottom]
    size = sorted(inside)[len(inside) // 2] if inside else 0.0
    end = body_end(page, bottom)
    return not any(
        bottom - 2 <= word.box.top < end and word.size >= NOTE_SIZE * size for word in page.words
    )


def body_end(page: RawPage, below: float) -> float:
    """Where the text after y = `below` ends: at the rule above the footnotes, or the foot."""
    rules = [b.top for b in page.rulings if b.top > below + 2 and b.x1 - b.x0 > MIN_RULE_PT]
    return min([(1 - MARGIN) * page.height, *rules])


def _relative(grid: Grid) -> list[float]:
    return [x - grid.xs[0] for x in grid.xs]


def _same_columns(grid: Grid, other: Grid) -> bool:
    """Whether the label column or most inner borders agree (the outer ones do)."""
    mine, theirs = _relative(grid), _relative(other)
    few, many = sorted((mine[1:-1], theirs[1:-1]), key=len)
    if not few or abs(mine[1] - theirs[1]) <= SAME_PT:
        return True
    shared = sum(any(abs(x - y) <= SAME_PT for y in many) for x in few)
    return shared >= 0.5 * len(few)


def _renumber(table: list[Part]) -> None:
    """Let rows and columns count through all parts."""
    borders: list[float] = []
    placed: list[list[float]] = []
    for part in table:
        placed.append(place_borders(borders, _relative(part.grid)))
        borders = sorted({*borders, *placed[-1]})
    number_of = {border: number for number, border in enumerate(borders)}
    rows = 0
    for index, (part, places) in enumerate(zip(table, placed, strict=True)):
        for block in part.blocks:
            column, right = number_of[places[block.column]], number_of[places[block.right]]
            block.column, block.column_span = column, right - column
            block.row += rows
            block.part = index
        rows += len(part.grid.ys) - 1


def place_borders(borders: Sequence[float], xs: Sequence[float]) -> list[float]:
    """Where the column borders of a further part lie among those of the parts before.

    Word sets each part of a table anew, so that borders move: nearest pairs are taken for the
    same, one to one and in order.

    Args:
        borders: of the parts before, ascending.
        xs: of the further part, ascending.

    Returns:
        For each x a border, or a new place between its neighbours; strictly ascending.
    """
    same: dict[int, float] = {}
    for _, at, border in sorted(
        (abs(x - border), at, border)
        for at, x in enumerate(xs)
        for border in borders
        if abs(x - border) <= MOVED_PT
    ):
        if at not in same and all(
            other != at and taken != border and (other < at) == (taken < border)
            for other, taken in same.items()
        ):
            same[at] = border
    places: list[float] = []
    for at, x in enumerate(xs):
        place = same.get(at)
        if place is None:
            low = places[-1] if places else min((*borders, x)) - 1
            high = min((border for other, border in same.items() if other > at), default=inf)
            place = x if low < x < high else (low + min(high, low + 2)) / 2
        places.append(place)
    return places
