"""What page breaks do to the rows of a table, undone: cut labels, cut heads, blank labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.table_block import Block
from ingest.table_heads import head_rows


def complete_labels(parts: Sequence[list[Block]]) -> None:
    """Give rows without a label the one that holds for them.

    A label stands once, on either side of a page break, or is itself cut by it; a blank one
    inside a page repeats the label above it.
    """
    columns = max(block.right for part in parts for block in part)
    heads = _head_blocks(parts)
    _join_cut_heads(parts, heads)
    labels = [
        block
        for part in parts
        for block in part
        if block.column == 0 and block.column_span < columns and block not in heads
    ]
    last: Block | None = None
    waiting: list[Block] = []
    for block in labels:
        if not block.text:
            if waiting or last is None or _may_have_label_on_next_page(block, last, parts):
                waiting.append(block)
            else:
                _go_on(block, last, parts)
            continue
        if waiting and waiting[0].part == block.part - 1:
            for blank in waiting[1:]:
                blank.joins = True
            for blank in waiting:
                blank.label = block.label
            _go_on(block, waiting[-1], parts)
        elif last is not None and _is_cut(last, block, parts):
            whole = f"{last.label} {block.label}"
            _go_on(block, last, parts)
            last.label = block.label = whole
        waiting = []
        last = block
    if last is not None:
        for blank in waiting:
            _go_on(blank, last, parts)


def _go_on(block: Block, above: Block, parts: Sequence[list[Block]]) -> None:
    """Make a first cell part of the one above it, across a page break with its whole row."""
    block.joins = True
    block.label = block.label or above.label
    if block.part == above.part:
        return
    rows = [
        {b.column: b for b in parts[cell.part] if b.row <= row < b.below and b is not cell}
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


def _is_cut(above: Block, block: Block, parts: Sequence[list[Block]]) -> bool:
    """Whether a page break went through a row's label.

    The rest is in brackets ("(maximum score 30 points)"), or all of the row goes on in small
    letters.
    """
    if block.part != above.part + 1:
        return False
    if above.below != max(b.below for b in parts[above.part]):
        return False
    return block.text.startswith("(") or all(
        not b.text or _goes_on(b.text) for b in parts[block.part] if b.row <= block.row < b.below
    )


def _goes_on(text: str) -> bool:
    """Whether a text begins in the middle of a sentence: its first letter is small."""
    return next((c for c in text if c.isalnum()), "").islower()


def _may_have_label_on_next_page(block: Block, last: Block, parts: Sequence[list[Block]]) -> bool:
    """Whether a blank label ends its page, in a row of its own, and the table goes on."""
    return (
        last.part == block.part
        and block.part + 1 < len(parts)
        and block.below == max(b.below for b in parts[block.part])
    )


def _join_cut_heads(parts: Sequence[list[Block]], heads: set[Block]) -> None:
    """Give heads that a page break cut their whole text: the row before it has the same cells."""
    for above, part in pairwise(parts):
        top = min(block.row for block in part)
        row = [block for block in part if block.row == top]
        over = {b.column: b for b in above if b.below == top}
        if len(row) < 2 or not heads.issuperset(row) or not heads.issuperset(over.values()):
            continue
        if [(b.column, b.right) for b in row] != [(b.column, b.right) for b in over.values()]:
            continue
        for block in row:
            over[block.column].label = f"{over[block.column].label} {block.label}".strip()
            block.label = ""


def _head_blocks(parts: Sequence[list[Block]]) -> set[Block]:
    """The column heads on top of the table and where a later page repeats them."""
    blocks = [block for part in parts for block in part]
    count = head_rows(blocks)
    heads = [block for block in blocks if block.row < count]
    texts = [block.text for block in heads]
    found = set(heads)
    for part in parts[1:]:
        top = min(block.row for block in part)
        rows = [block for block in part if block.row < top + count]
        if texts and [block.text for block in rows] == texts:
            found |= set(rows)
    return found
