"""What guides call what applicants ask for in other words."""

from __future__ import annotations

import pytest

from assistant.lexicon import Lexicon, load_lexicon

FUNDING = "funding rate"
PEOPLE = "number of participants in each activity"
ORGANISING = "organisational support"
PARTNERS = (
    "number and profile of participating organisations, minimum number of organisations and "
    "countries"
)
VENUE = "venue of the activity, must take place in the country of participating organisations"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("what is the co-financing rate of a CoVE?", FUNDING),
        ("which cofinancing percentage?", FUNDING),
        ("maximum grant and what co-financing?", FUNDING),
        ("How high is the co-financing in CBHE?", FUNDING),
        ("rate of co-financing for a sport event", FUNDING),
        ("how many people can take part in youth worker mobility?", PEOPLE),
        ("max participants in a training course", PEOPLE),
        ("how much per participant for organising?", ORGANISING),
        ("how much do we get for the organisation?", ORGANISING),
        ("EMJM: how many HEIs?", PARTNERS),
        ("We want to invite a Spanish expert to our school.", "invited experts"),
        ("Can our youth exchange take place in Georgia?", VENUE),
        ("may the training course be held in Tunis?", VENUE),
        ("Is it possible to do the activity in Ukraine?", VENUE),
    ],
)
def test_what_guides_call_it(question: str, term: str, lexicon: Lexicon) -> None:
    assert term in {match.key for match in lexicon.find(question)}


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What is co-financing?", FUNDING),
        ("Do we need own co-financing?", FUNDING),
        ("how many participants must we reach for 300 000?", PEOPLE),
        ("how much does an organisation get?", ORGANISING),
        ("How many universities may be in a network?", PARTNERS),
        ("how many young people take part in it?", VENUE),
    ],
)
def test_what_is_something_else(question: str, term: str, lexicon: Lexicon) -> None:
    assert term not in {match.key for match in lexicon.find(question)}


def test_capacity_building_is_known_with_words_between(lexicon: Lexicon) -> None:
    asked = lexicon.find("a Capacity Building project in the field of youth")
    assert [match.key for match in asked] == ["capacity-building-youth"]
    named = lexicon.find("their Alliance for Education and Enterprises")
    assert [match.key for match in named] == ["alliances-for-innovation"]
