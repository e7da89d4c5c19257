"""Tokens: what is written in different ways becomes the same, whole things stay whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.tokens import normal_number, tokenizer

SPACES = (" ", "\u00a0", "\u2009", "\u202f", "\u2007")


def english(text: str) -> list[str]:
    return tokenizer("en")(text)


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from([*SPACES, ".", ",", "'", "’"]))
def test_thousands_separators_make_no_difference(number: int, separator: str) -> None:
    grouped = f"{number:,}".replace(",", separator)
    assert normal_number(grouped) == str(number)
    assert english(f"at most {grouped} EUR") == english(f"at most {number} EUR")


@given(
    st.integers(min_value=0, max_value=10**6),
    st.integers(min_value=1, max_value=99),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), (" ", "."), ("", "."), ("", ",")]),
)
def test_decimals_are_told_from_thousands(whole: int, cents: int, marks: tuple[str, str]) -> None:
    group, point = marks
    written = f"{whole:,}".replace(",", group) + f"{point}{cents:02}"
    assert normal_number(written) == f"{whole}.{cents:02}".rstrip("0")


@given(st.text())
def test_any_text_gives_tokens_that_hold_no_space(text: str) -> None:
    for language in ("en", "el", "tr", "xx"):
        assert all(
            token and not any(c.isspace() for c in token) for token in tokenizer(language)(text)
        )


@given(st.text(alphabet="0123456789., "))
def test_a_normal_number_is_its_own_normal_form(text: str) -> None:
    number = normal_number(text)
    if number is not None:
        assert normal_number(number) == number or number.count(".") == 1


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("120 000", ["120000"]),
        ("60 000 or 120 000", ["60000", "120000"]),
        ("1.500", ["1500"]),
        ("7,50 EUR", ["7.5", "eur"]),
        ("0.125", ["0.125"]),
        ("€ 417", ["eur", "417"]),
        ("in 2026 000 projects", ["2026", "0", "project"]),  # no grouping after four digits
        ("KA122-SCH", ["ka122-sch", "ka122", "sch"]),
        ("ERASMUS-EDU-2026-PI", ["erasmus-edu-2026-pi", "erasmus", "edu", "2026", "pi"]),
        ("500-1999 km", ["500-1999", "500", "1999", "km"]),
        ("29/09/2026", ["29-09-2026", "29", "9", "2026"]),
        ("Erasmus+ and co-funding", ["erasmus", "co-funding", "co", "fund"]),
        ("learners¹³ aged 18", ["learner", "age", "18"]),
        ("may not exceed", ["may", "not", "exceed"]),
        ("Is it the one of those?", ["one"]),
        ("ﬁnancial ﬁles", ["financi", "file"]),
        ("", []),
        (" .,;- ", []),
    ],
)
def test_english(text: str, tokens: list[str]) -> None:
    assert english(text) == tokens


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("el", "Προθεσμία υποβολής αιτήσεων", "ΠΡΟΘΕΣΜΙΑ ΥΠΟΒΟΛΗΣ ΑΙΤΗΣΕΩΝ"),
        ("el", "σχέδια", "σχεδίων"),
        ("el", "της επιχορήγησης", "Η επιχορήγηση"),
        ("fr", "les établissements éligibles", "ETABLISSEMENT eligible"),
        ("de", "die Zuschüsse", "der Zuschuss"),
        ("de", "Straße", "STRASSE"),
        ("es", "las movilidades", "la movilidad"),
        ("xx", "Éligible", "eligible"),
        ("en-GB", "applications", "application"),
    ],
)
def test_forms_of_a_word_meet(language: str, one: str, other: str) -> None:
    assert tokenizer(language)(one) == tokenizer(language)(other)


def test_threads_may_share_a_tokenizer() -> None:
    texts = [f"applications for organisations number {n}" for n in range(400)]
    expected = [english(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(english, texts)) == expected
