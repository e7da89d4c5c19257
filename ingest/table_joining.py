"""Tables that run over pages: their parts are joined before heads and labels are read.

A grid at the top of a page goes on from the grid at the bottom of the page before if nothing
but footnotes and page furniture stands between them and their columns agree. Facing pages may
be shifted against each other (mirrored margins), so columns are compared from the left border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.model import Box
from ingest.table_grid import Grid
from ingest.table_headers import Block, head_rows

COLUMN_PT = 4.0
"""Column borders of two pages nearer than this are the same."""

MARGIN = 0.09
"""Share of the page's height at top and bottom where running heads and page numbers stand."""

NOTE_SIZE = 0.93
"""Text smaller than this share of the table's own is a footnote."""


class _Word(Protocol):
    @property
    def box(self) -> Box: ...
    @property
    def size(self) -> float: ...


class _Page(Protocol):
    @property
    def height(self) -> float: ...
    @property
    def words(self) -> Sequence[_Word]: ...
    @property
    def rulings(self) -> Sequence[Box]: ...


@dataclass(slots=True, kw_only=True)
class Part:
    """The part of a table that one page holds; `blocks` are its grid's cells, in order."""

    page: int
    grid: Grid
    blocks: list[Block]


def join_parts(parts: Sequence[Sequence[Part]], pages: Sequence[_Page]) -> list[list[Part]]:
    """Join parts into tables and renumber their cells.

    Args:
        parts: the parts of each page, from top to bottom.
        pages: the pages, as many.

    Returns:
        Tables as lists of parts. Rows and columns of the cells count through the whole table;
        labels cut by a page break are completed. Frames (one cell) are left out.
    """
    tables: list[list[Part]] = []
    open_table: list[Part] | None = None
    for page, here in zip(pages, parts, strict=True):
        outer = [part for part in here if not _is_nested(part, here)]
        first = outer[0] if outer else None
        joined = None
        if (
            first is not None
            and open_table is not None
            and open_table[-1].page == first.page - 1
            and _nothing_above(first, page)
            and _same_columns(open_table, first)
        ):
            open_table.append(first)
            joined = first
        tables += [[part] for part in here if part is not joined]
        last = outer[-1] if outer else None
        if last is None or not _nothing_below(last, page):
            open_table = None
        elif last is not joined:
            open_table = next(table for table in tables if table[0] is last)
    tables = [table for table in tables if sum(len(part.blocks) for part in table) > 1]
    for table in tables:
        _renumber(table)
    return tables


def _is_nested(part: Part, here: Sequence[Part]) -> bool:
    box = part.grid.box
    return any(
        cell.box.x0 <= box.x0 + 1
        and box.x1 <= cell.box.x1 + 1
        and cell.box.top <= box.top + 1
        and box.bottom <= cell.box.bottom + 1
        for other in here
        if other is not part
        for cell in other.grid.cells
    )


def _nothing_above(part: Part, page: _Page) -> bool:
    top = part.grid.box.top
    return not any(
        word.box.bottom > MARGIN * page.height and word.box.bottom <= top + 2 for word in page.words
    )


def _nothing_below(part: Part, page: _Page) -> bool:
    """Whether only footnotes and the foot of the page follow."""
    bottom = part.grid.box.bottom
    inside = [w.size for w in page.words if part.grid.box.top <= w.box.top < bottom]
    size = sorted(inside)[len(inside) // 2] if inside else 0.0
    rules = [b.top for b in page.rulings if b.top > bottom + 2 and b.x1 - b.x0 > 40]
    end = min([(1 - MARGIN) * page.height, *rules])
    return not any(
        bottom - 2 <= word.box.top < end and word.size >= NOTE_SIZE * size for word in page.words
    )


def _relative(grid: Grid) -> list[float]:
    return [x - grid.xs[0] for x in grid.xs]


def _same_columns(table: list[Part], part: Part) -> bool:
    """Whether the outer borders agree, and the label column or most inner borders do."""
    mine, theirs = _relative(part.grid), _relative(table[-1].grid)
    if abs(mine[-1] - theirs[-1]) > COLUMN_PT:
        return False
    few, many = sorted((mine[1:-1], theirs[1:-1]), key=len)
    if not few or abs(mine[1] - theirs[1]) <= COLUMN_PT:
        return True
    shared = sum(any(abs(x - y) <= COLUMN_PT for y in many) for x in few)
    return shared >= 0.5 * len(few)


def _renumber(table: list[Part]) -> None:
    """Let rows and columns count through all parts, and complete what the breaks cut."""
    borders: list[float] = []
    for x in sorted(x for part in table for x in _relative(part.grid)):
        if not borders or x > borders[-1] + COLUMN_PT:
            borders.append(x)
    rows = 0
    for number, part in enumerate(table):
        at = {
            index: min(range(len(borders)), key=lambda b: abs(borders[b] - x))
            for index, x in enumerate(_relative(part.grid))
        }
        for block in part.blocks:
            right = at[block.right]
            block.column = at[block.column]
            block.column_span = max(1, right - block.column)
            block.row += rows
            block.part = number
        rows += len(part.grid.ys) - 1
    _complete_labels(table)


def _complete_labels(table: list[Part]) -> None:
    """Give rows without a label the one that holds for them.

    A label stands once, on either side of a page break, or is itself cut by it; a blank one
    inside a page repeats the label above it.
    """
    columns = max(block.right for part in table for block in part.blocks)
    heads = _head_blocks(table)
    labels = [
        block
        for part in table
        for block in part.blocks
        if block.column == 0 and block.column_span < columns and block not in heads
    ]
    last: Block | None = None
    waiting: list[Block] = []
    for block in labels:
        if not block.text:
            if waiting or last is None or _may_have_label_on_next_page(block, last, table):
                waiting.append(block)
            else:
                _go_on(block, last, table)
            continue
        if waiting and waiting[0].part == block.part - 1:
            for blank in waiting[1:]:
                blank.joins = True
            for blank in waiting:
                blank.label = block.label
            _go_on(block, waiting[-1], table)
        elif last is not None and _is_cut(last, block, table):
            whole = f"{last.label} {block.label}"
            _go_on(block, last, table)
            last.label = block.label = whole
        waiting = []
        last = block
    if last is not None:
        for blank in waiting:
            _go_on(blank, last, table)


def _go_on(block: Block, above: Block, table: list[Part]) -> None:
    """Make a first cell part of the one above it, across a page break with its whole row."""
    block.joins = True
    block.label = block.label or above.label
    if block.part == above.part:
        return
    rows = [
        {b.column: b for b in table[cell.part].blocks if b.row <= row < b.below and b is not cell}
        for cell, row in ((above, above.below - 1), (block, block.row))
    ]
    filled = [below for below in rows[1].values() if below.text]
    for column, over in rows[0].items():
        below = rows[1].get(column)
        if below is None or not over.text or not below.text:
            continue
        if _goes_on(below.text) or len(filled) == 1:
            below.joins = True
            below.lead = over.lead
            if not (over.is_prose and over.lead):
                over.label = f"{over.label} {below.label}"
            below.label = over.label


def _is_cut(above: Block, block: Block, table: list[Part]) -> bool:
    """Whether a page break went through a row's label.

    The rest is in brackets ("(maximum score 30 points)"), or all of the row goes on in small
    letters.
    """
    if block.part != above.part + 1:
        return False
    if above.below != max(b.below for b in table[above.part].blocks):
        return False
    return block.text.startswith("(") or all(
        not b.text or _goes_on(b.text)
        for b in table[block.part].blocks
        if b.row <= block.row < b.below
    )


def _goes_on(text: str) -> bool:
    """Whether a text begins in the middle of a sentence: its first letter is small."""
    return next((c for c in text if c.isalnum()), "").islower()


def _may_have_label_on_next_page(block: Block, last: Block, table: list[Part]) -> bool:
    """Whether a blank label ends its page, in a row of its own, and the table goes on."""
    return (
        last.part == block.part
        and block.part + 1 < len(table)
        and block.below == max(b.below for b in table[block.part].blocks)
    )


def _head_blocks(table: list[Part]) -> set[Block]:
    """The column heads on top of the table and where a later page repeats them."""
    count = head_rows([block for part in table for block in part.blocks])
    heads = [block for block in table[0].blocks if block.row < count]
    texts = [block.text for block in heads]
    found = set(heads)
    for part in table[1:]:
        top = min(block.row for block in part.blocks)
        rows = [block for block in part.blocks if block.row < top + count]
        if texts and [block.text for block in rows] == texts:
            found |= set(rows)
    return found
