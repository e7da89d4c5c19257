"""Sums are made only where they cannot be misread."""

from __future__ import annotations

import pytest

from assistant.calculating import Source, calculate


@pytest.mark.parametrize(
    ("question", "line", "working"),
    [
        (
            "we take 12 pupils and 2 teachers. how much is that?",
            "Organisational support: 100 EUR - Per pupil in group mobility",
            "100 EUR x 12 pupils = 1 200 EUR",
        ),
        (
            "Our KA220 asks for 250k. what is the most for management?",
            "A maximum of 20% of the total project budget can be allocated to it.",
            "20% x 250 000 EUR = 50 000 EUR",
        ),
        (
            "how much for 3 months in total?",
            "The scholarship is EUR 1 400 per month.",
            "1 400 EUR x 3 months = 4 200 EUR",
        ),
    ],
)
def test_a_rate_times_what_is_stated(question: str, line: str, working: str) -> None:
    found = calculate(question, Source(text=line, citation=1))
    assert found is not None
    assert found.working == working
    assert [factor.citation for factor in found.factors] == [1, None]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("what is the rate for pupils?", "100 EUR per pupil"),  # no number is stated
        ("how much for 12 pupils?", "100 EUR per pupil or 150 EUR per pupil"),  # two rates
        ("how much for 12 pupils for 5 days?", "100 EUR per pupil"),  # of which kind of number?
        ("how much for 12 pupils for 5 days?", "58 EUR per participant per day"),  # two units
        ("how much for 12 pupils?", "100 EUR per organisation"),  # another unit
        ("how much of 250k?", "At least 20% of EUR 60 000"),  # another amount in the rule
        ("how much of 250k?", "Funding covers 80% of costs"),  # no limit
        ("can I get 5 months?", "150 EUR per month"),  # no sum is asked for
    ],
)
def test_what_can_be_misread_is_left_alone(question: str, line: str) -> None:
    assert calculate(question, Source(text=line, citation=1)) is None
