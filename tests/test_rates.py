"""Sums of rates in steps, of base rates, for each participant and day, and by printed formulas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculating import calculate, with_working
from assistant.products import Source

DAYS = (
    "Up to the 14th day of activity: 79 EUR per day",
    "15th to the 30th day of activity: 56 EUR per day",
)
PEOPLE = (
    "For mobility projects supported by internal policy funds: Up to the 100th participant: 400 "
    "EUR per participant, and beyond the 100th participant: 230 EUR per additional participant For "
    "mobility projects supported by external policy funds: 500 EUR per participant"
)
BASE = (
    "Country group 1: 107 - 191 EUR The base rate is payable up to the 14th day of activity. "
    "From the 15th day of activity, the payable rate will be equal to 70% of the base rate. "
    "Payable rates will be rounded to the nearest whole Euro."
)
EACH = (
    "Rule of allocation: based on the duration of the stay per participant, including accompanying "
    "persons.; Amount: 78 EUR per participant per day. Maximum 21 days of support per participant."
)
FORMULA = (
    "The monthly rate in the table must be calculated using this formula: "
    "Monthly rate = Approved daily rate x (215/12)."
)
NAMED = (
    "The maximum scholarship amount is calculated as: 1 400 Euros/month x DR x NRS",
    "The scholarship is calculated as: 1 400 Euros/month x DS",
    "DR = max. duration in months of the programme (i.e. 12, 18, 24 months)",
    "NRS = number of scholarships foreseen for the agreement (maximum 50, excluding top ups)",
    "DS = duration in months of the scholarship",
)


def working(question: str, *lines: str) -> str | None:
    sources = [Source(text=line, citation=n) for n, line in enumerate(lines, start=1)]
    found = calculate(question, sources)
    return found.working if found else None


@pytest.mark.parametrize(
    ("question", "lines", "expected"),
    [
        (
            "how much for a student for 20 days?",
            DAYS,
            "79 EUR x 14 days + 56 EUR x 6 days = 1 442 EUR",
        ),
        ("how much in total for 10 days?", DAYS, "79 EUR x 10 days = 790 EUR"),
        (
            "how much do 3 students get for 16 days?",
            DAYS,
            "79 EUR x 14 days x 3 participants + 56 EUR x 2 days x 3 participants = 3 654 EUR",
        ),
        (
            "130 mobilities in KA131, what is the total organisational support?",
            (PEOPLE,),
            "400 EUR x 100 participants + 230 EUR x 30 participants = 46 900 EUR",
        ),
        (
            "a coach goes for 20 days, the base rate is 107 euro a day, how much for the 20 days?",
            (BASE,),
            "107 EUR x 14 days + 75 EUR (70% of 107 EUR, rounded) x 6 days = 1 948 EUR",
        ),
        (
            "5 youngsters plus 2 accompanying persons for 10 days, how much individual support?",
            (EACH,),
            "78 EUR x 7 persons (5 and 2) x 10 days = 5 460 EUR",
        ),
        (
            "how much for 4 participants and 5 days?",
            (EACH,),
            "78 EUR x 4 participants x 5 days = 1 560 EUR",
        ),
        (
            "how much for 5 youngsters for 25 days?",
            (EACH,),
            "78 EUR x 5 participants x 21 days (25 stated, 21 at most) = 8 190 EUR",
        ),
        (
            "28 days with four young people, how much subsistence per young person in total?",
            (EACH,),
            "78 EUR x 21 days (28 stated, 21 at most) = 1 638 EUR",
        ),
        (
            "total scholarships for a master of 24 months with 50 scholarships?",
            NAMED,
            "1 400 EUR x 24 months x 50 scholarships = 1 680 000 EUR",
        ),
        (
            "how much does a student get in total in a master of 24 months?",
            NAMED,
            "1 400 EUR x 24 months = 33 600 EUR",
        ),
        (
            "we ask for a grant of 300 000, how many participants must we reach?",
            ("Beneficiaries can receive at most EUR 200 per virtual exchange participant.",),
            "300 000 EUR / 200 EUR for each participant at most = 1 500 participants",
        ),
        (
            "our approved daily rate is 420 euro, how much is the monthly rate?",
            (FORMULA,),
            "420 EUR x 215 / 12 = 7 525 EUR",
        ),
    ],
)
def test_rates_are_worked_out(question: str, lines: tuple[str, ...], expected: str) -> None:
    assert working(question, *lines) == expected


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("how much for a student for 35 days?", DAYS),  # beyond the last step
        ("how much for 20 days and 2 travel days?", DAYS),
        ("how much for 20 days for a student and a teacher?", DAYS),
        ("how much for 20 days?", DAYS[:1]),  # one step alone
        ("130 mobilities, what is the total organisational support?", (PEOPLE,)),  # which funds?
        ("130 mobilities in KA171, what is the total organisational support?", (PEOPLE,)),
        ("how much for 20 days with a base rate between 107 euro and 120 euro?", (BASE,)),
        ("how much for 10 days with a base rate of 107 euro?", (BASE,)),
        (
            "how much for 20 days with a base rate of 107 euro?",
            (BASE.replace("activity. From", "activity (including travel days). From"),),
        ),
        ("how much for 5 youngsters and 2 teachers for 10 days?", (EACH,)),
        (
            "how much for 5 pupils plus 2 accompanying persons for 10 days?",
            (EACH.replace("including", "excluding"),),
        ),
        ("we ask for 300 000 EUR, is it too much?", ("at most EUR 200 per participant",)),
        ("how many participants for 300 000 EUR?", ("EUR 200 per participant",)),
        ("our daily rate is 420 euro, how much is the monthly rate?", (FORMULA,)),
        ("total scholarships for 24 months with 60 scholarships?", NAMED),  # more than there are
        ("total scholarships with 50 scholarships?", NAMED),  # for how long?
        ("total scholarships for 24 months with 50 scholarships?", NAMED[:2]),  # not explained
    ],
)
def test_rates_that_can_be_misread_are_left_alone(question: str, lines: tuple[str, ...]) -> None:
    assert working(question, *lines) is None


@given(st.integers(1, 30))
def test_steps_are_exact_and_never_less_for_more_days(days: int) -> None:
    def result(count: int) -> int:
        sum_ = working(f"how much for {count} days?", *DAYS)
        assert sum_ is not None
        return int(sum_.rpartition("= ")[2].removesuffix(" EUR").replace(" ", ""))

    assert result(days) == 79 * min(days, 14) + 56 * max(0, days - 14)


def test_the_working_stands_after_the_line_that_its_formula_is_from() -> None:
    sources = [Source(text=FORMULA, citation=1)]
    found = calculate("approved daily rate 420 euro: how much is the monthly rate?", sources)
    text = f"Something else. [2]\n{FORMULA} [1]\nMore. [1]"
    assert (
        with_working(text, found, last=False).splitlines()[2] == f"{found.working} [1]"
        if found
        else False
    )


RULE = (
    "Individual Support: based on the duration of the activity per participant, including also one "
    "travel day before the activity and one travel day following the activity, and four days for "
    "green travel"
)


def test_activity_days_are_days_and_days_in_all_hold_those_of_travel() -> None:
    spain = Source(text="Spain: Individual Support (euro per day): 58", citation=1)
    most = Source(text="Maximum 1.100 EUR per participant.", citation=2)
    asked = "Youth exchange in Spain, 7 activity days, non-green: individual support per person?"
    found = calculate(asked, [spain, Source(text=RULE, citation=2)])
    assert found is not None
    assert found.working == "58 EUR x 9 days (7 and 2 of travel) = 522 EUR"
    asked = "6 days in Spain paid in all (travel days included), how much for one participant?"
    found = calculate(asked, [spain, most])
    assert found is not None
    assert found.working == "58 EUR x 6 days = 348 EUR"
    assert calculate(asked.replace("6 days", "20 days"), [spain, most]) is None


def test_the_standard_rate_is_not_the_green_one() -> None:
    line = Source(text="500 – 1999 km: Standard travel: 275 EUR; Green travel: 320 EUR", citation=1)
    for how, rate in (("standard travel", 275), ("green travel", 320)):
        found = calculate(f"How much for 2 people, 900 km, {how}?", [line])
        assert found is not None
        assert found.working == f"{rate} EUR x 2 participants = {2 * rate} EUR"


@pytest.mark.parametrize(
    ("learners", "expected"),
    [
        (26, "400 EUR x 20 participants (26 stated, 20 at most) = 8 000 EUR"),
        (20, "400 EUR x 20 participants = 8 000 EUR"),
        (15, "400 EUR x 15 participants = 6 000 EUR"),
        (8, None),
    ],
)
def test_a_rate_is_paid_for_so_many_at_most(learners: int, expected: str | None) -> None:
    line = (
        "Organisational Support: 400 EUR per participant, with a minimum of 10 and a maximum of 20 "
        "funded mobile learners."
    )
    question = f"A blended programme with {learners} learners: how much organisational support?"
    assert working(question, line) == expected
