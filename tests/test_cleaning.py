from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.matching import comparable
from ingest.cleaning import LineJoiner, clean_text, clean_word, superscript


@pytest.mark.parametrize(
    ("drawn", "clean"),
    [
        ("profile", "profile"),
        ("pro\ufb01le", "profile"),
        ("o\ufb03ce", "office"),
        ("maxi\u00admum", "maximum"),
        ("a\u200bb\ufeff", "ab"),
        ("120\u00a0000", "120 000"),
        ("120\u202f000", "120 000"),
        ("\uf0b7", "•"),
        ("\uf0fc", "✓"),
        ("\uf123", "•"),
        ("TÃ¼rkiye", "Türkiye"),
        ("donâ€™t", "don’t"),
        ("â\x80\x9cEU", "“EU"),
        ("Ã‰tat", "État"),
        ("NÃO", "NÃO"),
        ("SÃO", "SÃO"),
        ("e\u0301", "é"),
        ("x\x02y", "xy"),
        ("\ud835", ""),
        ("•", "•"),
        ("“Γάμμα”", "“Γάμμα”"),
    ],
)
def test_clean_word(drawn: str, clean: str) -> None:
    assert clean_word(drawn) == clean


def test_lines_stay_and_blank_ones_go() -> None:
    assert clean_text(" a\u00a0 b \n\n\u200b\n c ") == "a b\nc"


@given(st.text())
@example("Ã\u00a0")
@example("ÃƒÂ¼")
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_no_visible_letter_is_taken_out(text: str) -> None:
    if any("\u00c0" <= character <= "\u00ff" for character in text):
        return  # may be mojibake
    assert comparable(clean_text(text)) == comparable(text)


def test_superscript_digits_come_back_by_nfkc() -> None:
    assert superscript("247") == "²⁴⁷"
    assert unicodedata.normalize("NFKC", superscript("(3)")) == "(3)"


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("days, exclud-", "ing travel", "days, excluding travel"),
        ("formal and non-", "formal learning", "formal and non-formal learning"),
        ("in 2021-", "2027", "in 2021-2027"),
        ("pre-", "and post-departure", "pre- and post-departure"),
        ("the result -", "if any", "the result - if any"),
        ("of EU-", "Moldova relations", "of EU-Moldova relations"),
        ("see https://europa.eu/", "guide", "see https://europa.eu/guide"),
        ("a full stop.", "Next", "a full stop. Next"),
        ("", "start", "start"),
        ("end", "", "end"),
        ("EUR", "120 000", "EUR 120 000"),
    ],
)
def test_lines_are_joined(before: str, after: str, joined: str) -> None:
    joiner = LineJoiner(["excluding", "Non-formal", "learning"])
    assert joiner.join(before, after) == joined


def test_an_unknown_word_follows_the_habit_of_the_document() -> None:
    keeps = LineJoiner(["self-employed"], [("self-", "employed")])
    breaks = LineJoiner(["something"], [("some-", "thing")])
    assert keeps.join("cross-", "border") == "cross-border"
    assert breaks.join("hyphen-", "ated") == "hyphenated"
