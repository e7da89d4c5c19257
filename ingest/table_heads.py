"""Which rows of a table are heads: column heads on top, new heads and bands further down.

Heads are set apart from what they head: bold or shaded where the rest is not, or words over
figures. Where the labels of the rows are set apart too, only the other columns tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.table_block import Block, Region, by_row, whole

MAX_HEAD_ROWS = 4
"""More rows on top that look like heads are no heads."""

MAX_PLAIN_HEAD_WORDS = 15
"""A head that is neither bold nor shaded is short."""


def head_rows(blocks: Sequence[Block]) -> int:
    """How many rows on top of a table (with at least one cell) are column heads."""
    region = whole(blocks)
    return head_end(region) - region.top


def head_end(region: Region) -> int:
    """The row after the column heads of a region; its first row if it has none."""
    top, end = region.top, region.top
    rows = by_row(region.blocks)
    while end - top < MAX_HEAD_ROWS:
        row = [block for block in rows.get(end, []) if block.text]
        rest = [block for block in region.blocks if block.row > end]
        if not row or not rest or not _are_heads(row, rest, region, first=end == top):
            break
        below = max(block.below for block in row)
        inner = [block for block in rest if block.row < below and block.text]
        if all(block.is_set_apart or block.is_column_number for block in inner):
            end = below
        elif any(block.column == region.left and block.row_span > 1 for block in row):
            break  # a label of several rows, and what heads them
        else:
            end += 1
    title = [block for block in rows[top] if block.text]
    if end == top + 1 and region.is_wide and len(title) == 1 and region.is_spanned_by(title[0]):
        return top  # a title only if heads follow it, else a band
    return end


def _are_heads(row: list[Block], rest: list[Block], region: Region, *, first: bool) -> bool:
    """Whether a row (without its blank cells) heads the rest of its region."""
    if not first and not region.nested and all(block.is_column_number for block in row):
        return len(row) > 1
    if any(block.is_value for block in row):
        return False
    apart = all(block.is_set_apart for block in row)
    if len(row) == 1 and region.is_spanned_by(row[0]):
        return first and apart
    if not apart:
        return first and not region.nested and _are_words_over_figures(row, rest)
    if region.nested or not first:
        return len(row) > 1 and not all(block.is_set_apart for block in rest if block.text)
    others = [block for block in rest if block.column > region.left and block.text]
    if others and all(block.is_set_apart for block in others):
        return False
    labels = [block for block in rest if block.column == region.left and block.text]
    labels_apart = sum(block.is_set_apart for block in labels) > 0.5 * len(labels)
    if not labels_apart or len(row) == 1:
        return True
    # The labels are set apart too, so the first row may be just a row.
    inner = [block for block in row if block.column > region.left]
    plain = [block for block in others if not block.is_set_apart]
    return any(block.shaded for block in inner) or (
        len(plain) >= 0.7 * len(others)
        and not any(block.has_digits for block in inner)
        and all(block.words <= MAX_PLAIN_HEAD_WORDS for block in inner)
    )


def _are_words_over_figures(row: list[Block], rest: list[Block]) -> bool:
    """Whether short words stand over columns of figures: heads even if they look like the rest."""
    figures = figure_columns(rest)
    return all(block.words <= MAX_PLAIN_HEAD_WORDS for block in row) and any(
        block.column <= column < block.right for block in row for column in figures
    )


def figure_columns(blocks: Sequence[Block]) -> set[int]:
    """The columns whose cells are mostly figures."""
    columns: dict[int, list[bool]] = {}
    for block in blocks:
        if block.text:
            columns.setdefault(block.column, []).append(block.is_value)
    return {column for column, values in columns.items() if sum(values) >= 0.6 * len(values)}


def is_band(group: Sequence[Block], region: Region) -> bool:
    """Whether a row is one cell across the region, set apart: a label for the rows below."""
    filled = [block for block in group if block.text]
    return (
        region.is_wide
        and len(filled) == 1
        and region.is_spanned_by(filled[0])
        and filled[0].is_set_apart
        and not filled[0].is_prose
    )


def are_new_heads(
    group: Sequence[Block], heads: Sequence[Block], last_figure_row: int, region: Region
) -> bool:
    """Whether a row inside a region is a new (or repeated) row of column heads.

    `heads` are the region's own so far; `last_figure_row` is its last row with figures beside
    the labels.
    """
    filled = [block for block in group if block.text]
    if len(filled) < 2:
        return False
    texts = {block.text for block in heads}
    if all(block.text in texts for block in filled):
        return True
    if not all(block.is_set_apart for block in filled):
        return False
    if region.nested:
        return max(block.row for block in group) < last_figure_row
    return all(block.shaded for block in filled) and any(
        block.shaded and block.column > region.left for block in heads
    )
