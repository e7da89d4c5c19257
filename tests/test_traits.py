"""What can be seen of a text whatever was asked."""

from __future__ import annotations

import pytest

from assistant.facts import FactKind
from assistant.traits import traits_of


@pytest.mark.parametrize(
    "text",
    [
        "In particular for Strand 3",
        "Region 5a - Asia",
        "Strands 1, 2 and 3",
        "(2) Schools providing general education",
        "see Annex 4 and Part 2",
    ],
)
def test_a_number_that_is_a_name_counts_nothing(text: str) -> None:
    traits = traits_of(text)
    assert traits.kinds == frozenset()
    assert traits.has_digit


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(2) at least 3 partners", FactKind.NUMBER),
        ("up to 30 participants in Strand 2", FactKind.NUMBER),
        ("Country group 1: 107 - 191 EUR", FactKind.AMOUNT),
        ("Round 1: 19 February", FactKind.DATE),
        ("groups of 20 people", FactKind.NUMBER),
    ],
)
def test_numbers_beside_a_name_count(text: str, kind: FactKind) -> None:
    assert kind in traits_of(text).kinds
