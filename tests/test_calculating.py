"""Sums are made only where they cannot be misread."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculating import calculate, column_heads, with_working
from assistant.citing import cite
from assistant.products import Source
from corpus.model import Cell, Span, Table
from tests.builders import make_document


@pytest.mark.parametrize(
    ("question", "line", "working"),
    [
        (
            "we take 12 pupils and 2 teachers. how much is that?",
            "Organisational support: 100 EUR - Per pupil in group mobility",
            "100 EUR x 12 pupils = 1 200 EUR",
        ),
        (
            "Our KA220 asks for 250k. what is the most for management?",
            "A maximum of 20% of the total project budget can be allocated to it.",
            "20% x 250 000 EUR = 50 000 EUR",
        ),
        (
            "how much for 3 months in total?",
            "The scholarship is EUR 1 400 per month.",
            "1 400 EUR x 3 months = 4 200 EUR",
        ),
    ],
)
def test_a_rate_times_what_is_stated(question: str, line: str, working: str) -> None:
    found = calculate(question, [Source(text=line, citation=1)])
    assert found is not None
    assert found.working == working
    assert [factor.citation for factor in found.factors] == [1, None]


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("what is the rate for pupils?", "100 EUR per pupil"),  # no number is stated
        ("how much for 12 pupils?", "100 EUR per pupil or 150 EUR per pupil"),  # two rates
        ("how much for 12 pupils for 5 days?", "100 EUR per pupil"),  # of which kind of number?
        ("how much for 12 pupils for 5 days?", "58 EUR per participant per day"),  # two units
        ("how much for 12 pupils?", "100 EUR per organisation"),  # another unit
        ("how much of 250k?", "At least 20% of EUR 60 000"),  # another amount in the rule
        ("how much of 250k?", "Funding covers 80% of costs"),  # no limit
        ("can I get 5 months?", "150 EUR per month"),  # no sum is asked for
        ("how much for 10 learners and 5 staff?", "500 EUR - Per participant"),  # are these, too?
        ("how much for 24 months in total?", "It is 1 400 Euros/month x DR x NRS"),  # a formula
        ("how much for 2 exchanges with 30 participants each?", "125 EUR per participant"),
        ("how much for 30 participants per activity?", "125 EUR per participant"),
        ("how much for 3 of our 20 participants?", "125 EUR per participant"),
        ("how much, if half of our 20 participants come?", "125 EUR per participant"),
        (
            "how much can we subcontract if the project costs 300 000 EUR?",
            "It should represent a maximum of 10% of the awarded EU grant.",
        ),
        (
            "how much is paid of a grant of 300 000 EUR?",
            "A maximum of 80% of the total eligible costs",
        ),
    ],
)
def test_what_can_be_misread_is_left_alone(question: str, line: str) -> None:
    assert calculate(question, [Source(text=line, citation=1)]) is None


def test_a_rate_for_one_kind_beside_others_needs_that_kind_to_be_named() -> None:
    long = "500 EUR - Per participant in long-term learning mobility of pupils"
    short = "200 EUR - Per participant in short-term learning mobility of pupils"
    sources = [Source(text=text, citation=1) for text in (long, short)]
    assert calculate("how much for 10 participants?", sources) is None
    assert calculate("how much for 10 participants, all pupils?", sources) is None
    found = calculate("how much for 10 participants in long-term mobility?", sources)
    assert found is not None
    assert found.result == "5 000 EUR"
    whole = "125 EUR per participant in a Youth Exchange"
    sources = [Source(text=text, citation=1) for text in (whole, f"Inclusion: {whole}")]
    assert calculate("how much for 10 participants in KA152?", sources) is not None


BAND = "Travel distance: 500 – 1999 km; Green travel: 417 EUR; Non-Green travel: 309 EUR"
NEXT = "Travel distance: 2000 – 2999 km; Green travel: 1 188 EUR; Non-Green travel: 395 EUR"


@pytest.mark.parametrize(
    ("question", "working"),
    [
        (
            "How much travel for 30 participants, 1 500 km, green, 5 days?",
            "417 EUR x 30 participants = 12 510 EUR",
        ),
        (
            "How much travel for 20 pupils, 800 km, non-green?",
            "309 EUR x 20 participants = 6 180 EUR",
        ),
        (
            "How much for 2 people, 2 500 km with green travel?",
            "1 188 EUR x 2 participants = 2 376 EUR",
        ),
        (
            "5 people, normal travel, 1200 km. travel grant for all?",
            "309 EUR x 5 participants = 1 545 EUR",
        ),
    ],
)
def test_the_rate_of_the_band_that_holds_the_distance(question: str, working: str) -> None:
    sources = [
        Source(text="First.", citation=1),
        *(Source(text=t, citation=2) for t in (BAND, NEXT)),
    ]
    found = calculate(question, sources)
    assert found is not None
    assert found.working == working
    assert [factor.citation for factor in found.factors] == [2, None]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("How much travel for 30 participants, 1 500 km?", [BAND]),  # green or not?
        ("How much for 30 participants, 1 500 km, green or non-green?", [BAND]),
        ("How much for 30 participants, 3 500 km, green?", [BAND]),  # another band
        ("How much for 30 participants, 500 to 700 km, green?", [BAND]),  # no one distance
        ("How much for 30 participants, 900 km and 1 500 km, green?", [BAND]),
        ("How much for 30 participants, 1 500 km round trip, green?", [BAND]),
        ("How much for 1 500 km, green?", [BAND]),  # how many people?
        ("How much for 30 participants, 1 500 km round-trip, green?", [BAND]),
        ("How much for 30 participants, 1 500 km in both directions, green?", [BAND]),
        ("How much for 30 participants, 1 500 km, half of them green?", [BAND]),
        ("How much for 30 participants, 1 500 km, 10 of them green?", [BAND]),
        ("How much for 30 participants, 1 500 km, 10 with green travel?", [BAND]),
        ("How much for 30 participants, 1 500 km, green, the others by plane?", [BAND]),
        ("How much for 5 of our 30 participants, 1 500 km, green?", [BAND]),
        ("How much for 2 exchanges of 30 participants each, 1 500 km, green?", [BAND]),
        ("How much for 30 participants and 4 leaders, 1 500 km, green?", [BAND]),
        (
            "How much for 30 participants, 1 500 km, green?",
            [BAND, BAND.replace("417", "320")],  # two rates
        ),
        ("How much for 30 participants, 800 km, non-green?", ["500 – 1999 km: 417 EUR; 309 EUR"]),
        ("Which band holds 30 participants, 1 500 km, green?", [BAND]),  # no sum
    ],
)
def test_travel_that_can_be_misread_is_left_alone(question: str, lines: list[str]) -> None:
    assert calculate(question, [Source(text=text, citation=1) for text in lines]) is None


def test_the_same_rate_in_the_tables_of_several_actions_is_one_rate() -> None:
    lines = (BAND, BAND.partition(";")[0] + "; Green travel: 417 EUR")
    sources = [Source(text=text, citation=i) for i, text in enumerate(lines, start=1)]
    found = calculate("How much for 4 participants, 1 500 km, green?", sources)
    assert found is not None
    assert found.working == "417 EUR x 4 participants = 1 668 EUR"


SPAIN = Source(text="Spain: 58", citation=1, heads=lambda: ("Individual Support (euro per day)",))
RULE = (
    "Individual Support: based on the receiving country, the duration of the activity per "
    "participant, including also one travel day before the activity and one travel day following "
    "the activity; Table A2.1 per participant per day"
)
GREEN = RULE.replace("the activity;", "the activity, and four days for green travel;")


def test_days_of_travel_count_as_the_rule_says() -> None:
    question = "How much individual support for 20 participants in Spain for 10 days, non-green?"
    for rule in (RULE, GREEN):
        found = calculate(question, [SPAIN, Source(text=rule, citation=2)])
        assert found is not None
        assert found.working == (
            "58 EUR x 20 participants x 12 days (10 and 2 of travel) = 13 920 EUR"
        )
        assert [factor.citation for factor in found.factors] == [1, None, 2]


def test_days_of_travel_count_for_one_participant_too() -> None:
    spain = Source(text="Spain: Individual Support (euro per day): 58", citation=1)
    question = (
        "Youth exchange in Spain, 7 days, non-green travel: individual support per participant?"
    )
    found = calculate(question, [spain, Source(text=GREEN, citation=2)])
    assert found is not None
    assert found.working == "58 EUR x 9 days (7 and 2 of travel) = 522 EUR"


@pytest.mark.parametrize(
    ("question", "rate", "rule"),
    [
        ("How much for 20 participants in Spain for 10 days?", SPAIN, GREEN),  # green or not?
        ("How much for 20 participants in Spain for 10 days?", SPAIN, "Table A2.1"),
        ("How much for 20 participants in Italy for 10 days?", SPAIN, RULE),
        ("How much for 20 participants for 10 days?", SPAIN, RULE),
        ("How much for 20 participants in Spain?", SPAIN, RULE),
        ("How much for participants in Spain for 10 days?", SPAIN, RULE),
        ("How much for 20 participants in Spain for 10 days with 2 travel days?", SPAIN, RULE),
        (
            "How much for 20 participants in Spain for 10 days?",
            Source(text="Spain: 58", citation=1),
            RULE,
        ),
    ],
)
def test_daily_rates_that_can_be_misread_are_left_alone(
    question: str, rate: Source, rule: str
) -> None:
    assert calculate(question, [rate, Source(text=rule, citation=2)]) is None


def test_a_row_has_the_head_of_its_table_on_an_earlier_page() -> None:
    document = make_document(pages=["Individual Support (euro per day)", "Spain | 58\nItaly | 69"])
    start = document.page(2).span.start
    head = "Individual Support (euro per day)"
    cells = tuple(
        Cell(
            span=Span(start + at, start + at + 2),
            row=row,
            column=1,
            row_headers=(name,),
            column_headers=(head,),
        )
        for row, (at, name) in enumerate(((8, "Spain"), (19, "Italy")), start=1)
    )
    document = replace(document, tables=(Table(span=Span(0, len(document.text)), cells=cells),))
    citation = cite(document, [Span(start, start + 10)])
    assert citation is not None
    assert column_heads(document, citation) == (head,)


COUNTS = st.integers(1, 2009) | st.integers(2050, 5000)
"""Others may be call years."""


@given(COUNTS, st.integers(500, 1999), st.integers(1, 3000), st.booleans())
def test_a_sum_is_exact_and_within_its_band(
    people: int, distance: int, rate: int, green: bool
) -> None:
    line = f"500 – 1999 km: Green travel: {rate} EUR; Non-Green travel: {rate + 1} EUR"
    how = "green" if green else "non-green"
    question = f"How much for {people} participants and {distance} km, {how}?"
    found = calculate(question, [Source(text=line, citation=1)])
    assert found is not None
    wanted = people * (rate if green else rate + 1)
    assert Decimal(found.result.removesuffix(" EUR").replace(" ", "")) == wanted


def test_a_sum_stands_after_the_line_that_its_rate_is_from() -> None:
    sources = [Source(text="First.", citation=1), Source(text=NEXT, citation=2)]
    found = calculate("How much for 2 people, 2 500 km, green?", sources)
    lines = ("First, 188 EUR. [1]", f"{NEXT.replace('1 188', '1188')} [2]", "Last. [1]")
    text = "\n".join(lines)
    working = "1 188 EUR x 2 participants = 2 376 EUR [2]"
    assert with_working(text, found, last=False).splitlines() == [*lines[:2], working, lines[2]]
    assert with_working(text, found, last=True).splitlines() == [*lines, working]
    assert with_working(text, None, last=False) == text


SUPPORT = (
    "For mobility projects supported by internal policy funds: Up to the 100th participant: 400 "
    "EUR per participant, and beyond the 100th participant: 230 EUR per additional participant"
)
TRAVEL = "500-1999 km: Non-Green travel: 309 EUR; Green travel: 417 EUR per participant"


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("How much organisational support in total for our KA131 2026 mobilities?", SUPPORT),
        ("How much organisational support do KA 131 mobilities get?", SUPPORT),
        ("How much for KA131 with 150 students and 20 staff mobilities?", SUPPORT),
        ("KA131: planned 150 mobilities but only 130 took place, how much?", SUPPORT),
        ("KA131: 150 mobilities, 20 were cancelled, how much?", SUPPORT),
        ("KA131: how much for the 150th participant?", SUPPORT),
        ("KA131: we have 120 participants, how much more if we send 30 more?", SUPPORT),
        ("KA131: 3 universities, 150 students per university, how much?", SUPPORT),
        ("How much travel for 20 participants, 800 km, if we don't travel green?", TRAVEL),
        ("How much travel for 20 participants, 800 km, flying rather than green travel?", TRAVEL),
        ("We are Green Planet NGO. How much travel for 20 participants, 800 km by plane?", TRAVEL),
        (
            "How much travel for 20 participants from Rome and 15 from Athens, 800 km, green?",
            TRAVEL,
        ),
        ("How much travel for 20 participants, 800 km, only Italians travel green?", TRAVEL),
        ("How much in total for 5 months?", "between 292 and 606 EUR per month"),
        ("How much for 30 participants, six of them refugees?", "125 EUR per participant"),
        ("How much for 30 participants, 20% with fewer opportunities?", "125 EUR per participant"),
        ("How much for 4 groups of 10 participants?", "125 EUR per participant"),
        (
            "How much inclusion support for 12 participants?",
            "Inclusion support: 125 EUR per participant",
        ),
        (
            "How much linguistic support for 8 pupils?",
            "500 EUR - Per participant in long-term mobility",
        ),
        (
            "How much for a BIP with 8 participants?",
            "400 EUR per participant, with a minimum of 10 and a maximum of 20 mobile learners",
        ),
        (
            "The project asks for 250k PLN, how much for management?",
            "a maximum of 20% of the lump sum",
        ),
        (
            "The project asks for £250k, how much for management?",
            "a maximum of 20% of the lump sum",
        ),
        ("A grant of EUR 0.25m, how much for management?", "a maximum of 20% of the lump sum"),
        (
            "Our monthly rate is 7 525 euro, how much is the approved daily rate?",
            "Monthly rate = Approved daily rate x (215/12).",
        ),
        (
            "KA182: 3 coaches stay 20 days, base rate 107 EUR, how much?",
            "The base rate is payable up to the 14th day of activity. From the 15th day of "
            "activity, the payable rate will be equal to 70% of the base rate.",
        ),
    ],
)
def test_what_was_read_wrongly_once_is_left_alone(question: str, line: str) -> None:
    assert calculate(question, [Source(text=line, citation=1)]) is None


def test_what_such_questions_may_be_answered_with() -> None:
    line = Source(
        text="400 EUR per participant, with a minimum of 10 and a maximum of 20", citation=1
    )
    found = calculate("How much for a BIP with 15 participants in 2026?", [line])
    assert found is not None
    assert found.result == "6 000 EUR"


LUMP_SUM = Source(
    text="Each project will receive a lump sum grant amount of EUR 400 000.", citation=1
)
MANAGEMENT = Source(
    text="A maximum of 20% of the total project budget can be allocated to management.", citation=1
)


@pytest.mark.parametrize(
    ("question", "sources", "result"),
    [
        ("With the 400k grant, how much for management?", [LUMP_SUM, MANAGEMENT], "80 000 EUR"),
        ("With the 400k grant, how much for equipment?", [LUMP_SUM, MANAGEMENT], None),
        (
            "Our grant is 400k, how much for management?",
            [Source(text="Projects are paid in instalments.", citation=1), MANAGEMENT],
            None,  # the budget may be larger than the grant
        ),
        (
            "6 participants, how much organisational support do we get?",
            [
                Source(text="Costs are paid as set out here.", citation=1),
                Source(text="Organisational support: 350 EUR per participant", citation=2),
            ],
            "2 100 EUR",
        ),
        (
            "6 participants, how much organisational support do we get?",
            [
                Source(text="Organisational support is paid.", citation=1),
                Source(text="Organisational support: 350 EUR per participant", citation=2),
                Source(text="Organisational support: 500 EUR per participant", citation=2),
            ],
            None,
        ),
        (
            "6 participants, how much do we get for the project?",
            [
                Source(text="Costs of the project are paid as set out here.", citation=1),
                Source(text="Linguistic support: 150 EUR per participant", citation=2),
            ],
            None,
        ),
        (
            "we go with 7 participants. what do we get for organisational support?",
            [Source(text="Organisational support: 350 EUR per participant", citation=2)],
            "2 450 EUR",
        ),
    ],
)
def test_the_only_line_that_pays_need_not_lead(
    question: str, sources: list[Source], result: str | None
) -> None:
    found = calculate(question, sources)
    assert (found.result if found else None) == result
