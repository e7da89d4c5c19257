"""Numbers, amounts, dates and durations are read the same way everywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.facts import (
    FactKind,
    falls_in,
    find_facts,
    find_quantities,
    over_years,
    parse_number,
    unsupported,
)


@pytest.mark.parametrize(
    "written", ["400 000", "400.000", "400,000", "400\u00a0000", "400\u202f000", "400000"]
)
def test_one_number_however_it_is_written(written: str) -> None:
    assert parse_number(written) == Decimal(400000)
    (fact,) = find_facts(f"EUR {written} for each project")
    assert (fact.kind, fact.value) == (FactKind.AMOUNT, Decimal(400000))


@given(st.integers(0, 10**9), st.sampled_from([" ", ".", ",", "\u00a0", "\u202f"]))
def test_grouping_never_changes_a_number(value: int, separator: str) -> None:
    written = f"{value:,}".replace(",", separator)
    assert parse_number(written) == value
    (fact,) = find_facts(f"at most {written} persons")
    assert fact.value == value
    assert not unsupported(str(value), (written,))


@given(st.integers(0, 999), st.integers(1, 99), st.sampled_from(".,"))
def test_decimals(whole: int, hundredths: int, point: str) -> None:
    assert parse_number(f"{whole}{point}{hundredths:02d}") == whole + Decimal(hundredths) / 100


@pytest.mark.parametrize("text", ["", "twelve", "1 2", "12:00", "1.2.3"])
def test_what_is_not_one_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("€ 1.5 million in all", FactKind.AMOUNT, Decimal(1500000)),
        ("1,5 million euros", FactKind.AMOUNT, Decimal(1500000)),
        ("€24.574 billion", FactKind.AMOUNT, Decimal(24574000000)),
        ("12 months", FactKind.DURATION, Decimal(12)),
        ("2-day event", FactKind.DURATION, Decimal(2)),
        ("5 ημέρες", FactKind.DURATION, Decimal(5)),
        ("80 %", FactKind.PERCENT, Decimal(80)),
        ("80 per cent", FactKind.PERCENT, Decimal(80)),
        ("60 points", FactKind.NUMBER, Decimal(60)),
        ("17:00", FactKind.TIME, Decimal(1020)),
        ("417 euros", FactKind.AMOUNT, Decimal(417)),
    ],
)
def test_kinds(text: str, kind: FactKind, value: Decimal) -> None:
    fact = find_facts(text)[0]
    assert (fact.kind, fact.value) == (kind, value)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by 5 March 2026", (2026, 3, 5)),
        ("by 5th of March", (0, 3, 5)),
        ("March 5, 2026", (2026, 3, 5)),
        ("05/03/2026", (2026, 3, 5)),
        ("2026-03-05", (2026, 3, 5)),
        ("5 de marzo de 2026", (2026, 3, 5)),
        ("5. März 2026", (2026, 3, 5)),
        ("5 Μαρτίου 2026", (2026, 3, 5)),
    ],
)
def test_dates(text: str, day: tuple[int, int, int]) -> None:
    (fact,) = find_facts(text)
    assert (fact.kind, fact.day) == (FactKind.DATE, day)


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert all(fact.day is None for fact in find_facts("31/02/2026"))


def test_footnote_references_and_citation_markers_are_no_numbers() -> None:
    assert [f.value for f in find_facts("aged 18¹³² to 30 [2]")] == [18, 30]


def test_facts_come_in_order_with_their_place() -> None:
    text = "EUR 60 000 by 5 March 2026 at 12:00, 80 % in 2 years"
    facts = find_facts(text)
    assert [text[f.start : f.end] for f in facts] == ["60 000", "5 March 2026", "12:00", "80", "2"]


def test_supported_and_unsupported_numbers() -> None:
    quotes = ("a grant of EUR 400 000 by 5 March 2026 at 12:00", "70 points")
    assert unsupported("€400,000, 70, 5 March, 12:00, March 5 2026", quotes) == ()
    assert unsupported("EUR 40 000", quotes) == ("40 000",)
    assert unsupported("5 March 2025", quotes) == ("5 March 2025",)
    assert unsupported("6 March", quotes) == ("6 March",)
    assert unsupported("17:00", quotes) == ("17:00",)
    assert unsupported("no number at all [1]", ()) == ()


def test_a_number_of_a_quoted_date_is_supported() -> None:
    assert unsupported("in 2026", ("by 5 March 2026",)) == ()


def test_a_footnote_behind_a_unit_leaves_it_a_unit() -> None:
    facts = find_facts("60.000 EUR²⁰² for 12 months³ at most, 5 per cent⁴")
    assert [fact.kind for fact in facts] == [
        FactKind.AMOUNT,
        FactKind.DURATION,
        FactKind.PERCENT,
    ]


def test_a_band_of_ordinals() -> None:
    (band,) = find_quantities("15th to the 30th day of activity")
    assert (int(band.low), int(band.high), band.unit) == (15, 30, "day")


def test_a_long_run_of_numbers_is_read_in_no_time() -> None:
    assert len(find_quantities("111 " * 1000 + "days")) == 1


def test_what_lies_beyond_is_an_open_range() -> None:
    (band,) = find_quantities("beyond the 100th participant")
    assert (int(band.low), band.high.is_infinite(), band.unit) == (100, True, "person")


def test_the_number_of_a_code_counts_nothing() -> None:
    assert find_quantities("KA131 short-term mobility of a student") == ()
    assert [int(q.low) for q in find_quantities("131 short-term mobilities")] == [131]


def test_the_seconds_of_a_time_are_no_number() -> None:
    (time,) = find_facts("by 17:00:00 (Brussels time)")
    assert (time.kind, int(time.value)) == (FactKind.TIME, 17 * 60)


def test_a_range_that_falls_is_none() -> None:
    assert find_quantities("30-20 days") == ()


@pytest.mark.parametrize(
    ("stated", "holds"),
    [
        ("1 500 km", True),
        ("500-1999 km", True),
        ("the band of 500 to 1 999 km", True),
        ("600-1999 km", False),
        ("500-2500 km", False),
        ("1 500 days", False),
    ],
)
def test_a_band_holds_what_is_stated_exactly_or_as_the_band_itself(
    stated: str, holds: bool
) -> None:
    assert falls_in("500 – 1999 km | 417 EUR", find_quantities(stated)) is holds


@pytest.mark.parametrize("text", ["at least 18 years of age", "Participants are 30 years old."])
def test_an_age_is_no_duration(text: str) -> None:
    assert [fact.kind for fact in find_facts(text)] == [FactKind.NUMBER]
    assert [f.kind for f in find_facts("5 years of experience")] == [FactKind.DURATION]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("a chair, 95 hours a year for the 3 years", 285),
        ("120 teaching hours per academic year over three years", 360),
        ("95 hours a year", None),
        ("95 hours for 3 years", None),
    ],
)
def test_so_much_a_year_is_a_whole_over_the_years(text: str, hours: int | None) -> None:
    assert [(int(q.low), int(q.high), q.unit) for q in over_years(text)] == (
        [(hours, hours, "hour")] if hours else []
    )
