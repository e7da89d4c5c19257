"""Entries of glossaries that a question names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.entries import entries_named
from assistant.model import Asks, Passage
from assistant.retrieval import stems_of
from assistant.traits import asks_for_reference, traits_of
from corpus.model import ChunkKind
from tests.builders import make_document, make_query

TERMS = ("First time applicant", "Project", "Newcomer organisation")
MADE = make_document(
    headings=tuple(f"Part D › Glossary › {term}" for term in TERMS),
    pages=("Has had no support in seven years.", "Sets of activities.", "Is new to the programme."),
)
GUIDE = replace(MADE, chunks=tuple(replace(c, kind=ChunkKind.DEFINITION) for c in MADE.chunks))
OTHER = make_document("other", pages=("Applicants pay.",))


def _named(question: str, asks: Asks = Asks.OTHER, **other: object) -> list[str]:
    query = make_query(question, **{"document_ids": (GUIDE.id,), "asks": asks, **other})
    read = Passage(rank=1, score=1.0, chunk=OTHER.chunks[0], document=GUIDE)
    found = entries_named(query, [read], stems_of)
    return [passage.chunk.headings[-1] for passage in found]


def test_terms_that_are_quoted_or_asked_for_are_found() -> None:
    assert _named("Do we still pass as “first time applicant”?") == ["First time applicant"]
    assert _named("Do we still pass as a first time applicant?") == []
    assert _named("What is a project?", Asks.DEFINITION) == ["Project"]
    assert _named("What is a 'project'?") == []  # one word that all of the guide has
    found = _named("What are first time applicants and newcomer organisations?", Asks.DEFINITION)
    assert found == ["First time applicant", "Newcomer organisation"]
    asked = {"topic": "was ist ein neuling", "language": "de", "terms": ("newcomer organisation",)}
    assert _named("Was ist ein Neuling?", Asks.DEFINITION, **asked) == ["Newcomer organisation"]


def test_an_entry_that_is_read_already_is_not_read_twice() -> None:
    query = make_query("project?", document_ids=(GUIDE.id,), asks=Asks.DEFINITION)
    read = [Passage(rank=1, score=1.0, chunk=c, document=GUIDE) for c in GUIDE.chunks]
    assert entries_named(query, read, stems_of) == []
    assert entries_named(query, [], stems_of) == []


@pytest.mark.parametrize(
    ("text", "is_reference"),
    [
        ("Call ID: ERASMUS-SPORT-2026-SSCP", True),
        ("Table A2.1 Individual support for youth exchanges", True),
        ("467 Decision authorising lump sums: https://europa.eu/decision.pdf", True),
        ("⁴ Regulation (EU) 2021/695 of the European Parliament of 28 April 2021", True),
        ("The Regulation (EU) 2021/695 sets the rate at 25 %.", False),
        (
            "⁶⁵ The following types of organisations are not eligible as receiving organisations "
            "for traineeships: EU institutions (their list is on https://europa.eu/list).",
            False,
        ),
        ("Table A2.1 applies to group leaders: 80 EUR per day.", False),
        ("The table shows the rates.", False),
    ],
)
def test_codes_captions_and_links_are_references(text: str, is_reference: bool) -> None:
    assert traits_of(text).is_reference is is_reference


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What is the call ID for sport?", True),
        ("where is the decision on lump sums online?", True),
        ("which table has the rates?", True),
        ("How much is the lump sum?", False),
    ],
)
def test_who_asks_for_a_reference_gets_it(question: str, asks: bool) -> None:
    assert asks_for_reference(question) is asks
