"""Arithmetic on what a guide says and the asker states, only where it cannot be misread.

A rate for each participant, day or month times the number that the question states, or a share of
an amount that it states. The unit that leads the answer must hold exactly one such rate, and the
question exactly one number that fits it; in every other case the rate is shown alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.facts import FactKind, find_facts, find_quantities, parse_number
from assistant.model import Calculation, Factor

_PER = re.compile(
    r"^\s?(?:EUR|€|euros?)?\s?(?:[-–:]\s?)?(?:/|per\b|for each\b|pro\b|par\b|por\b|ανά\b)\s?"
    r"(?P<unit>[^\W\d_]+)",
    re.IGNORECASE,
)
_UNITS = {
    "person": re.compile(
        r"participant|person|pupil|student|learner|trainee|invited expert|teilnehm|schüler|alumn|"
        r"élève|συμμετέχ",
        re.IGNORECASE,
    ),
    "day": re.compile(r"day|tag|jour|día|ημέρα", re.IGNORECASE),
    "week": re.compile(r"week|woche|semaine|semana", re.IGNORECASE),
    "month": re.compile(r"month|monat|mois|mes\b|μήνα", re.IGNORECASE),
}
_THOUSANDS = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?k\b", re.IGNORECASE)
_SHARE = re.compile(r"(?:maximum of|up to|at most|not exceed|more than|maximum)\D{0,20}$")
_WANTS_SUM = re.compile(
    r"\b(?:total|how much|what is the most|altogether|combien|wie viel|cu[aá]nto|quanto|πόσ\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A line of the answer that a rate may be taken from, and the citation that quotes it."""

    text: str
    citation: int


def calculate(question: str, source: Source) -> Calculation | None:
    """The sum that a question asks for, None where it is not certain.

    Args:
        question: its numbers are the asker's.
        source: the leading line of the answer.
    """
    if not _WANTS_SUM.search(question):
        return None
    return _share_of_amount(question, source) or _rate_times_number(question, source)


def _rate_times_number(question: str, source: Source) -> Calculation | None:
    rates = [f for f in find_facts(source.text) if f.kind is FactKind.AMOUNT]
    if len(rates) != 1:
        return None
    rate = rates[0]
    per = _PER.match(source.text[rate.end :])
    if per is None:
        return None
    unit = next((name for name, words in _UNITS.items() if words.search(per["unit"])), None)
    second = re.search(rf"{re.escape(per[0])}\s(?:per|/)\s", source.text[rate.end :])
    stated = [q for q in find_quantities(question) if q.unit == unit and q.low == q.high]
    others = {q.unit for q in find_quantities(question)} & {"person", "day", "week", "month"}
    if unit is None or second or len(stated) != 1 or others != {unit}:
        return None
    number = stated[0].low
    return Calculation(
        factors=(
            Factor(value=f"{_written(rate.value)} EUR", label="", citation=source.citation),
            Factor(value=_written(number), label=per["unit"].lower() + "s"),
        ),
        result=f"{_written(rate.value * number)} EUR",
    )


def _share_of_amount(question: str, source: Source) -> Calculation | None:
    facts = find_facts(source.text)
    shares = [f for f in facts if f.kind is FactKind.PERCENT]
    amounts = _amounts(question)
    if len(shares) != 1 or len(amounts) != 1 or len(facts) != 1:
        return None
    share = shares[0]
    if not _SHARE.search(source.text[: share.start]):
        return None
    result = amounts[0] * share.value / 100
    return Calculation(
        factors=(
            Factor(value=f"{_written(share.value)}%", label="", citation=source.citation),
            Factor(value=f"{_written(amounts[0])} EUR", label=""),
        ),
        result=f"{_written(result)} EUR",
    )


def _amounts(question: str) -> list[Decimal]:
    thousands = [parse_number(m[1]) * 1000 for m in _THOUSANDS.finditer(question)]
    plain = _THOUSANDS.sub(" ", question)
    return thousands + [f.value for f in find_facts(plain) if f.kind is FactKind.AMOUNT]


def _written(value: Decimal) -> str:
    """As guides write it: "1 680 000", "12.5"."""
    rounded = value.quantize(Decimal("0.01")).normalize()
    whole, _, rest = f"{rounded:f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", " ")
    return f"{grouped}.{rest}" if rest else grouped
