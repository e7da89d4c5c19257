"""Which cells of a long row are shown: those that are asked for, with the band they stand in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.extractive import draft
from assistant.model import Asks, Passage, Query
from assistant.retrieval import stems_of
from corpus.model import CELL_SEPARATOR, Cell, ChunkKind, Document, Span, Table
from corpus.settings import AnswerSettings
from tests.builders import make_document

PROSE = (
    "Over 500 km, participants are strongly encouraged to use a combination of different modes of "
    "transport to make their travel more sustainable. Financing mechanism: contribution to unit "
    "costs. Rule of allocation: based on the travel distance and number of participants and "
    "accompanying persons who travel."
)
TEXTS = (PROSE, "500 – 1999 km", "417 EUR", "309 EUR")
BAND = ("Travel", "500 – 1999 km")
HEADS = (
    ("Rules",),
    ("Amount", "Travel distance"),
    ("Amount", "Green travel"),
    ("Amount", "Non- Green travel"),
)


def guide() -> Document:
    """A row of a table whose heads stand on an earlier page."""
    document = make_document("guide", headings=("RULES",), pages=(CELL_SEPARATOR.join(TEXTS),))
    cells = []
    for column, (text, heads) in enumerate(zip(TEXTS, HEADS, strict=True), start=1):
        at = document.text.index(text)
        row_headers = BAND[:1] if column < 3 else BAND
        cells.append(
            Cell(
                span=Span(at, at + len(text)),
                row=7,
                column=column,
                row_headers=row_headers,
                column_headers=heads,
            )
        )
    chunk = replace(document.chunks[0], kind=ChunkKind.TABLE)
    table = Table(span=chunk.span, cells=tuple(cells))
    return replace(document, tables=(table,), chunks=(chunk,))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        (
            "How much green travel grant for 1 500 km?",
            "Travel distance: 500 – 1999 km; Green travel: 417 EUR",
        ),
        (
            "How much travel grant for 1 500 km?",
            "Travel distance: 500 – 1999 km; Green travel: 417 EUR; Non- Green travel: 309 EUR",
        ),
        (
            "How much non-green travel grant for 1 500 km?",
            "Travel distance: 500 – 1999 km; Non- Green travel: 309 EUR",
        ),
    ],
)
def test_of_a_long_row_the_cells_that_are_asked_for_are_shown(question: str, shown: str) -> None:
    document = guide()
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    query = Query(
        question=question,
        search_text=question,
        topic=question,
        language="en",
        document_ids=("guide",),
        terms=("travel support green travel non-green travel", "grant amount EUR"),
        asks=Asks.AMOUNT,
        wants=(Asks.AMOUNT,),
    )
    lines = draft(query, [passage], stems=stems_of, settings=AnswerSettings()).lines
    assert [line.text for line in lines] == [shown]
