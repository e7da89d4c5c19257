"""How a document is written into the ledger: compact bytes and back, nothing lost.

Two things are packed apart because they are needed at different times: the structure of a
document (pages, sections, tables, chunks) with every question, the boxes of its words only
when a page is shown with a highlight.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from corpus.model import (
    Box,
    Cell,
    Chunk,
    ChunkKind,
    Document,
    Page,
    Section,
    Span,
    Table,
    TextBox,
)

_LEVEL = 6
_BOX = struct.Struct("<IIffff")

UNREADABLE = (zlib.error, struct.error, ValueError, LookupError, TypeError)
"""What unpacking raises where the bytes are damaged."""


def pack_text(text: str) -> bytes:
    """UTF-8, compressed."""
    return zlib.compress(text.encode(), _LEVEL)


def unpack_text(data: bytes) -> str:
    """The inverse of `pack_text`."""
    return zlib.decompress(data).decode()


def pack_structure(document: Document) -> bytes:
    """Pages, sections, tables and chunks as compressed JSON; a chunk's text is left out."""
    body = {
        "pages": [
            [p.number, p.span.start, p.span.end, p.label, p.width_pt, p.height_pt]
            for p in document.pages
        ],
        "sections": [
            [list(s.headings), s.span.start, s.span.end, s.navigation] for s in document.sections
        ],
        "tables": [
            [
                t.span.start,
                t.span.end,
                [[number, *_box_values(box)] for number, box in t.boxes],
                [_cell_values(cell) for cell in t.cells],
            ]
            for t in document.tables
        ],
        "chunks": [
            [c.id, c.ordinal, c.span.start, c.span.end, list(c.headings), c.context, c.kind.value]
            for c in document.chunks
        ],
    }
    return zlib.compress(json.dumps(body, ensure_ascii=False).encode(), _LEVEL)


def unpack_structure(
    data: bytes, *, document_id: str, text: str
) -> tuple[tuple[Page, ...], tuple[Section, ...], tuple[Table, ...], tuple[Chunk, ...]]:
    """Pages, sections, tables and chunks of `pack_structure`; `text` is the document's."""
    body: dict[str, Any] = json.loads(zlib.decompress(data))
    # A heading path stands in a section and in all its chunks: one tuple serves them all.
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}

    def path(headings: list[str]) -> tuple[str, ...]:
        key = tuple(headings)
        return paths.setdefault(key, key)

    pages = tuple(
        Page(number=n, span=Span(start, end), label=label, width_pt=width, height_pt=height)
        for n, start, end, label, width, height in body["pages"]
    )
    sections = tuple(
        Section(headings=path(headings), span=Span(start, end), navigation=navigation)
        for headings, start, end, navigation in body["sections"]
    )
    tables = tuple(
        Table(
            span=Span(start, end),
            boxes=tuple((number, Box(*values)) for number, *values in boxes),
            cells=tuple(
                Cell(
                    span=Span(cell_start, cell_end),
                    row=row,
                    column=column,
                    box=Box(*box) if box else None,
                    row_headers=path(row_headers),
                    column_headers=path(column_headers),
                )
                for cell_start, cell_end, row, column, box, row_headers, column_headers in cells
            ),
        )
        for start, end, boxes, cells in body["tables"]
    )
    chunks = tuple(
        Chunk(
            id=chunk_id,
            document_id=document_id,
            ordinal=ordinal,
            span=Span(start, end),
            text=text[start:end],
            headings=path(headings),
            context=context,
            kind=ChunkKind(kind),
        )
        for chunk_id, ordinal, start, end, headings, context, kind in body["chunks"]
    )
    return pages, sections, tables, chunks


def pack_boxes(document: Document, boxes: Iterable[TextBox]) -> dict[int, bytes]:
    """Boxes by page number, 24 bytes each before compression.

    A box belongs to the page on which its text begins. Coordinates keep 32-bit precision
    (better than a thousandth of a point on any page).
    """
    by_page: defaultdict[int, bytearray] = defaultdict(bytearray)
    for item in boxes:
        page = document.page_at(item.span.start).number
        by_page[page] += _BOX.pack(item.span.start, item.span.end, *_box_values(item.box))
    return {page: zlib.compress(bytes(data), _LEVEL) for page, data in by_page.items()}


def unpack_boxes(data: bytes) -> tuple[TextBox, ...]:
    """The boxes of one page, in the order in which they were packed."""
    return tuple(
        TextBox(span=Span(start, end), box=Box(x0, top, x1, bottom))
        for start, end, x0, top, x1, bottom in _BOX.iter_unpack(zlib.decompress(data))
    )


PackedBoxes = Mapping[int, bytes]
"""Page number to the result of `pack_boxes` for that page."""


def _box_values(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.top, box.x1, box.bottom


def _cell_values(cell: Cell) -> list[Any]:
    return [
        cell.span.start,
        cell.span.end,
        cell.row,
        cell.column,
        _box_values(cell.box) if cell.box else None,
        list(cell.row_headers),
        list(cell.column_headers),
    ]
