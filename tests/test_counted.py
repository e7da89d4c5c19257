"""What a question has counted, and how near a text's numbers stand to it."""

from __future__ import annotations

import pytest

from assistant.counted import PARTNERS, PEOPLE, counted_words, share_counted, states_sum


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many kids per trip?", "kids"),
        ("Max number of staff in one sport mobility project?", "staff"),
        ("how many different sports needed in 2026", "different sports"),
        ("Wie viele Partner brauchen wir?", "partner brauchen wir"),
        ("Which grant is it?", ""),
    ],
)
def test_what_is_counted_ends_where_the_question_goes_on(question: str, words: str) -> None:
    assert counted_words(question) == words


def share(text: str, counted: str, *, paid: bool = False) -> float:
    return share_counted(
        text.split(),
        counted=frozenset(counted.split()),
        alike=[frozenset(PEOPLE.split()), frozenset(PARTNERS.split())],
        weights=dict.fromkeys((*counted.split(), *PEOPLE.split(), *PARTNERS.split()), 1.0),
        paid=paid,
    )


@pytest.mark.parametrize(
    ("text", "counted", "expected"),
    [
        ("maximum 10 participants per project", "staff", 1.0),
        ("minimum three organisations of two countries", "partners", 1.0),
        ("at least two different sports", "different sports", 1.0),
        ("15 different countries", "different sports", 0.5),
        ("350 eur per participants", "kids", 0.0),
        ("30 day which participants travel", "kids", 0.0),
        ("30 day which participants travel", "day", 1.0),
        ("participants from 3 countries", "participants", 0.0),
        ("two participants organisations of two countries", "kids", 0.0),  # as stems: taking part
        ("no number stands here", "participants", 0.0),
    ],
)
def test_a_number_counts_what_follows_it(text: str, counted: str, expected: float) -> None:
    assert share(text, counted) == expected


def test_who_states_a_sum_asks_for_what_each_one_costs() -> None:
    assert share("200 eur per participants", "participants", paid=True) == 1.0
    assert states_sum("with a grant of 300 000, how many participants?")
    assert states_sum("for 500 EUR?")
    assert not states_sum("KA220 in 2026: how many of the 12 partners?")
