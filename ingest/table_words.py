"""The words of a page put into the cells of its grids."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Box
from ingest.drawn import RawPage, Word
from ingest.table_block import Block
from ingest.table_grid import CellFinder, Grid, GridCell, find_grids
from ingest.table_joining import Part
from ingest.table_unruled import split_rows

MAX_LEAD_WORDS = 12
"""More bold words at the start of a cell are an emphasised sentence."""

NOTE_MARK_SIZE = 0.8
"""Digits set smaller than this share of the text around them are a footnote mark."""

MAX_SHADES = 1000
"""More fills on a page are a drawing, not shaded cells."""

SHADED_SHARE = 0.6
"""Of a shaded cell that one fill covers."""


def read_parts(number: int, page: RawPage) -> list[Part]:
    """The grids of a page (`number` is its 0-based index) with the words in their cells."""
    ruled = find_grids(page.rulings, page.shades)
    if not ruled:
        return []
    grids = [
        split_rows(grid, words)
        for grid, words in zip(ruled, _words_in(ruled, page.words), strict=True)
    ]
    shades = page.shades if len(page.shades) <= MAX_SHADES else ()
    parts = []
    for grid, words in zip(grids, _words_in(grids, page.words), strict=True):
        blocks = [_block(cell, here, shades) for cell, here in zip(grid.cells, words, strict=True)]
        if any(block.text for block in blocks):
            parts.append(Part(page=number, grid=grid, blocks=blocks))
    for part in parts:
        part.inside = _surrounding(part, parts)
    return parts


def _surrounding(part: Part, parts: Sequence[Part]) -> Block | None:
    """The smallest cell of another table (not of a frame) that a table stands in."""
    box = part.grid.box
    around = [
        (cell.box.area, block)
        for other in parts
        if other is not part and len(other.blocks) > 1
        for cell, block in zip(other.grid.cells, other.blocks, strict=True)
        if cell.box.x0 <= box.x0 + 1
        and box.x1 <= cell.box.x1 + 1
        and cell.box.top <= box.top + 1
        and box.bottom <= cell.box.bottom + 1
    ]
    return min(around, key=lambda pair: pair[0])[1] if around else None


def _words_in(grids: Sequence[Grid], words: Sequence[Word]) -> list[list[list[Word]]]:
    """The words of each cell of each grid: those whose centre it is the smallest to hold."""
    finders = [CellFinder(grid) for grid in grids]
    found: list[list[list[Word]]] = [[[] for _ in grid.cells] for grid in grids]
    for word in words:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
        places = [
            (grids[number].cells[cell].box.area, number, cell)
            for number, finder in enumerate(finders)
            if (cell := finder.at(x, y)) is not None
        ]
        if places:
            _, number, cell = min(places)
            found[number][cell].append(word)
    return found


def _block(cell: GridCell, words: list[Word], shades: Sequence[Box]) -> Block:
    letters = sum(len(word.text) for word in words)
    bold = sum(len(word.text) for word in words if word.bold)
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
    if block.is_prose and block.lead:
        block.label = block.lead
    else:
        block.label = joined_label(words).rstrip(" :")
    return block


def _lead(words: Sequence[Word]) -> str:
    """The bold words at the start, where other text follows."""
    end = next((at for at, word in enumerate(words) if not word.bold), 0)
    return joined_label(words[:end]).rstrip(" :;.-–") if end <= MAX_LEAD_WORDS else ""


def joined_label(words: Sequence[Word]) -> str:
    """Words as one text, without the marks of footnotes."""
    sizes = sorted(word.size for word in words)
    common = sizes[len(sizes) // 2] if sizes else 0.0
    return _joined([word for word in words if not _is_note_mark(word, common)])


def _joined(words: Sequence[Word]) -> str:
    return "".join(word.text if word.glued else f" {word.text}" for word in words).strip()


def _is_note_mark(word: Word, size: float) -> bool:
    """Whether a word is a footnote mark set as superscript."""
    return word.size < NOTE_MARK_SIZE * size and word.text.strip("()*,").isdigit()


def _is_shaded(box: Box, shades: Sequence[Box]) -> bool:
    """Whether fills cover most of a cell."""
    covered = max(
        (
            max(0.0, min(box.x1, shade.x1) - max(box.x0, shade.x0))
            * max(0.0, min(box.bottom, shade.bottom) - max(box.top, shade.top))
            for shade in shades
        ),
        default=0.0,
    )
    return covered >= SHADED_SHARE * box.area
