"""Which cells of a long row are shown: those that are asked for, with the band they stand in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.citing import cite
from assistant.extractive import draft
from assistant.model import Asks, Passage, Query
from assistant.retrieval import stems_of
from assistant.rows import RowReader
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


def rates() -> Document:
    """Rates under heads and their codes, under a heading that names the currency."""
    texts = ("Per day", "Amount per day", "A1.1", "A1.2", "Cyprus, Spain", "84-170", "170")
    rows = (texts[:2], texts[2:4], texts[4:])
    document = make_document(
        "guide",
        headings=("RULES › Table A – Support (amounts in euro per day)",),
        pages=("\n".join(CELL_SEPARATOR.join(row) for row in rows),),
    )
    ends: dict[str, Span] = {}
    at = 0
    for text in texts:
        at = document.text.index(text, at)
        ends[text] = Span(at, at + len(text))
        at += len(text)

    def cell(text: str, row: int, column: int, *heads: str, of: tuple[str, ...] = ()) -> Cell:
        span = ends[text]
        return Cell(span=span, row=row, column=column, row_headers=of, column_headers=heads)

    cells = (
        cell("Per day", 1, 2),
        cell("Amount per day", 1, 3),
        cell("A1.1", 2, 2),
        cell("A1.2", 2, 3),
        cell("Cyprus, Spain", 3, 1),
        cell("84-170", 3, 2, "Per day", "A1.1", of=("Cyprus, Spain",)),
        cell("170", 3, 3, "Amount per day", "A1.2", of=("Cyprus, Spain",)),
    )
    table = Table(span=document.chunks[0].span, cells=cells)
    return replace(document, tables=(table,))


def test_codes_have_the_head_above_them_and_amounts_the_currency_of_the_heading() -> None:
    document = rates()
    at = document.text.index("Cyprus, Spain")
    row = RowReader(worth=lambda text: 0.0, named=lambda text: False).read(
        document, Span(at, len(document.text))
    )
    assert row is not None
    assert row.text == (
        "Cyprus, Spain: Per day, A1.1: 84-170; Amount per day, A1.2: 170 (amounts in euro per day)"
    )
    quoted = {document.text[span.start : span.end] for span in row.spans}
    assert quoted == {
        *("Per day", "A1.1", "Amount per day", "A1.2"),
        *("Cyprus, Spain", "84-170", "170"),
    }


def test_a_currency_that_is_there_is_not_said_again() -> None:
    document = rates()
    text = document.text.replace("84-170", "84 EUR")
    document = replace(document, text=text)
    at = text.index("Cyprus, Spain")
    row = RowReader(worth=lambda text: 0.0, named=lambda text: False).read(
        document, Span(at, len(text))
    )
    assert row is not None
    assert "euro" not in row.text


def test_a_head_that_breaks_elsewhere_in_its_own_row_is_quoted_with_the_others() -> None:
    texts = ("Travel distance", "Green travel", "Non-Green travel")
    row = ("500 – 1999 km", "417 EUR", "309 EUR")
    heads = (*texts[:2], "Non- Green travel")
    document = make_document(
        "guide",
        headings=("RULES",),
        pages=(f"{CELL_SEPARATOR.join(texts)}\n{CELL_SEPARATOR.join(row)}",),
    )
    cells = []
    at = 0
    for place, text in enumerate((*texts, *row)):
        at = document.text.index(text, at)
        column = place % 3
        cells.append(
            Cell(
                span=Span(at, at + len(text)),
                row=1 + place // 3,
                column=column,
                row_headers=row[:1] if place > 3 else (),
                column_headers=heads[column : column + 1] if place > 2 else (),
            )
        )
        at += len(text)
    document = replace(document, tables=(Table(span=document.chunks[0].span, cells=tuple(cells)),))
    reader = RowReader(worth=lambda _: 0.0, named=lambda _: False)
    whole = reader.read(document, Span(cells[3].span.start, cells[5].span.end))
    assert whole is not None
    citation = cite(document, whole.spans)
    assert citation is not None
    assert citation.quote.startswith("Green travel | Non-Green travel … 500 – 1999 km")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("When to apply?", "When to apply? By 5 March 2026."),
        ("Malta, Spain.", "Malta, Spain: By 5 March 2026."),
    ],
)
def test_a_label_is_told_from_its_cells_by_one_sign(label: str, shown: str) -> None:
    document = make_document("guide", pages=(CELL_SEPARATOR.join((label, "By 5 March 2026.")),))
    cells = []
    for column, (text, above) in enumerate(((label, ()), ("By 5 March 2026.", (label,)))):
        at = document.text.index(text)
        span = Span(at, at + len(text))
        cells.append(Cell(span=span, row=1, column=column, row_headers=above, column_headers=()))
    table = Table(span=document.chunks[0].span, cells=tuple(cells))
    document = replace(document, tables=(table,))
    reader = RowReader(worth=lambda _: 0.0, named=lambda _: False)
    row = reader.read(document, table.span)
    assert row is not None
    assert row.text.startswith(shown)


@pytest.mark.parametrize(
    ("funds", "shown"),
    [
        (("internal",), "Mobility projects supported by internal policy funds: 26 months"),
        (("external",), "Mobility projects supported by external policy funds: 24 or 36 months"),
        ((), "internal policy funds: 26 months Mobility projects"),
        (("internal", "external"), "internal policy funds: 26 months Mobility projects"),
    ],
)
def test_of_a_cell_that_tells_of_both_funds_those_asked_about_are_shown(
    funds: tuple[str, ...], shown: str
) -> None:
    label = "Duration of the project"
    both = (
        "Mobility projects supported by internal policy funds: 26 months "
        "Mobility projects supported by external policy funds: 24 or 36 months"
    )
    document = make_document("guide", pages=(CELL_SEPARATOR.join((label, both)),))
    cells = []
    for column, (text, above) in enumerate(((label, ()), (both, (label,)))):
        at = document.text.index(text)
        span = Span(at, at + len(text))
        cells.append(Cell(span=span, row=1, column=column, row_headers=above, column_headers=()))
    table = Table(span=document.chunks[0].span, cells=tuple(cells))
    document = replace(document, tables=(table,))
    reader = RowReader(worth=lambda _: 0.0, named=lambda _: False, funds=frozenset(funds))
    row = reader.read(document, table.span)
    assert row is not None
    assert shown in row.text
    quoted = [document.text[span.start : span.end] for span in row.spans]
    assert (both in quoted) == (len(funds) != 1)
