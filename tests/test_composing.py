"""Answers to several things asked at once, rates in steps, and figures that lead to a list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.confidence import confidence, confidence_needed
from assistant.model import Asks, Passage, Query
from assistant.refusing import tells_when
from assistant.retrieval import stems_of
from assistant.units import units_of
from assistant.worth import Candidate
from corpus.model import Document
from corpus.settings import AnswerSettings
from tests.builders import make_document
from tests.test_pipeline import open_with


def test_each_of_several_things_asked_for_is_answered(tmp_path: Path) -> None:
    chair = [
        "A chair is held by one professor who teaches 90 hours in each academic year.",
        "The chair may have a team that teaches more hours in each academic year.",
        "Teaching hours of a chair include direct contact hours of lectures.",
        "Summer courses are no part of it.",
    ]
    document = make_document(
        headings=("Part B › Chairs", "Part B › Deadlines"),
        pages=(chair, ["Applications are due by 5 March 2026 at 12:00."]),
    )
    opened = open_with(tmp_path, document)
    asked = opened.ask(
        "How many hours does a chair teach each academic year, and by when to apply?"
    )
    opened.close()
    first, second, *_ = asked.text.splitlines()
    assert "90 hours" in first
    assert "5 March 2026" in second


def test_both_steps_of_a_rate_are_shown_and_worked_out(tmp_path: Path) -> None:
    rows = (
        "Up to the 14th day of activity | 79 EUR per day\n"
        "15th to the 30th day of activity | 56 EUR per day"
    )
    document = make_document(pages=(rows,), headings=("Part B › Individual support",))
    opened = open_with(tmp_path, document)
    asked = opened.ask("How much individual support does a student get for 20 days of activity?")
    opened.close()
    assert asked.calculation is not None
    assert asked.calculation.result == "1 442 EUR"
    assert "79 EUR x 14 days + 56 EUR x 6 days = 1 442 EUR" in asked.text


def test_items_of_a_list_do_not_run_on_into_each_other(tmp_path: Path) -> None:
    text = (
        "Applicants have to submit their application by the following dates:\n"
        "• 5 March at 12:00 for projects starting later in the same year\n"
        "• 1 October at 12:00 for projects starting in the following year"
    )
    document = make_document(pages=(text,), headings=("Part B › Cooperation Partnerships",))
    opened = open_with(tmp_path, document)
    asked = opened.ask("When do I have to apply for cooperation partnerships?")
    opened.close()
    assert "dates: • 5 March at 12:00" in asked.text
    assert "in the same year • 1 October at 12:00" in asked.text
    assert "•" not in asked.citations[0].quote


def test_what_leads_to_a_list_is_compared_where_its_items_are_not(tmp_path: Path) -> None:
    def edition(year: int, text: str) -> Document:
        return make_document(
            f"erasmus-{year}", year=year, headings=("Part B › Virtual Exchanges",), pages=(text,)
        )

    new = (
        "Proposals must be submitted by a consortium of at least 6 organisations which complies "
        "with these conditions:\n• minimum 6 independent organisations in the consortium from 6 "
        "different eligible countries;\n• minimum 3 organisations of the consortium from a region."
    )
    old = "Proposals must be submitted by a consortium of at least 4 organisations."
    opened = open_with(tmp_path, edition(2026, new), edition(2023, old))
    asked = opened.ask(
        "Virtual exchanges: how many organisations did the consortium need in 2023 and in 2026?"
    )
    opened.close()
    first, second = asked.text.splitlines()
    assert "at least 6 organisations" in first
    assert "at least 4 organisations" in second


@pytest.mark.parametrize(
    ("question", "official", "needed"),
    [
        ("which staff won the cup?", False, 0.5),
        ("which staff won the cup?", True, 0.1),
    ],
)
def test_more_confidence_is_needed_of_what_is_no_guide(
    question: str, official: bool, needed: float
) -> None:
    made = make_document()
    document = replace(made, edition=replace(made.edition, official=official))
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    query = Query(
        question=question, search_text=question, topic=question, language="en", document_ids=()
    )
    assert confidence_needed(query, [passage], AnswerSettings(), stems_of) == needed
    known = replace(query, actions=("small-scale-partnerships",))
    assert confidence_needed(known, [passage], AnswerSettings(), stems_of) == 0.1


@pytest.mark.parametrize(
    ("likeness", "supplies", "worth", "terms", "sure"),
    [
        (0.80, frozenset[Asks](), 3.0, 2, 0.0),
        (0.80, frozenset({Asks.AMOUNT}), 3.0, 2, 1.0),
        (0.80, frozenset[Asks](), 7.5, 2, 1.0),
        (0.80, frozenset[Asks](), 3.0, 4, 1.0),
        (0.83, frozenset[Asks](), 3.0, 2, 1.0),
        (0.45, frozenset[Asks](), 3.0, 2, 1.0),  # by another model, whose cosines are lower
    ],
)
def test_what_is_read_by_meaning_answers_only_where_something_is_like_the_question(
    likeness: float, supplies: frozenset[Asks], worth: float, terms: int, sure: float
) -> None:
    document = make_document()
    alike = tuple(likeness for _ in units_of(document.chunks[0]))
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document, alike=alike)
    leading = Candidate(
        unit=units_of(document.chunks[0])[0],
        passage=passage,
        worth=worth,
        held=frozenset(),
        supplies=supplies,
    )
    query = Query(
        question="?",
        search_text="?",
        topic="?",
        language="it",
        document_ids=(),
        terms=("term",) * terms,
    )
    assert confidence(query, [passage], leading) == sure


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("Who won the football championship?", True),
        ("And for a public organisation from Spain?", False),
        ("and in 2023?", False),
        ("By when?", False),
    ],
)
def test_what_has_no_word_of_any_passage_goes_on_from_nothing(question: str, never: bool) -> None:
    document = make_document()
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    query = Query(
        question=question,
        search_text=f"who can apply {question}",
        topic=f"who can apply {question}",
        language="en",
        document_ids=(),
        follow_up=True,
    )
    assert (confidence_needed(query, [passage], AnswerSettings(), stems_of) > 1) is never


def test_a_comparison_of_editions_without_anything_to_quote_abstains(tmp_path: Path) -> None:
    opened = open_with(
        tmp_path,
        make_document("erasmus-2026", year=2026, pages=("42",)),
        make_document("erasmus-2023", year=2023, pages=("41",)),
    )
    asked = opened.ask("How many partners did it need in 2023 and in 2026?")
    opened.close()
    assert not asked.status.cites


def test_a_line_of_a_heading_that_goes_on_over_the_page_is_no_answer(tmp_path: Path) -> None:
    document = make_document(
        headings=(
            "Part B › Award criteria › Quality of the partnership (maximum score 20 points)",
        ),
        pages=(
            "(maximum score 20 points)\nThe partnership must involve partners of other fields.",
        ),
    )
    opened = open_with(tmp_path, document)
    asked = opened.ask("What does quality of the partnership mean?")
    opened.close()
    assert asked.text == "The partnership must involve partners of other fields. [1]"


def test_a_row_that_is_a_page_of_prose_follows_nothing(tmp_path: Path) -> None:
    prose = " ".join(
        f"The travel of group {n} is paid by distance and the green travel rate is higher."
        for n in "abcde"
    )
    rows = [
        "The green travel rate is 417 EUR for each participant who goes by train.",
        f"Green travel rate | {prose} | up to 900 EUR",
        "Green travel days | four days at the green travel rate of 50 EUR",
    ]
    opened = open_with(
        tmp_path, make_document(headings=("Part B › Travel",), pages=(["\n".join(rows)],))
    )
    answer = opened.ask("How much is the green travel rate?")
    opened.close()
    assert "417 EUR" in answer.text
    assert "50 EUR" in answer.text
    assert "900 EUR" not in answer.text


@pytest.mark.parametrize(
    ("question", "supplies", "tells"),
    [
        ("When is the deadline to submit?", frozenset[Asks](), False),
        ("When is the deadline to submit?", frozenset({Asks.DATE}), True),
        ("How much is it?", frozenset[Asks](), True),
    ],
)
def test_who_asks_only_by_when_to_apply_gets_a_date_or_nothing(
    question: str, supplies: frozenset[Asks], tells: bool
) -> None:
    document = make_document()
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    shown = Candidate(
        unit=units_of(document.chunks[0])[0],
        passage=passage,
        worth=3.0,
        held=frozenset(),
        supplies=supplies,
    )
    dated = "deadline" in question
    query = Query(
        question=question,
        search_text=question,
        topic=question,
        language="en",
        document_ids=(),
        wants=(Asks.DATE,) if dated else (Asks.AMOUNT,),
        terms=("deadline submit apply",) if dated else (),
    )
    assert tells_when(query, [shown]) is tells
