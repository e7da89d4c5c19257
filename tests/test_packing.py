"""What is packed comes back equal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Box, Cell, Document, Span, Table, TextBox
from corpus.packing import (
    pack_boxes,
    pack_structure,
    pack_text,
    unpack_boxes,
    unpack_structure,
    unpack_text,
)
from tests.builders import make_boxes, make_document


def with_table(document: Document) -> Document:
    cells = (
        Cell(span=Span(0, 3), row=0, column=0, box=Box(1.5, 2.25, 3.0, 4.0)),
        Cell(
            span=Span(4, 4),
            row=1,
            column=0,
            row_headers=("Travel", "500-1999 km"),
            column_headers=("Green travel",),
        ),
    )
    table = Table(span=Span(0, 5), cells=cells, boxes=((1, Box(0, 0, 1, 1)), (2, Box(0, 0, 2, 2))))
    return replace(document, tables=(table,))


def unpacked(document: Document) -> Document:
    pages, sections, tables, chunks = unpack_structure(
        pack_structure(document), document_id=document.id, text=document.text
    )
    return replace(document, pages=pages, sections=sections, tables=tables, chunks=chunks)


def test_a_document_with_everything_comes_back_equal() -> None:
    document = with_table(
        make_document(
            pages=[["Κρίσιμη προθεσμία", "and € 120 000"], "second | page"],
            headings=["Part A › Who", ""],
            context="Row: Travel",
        )
    )
    assert unpacked(document) == document


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_any_text_comes_back_equal(pages: list[str]) -> None:
    document = make_document(pages=pages)
    assert unpacked(document) == document
    assert unpack_text(pack_text(document.text)) == document.text


def test_boxes_come_back_page_by_page() -> None:
    document = make_document(pages=["first page", "second"])
    packed = pack_boxes(document, make_boxes(document))
    assert sorted(packed) == [1, 2]
    restored = [box for page in sorted(packed) for box in unpack_boxes(packed[page])]
    assert restored == list(make_boxes(document))


@given(st.lists(st.floats(min_value=-5000, max_value=5000, width=32), min_size=4, max_size=4))
def test_coordinates_keep_single_precision(values: list[float]) -> None:
    document = make_document(pages=["word"])
    box = TextBox(span=Span(0, 4), box=Box(*values))
    (restored,) = unpack_boxes(pack_boxes(document, [box])[1])
    assert restored == TextBox(span=Span(0, 4), box=Box(*(float(np.float32(v)) for v in values)))


def test_a_box_outside_the_text_is_refused() -> None:
    document = make_document(pages=["word"])
    with pytest.raises(ValueError, match="outside"):
        pack_boxes(document, [TextBox(span=Span(90, 95), box=Box(0, 0, 1, 1))])
