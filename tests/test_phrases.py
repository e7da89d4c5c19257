"""Known phrases in a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.phrases import Phrases

_WORDS = st.sampled_from(["a", "b", "ab", "b2"])
_PHRASES = st.lists(
    st.builds(lambda first, rest: first + "".join(rest), _WORDS,
              st.lists(st.sampled_from([" a", "-b", " ab", "+", ", b2", "-"]), max_size=3)),
    max_size=6,
)  # fmt: skip


@given(_PHRASES, st.text(alphabet="ab2 -+,\n", max_size=30))
def test_they_are_found_where_an_expression_of_all_finds_them(
    phrases: list[str], text: str
) -> None:
    longest_first = sorted(phrases, key=len, reverse=True)
    joined = "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]") for phrase in longest_first)
    expression = re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if phrases else re.compile(r"(?!)")
    expected = [found.span() for found in expression.finditer(text)]
    found = list(Phrases(phrases).find(text))
    assert [(each.start, each.end) for each in found] == expected
    assert all(each.phrase in phrases for each in found)


def test_the_longest_phrase_counts_as_it_was_given() -> None:
    known = Phrases(["small scale", "small scale partnership", "small-scale"])
    found = [each.phrase for each in known.find("a small-scale partnership, a small-scale thing")]
    assert found == ["small scale partnership", "small-scale"]


def test_a_phrase_begins_with_a_word() -> None:
    with pytest.raises(ValueError, match="-scale"):
        Phrases(["-scale"])
