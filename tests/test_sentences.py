"""What a language model writes, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.denials import turned_round
from assistant.number_words import number_words
from assistant.sentences import foreign, lines_of, sentences_of


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("Yes [1].", [("Yes.", (1,))]),
        ("Yes. [1][2]", [("Yes.", (1, 2))]),
        ("One thing. [1] Another [2, 3].", [("One thing.", (1,)), ("Another.", (2, 3))]),
        ("1. **Yes**, it is【4】.", [("Yes, it is.", (4,))]),
        ("- Yes [passage 2].", [("Yes.", (2,))]),
        ("It costs, e.g. travel, EUR 1.50 [^5].", [("It costs, e.g. travel, EUR 1.50.", (5,))]),
        ("Yes [1] [1].", [("Yes.", (1,))]),
        ("Year [2026] stays.", [("Year [2026] stays.", ())]),
        ("Yes\u200b.", [("Yes.", ())]),
    ],
)
def test_sentences_and_their_markers(line: str, sentences: list[tuple[str, tuple[int]]]) -> None:
    assert [(s.text, s.passages) for s in sentences_of(line)] == sentences


@given(st.text(), st.integers(1, 9))
def test_lines_are_the_same_however_the_stream_is_cut(text: str, size: int) -> None:
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    assert list(lines_of(pieces, longest=10_000)) == [x for x in text.split("\n") if x.strip()]


def test_an_endless_line_ends_the_stream() -> None:
    assert list(lines_of(["a\n", "b" * 50, "c\nd"], longest=20)) == ["a"]


def test_addresses_that_the_guide_prints_may_be_named() -> None:
    quote = "The list is at www.erasmusplus.eu/agencies or info@agency.eu."
    assert not foreign("See www.erasmusplus.eu/agencies for the list.", [quote])
    assert not foreign("Amounts, e.g. EUR 1.50 and EUR 400.000, are fixed.", [quote])
    assert foreign("See www.erasmusplus.example for the list.", [quote])
    assert foreign("See https://www.erasmusplus.eu/agencies for the list.", [quote])


def test_numbers_as_words_in_nine_languages() -> None:
    three = {"en": "three", "fr": "trois", "de": "Drei", "es": "tres", "it": "tre", "pl": "trzy"}
    three |= {"el": "τρεις", "pt": "três", "ro": "trei"}
    for language, word in three.items():
        assert number_words(f"x {word} y", language) == {3}
    assert number_words("one of the threefold", "en") == frozenset()
    assert number_words("três", "tr") == frozenset()


@pytest.mark.parametrize(
    ("text", "quote", "turned"),
    [
        ("Groups cannot apply.", "Informal groups cannot apply.", False),
        ("Groups can apply.", "Informal groups cannot apply.", True),
        ("Groups cannot apply.", "Informal groups can apply.", True),
        ("The grant cannot exceed EUR 60 000.", "The maximum grant is EUR 60 000.", False),
        ("The maximum grant is EUR 60 000.", "The grant may not exceed EUR 60 000.", False),
        ("Firms cannot apply.", "Only public bodies may apply.", False),
    ],
)
def test_what_is_turned_round(text: str, quote: str, turned: bool) -> None:
    assert turned_round(text, quote, quote) is turned
