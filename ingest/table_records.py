"""Collects the tables of a document while its text is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Box, Cell, Span, Table
from ingest.blocks import Block, Layout
from ingest.cleaning import clean_text
from ingest.drawn import RawPage
from ingest.tables import RawCell


@dataclass(slots=True)
class _Parts:
    start: int
    end: int
    cells: list[Cell] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)
    """Rows of column heads, which are left out where the next page repeats them."""


class TableRecords:
    """The tables of one document, by number, with offsets in its text.

    Args:
        layout: which part of which table stands on which page.
        pages: as drawn; boxes are turned to the page as displayed.
    """

    def __init__(self, layout: Layout, pages: Sequence[RawPage]) -> None:
        self._pages = pages
        self._parts: dict[int, _Parts] = {}
        self._boxes: dict[int, list[tuple[int, Box]]] = defaultdict(list)
        self._layouts: set[int] = set()
        for page, found in zip(pages, layout.tables, strict=True):
            for number, table in found:
                self._boxes[number].append((page.number, page.displayed(table.box)))
                if table.layout:
                    self._layouts.add(number)

    def is_layout(self, block: Block) -> bool:
        """Whether the block stands in a criteria table, whose rows read as text."""
        return block.table in self._layouts

    def repeats_head(self, block: Block, row: str) -> bool:
        """Whether a row says the column heads of its table again."""
        parts = self._parts.get(_number(block))
        return parts is not None and row in parts.heads and _is_head(block)

    def add_row(
        self, block: Block, row: str, places: Sequence[tuple[RawCell, Span]]
    ) -> tuple[Cell, ...]:
        """Takes in a row that was written; gives its cells."""
        cells = tuple(self._cell(raw, span, block.page) for raw, span in places)
        parts = self._grown(block, Span(places[0][1].start, places[-1][1].end))
        parts.cells += cells
        if _is_head(block):
            parts.heads.add(row)
        return cells

    def add_prose(self, block: Block, span: Span) -> None:
        """Takes in a paragraph that stands in a cell; other paragraphs are passed over."""
        if block.cell is None:
            return
        parts = self._grown(block, span)
        cell = self._cell(block.cell, span, block.page)
        last = parts.cells[-1] if parts.cells else None
        if last is not None and (last.row, last.box) == (cell.row, cell.box):
            parts.cells[-1] = replace(last, span=Span(last.span.start, span.end))
        else:
            parts.cells.append(cell)

    def records(self) -> tuple[Table, ...]:
        """The tables in the order of their text."""
        return tuple(
            Table(
                span=Span(parts.start, parts.end),
                cells=tuple(parts.cells),
                boxes=tuple(self._boxes[number]),
            )
            for number, parts in sorted(self._parts.items(), key=lambda item: item[1].start)
        )

    def _grown(self, block: Block, span: Span) -> _Parts:
        parts = self._parts.setdefault(_number(block), _Parts(start=span.start, end=span.end))
        parts.end = span.end
        return parts

    def _cell(self, raw: RawCell, span: Span, page: int) -> Cell:
        return Cell(
            span=span,
            row=raw.row,
            column=raw.column,
            box=self._pages[page - 1].displayed(raw.box),
            row_headers=tuple(filter(None, map(clean_text, raw.row_headers))),
            column_headers=tuple(filter(None, map(clean_text, raw.column_headers))),
        )


def _number(block: Block) -> int:
    if block.table is None:
        raise ValueError(f"the block on page {block.page} stands in no table")
    return block.table


def _is_head(block: Block) -> bool:
    return all(cell.raw.header for cell in block.cells)
