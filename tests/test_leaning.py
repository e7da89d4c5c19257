"""What of an earlier question a short one goes on with: its action, what it asks, or both."""

from __future__ import annotations

import pytest

from assistant.leaning import asks_the_same, same_question
from assistant.lexicon import Lexicon, load_lexicon
from assistant.model import Asks, Query, Turn
from assistant.understanding import understand
from tests.test_understanding import HELD


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def read(lexicon: Lexicon, *turns: str) -> Query:
    *before, question = turns
    history = [Turn(role="user", content=text) for text in before]
    return understand(question, held=HELD, lexicon=lexicon, history=history)


PARTNERS = "How many partners do we need for a Cooperation Partnership?"


@pytest.mark.parametrize(
    ("question", "same"),
    [
        ("and for small-scale?", True),
        ("and for small-scale ones?", True),
        ("and what about KA210?", True),
        ("was it the same in 2023?", True),
        ("is that different in the 2023 guide?", True),
        ("and in 2023?", True),
        ("and how much in 2023?", False),
        ("does a partner from Ukraine count?", False),
        ("and to Japan?", False),
    ],
)
def test_what_only_says_of_what_else_it_is_asked(
    question: str, same: bool, lexicon: Lexicon
) -> None:
    assert asks_the_same(question, lexicon) is same


@pytest.mark.parametrize("question", ["and for small-scale?", "And for a small-scale one?"])
def test_the_same_is_asked_of_another_action(question: str, lexicon: Lexicon) -> None:
    query = read(lexicon, PARTNERS, question)
    assert query.actions == ("small-scale-partnerships",)
    assert query.wants == (Asks.NUMBER,)
    assert [part.text for part in query.parts] == ["how many partners do we need"]


def test_the_same_is_asked_of_another_year(lexicon: Lexicon) -> None:
    before = ("Can our school apply for a short-term project in 2026?", "What score is needed?")
    query = read(lexicon, *before, "was it the same in 2023?")
    assert query.years == (2023,)
    assert query.asks is Asks.NUMBER
    assert query.parts[0].text == "what score is needed"


def test_a_year_asked_about_in_between_is_not_meant_after_that(lexicon: Lexicon) -> None:
    before = ("What score does our school need in KA122?", "was it the same in 2023?")
    query = read(lexicon, *before, "and how many pupils at most?")
    assert query.years == ()
    assert "same" not in query.search_text
    assert "our school" in query.search_text


def test_a_year_without_a_comparison_goes_on(lexicon: Lexicon) -> None:
    query = read(lexicon, "What score does KA210 need?", "And in 2023?", "and for KA220?")
    assert query.years == (2023,)


@pytest.mark.parametrize(
    "question",
    [
        "does a partner from Ukraine count?",
        "can a school from Switzerland join?",
        "do we need universities from outside the EU?",
        "may a Serbian club be a partner?",
        "and is a company eligible?",
    ],
)
def test_who_may_take_part_is_asked_of_the_action_before(question: str, lexicon: Lexicon) -> None:
    assert read(lexicon, PARTNERS, question).actions == ("cooperation-partnerships",)
    assert not read(lexicon, question).actions


def test_another_who_takes_the_place_of_the_one_before(lexicon: Lexicon) -> None:
    asked = ("does a partner from Morocco count?", "can a club from Switzerland join?")
    assert "Morocco" not in read(lexicon, PARTNERS, *asked).search_text


@pytest.mark.parametrize(
    ("before", "question", "searched"),
    [
        (
            "What is the max grant of KA240?",
            "do we need companies in it?",
            "do we need companies in KA240?",
        ),
        (
            "How long can a project of KA153 last?",
            "and how many people can take part?",
            "KA153, and how many people can take part?",
        ),
        (
            "How long can a project of KA153 last?",
            "and how much per participant for organising?",
            "KA153, and how much per participant for organising?",
        ),
        (
            "How long can a project of KA153 last?",
            "and how long is a training course?",
            "How long can a project of KA153 last, and how long is a training course?",
        ),
    ],
)
def test_a_whole_question_takes_over_the_action_alone(
    before: str, question: str, searched: str, lexicon: Lexicon
) -> None:
    assert read(lexicon, before, question).search_text == searched


def test_what_asks_itself_repeats_nothing(lexicon: Lexicon) -> None:
    assert same_question("and how much?", ["How long is it?"], lexicon) == ""
    assert same_question("and in 2023?", ["and for KA210?", "How long is KA220?"], lexicon) == (
        "How long is KA220"
    )


def test_a_part_of_a_chapter_goes_over_as_it_was_called(lexicon: Lexicon) -> None:
    before = "How much money is it for an Erasmus Mundus Design Measure?"
    query = read(lexicon, before, "ok and how many months can it last?")
    assert "Design Measure" in query.search_text
