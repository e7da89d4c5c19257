"""Who asks how old is told years of life, and no other number."""

from __future__ import annotations

import pytest

from assistant.ages import asks_age, tells_age
from assistant.lexicon import fold


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How old must participants be?", True),
        ("Minimum and maximum age of participants", True),
        ("Wie alt müssen die Teilnehmer sein?", True),
        ("Care este vârsta minimă?", True),
        ("Ποια είναι η ηλικία των συμμετεχόντων;", True),
        ("Is old age care a topic?", False),
        ("How many stages does it have?", False),
    ],
)
def test_ages_are_asked_for(question: str, asked: bool) -> None:
    assert asks_age(fold(question)) is asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Young people aged between 13 and 30 residing in the countries.", True),
        ("They must be at least 18 years old.", True),
        ("An adult of at least 18 years of age.", True),
        ("Minimum 16 and maximum 60 participants per activity.", False),
        ("Projects last between 6 and 24 months.", False),
    ],
)
def test_ages_are_told(text: str, told: bool) -> None:
    assert tells_age(fold(text)) is told
