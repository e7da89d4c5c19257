"""What sums are made of: lines with rates, what the asker states, numbers as guides write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.facts import FactKind, find_facts, find_quantities, parse_number
from assistant.model import Calculation, Factor

_AGAIN = re.compile(r"\b(?:the|these|those) (?P<said>\d+ [a-z]+?)s?\b", re.IGNORECASE)
_OF_MONEY = re.compile(
    r"\b(?:grant|budget|lump sum|contribution) of (?:about |around )?\d{1,3}(?:[ .,]\d{3})+"
    r"(?! ?(?:EUR|€|euro))\b",
    re.IGNORECASE,
)
"""An amount that says by what it is of that it is one."""
_THOUSANDS = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?k\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A line of the answer that a rate may be taken from.

    Attributes:
        citation: of what quotes it. heads: gives those of the columns that its rows are from.
    """

    text: str
    citation: int
    heads: Callable[[], tuple[str, ...]] = tuple


def stated(question: str, unit: str) -> Decimal | None:
    """The one number of a unit that a question states exactly; None for none or several."""
    found = [q for q in find_quantities(_once(question)) if q.unit == unit]
    return found[0].low if len(found) == 1 and found[0].low == found[0].high else None


def _once(question: str) -> str:
    """The question without "the 20 days" where it has said "20 days" before."""
    return _AGAIN.sub(
        lambda m: " " if m["said"].casefold() in question[: m.start()].casefold() else m[0],
        question,
    )


def product(
    rate: Decimal, citation: int, counts: Sequence[tuple[Decimal, str, int | None]]
) -> Calculation:
    """A rate times counts, each with its label and the citation of its rule, if it has one."""
    result = rate
    for count, _, _ in counts:
        result *= count
    return Calculation(
        factors=(
            Factor(value=f"{as_written(rate)} EUR", label="", citation=citation),
            *(
                Factor(
                    value=as_written(count),
                    label=label.removesuffix("s") if count == 1 else label,
                    citation=rule,
                )
                for count, label, rule in counts
            ),
        ),
        result=f"{as_written(result)} EUR",
    )


def amounts(question: str) -> list[Decimal]:
    """The amounts of money that a question states; "300k" is one."""
    question = _OF_MONEY.sub(lambda m: f"{m[0]} EUR", question)
    thousands = [parse_number(m[1]) * 1000 for m in _THOUSANDS.finditer(question)]
    plain = _THOUSANDS.sub(" ", question)
    return thousands + [f.value for f in find_facts(plain) if f.kind is FactKind.AMOUNT]


def without_money(question: str) -> str:
    """A question without the amounts of money that it states."""
    plain = _THOUSANDS.sub(" ", _OF_MONEY.sub(" ", question))
    for fact in reversed(find_facts(plain)):
        if fact.kind is FactKind.AMOUNT:
            plain = f"{plain[: fact.start]} {plain[fact.end :]}"
    return plain


def as_written(value: Decimal) -> str:
    """As guides write it: "1 680 000", "12.5"."""
    rounded = value.quantize(Decimal("0.01")).normalize()
    whole, _, rest = f"{rounded:f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", " ")
    return f"{grouped}.{rest}" if rest else grouped
