"""A question for one line of the budget is not answered by another, nor a month by the day."""

from __future__ import annotations

import pytest

from assistant.budget_lines import Budget
from assistant.model import Passage
from assistant.units import split_units
from tests.builders import make_document, make_query


def another(question: str, text: str, *, context: str = "", terms: tuple[str, ...] = ()) -> bool:
    document = make_document(pages=[text], context=context)
    chunk = document.chunks[0]
    passage = Passage(rank=1, score=1.0, chunk=chunk, document=document)
    unit = split_units(chunk.text, offset=chunk.span.start)[0]
    return Budget(make_query(question, terms=terms)).is_another(unit, passage)


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
