"""Tables that a passage refers to by their code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.model import Passage, Query
from assistant.referred import rows_of_line, tables_referred_to
from corpus.model import Document
from tests.builders import make_document, make_query
from tests.test_pipeline import open_with

RULE = "Individual support | Table A2.2 per participant per day."
RATES = (
    "Table A2.2 Individual support\nHungary | 77 EUR per day\nIceland | 99 EUR per day\n"
    "Ireland | 91 EUR per day\n"
    "Neighbouring third countries not associated to the Programme | 62 EUR per day"
)
OTHER = "Table A3 Individual support\nIceland | 11"


def guide() -> Document:
    return make_document(
        pages=([RULE, "A paragraph between the two."], [OTHER, RATES]),
        headings=("Part B › Youth workers", "Part B › Youth workers"),
    )


def query(question: str) -> Query:
    return make_query(question)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much a day in Iceland?", ["Table A2.2"]),
        ("How much a day in Reykjavik?", ["Table A2.2"]),
        ("How much a day in Tunisia?", ["Table A2.2"]),
        ("How much a day in Japan?", []),
        ("How much a day in Spain?", []),
        ("How much a day?", []),
    ],
)
def test_the_table_with_a_row_of_the_country_is_read_too(question: str, found: list[str]) -> None:
    document = guide()
    rule = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    read = tables_referred_to(query(question), [rule])
    assert [passage.chunk.text[:10] for passage in read] == found


def test_a_table_that_was_found_is_not_read_twice() -> None:
    document = guide()
    passages = [
        Passage(rank=rank, score=1.0, chunk=chunk, document=document)
        for rank, chunk in enumerate(document.chunks, start=1)
    ]
    assert tables_referred_to(query("How much a day in Iceland?"), passages) == []


def test_the_rate_of_the_country_of_a_city_is_answered(tmp_path: Path) -> None:
    document = replace(guide(), tables=())
    opened = open_with(tmp_path, document)
    asked = opened.ask("How much individual support a day do youth workers get in Reykjavik?")
    opened.close()
    assert "Iceland" in asked.text
    assert "99" in asked.text


CHAPTER = "Part B › Key Action 1 › Students"
GRANT = "The grant of students on long-term mobility is set by agencies."
TRAVEL = (
    "Budget category | Amount\nTravel support | Contribution to the travel costs of participants."
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Is travel support given to long-term students?", [TRAVEL]),
        ("Do students get a travel grant?", [TRAVEL]),
        ("Is a preparatory visit paid for students?", []),
        ("Are travel support and organisational support given?", []),
        ("Do students get a grant?", []),
        ("Do we get travel costs if we go by green travel?", []),
        ("Is a travel grant something for students?", []),
    ],
)
def test_the_row_of_a_line_is_read_in_the_chapter_of_the_best_passage(
    question: str, found: list[str]
) -> None:
    of_staff = "Part B › Key Action 1 › Staff"
    document = make_document(pages=[GRANT, TRAVEL, TRAVEL], headings=[CHAPTER, CHAPTER, of_staff])
    best = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    rows = rows_of_line(query(question), [best])
    assert [row.chunk.text for row in rows] == found
    again = Passage(rank=2, score=0.9, chunk=document.chunks[1], document=document)
    assert rows_of_line(query(question), [best, again]) == []
