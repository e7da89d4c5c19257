"""Tables of a document as data: every cell with the labels of its row and of its column.

The rulings give the cells (`table_grid`), the words are put into them, parts of one table on
consecutive pages are joined (`table_joining`, `table_breaks`), and heads and labels are read
(`table_heads`, `table_labels`). Nothing here opens a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Box
from ingest.drawn import RawPage
from ingest.table_block import Block
from ingest.table_captions import caption_above
from ingest.table_joining import Part, join_parts
from ingest.table_labels import label_blocks
from ingest.table_words import read_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCell:
    """A cell, before its text gets offsets in the document.

    Attributes:
        row: 0-based in the joined table (rows go on counting over a page break).
        box: the words whose centre lies in it are its text. Where a nested table lies inside a
            cell, a word belongs to the smallest box that holds its centre.
        row_headers: outermost first; words joined by one space, not cleaned.
        column_headers: likewise.
        header: is itself a column head or a band. Row labels are not.
        prose: holds running text.
    """

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    box: Box
    row_headers: tuple[str, ...] = ()
    column_headers: tuple[str, ...] = ()
    header: bool = False
    prose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """The part of a table that stands on one page.

    Attributes:
        cells: row by row; a merged cell once, at its first row.
        layout: a label on the left, long prose on the right (criteria tables).
        number: of the whole table, counted from 0 through the document; the parts of one table
            have the same.
        continues: goes on from the table before it (mostly on the page before); what heads it
            there is already in its cells' headers.
        caption: the lines above it that name or introduce it, not cleaned; "" where there are
            none. All parts of a table have the same.
    """

    box: Box
    cells: tuple[RawCell, ...]
    number: int = 0
    layout: bool = False
    continues: bool = False
    caption: str = ""


def find_tables(pages: Sequence[RawPage]) -> tuple[tuple[RawTable, ...], ...]:
    """Find the tables of consecutive pages.

    Args:
        pages: all pages of a document in order.

    Returns:
        The tables of each page, from top to bottom; a table inside a cell of another comes
        after it.
    """
    parts = [read_parts(number, page) for number, page in enumerate(pages)]
    found: list[list[RawTable]] = [[] for _ in pages]
    joined = join_parts(parts, pages)
    for table in joined:
        label_blocks([block for part in table for block in part.blocks])
    tables = [table for table in joined if not _is_frame(table)]
    for number, table in enumerate(tables):
        _inherit(table[0])
        blocks = [block for part in table for block in part.blocks]
        layout = _is_layout(blocks)
        caption = caption_above(table[0], parts, pages)
        for index, part in enumerate(table):
            found[part.page].append(
                _raw(part, number=number, layout=layout, continues=index > 0, caption=caption)
            )
    return tuple(
        tuple(sorted(tables, key=lambda table: (table.box.top, table.box.x0))) for tables in found
    )


def _inherit(part: Part) -> None:
    """A table inside a cell has that cell's row headers before its own."""
    outer = part.inside
    if outer is not None:
        for block in part.blocks:
            block.row_headers = (*outer.row_headers, *block.row_headers)


def _raw(part: Part, *, number: int, layout: bool, continues: bool, caption: str) -> RawTable:
    cells = tuple(
        RawCell(
            row=block.row,
            column=block.column,
            row_span=block.row_span,
            column_span=block.column_span,
            box=cell.box,
            row_headers=block.row_headers,
            column_headers=block.column_headers,
            header=block.header,
            prose=block.is_prose,
        )
        for block, cell in zip(part.blocks, part.grid.cells, strict=True)
    )
    return RawTable(
        box=part.grid.box,
        cells=cells,
        number=number,
        layout=layout,
        continues=continues,
        caption=caption,
    )


def _is_frame(table: Sequence[Part]) -> bool:
    """Whether boxes stand one below the other without a head: text in frames, no table."""
    blocks = [block for part in table for block in part.blocks]
    return len({block.column for block in blocks}) == 1 and not any(b.header for b in blocks)


def _is_layout(blocks: Sequence[Block]) -> bool:
    """Whether a table is label left, running text right (or running text in a frame)."""
    filled = [block for block in blocks if block.text and not block.header]
    right = [block for block in filled if block.row_headers] or filled
    words = sum(block.words for block in right)
    running = sum(
        block.words
        for block in right
        if block.is_prose or (block.words >= 10 and block.text[-1] in ".;:" and not block.is_list)
    )
    return len({(b.part, b.row) for b in right}) == len(right) and running >= 0.5 * words
