"""Whether a sum can be trusted: what makes it doubtful, and whether it uses all that is stated.

A wrong sum is worse than none. Codes and call years are no numbers of anything; any other number
of a question must be a factor of the sum, or it says something that the sum leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from assistant.facts import FactKind, find_facts, find_quantities, parse_number
from assistant.model import Calculation
from assistant.number_words import number_words
from assistant.products import Source, amounts, without_money

_CODES_AND_YEARS = re.compile(
    r"\bKA\s?\d{1,3}(?:-[A-Z]+)?\b|\b20[1-4]\d\b(?!\s?(?:EUR|€|euro))", re.I
)
_FUNDS = {"131": "internal policy funds", "171": "external policy funds"}
_DOUBTFUL = re.compile(
    r"n't\b|\b(?:only|instead|rather|never|cancel\w*|planned|(?:show|turn)(?:ed|s)? up|took place|"
    r"drop\w* out|more|another|additional|extra|virtual(?:ly)? (?:days?|weeks?|parts?|phase)|"
    r"online|holidays?|zero[- ]grant|among|"
    r"half|third(?! countr)|quarter|some|several|few(?!er)|partly|most of|except|both|dozen|"
    r"of (?:them|whom|which|those))\b|"
    r"\d(?:st|nd|rd|th)\b|\d\s?m\b|[£$¥]|\b(?:PLN|CZK|HUF|GBP|USD|RON|SEK|DKK|NOK|CHF|TRY|BGN|ISK|RSD|"
    r"zloty\w*|koruna|forint\w*|pounds?|dollars?|kron\w+|lei|lev)\b|\bz[lł]\b",
    re.IGNORECASE,
)
"""Words that say of the numbers that they are not all, or not what is paid for; other money."""
_LIMIT = re.compile(
    r"\b(?P<which>maximum|minimum)(?: of)? (?P<number>\d+|two|three|four|five|six|ten)\b",
    re.IGNORECASE,
)
_TIMES = frozenset({"hour", "day", "week", "month", "year"})
_NOT_FIXED = re.compile(
    r"(?:\b(?:between|from)\s+\d[\d ]*(?:\s?(?:EUR|€))?\s*(?:and|to)\s*|\d\s?[-–]\s?|"
    r"\b(?:at least|up to|at most|maximum(?: of)?|minimum(?: of)?)\s+)(?:EUR |€ ?)?$",
    re.IGNORECASE,
)


def without_codes(question: str) -> str:
    """The question without codes of actions and call years: they count nothing.

    The funds that two codes stand for are named in their place.
    """
    return _CODES_AND_YEARS.sub(lambda m: f" {_FUNDS.get(m[0][-3:], '')} ", question)


def is_doubtful(question: str) -> bool:
    """Whether a question says something of its numbers that no sum here takes into account."""
    return _DOUBTFUL.search(question) is not None


def is_fixed(text: str, start: int) -> bool:
    """Whether the amount that starts there is a rate, not the end of a range or a limit."""
    return _NOT_FIXED.search(text[:start]) is None


def is_complete(question: str, calculation: Calculation, sources: Sequence[Source]) -> bool:
    """Whether every number that a question states is in the sum, and within the rate's limits.

    Args:
        question: without codes and years.
        calculation: the sum.
        sources: the lines that its rates are from.
    """
    values = [parse_number(number) for f in calculation.factors for number in _numbers(f.value)]
    values += [parse_number(number) for f in calculation.factors for number in _numbers(f.label)]
    used = {*values, *(one + two for one, two in combinations(values, 2))}
    distances = {q.low for q in find_quantities(question) if q.unit == "km"}
    if distances:  # of travel, which is paid by distance however long the stay is
        used |= distances | {q.low for q in find_quantities(question) if q.unit in _TIMES}
    if not _stated(question) <= used:
        return False
    counts = [
        parse_number(f.value.split(" EUR")[0])
        for f in calculation.factors
        if f.citation is None and not f.value.endswith("EUR")
    ]
    cited = {f.citation for f in calculation.factors}
    rate = calculation.factors[0].value.split(" EUR")[0]
    lines = [s.text for s in sources if s.citation in cited and rate in s.text]
    limits = [limit for line in lines for limit in _LIMIT.finditer(line)]
    return all(_within(count, limit) for count in counts for limit in limits)


def _within(count: Decimal, limit: re.Match[str]) -> bool:
    in_words = number_words(limit["number"], "en")
    number = max(in_words) if in_words else int(limit["number"])
    return count <= number if limit["which"].casefold() == "maximum" else count >= number


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", text)


def _stated(question: str) -> set[Decimal]:
    """All numbers of a question but dates and times; those in words from two on."""
    plain = without_money(question)
    numbers = {f.value for f in find_facts(plain) if f.kind not in (FactKind.DATE, FactKind.TIME)}
    words = {Decimal(value) for value in number_words(plain, "en")}
    return numbers | words | set(amounts(question))
