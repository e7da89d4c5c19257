from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.matching import comparable, find_piece, pieces, stands_in
from corpus.model import CELL_SEPARATOR, ELLIPSIS, Span

PAGE = (
    "Duration: from 2 to 14 days, exclud-\ning travel time. The maxi\u00admum grant is "
    "120\u202f000 EUR per pro\ufb01le – see “Annex I”.\n"
    "Participants aged 18¹³² or over. Version 5.1\n"
    "500 – 1999 km | 309 EUR | 417 EUR"
)


@pytest.mark.parametrize(
    "quote",
    [
        "excluding travel time",
        "EXCLUDING  TRAVEL\nTIME",
        "The maximum grant is 120 000 EUR per profile",
        'see "Annex I".',
        "aged 18132 or over",
        "aged 18¹³² or over",
        "Participants aged 18",
        "500 - 1999 km | 417 EUR",
        "Duration: from 2 to 14 days … per profile",
        "417",
        "5.1",
        "120 000",
        "120000",
    ],
)
def test_stands(quote: str) -> None:
    assert stands_in(quote, PAGE)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "   ",
        " | ",
        "–",
        "including travel time",
        "The minimum grant",
        "travel time … 320 EUR",
        "500 – 1999 km | 320 EUR",
        "4",
        "41",
        "17",
        "120",
        "000",
        "20 000",
        "20 000 EUR",
        "999",
        "5",
        "1",
        "132",
        "18132",
    ],
)
def test_does_not_stand(quote: str) -> None:
    assert not stands_in(quote, PAGE)


def test_a_number_beside_a_year_or_another_sentence_is_whole() -> None:
    assert stands_in("100 participants", "in 2026 100 participants")
    assert stands_in("2026", "in 2026, 100 participants")
    assert not stands_in("5", "5 000 EUR")
    assert not stands_in("000 EUR", "5 000 EUR")


def test_half_a_ligature_is_no_place_to_end() -> None:
    assert not stands_in("prof", "pro\ufb01le")
    assert stands_in("profile", "pro\ufb01le")


def test_pieces_leave_out_what_has_no_sign() -> None:
    assert pieces("a | – |  | b … c") == ("a", "b", "c")
    assert pieces("… a | b |") == ("a", "b")
    assert pieces("• a;\n▪ b | •") == ("a;\n▪ b",)


def test_find_piece_gives_offsets_of_the_text_as_it_is() -> None:
    span = find_piece("excluding travel", PAGE)
    assert span is not None
    assert PAGE[span.start : span.end] == "exclud-\ning travel"
    assert find_piece("nowhere", PAGE) is None
    assert find_piece("", PAGE) is None
    assert find_piece("b", "a b") == Span(2, 3)


@given(st.text())
@example("a¨")
@example("a \u0301")
@example("\u1100\u1161\u11a8")
@example("ΐ")
@example("İ")
@example("\u0300\uff0d\u0316")
@example("\u0300\uff9e")
def test_comparable_is_idempotent(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


@given(st.text(), st.text(), st.text())
def test_a_stretch_of_letters_stands_where_it_was_cut(before: str, middle: str, after: str) -> None:
    text = f"{before} (x{middle}x) {after}"
    piece = f"(x{middle}x)"
    span = find_piece(piece, text)
    assert span is not None
    assert comparable(text[span.start : span.end]) == comparable(piece)


@given(st.lists(st.sampled_from(["alpha", "beta 12", "γάμμα", "delta-\n9 x"]), min_size=1))
def test_rows_and_ellipses_are_asked_piece_by_piece(cells: list[str]) -> None:
    page = "\n".join(f"{cell};" for cell in cells)
    assert stands_in(CELL_SEPARATOR.join(cells), page)
    assert stands_in(ELLIPSIS.join(cells), page)
    assert not stands_in(CELL_SEPARATOR.join([*cells, "omega"]), page)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_bare_number_matches_only_itself(number: int, other: int) -> None:
    page = f"{other:,} EUR".replace(",", " ")
    assert stands_in(str(number), page) == (number == other)
