"""Blocks: what a document is made of, in reading order.

A block is a paragraph, a footnote or a row of a table. Criteria tables (a label on the left, long
prose on the right) are taken apart: the label leads its paragraphs, which stay paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.layout import Line
from ingest.tables import RawCell, RawTable


class Role(StrEnum):
    """What a block is."""

    TEXT = "text"
    FOOTNOTE = "footnote"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCell:
    """A cell of a row: its lines, and the cell as found."""

    raw: RawCell
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of text that stays together.

    Attributes:
        lines: for `TEXT` and `FOOTNOTE`. cells: for `ROW`, from left to right.
        marker, indent: see `Paragraph`.
        table: number of the (joined) table it stands in, counted over the document.
        label: row labels of the criteria table it stands in, outermost first.
        cell: the cell of a criteria table that the block is a part of.
        runs_on: it goes on with the last block of text on the page before.
    """

    role: Role
    page: int
    lines: tuple[Line, ...] = ()
    cells: tuple[BlockCell, ...] = ()
    marker: str = ""
    indent: float = 0.0
    table: int | None = None
    label: tuple[str, ...] = ()
    cell: RawCell | None = None
    runs_on: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it is running text outside tables."""
        return self.role is Role.TEXT and self.table is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A document as blocks.

    Attributes:
        pages: the blocks of each page.
        labels: the printed number of each page, "" where none was found.
        body_size: font size of most text, in points.
        running: texts of running heads and feet, the most frequent first.
        tables: (number of the joined table, part) of each page.
    """

    pages: tuple[tuple[Block, ...], ...]
    labels: tuple[str, ...]
    body_size: float
    running: tuple[str, ...]
    tables: tuple[tuple[tuple[int, RawTable], ...], ...]
