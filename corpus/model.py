"""The words every part of the product shares.

Conventions, said once:

* **offset**: index into `Document.text` (Python string index), ranges half-open.
* **page**: 1-based physical page of the PDF (what `#page=` wants).
* **label**: the number printed on the page, for people ("" where none is printed).
* **rank**: 1-based. **score**: higher is better, comparable only within one list unless it
  comes from a reranker (0…1).
* **box**: PDF points, origin at the top left of the page as displayed (rotation applied).
* sizes end in `_chars` or `_tokens`, durations in `_s` or `_ms`.

Text of tables: a table row stands in `Document.text` as one line, its cells joined by
`CELL_SEPARATOR`. A quote from it is verified cell by cell.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

CELL_SEPARATOR = " | "
"""Between the cells of a table row, in `Document.text` and in quotes."""

ELLIPSIS = " … "
"""Marks words left out inside a quote; each piece is verbatim."""


class DocumentStatus(StrEnum):
    """How the reading of a file ended. Only the first two are in the index."""

    INDEXED = "indexed"
    PARTLY_INDEXED = "partly indexed"
    NEEDS_PASSWORD = "needs password"  # noqa: S105 - a status, not a secret
    NEEDS_OCR = "needs OCR"
    UNREADABLE_TEXT = "unreadable text"
    NOT_A_PDF = "not a PDF"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"


class ChunkKind(StrEnum):
    """What a chunk was cut from."""

    TEXT = "text"
    TABLE = "table"
    FOOTNOTE = "footnote"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of offsets, `0 <= start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one offset."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in PDF points, origin top left, `x0 <= x1`, `top <= bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def area(self) -> float:
        """In square points."""
        return (self.x1 - self.x0) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox:
    """Where a stretch of the document's text (a word or a line) stands on its page."""

    span: Span
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which guide, of which call, in which language. Read from the cover, never from metadata.

    Attributes:
        programme: "Erasmus+", "Horizon Europe", ...; None where the document names none.
        year: the call year; never the year of publication. None where there is none.
        version: as printed ("1", "5.1"); None where not printed.
        date: the day of the version.
        language: BCP-47 code of the text ("en", "el").
        title: as people call it, e.g. "Erasmus+ Programme Guide 2026 (version 1, 12/11/2025)".
        official: False for the digests of this project, which bind nobody.
    """

    title: str
    language: str
    programme: str | None = None
    year: int | None = None
    version: str | None = None
    date: date | None = None
    official: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a document; the pages of a document tile its text in order."""

    number: int
    span: Span
    label: str = ""
    width_pt: float = 0.0
    height_pt: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of text under one heading path; sections tile the document.

    Attributes:
        headings: the whole path, outermost first; empty before the first heading.
        span: the section's own text including its heading line, up to the next heading.
        navigation: True for printed contents and indexes: never searched, never quoted.
    """

    headings: tuple[str, ...]
    span: Span
    navigation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.

    Attributes:
        span: its text in the document (may be empty).
        row: 0-based row in the (joined) table. column: 0-based.
        row_headers: labels to its left and bands above it, outermost first.
        column_headers: heads above it, outermost first.
    """

    span: Span
    row: int
    column: int
    box: Box | None = None
    row_headers: tuple[str, ...] = ()
    column_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; one continued over pages is one table. `pages` as in `Document.page_range`."""

    span: Span
    cells: tuple[Cell, ...]
    boxes: tuple[tuple[int, Box], ...] = ()
    """(page number, bounding box) of each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A retrievable stretch of a document: `text == document.text[span]`, inside one section.

    Attributes:
        id: stable over re-ingestion of the same bytes with the same settings; unique even
            where the same text occurs twice.
        headings: the section's heading path.
        context: what a reader must know besides the headings to read the text alone (row and
            column headers, lead-in of a list, the place a footnote belongs to). Embedded and
            searched, never quoted.
    """

    id: str
    document_id: str
    ordinal: int
    span: Span
    text: str
    headings: tuple[str, ...] = ()
    context: str = ""
    kind: ChunkKind = ChunkKind.TEXT


def chunk_id(document_id: str, span: Span, text: str) -> str:
    """Stable id of a chunk: document, place and text decide it."""
    key = f"{document_id}\0{span.start}\0{span.end}\0{text}".encode()
    return f"{document_id}:{hashlib.sha256(key).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A guide as read: one cleaned text, tiled by pages and by sections.

    Attributes:
        id: e.g. "erasmus-plus-2026-v1-en"; unique in the library.
        file: name of the PDF as it was given, without folders.
        sha256: of the PDF's bytes, the document's identity.
        text: the cleaned text of all pages.
        warnings: sentences for the person who ingests.
    """

    id: str
    file: str
    sha256: str
    edition: Edition
    text: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    status: DocumentStatus = DocumentStatus.INDEXED
    warnings: tuple[str, ...] = ()
    _page_starts: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_page_starts", tuple(p.span.start for p in self.pages))

    def page_at(self, offset: int) -> Page:
        """The page an offset lies on (the last page for the end of the text).

        Raises:
            ValueError: if the offset is outside the text.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside {self.id} (0..{len(self.text)})")
        index = bisect_right(self._page_starts, offset) - 1
        return self.pages[index]

    def page_range(self, span: Span) -> tuple[Page, Page]:
        """First and last page that hold a character of `span`."""
        last = max(span.start, span.end - 1)
        return self.page_at(span.start), self.page_at(last)

    def page(self, number: int) -> Page:
        """The page with this 1-based number.

        Raises:
            ValueError: if there is no such page.
        """
        if not 1 <= number <= len(self.pages):
            raise ValueError(f"{self.id} has no page {number} (1..{len(self.pages)})")
        return self.pages[number - 1]

    def text_at(self, span: Span) -> str:
        """What stands there."""
        return self.text[span.start : span.end]

    def page_text(self, number: int) -> str:
        """The cleaned text of one page."""
        return self.text_at(self.page(number).span)

    def with_id(self, document_id: str) -> Self:
        """The same document under another id (its chunks get new ids too)."""
        chunks = tuple(
            replace(c, id=chunk_id(document_id, c.span, c.text), document_id=document_id)
            for c in self.chunks
        )
        return replace(self, id=document_id, chunks=chunks)


def tiles(spans: Sequence[Span], length: int) -> bool:
    """Whether the spans cover 0..length in order without gap or overlap."""
    position = 0
    for span in spans:
        if span.start != position:
            return False
        position = span.end
    return position == length
