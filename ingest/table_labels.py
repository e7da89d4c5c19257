"""Which heads and labels each cell of a table stands under: pure logic, no geometry.

A table is read as a person reads it. The first cell of a row labels it. A label that spans
several rows opens a region of its own on its right (the travel bands of a funding row), which
may have its own heads and labels and is read in the same way. A row of one cell across the
table, set apart, is a band: a label for the rows below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.table_block import Block, Region, by_row, whole
from ingest.table_heads import are_new_heads, figure_columns, head_end, is_band

MAX_LABEL_WORDS = 25
"""Longer texts in further columns are not labels of the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """What holds for a row while a region is read downwards.

    Attributes:
        heads: column heads, outermost first.
        rows: row headers, outermost first.
        label_columns: further columns that label rows.
    """

    region: Region
    heads: tuple[Block, ...]
    rows: tuple[str, ...]
    label_columns: frozenset[int]


def label_blocks(blocks: Sequence[Block]) -> None:
    """Fill in `header`, `row_headers` and `column_headers` of all cells of one table.

    Args:
        blocks: the cells of one table, in any order; changed in place.
    """
    if blocks:
        _read(whole(blocks))


def _read(region: Region) -> None:
    """Read one region from top to bottom."""
    end = head_end(region)
    own = [block for block in region.blocks if block.row < end]
    for block in own:
        _set_head(block, region.rows_above, region.heads_above)
    body = [block for block in region.blocks if block.row >= end]
    firsts = _first_cells(body, region, has_heads=bool(own))
    further = _label_columns(body, region) if firsts else frozenset[int]()
    last_figure_row = max(
        (block.row for block in body if block.column > region.left and block.is_value), default=-1
    )
    heads = region.heads_above + tuple(own)
    rows = region.rows_above
    for group in _groups(body, firsts):
        if is_band(group, region):
            for block in group:
                _set_head(block, region.rows_above, heads)
            rows = (*region.rows_above, *(block.label for block in group if block.label))
        elif are_new_heads(group, own, last_figure_row, region):
            for block in group:
                _set_head(block, region.rows_above, region.heads_above)
            own = own or group
            heads, rows = region.heads_above + tuple(group), region.rows_above
        else:
            scope = _Scope(region=region, heads=heads, rows=rows, label_columns=further)
            _read_group(group, [block for block in group if block in firsts], scope)


def _set_head(block: Block, rows: tuple[str, ...], heads: Sequence[Block]) -> None:
    block.header = True
    block.row_headers = rows
    block.column_headers = _over(block, heads)


def _first_cells(body: Sequence[Block], region: Region, *, has_heads: bool) -> set[Block]:
    """The cells that label rows: those of the first column, in a row set in the leftmost one."""
    firsts: set[Block] = set()
    covered = -1
    for row, here in by_row(body).items():
        leftmost = here[0]
        if leftmost.column > region.left and (
            row < covered or region.nested or len(here) == 1 or leftmost.is_value
        ):
            continue
        covered = leftmost.below
        if not region.is_spanned_by(leftmost):
            firsts.add(leftmost)
    filled = [block for block in firsts if block.text]
    others = [block for block in body if block.column > region.left and block.text]
    if not filled or not others:
        return set()
    figures = any(block.is_value for block in others)
    mostly_prose = sum(block.is_prose for block in filled) > 0.5 * len(filled)
    if mostly_prose and not (
        figures and (not region.nested or all(block.lead for block in filled))
    ):
        return set()
    spanning = any(block.row_span > 1 for block in filled)
    return firsts if not region.nested or has_heads or figures or spanning else set()


def _label_columns(body: Sequence[Block], region: Region) -> frozenset[int]:
    """Further columns that label rows: words, not prose, left of a column of figures."""
    inner = [block for block in body if block.column > region.left and block.text]
    last_figures = max(figure_columns(inner), default=-1)
    columns: dict[int, list[Block]] = {}
    for block in inner:
        columns.setdefault(block.column, []).append(block)
    found: set[int] = set()
    for column in sorted(columns):
        worded = [b for b in columns[column] if not b.is_value and b.words <= MAX_LABEL_WORDS]
        if column >= last_figures or len(worded) < 0.7 * len(columns[column]):
            break
        found.add(column)
    return frozenset(found)


def _groups(body: Sequence[Block], firsts: set[Block]) -> Iterable[list[Block]]:
    """The rows of each first cell with what stands right of it; other rows one by one."""
    group: list[Block] = []
    end = -1
    for row, here in by_row(body).items():
        first = next((block for block in here if block in firsts), None)
        if group and row >= end and not (first and first.joins):
            yield group
            group = []
        group += here
        end = max(end, first.below if first else row + 1)
    if group:
        yield group


def _read_group(group: list[Block], firsts: list[Block], scope: _Scope) -> None:
    """Read the rows of one label."""
    for block in firsts:
        block.row_headers = scope.rows
        block.column_headers = _over(block, scope.heads)
    labels = dict.fromkeys(block.label for block in firsts if block.label)
    rows = (*scope.rows, *labels)
    rest = [block for block in group if block not in firsts]
    split = _split_columns(rest) if firsts and len(by_row(rest)) > 1 else set[int]()
    for block in rest:
        if block.column not in split:
            _set_plain(block, rest, rows, scope)
    inner = [block for block in rest if block.column in split]
    if inner:
        _read(
            Region(
                blocks=inner,
                left=min(block.column for block in inner),
                right=max(block.right for block in inner),
                rows_above=rows,
                heads_above=scope.heads,
                nested=True,
            )
        )


def _set_plain(block: Block, beside: list[Block], rows: tuple[str, ...], scope: _Scope) -> None:
    labels = [
        other.label
        for other in beside
        if other.column in scope.label_columns
        and other.right <= block.column
        and other.row <= block.row
        and other.below >= block.below
        and other.label
        and not other.is_value
        and not other.is_prose
    ]
    region = scope.region
    across = region.is_wide and region.is_spanned_by(block)
    block.row_headers = (*rows, *labels)
    block.column_headers = _over(block, region.heads_above if across else scope.heads)


def _split_columns(rest: Sequence[Block]) -> set[int]:
    """Columns that hold several cells beside one label (in one part of the table)."""
    rows: dict[int, set[int]] = {}
    cells: dict[tuple[int, int], list[Block]] = {}
    for block in rest:
        rows.setdefault(block.part, set()).add(block.row)
        cells.setdefault((block.part, block.column), []).append(block)
    return {
        column
        for (part, column), here in cells.items()
        if len(here) > 1 or here[0].row_span < len(rows[part])
    }


def _over(block: Block, heads: Sequence[Block]) -> tuple[str, ...]:
    """The heads above a cell, outermost first; several of one row are joined by a slash."""
    rows: dict[int, list[str]] = {}
    for head in heads:
        above = head.row < block.row and head.column < block.right and block.column < head.right
        if above and head.label:
            rows.setdefault(head.row, []).append(head.label)
    return tuple(" / ".join(texts) for texts in rows.values())
