"""Countries that a question means, and what guides call them."""

from __future__ import annotations

import pytest

from assistant.model import Asks
from assistant.peoples import countries_added, names_asked_country
from tests.builders import make_query


@pytest.mark.parametrize(
    ("question", "language", "added"),
    [
        ("How long is an exchange in Copenhagen?", "en", ["Denmark"]),
        ("How long is an exchange in Copenhagen?", "el", ["Δανία"]),
        ("How long is an exchange in Copenhagen, Denmark?", "en", []),
        ("How much a day for a training course in braga", "en", ["Portugal"]),
        ("How long is an exchange?", "en", []),
        (
            "How much a day for an exchange in Tunisia?",
            "en",
            ["Neighbouring third countries not associated to the Programme"],
        ),
        (
            "How much a month for a student in Japan?",
            "en",
            ["Third countries not associated to the Programme"],
        ),
        ("How much a month for a student in Japan?", "el", []),
        ("Is Japan a third country?", "en", []),
    ],
)
def test_what_guides_call_the_countries_of_a_question_is_added(
    question: str, language: str, added: list[str]
) -> None:
    wants = (Asks.AMOUNT,) if question.startswith("How much") else ()
    assert countries_added(make_query(question, wants=wants), language) == added


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Neighbouring third countries not associated to the Programme | 44", True),
        ("Third countries not associated to the Programme from Regions 1 to 3 | 700 EUR", True),
        ("Tunisia | 44", True),
        ("Region 9 | 450 EUR", False),
        ("Denmark | 81", False),
        ("Region 3 | " + "organisations of many kinds may take part, " * 4, False),
    ],
)
def test_labels_name_third_countries_by_their_regions(text: str, named: bool) -> None:
    query = make_query("How much a day for an exchange in Tunisia?")
    assert names_asked_country(query)(text) is named
