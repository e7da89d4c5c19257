"""What a unit is worth as an answer: quantities, countries and words that only point elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.facts import bare_band, find_quantities
from assistant.model import Asks, Passage, Query
from assistant.peoples import countries_asked, countries_named
from assistant.retrieval import stems_of
from assistant.units import split_units
from assistant.worth import Candidate, rate
from tests.builders import make_document


def passage(text: str, context: str = "") -> Passage:
    document = make_document(pages=[text], headings=["Part B › Modules"], context=context)
    return Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)


def query(question: str, before: str = "") -> Query:
    return Query(
        question=question,
        search_text=question,
        topic=f"{before} {question}".strip(),
        language="en",
        document_ids=("guide-2026-en",),
        asks=Asks.AMOUNT,
        wants=(Asks.AMOUNT,),
        follow_up=bool(before),
    )


def best(asked: Query, *passages: Passage) -> Candidate:
    units = [
        (unit, p) for p in passages for unit in split_units(p.chunk.text, offset=p.chunk.span.start)
    ]
    return rate(asked, units, stems_of)[0][0]


HEAD = "Country / teaching hours over 3 years | Hungary, Poland | Spain, Italy"
ROWS = """\
121-150 | 13 500 EUR | 16 000 EUR
151-180 | 22 000 EUR | 32 000 EUR
>180 | 40 000 EUR | 41 000 EUR"""


def test_a_band_has_the_unit_of_its_columns_head() -> None:
    asked = query("How much for a module of 160 teaching hours?")
    assert best(asked, passage(ROWS, HEAD)).unit.text.startswith("151-180")
    assert best(asked, passage(ROWS, HEAD)).banded is True
    other = query("How much for 160 participants?")
    assert best(other, passage(ROWS, HEAD)).banded is None


def test_a_quantity_of_a_follow_up_replaces_the_one_before() -> None:
    asked = query("And with 130 teaching hours?", "A module with 160 teaching hours")
    assert best(asked, passage(ROWS, HEAD)).unit.text.startswith("121-150")


def test_a_table_with_the_country_above_comes_before_another_one() -> None:
    asked = query("How much for a module in Spain with 160 teaching hours?")
    elsewhere = passage(ROWS, "Country / teaching hours over 3 years | Chile | Japan")
    assert best(asked, elsewhere, passage(ROWS, HEAD)).passage.chunk.context == HEAD


@pytest.mark.parametrize(
    ("text", "head", "bands"),
    [
        ("181-210", "teaching hours over 3 years", {("hour", 181, 210), ("year", 181, 210)}),
        ("181 – 210", "participants", {("person", 181, 210)}),
        ("181-210 EUR", "participants", set()),
        ("210-181", "participants", set()),
        ("181-210", "Amount", set()),
    ],
)
def test_bare_bands(text: str, head: str, bands: set[tuple[str, int, int]]) -> None:
    assert {(q.unit, int(q.low), int(q.high)) for q in bare_band(text, head)} == bands


def test_a_sign_opens_a_band() -> None:
    (band,) = find_quantities("≥241 teaching hours")
    assert (int(band.low), band.high.is_infinite()) == (241, True)


def test_what_only_points_elsewhere_is_worth_less() -> None:
    asked = replace(query("How is the lump sum for a module set?"), wants=(), asks=Asks.OTHER)
    pointing = "The lump sum for a module is indicated in the table below."
    telling = "The lump sum for a module is set by the hours taught."
    assert best(asked, passage(f"{pointing} {telling}")).unit.text == telling


def test_countries_of_a_question() -> None:
    assert countries_named("a Greek school and a university in Spain") == {"GR", "ES"}
    assert countries_named("Can we write it in Spanish?") == frozenset()
    after = query("And for a Polish university?", "A module in Spain")
    assert countries_asked(after) == {"PL"}
    assert countries_asked(query("And with 400 hours?", "A module in Spain")) == {"ES"}
    assert countries_asked(query("With 400 hours?")) == frozenset()


def test_the_figures_of_an_example_are_not_the_rule() -> None:
    asked = query("How much is the travel support?")
    example = "For example, from Madrid to Rome the travel support is 275 EUR."
    rule = "The travel support for a distance is paid in bands, 309 EUR at most."
    assert best(asked, passage(f"{example} {rule}")).unit.text == rule
