"""A question for one line of the budget is not answered by another, nor a month by the day."""

from __future__ import annotations

import pytest

from assistant.budget_lines import Budget
from assistant.model import Asks, Passage
from assistant.units import split_units
from tests.builders import make_document, make_query


def worth(question: str, text: str, context: str = "", **query: object) -> float:
    document = make_document(pages=[text], context=context)
    chunk = document.chunks[0]
    passage = Passage(rank=1, score=1.0, chunk=chunk, document=document)
    unit = split_units(chunk.text, offset=chunk.span.start)[0]
    return Budget(make_query(question, **query)).worth(unit, passage)


def another(question: str, text: str, *, context: str = "", terms: tuple[str, ...] = ()) -> bool:
    return worth(question, text, context, terms=terms) < 0


@pytest.mark.parametrize(
    ("question", "text", "context", "is_another"),
    [
        ("Individual support for staff?", "Organisational support | 350 EUR", "", True),
        ("Individual support for staff?", "Individual support | 107 EUR", "", False),
        ("Individual support for staff?", "Staff | 107 EUR", "Organisational support", True),
        ("Individual support for staff?", "Staff | 107 EUR", "Category of participants", False),
        ("Individual or organisational support?", "Organisational support | 350 EUR", "", False),
        ("How much do we get?", "Organisational support | 350 EUR", "", False),
        ("What does a student get per month?", "Spain | 84-170", "Min-Max (per day)", True),
        ("What does a student get per month?", "EUR 850 per month", "", False),
        ("What is it per day, what a month?", "Spain | 84-170", "Min-Max (per day)", False),
    ],
)
def test_one_line_or_period_binds(question: str, text: str, context: str, is_another: bool) -> None:
    assert another(question, text, context=context) is is_another


def test_what_is_mostly_meant_by_the_day_does_not_bind() -> None:
    question, fees = "Combien par jour pour le cours ?", "Course fees | 80 EUR per day"
    assert not another(question, fees, terms=("per day individual support",))
    assert another(question, fees, terms=("organisational support",))


FAR = "From: the Union | To: Japan | 700 EUR per month"
ROW = "Travel support | Contribution to the travel costs of participants."


def test_what_is_paid_by_the_month_is_no_travel() -> None:
    assert another("Is travel support given to students?", FAR)
    assert not another("Is individual support given to students?", FAR)


def test_the_row_of_the_line_is_worth_more_where_no_figure_is_asked_for() -> None:
    assert worth("Is travel support given to students?", ROW) > 0
    assert worth("Do students get a travel grant?", ROW) > 0
    assert worth("How much travel support is given?", ROW, wants=(Asks.AMOUNT,)) == 0
    assert worth("Is travel support possible for students?", ROW) == 0
    assert worth("Do we get green travel if we share a car?", ROW) == 0
    assert worth("Is travel support given, or organisational support?", ROW) == 0


PROJECT = "Duration of the project | From 3 to 24 months"
ACTIVITY = "Duration of activities | From 2 to 60 days, excluding travel days."
DAYS = "The maximum is six travel days."


@pytest.mark.parametrize(
    ("question", "more", "less"),
    [
        ("How long can a mobility of youth workers last?", ACTIVITY, PROJECT),
        ("How long can activities be?", ACTIVITY, PROJECT),
        ("How long does a youth project last?", PROJECT, ACTIVITY),
        ("How long does a mobility project last?", PROJECT, ACTIVITY),
        ("How many days of travel are paid?", DAYS, ACTIVITY),
        ("How many travel days are there?", DAYS, "It is valid for 30 days."),
        ("How many travel days?", DAYS, "Up to the 14th day (including travel days)."),
    ],
)
def test_project_activity_and_travel_last_differently(question: str, more: str, less: str) -> None:
    wants = (Asks.DURATION,)
    assert worth(question, more, wants=wants) > 0 > worth(question, less, wants=wants)


@pytest.mark.parametrize("text", [PROJECT, ACTIVITY])
@pytest.mark.parametrize(
    "question", ["How long is a youth exchange?", "How long do projects and their activities last?"]
)
def test_what_lasts_binds_only_where_it_is_told(question: str, text: str) -> None:
    assert worth(question, text, wants=(Asks.DURATION,)) == 0


def test_days_of_travel_that_are_told_are_not_asked_for() -> None:
    question = "6 days are paid, travel days included: how much individual support?"
    assert worth(question, "Individual support | one travel day", wants=(Asks.AMOUNT,)) == 0
    assert another(question, "Travel support | 309 EUR")


@pytest.mark.parametrize(
    ("question", "is_another"),
    [("Is KA131 open to all?", False), ("Is KA171 open to all?", True), ("Who may?", False)],
)
def test_a_code_stands_for_its_funds(question: str, is_another: bool) -> None:
    assert another(question, "With internal policy funds all may.") is is_another
