"""Tables of a document as data: every cell with the labels of its row and of its column.

The rulings give the cells (`table_grid`), the words are put into them, parts of one table on
consecutive pages are joined (`table_joining`, `table_breaks`), and heads and labels are read
(`table_heads`, `table_labels`). Nothing here opens a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.model import Box
from ingest.table_block import Block
from ingest.table_grid import Grid, GridCell, find_grids
from ingest.table_joining import Part, join_parts
from ingest.table_labels import label_blocks

MAX_LEAD_WORDS = 12
"""More bold words at the start of a cell are an emphasised sentence."""


class Word(Protocol):
    """A word as drawn on the page."""

    @property
    def text(self) -> str:
        """Its characters, no white space."""
        ...

    @property
    def box(self) -> Box:
        """Where it stands."""
        ...

    @property
    def size(self) -> float:
        """Font size in points."""
        ...

    @property
    def bold(self) -> bool:
        """Whether its font is bold."""
        ...

    @property
    def glued(self) -> bool:
        """Whether no white space stands between it and the word before."""
        ...


class DrawnPage(Protocol):
    """What is drawn on a page."""

    @property
    def height(self) -> float:
        """Of the page as displayed, in points."""
        ...

    @property
    def words(self) -> Sequence[Word]:
        """In reading order."""
        ...

    @property
    def rulings(self) -> Sequence[Box]:
        """Visible lines and thin filled rectangles."""
        ...

    @property
    def shades(self) -> Sequence[Box]:
        """Larger filled rectangles that are not white."""
        ...


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
        continues: goes on from the last table of the page before; the heads of that page are
            already in its cells' headers.
        caption: the line that names it; "" where there is none.
    """

    box: Box
    cells: tuple[RawCell, ...]
    layout: bool = False
    continues: bool = False
    caption: str = ""


def find_tables(pages: Sequence[DrawnPage]) -> tuple[tuple[RawTable, ...], ...]:
    """Find the tables of consecutive pages.

    Args:
        pages: all pages of a document in order.

    Returns:
        The tables of each page, from top to bottom; a table inside a cell of another comes
        after it.
    """
    parts = [_parts(number, page) for number, page in enumerate(pages)]
    found: list[list[RawTable]] = [[] for _ in pages]
    for table in join_parts(parts, pages):
        blocks = [block for part in table for block in part.blocks]
        label_blocks(blocks)
        if _is_frame(blocks):
            continue
        layout = _is_layout(blocks)
        for index, part in enumerate(table):
            found[part.page].append(_raw(part, layout=layout, continues=index > 0))
    return tuple(
        tuple(sorted(tables, key=lambda table: (table.box.top, table.box.x0))) for tables in found
    )


def _raw(part: Part, *, layout: bool, continues: bool) -> RawTable:
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
    return RawTable(box=part.grid.box, cells=cells, layout=layout, continues=continues)


def _is_frame(blocks: Sequence[Block]) -> bool:
    """Whether boxes stand one below the other without a head: text in frames, no table."""
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


def _parts(number: int, page: DrawnPage) -> list[Part]:
    """The ruled grids of one page with their words."""
    if len(page.rulings) < 3:
        return []
    grids = find_grids(page.rulings, page.shades)
    if not grids:
        return []
    owners = _owners(page.words, grids)
    parts = []
    for index, grid in enumerate(grids):
        blocks = [
            _block(cell, owners.get((index, at), []), page.shades)
            for at, cell in enumerate(grid.cells)
        ]
        if any(block.text for block in blocks):
            parts.append(Part(page=number, grid=grid, blocks=blocks))
    return parts


def _owners(words: Sequence[Word], grids: Sequence[Grid]) -> dict[tuple[int, int], list[Word]]:
    """The words of each cell (grid, cell): those whose centre it is the smallest to hold."""
    cells = sorted(
        (
            ((cell.box.x1 - cell.box.x0) * (cell.box.bottom - cell.box.top), cell.box, (g, c))
            for g, grid in enumerate(grids)
            for c, cell in enumerate(grid.cells)
        ),
        key=lambda entry: entry[0],
    )
    owners: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
        for _, box, key in cells:
            if box.x0 <= x < box.x1 and box.top <= y < box.bottom:
                owners.setdefault(key, []).append(word)
                break
    return owners


def _block(cell: GridCell, words: list[Word], shades: Sequence[Box]) -> Block:
    letters = sum(len(word.text) for word in words)
    bold = sum(len(word.text) for word in words if word.bold)
    common = max((word.size for word in words), default=0.0)
    block = Block(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text=_joined(words),
        lead=_lead(words),
        bold=bold / letters if letters else 0.0,
        shaded=_is_shaded(cell.box, shades),
    )
    plain = _joined([word for word in words if not _is_note_mark(word, common)])
    block.label = block.lead if block.is_prose and block.lead else plain
    return block


def _lead(words: Sequence[Word]) -> str:
    """The bold words at the start, where other text follows."""
    end = next((at for at, word in enumerate(words) if not word.bold), 0)
    return _joined(words[:end]).rstrip(" :;.-–") if end <= MAX_LEAD_WORDS else ""


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text if word.glued else f" {word.text}" for word in words).strip()


def _is_note_mark(word: Word, size: float) -> bool:
    """Whether a word is a footnote mark set as superscript."""
    return word.size < 0.8 * size and word.text.strip("()*,").isdigit()


def _is_shaded(box: Box, shades: Sequence[Box]) -> bool:
    """Whether fills cover most of a cell."""
    area = (box.x1 - box.x0) * (box.bottom - box.top)
    covered = max(
        (
            max(0.0, min(box.x1, shade.x1) - max(box.x0, shade.x0))
            * max(0.0, min(box.bottom, shade.bottom) - max(box.top, shade.top))
            for shade in shades
        ),
        default=0.0,
    )
    return covered >= 0.6 * area
