"""What a unit is worth as an answer: quantities, countries and words that only point elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.facts import bare_band, find_quantities, quantities_of
from assistant.model import Asks, Part, Passage, Query
from assistant.peoples import countries_asked, countries_named
from assistant.retrieval import stems_of
from assistant.units import split_units
from assistant.worth import Candidate, rate
from corpus.model import ChunkKind
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
    assert countries_named("a coach in a greek youth participation project") == {"GR"}
    assert countries_named("Can we write it in Spanish?") == frozenset()
    assert countries_named("a German language teacher") == frozenset()
    after = query("And for a Polish university?", "A module in Spain")
    assert countries_asked(after) == {"PL"}
    assert countries_asked(query("And with 400 hours?", "A module in Spain")) == {"ES"}
    assert countries_asked(query("With 400 hours?")) == frozenset()


def test_the_figures_of_an_example_are_not_the_rule() -> None:
    asked = query("How much is the travel support?")
    example = "For example, from Madrid to Rome the travel support is 275 EUR."
    rule = "The travel support for a distance is paid in bands, 309 EUR at most."
    assert best(asked, passage(f"{example} {rule}")).unit.text == rule


def asked_for(question: str, *wants: Asks, asks: Asks = Asks.OTHER) -> Query:
    return replace(query(question), wants=wants, asks=asks)


def test_a_number_stands_before_what_is_counted() -> None:
    asked = asked_for("How many different sports must the event have?", Asks.NUMBER)
    others = "The event must have 15 different organisations from 15 countries."
    counted = "It must showcase a minimum of 7 different sports in its programme of the year."
    assert best(asked, passage(f"{others} {counted}")).unit.text == counted


def test_who_asks_for_a_list_gets_one() -> None:
    about = "The areas follow the plan, as the missions do."
    areas = "Areas where there will be missions:\n• Cancer\n• Soil\n• Cities"
    asked = replace(query("list of the mission areas of the programme"), wants=())
    assert best(replace(asked, asks=Asks.LIST), passage(f"{about}\n{areas}")).unit.lead
    assert not best(replace(asked, asks=Asks.OTHER), passage(f"{about}\n{areas}")).unit.lead


def test_a_share_is_asked_for_not_any_number() -> None:
    asked = asked_for("What share of the grant can be equipment?", Asks.SHARE)
    bought = "Equipment can be bought until 12 months before the end of the project."
    share = "The costs for equipment represent 35% of the grant."
    assert best(asked, passage(f"{bought} {share}")).unit.text == share


def test_an_age_is_asked_for_not_any_number() -> None:
    asked = asked_for("Minimum and maximum age of participants in the activity?", Asks.NUMBER)
    people = "Minimum 16 and maximum 60 participants come to it."
    age = "Young people aged between 13 and 30 are participants."
    assert best(asked, passage(f"{people} {age}")).unit.text == age


def test_need_is_no_word_to_look_for() -> None:
    asked = asked_for("Do we need an insurance?", asks=Asks.YES_NO)
    needs = "The skills needed in the market are what we need."
    insured = "All participants must have a full insurance while they are abroad."
    assert best(asked, passage(f"{needs} {insured}")).unit.text == insured


def test_a_duration_may_be_written_in_words() -> None:
    asked = asked_for("How long must calls be open?", Asks.DURATION)
    other = "Calls must be open to organisations of youth."
    told = "Calls for proposals remain open for at least two months in all cases."
    assert best(asked, passage(f"{other} {told}")).unit.text == told


def test_a_limit_of_what_is_stated_answers_whether_that_will_do() -> None:
    asked = asked_for("We would like to send 34 pupils in a short-term project, ok?")
    other = "An organisation may apply for one short-term project."
    limit = "A short-term project can include a maximum of 30 participants."
    assert best(asked, passage(f"{other} {limit}")).unit.text == limit
    assert best(replace(asked, language="de"), passage(f"{other} {limit}")).unit.text == other


def test_the_entry_of_a_glossary_is_about_its_term() -> None:
    asked = asked_for("What is a newcomer?", asks=Asks.DEFINITION)
    entry = "Any organisation that has not received support before. As defined above."
    known = passage(entry)
    chunk = replace(known.chunk, kind=ChunkKind.DEFINITION, headings=("Glossary", "Newcomer"))
    named = passage("The project involves a newcomer.")
    found = best(asked, named, replace(known, chunk=chunk))
    assert found.unit.text == "Any organisation that has not received support before."


def test_one_of_several_things_is_looked_for_by_its_own_words() -> None:
    asked = asked_for("How many partners does a chair need and how long is it?", Asks.NUMBER)
    units = [
        (unit, p)
        for p in (passage("A chair needs 3 partners. A chair lasts 36 months."),)
        for unit in split_units(p.chunk.text, offset=p.chunk.span.start)
    ]
    many = Part(text="how many partners does a chair need", wants=(Asks.NUMBER,))
    long = Part(text="how long does it last", wants=(Asks.DURATION,))
    assert rate(asked, units, stems_of, part=many)[0][0].unit.text == "A chair needs 3 partners."
    assert rate(asked, units, stems_of, part=long)[0][0].unit.text == "A chair lasts 36 months."


def test_a_named_year_is_answered_by_its_edition_not_by_a_handbook() -> None:
    text = "A chair lasts 36 months."
    handbook = make_document("handbook", pages=[text], year=None, title="Handbook")
    timeless = Passage(rank=1, score=1.0, chunk=handbook.chunks[0], document=handbook)
    guide = replace(passage("A chair of a university lasts 48 months."), rank=2, score=0.9)
    asked = asked_for("How long does a chair last?", Asks.DURATION)
    assert best(asked, timeless, guide).passage is timeless
    assert best(replace(asked, years=(2026,)), timeless, guide).passage is guide


def test_what_goes_on_from_before_seldom_answers() -> None:
    asked = asked_for("Which organisations can be partners?")
    going_on = "However, other organisations can be partners."
    said = "All public organisations can be partners."
    assert best(asked, passage(f"{going_on} {said}")).unit.text == said


def test_what_is_for_some_only_does_not_answer_for_all() -> None:
    extra = "Students with fewer opportunities receive a support of 150 EUR per day of activity."
    all_of_them = "Students receive a support of 56 EUR per day of activity."
    both = passage(f"{extra} {all_of_them}")
    asked = query("Which support does a student receive per day of activity?")
    assert best(asked, both).unit.text == all_of_them
    denied = query("Which support per day of activity does a student get, no fewer opportunities?")
    assert best(denied, both).unit.text == all_of_them
    named = query("Which support does a student with fewer opportunities receive per day?")
    assert best(named, both).unit.text == extra


def test_a_document_of_no_year_may_be_about_what_is_asked_by_its_title() -> None:
    text = "The amount that was asked for can NOT be increased."
    title = "How to manage your lump sum grants"
    handbook = make_document("lump", pages=[text], year=None, title=title)
    about = Passage(rank=2, score=0.9, chunk=handbook.chunks[0], document=handbook)
    guide = passage("The amount is increased by evaluators for partnerships.")
    asked = asked_for("Lump sum grant: can evaluators raise the amount?", asks=Asks.YES_NO)
    assert best(asked, guide, about).passage is about
    assert best(replace(asked, topic="Can evaluators raise the amount?"), guide, about).passage is (
        guide
    )


def test_what_changed_in_a_version_of_the_document_answers_nothing() -> None:
    history = "1.4 | 17.12.2021 | Updated list of associated countries: Serbia was added."
    rule = "Legal entities of associated countries such as Serbia may take part."
    asked = query("Can an entity from Serbia, an associated country, take part?")
    assert best(asked, passage(f"{history}\n{rule}")).unit.text == rule
    assert best(asked, passage(f"{history.replace('1.4', 'Serbia')}\nOthers.")).worth > 0


@pytest.mark.parametrize(
    ("row", "ranges"),
    [
        ("Over 500 km take the train, please do so. | 500 – 1999 km | 417 EUR", [(500, 1999)]),
        ("Below 500 km participants take the train, please. | 417 EUR", [(0, 500)]),
        ("2000 – 2999 km | 535 EUR | 395 EUR", [(2000, 2999)]),
    ],
)
def test_what_is_said_beside_the_band_of_a_row_is_no_band(
    row: str, ranges: list[tuple[int, int]]
) -> None:
    found = [(int(q.low), int(q.high)) for q in quantities_of(row) if q.unit == "km"]
    assert found == ranges
