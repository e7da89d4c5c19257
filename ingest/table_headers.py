"""Which cells of a table are heads, and which heads each cell stands under: pure logic.

A table is read as a person reads it. Rows on top that are set apart (bold, shaded, or words
over figures) are column heads. The first column labels the rows. A label that spans several
rows opens a region of its own on its right (the travel bands of a funding row), which may have
its own heads and labels, and is read in the same way. A row of one cell across the table, set
apart, is a band: a label for the rows below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MAX_HEAD_WORDS = 45
"""A longer text is no head, however bold."""

MAX_LABEL_WORDS = 25
"""Longer texts in further columns are not labels of the row."""

PROSE_WORDS = 30
"""From here on a text is running prose."""

MAX_HEAD_ROWS = 4

_MONEY = re.compile(r"(?:€|\bEUR\b|\beuros?\b)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[.;!?]\s+\S")


@dataclass(slots=True, kw_only=True, eq=False)
class Block:
    """A cell being labelled. Rows and columns are those of the whole (joined) table.

    Attributes:
        lead: the bold words that running text begins with ("Inclusion support for participants").
        bold: share of its letters that are bold, 0…1.
        part: which page's part of the table it stands in (0, 1, …).
        label: its text as a label: without footnote marks, the lead of running text, the whole
            of what a page break cut.
        joins: in the first column: goes on from the cell above it (cut by a page break or blank).
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    lead: str = ""
    bold: float = 0.0
    shaded: bool = False
    part: int = 0
    label: str = ""
    joins: bool = False
    header: bool = False
    row_headers: tuple[str, ...] = ()
    column_headers: tuple[str, ...] = ()

    @property
    def below(self) -> int:
        """The row after its last."""
        return self.row + self.row_span

    @property
    def right(self) -> int:
        """The column after its last."""
        return self.column + self.column_span

    @property
    def words(self) -> int:
        """How many words it holds."""
        return len(self.text.split())

    @property
    def is_value(self) -> bool:
        """Whether it is a figure or an amount rather than words."""
        if not _DIGIT.search(self.text):
            return False
        if _MONEY.search(self.text):
            return self.words <= PROSE_WORDS
        letters = sum(character.isalpha() for character in self.text)
        return letters <= 0.4 * len(self.text.replace(" ", ""))

    @property
    def is_prose(self) -> bool:
        """Whether it is running text."""
        return not self.is_list and (
            self.words >= PROSE_WORDS
            or (self.words >= 15 and _SENTENCE_END.search(self.text) is not None)
        )

    @property
    def is_list(self) -> bool:
        """Whether it lists names between commas."""
        return self.text.count(",") > 0.3 * self.words

    @property
    def is_set_apart(self) -> bool:
        """Whether it looks like a head: bold or shaded, short, and no amount."""
        return (
            bool(self.text)
            and (self.bold >= 0.8 or self.shaded)
            and self.words <= MAX_HEAD_WORDS
            and not self.is_value
        )


@dataclass(slots=True, kw_only=True)
class _Region:
    """A rectangle of the table that is read on its own, and what already holds for it."""

    blocks: list[Block]
    top: int
    left: int
    right: int
    rows_above: tuple[str, ...] = ()
    heads_above: list[Block] = field(default_factory=list)
    nested: bool = False


def head_rows(blocks: Sequence[Block]) -> int:
    """How many rows on top of a table are column heads."""
    return _head_depth(_whole(blocks)) if blocks else 0


def label_blocks(blocks: Sequence[Block]) -> None:
    """Fill in `header`, `row_headers` and `column_headers` of all cells of one table.

    Args:
        blocks: the cells of one table, in any order; changed in place.
    """
    if blocks:
        _label(_whole(blocks))


def _whole(blocks: Sequence[Block]) -> _Region:
    return _Region(
        blocks=sorted(blocks, key=lambda b: (b.row, b.column)),
        top=min(b.row for b in blocks),
        left=min(b.column for b in blocks),
        right=max(b.right for b in blocks),
    )


def _label(region: _Region) -> None:
    heads = list(region.heads_above)
    body_top = _head_depth(region)
    for block in region.blocks:
        if block.row < body_top:
            block.header = True
            block.row_headers = region.rows_above
            block.column_headers = _heads_over(block, heads)
    heads += [block for block in region.blocks if block.header]
    body = [block for block in region.blocks if not block.header]
    labelled = _first_column_labels(region, body, has_heads=body_top > region.top)
    extra = _label_columns(region, body) if labelled else frozenset[int]()
    band: tuple[str, ...] = ()
    model = [block for block in heads if block not in region.heads_above]
    for group in _groups(body, region.left):
        if _is_band(group, region):
            group[0].header = True
            group[0].row_headers = region.rows_above
            group[0].column_headers = _heads_over(group[0], heads)
            band = (group[0].label,)
        elif _is_new_head(group, model, region):
            heads = list(region.heads_above) + group
            band = ()
            for block in group:
                block.header = True
                block.row_headers = region.rows_above
        else:
            _label_group(group, region, heads, region.rows_above + band, extra, labelled=labelled)


def _head_depth(region: _Region) -> int:
    """The row after the column heads (the region's top if there are none)."""
    rows = _by_row(region.blocks)
    tops = sorted(rows)
    if len(tops) < 2:
        return region.top
    depth = region.top
    while depth - region.top < MAX_HEAD_ROWS:
        row = [block for block in rows.get(depth, []) if block.text]
        rest = [block for block in region.blocks if block.row > depth]
        if not row or not rest or not _is_head_row(row, rest, region, first=depth == region.top):
            break
        below = max(block.below for block in row)
        inner = [b for b in region.blocks if depth < b.row < below and b.text]
        depth = below if all(block.is_set_apart for block in inner) else depth + 1
    # A first row across several columns is a title only if heads follow it; else it is a band.
    first = [block for block in rows[tops[0]] if block.text]
    wide = region.right - region.left > 1
    if wide and depth == region.top + 1 and len(first) == 1 and _spans(first[0], region):
        return region.top
    return depth


def _is_head_row(row: list[Block], rest: list[Block], region: _Region, *, first: bool) -> bool:
    if not first and not region.nested and all(b.shaded and b.bold >= 0.8 for b in row):
        # Numbers of columns ("A1.1") under heads that look like them.
        return len(row) > 1 and not any(_MONEY.search(block.text) for block in row)
    if any(block.is_value or block.words > MAX_HEAD_WORDS for block in row):
        return False
    apart = all(block.is_set_apart for block in row)
    if len(row) == 1 and _spans(row[0], region):
        return first and apart
    values_below = _value_columns(rest)
    if not apart:
        # Words over figures are heads even when they look like any other cell.
        return (
            first
            and not region.nested
            and bool(values_below)
            and any(_over(block, values_below) for block in row)
            and all(block.words <= 15 for block in row)
        )
    if region.nested or not first:
        return len(row) >= 2 and not all(block.is_set_apart for block in rest if block.text)
    others = [block for block in rest if block.column > region.left and block.text]
    if others and all(block.is_set_apart for block in others):
        return False
    labels = [block for block in rest if block.column == region.left and block.text]
    labels_apart = sum(block.is_set_apart for block in labels) > 0.5 * len(labels)
    if labels_apart and len(row) > 1:
        # The labels are set apart too, so the first row may be just a row.
        inner = [block for block in row if block.column > region.left]
        plain = [block for block in others if not block.is_set_apart]
        return any(block.shaded for block in inner) or (
            len(plain) >= 0.7 * len(others)
            and not any(_DIGIT.search(block.text) for block in inner)
            and all(block.words <= 12 for block in inner)
        )
    return True


def _value_columns(blocks: list[Block]) -> set[int]:
    """Columns whose cells are mostly figures."""
    columns: dict[int, list[bool]] = {}
    for block in blocks:
        if block.text:
            columns.setdefault(block.column, []).append(block.is_value)
    return {c for c, values in columns.items() if sum(values) >= 0.6 * len(values)}


def _over(block: Block, columns: set[int]) -> bool:
    return any(block.column <= column < block.right for column in columns)


def _spans(block: Block, region: _Region) -> bool:
    return block.column <= region.left and block.right >= region.right


def _first_column_labels(region: _Region, body: list[Block], *, has_heads: bool) -> bool:
    """Whether the first column of the region labels its rows."""
    first = [b for b in body if b.column == region.left and b.text and not _spans(b, region)]
    others = [b for b in body if b.column > region.left and b.text]
    if not first or not others:
        return False
    figures = any(block.is_value for block in others)
    if sum(block.is_prose for block in first) > 0.5 * len(first) and not (
        figures and (not region.nested or all(block.lead for block in first))
    ):
        return False
    return not region.nested or has_heads or figures or any(block.row_span > 1 for block in first)


def _label_columns(region: _Region, body: list[Block]) -> frozenset[int]:
    """Further columns that label rows: words, not prose, left of a column of figures."""
    values = _value_columns([b for b in body if b.column > region.left])
    found: set[int] = set()
    columns = sorted({b.column for b in body if b.column > region.left})
    for column in columns:
        cells = [b for b in body if b.column == column and b.text and not _spans(b, region)]
        worded = [b for b in cells if not b.is_value and b.words <= MAX_LABEL_WORDS]
        if not cells:
            continue
        if len(worded) < 0.7 * len(cells) or not any(value > column for value in values):
            break
        found.add(column)
    return frozenset(found)


def _groups(body: list[Block], left: int) -> Iterable[list[Block]]:
    """The rows of each cell of the first column, with what stands right of it."""
    starts: list[tuple[int, int]] = []
    rows = sorted({block.row for block in body})
    reach = -1
    for row in rows:
        first = next((b for b in body if b.row == row and b.column == left), None)
        end = first.below if first else row + 1
        if row < reach:
            starts[-1] = (starts[-1][0], max(reach, end))
        else:
            starts.append((row, end))
        reach = starts[-1][1]
    joined = {block.row for block in body if block.column == left and block.joins}
    merged: list[tuple[int, int]] = []
    for start, end in starts:
        if merged and start in joined:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    for start, end in merged:
        yield [block for block in body if start <= block.row < end]


def _is_band(group: list[Block], region: _Region) -> bool:
    filled = [block for block in group if block.text]
    return (
        len(filled) == 1
        and _spans(filled[0], region)
        and group[0] is filled[0]
        and filled[0].is_set_apart
        and not filled[0].is_prose
        and region.right - region.left > 1
    )


def _is_new_head(group: list[Block], model: list[Block], region: _Region) -> bool:
    """Whether a row inside the table is a new (or repeated) row of heads."""
    filled = [block for block in group if block.text]
    if len(filled) < 2 or region.nested or not model:
        return False
    if not all(block.is_set_apart for block in filled):
        return False
    texts = {block.text for block in model}
    if all(block.text in texts for block in filled):
        return True
    shaded = all(block.shaded for block in filled)
    return shaded and any(block.shaded and block.column > region.left for block in model)


def _label_group(
    group: list[Block],
    region: _Region,
    heads: list[Block],
    above: tuple[str, ...],
    extra: frozenset[int],
    *,
    labelled: bool,
) -> None:
    firsts = [b for b in group if labelled and b.column == region.left and not _spans(b, region)]
    rest = [block for block in group if block not in firsts]
    for block in firsts:
        block.row_headers = above
        block.column_headers = _heads_over(block, heads)
    above += tuple(dict.fromkeys(block.label for block in firsts if block.label))
    if len(_by_row(rest)) <= 1 or not firsts:
        for block in rest:
            _label_plain(block, rest, _outer(block, region, heads), above, extra)
        return
    split = _split_columns(rest)
    for block in rest:
        if block.column not in split:
            _label_plain(block, rest, heads, above, extra)
    for start, end in _ranges(split):
        inner = [b for b in rest if b.column in split and start <= b.column < end]
        _label(
            _Region(
                blocks=inner,
                top=min(b.row for b in inner),
                left=start,
                right=max(b.right for b in inner),
                rows_above=above,
                heads_above=heads,
                nested=True,
            )
        )


def _outer(block: Block, region: _Region, heads: list[Block]) -> list[Block]:
    """The heads that a cell stands under: one across the whole region has only the outer ones."""
    wide = region.right - region.left > 1
    return region.heads_above if wide and _spans(block, region) else heads


def _label_plain(
    block: Block,
    beside: list[Block],
    heads: list[Block],
    above: tuple[str, ...],
    extra: frozenset[int],
) -> None:
    labels = [
        other.label
        for other in beside
        if other.column in extra
        and other.right <= block.column
        and other.row <= block.row
        and other.below >= block.below
        and other.label
        and not other.is_value
        and not other.is_prose
    ]
    block.row_headers = (*above, *labels)
    block.column_headers = _heads_over(block, heads)


def _split_columns(rest: list[Block]) -> set[int]:
    """Columns that hold several rows inside one group (in one part of the table)."""
    counts: dict[tuple[int, int], int] = {}
    for block in rest:
        counts[block.part, block.column] = counts.get((block.part, block.column), 0) + 1
    rows = {part: len({b.row for b in rest if b.part == part}) for part, _ in counts}
    whole = {
        column
        for column in {block.column for block in rest}
        if all(
            count == 1
            and sum(b.row_span for b in rest if b.part == part and b.column == column) >= rows[part]
            for (part, at), count in counts.items()
            if at == column
        )
    }
    return {block.column for block in rest} - whole


def _ranges(columns: set[int]) -> list[tuple[int, int]]:
    """All split columns as one range: they are read together."""
    return [(min(columns), max(columns) + 1)] if columns else []


def _heads_over(block: Block, heads: list[Block]) -> tuple[str, ...]:
    """The heads above a cell, outermost first; several of one row are joined by a slash."""
    rows: dict[int, list[str]] = {}
    for head in sorted(heads, key=lambda b: (b.row, b.column)):
        overlaps = head.column < block.right and block.column < head.right
        if overlaps and head.label and head.row < block.row and head is not block:
            rows.setdefault(head.row, []).append(head.label)
    return tuple(" / ".join(texts) for texts in rows.values())


def _by_row(blocks: Iterable[Block]) -> dict[int, list[Block]]:
    rows: dict[int, list[Block]] = {}
    for block in blocks:
        rows.setdefault(block.row, []).append(block)
    return rows
