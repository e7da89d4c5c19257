"""Rates that are more than one number times another, worked out where they cannot be misread.

In steps ("up to the 100th participant 400 EUR, beyond it 230 EUR"), as a share of a base rate that
the asker states, for each participant and day, and by a formula that the guide prints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from assistant.facts import FactKind, find_facts, parse_number
from assistant.model import Calculation, Factor
from assistant.products import Source, amounts, as_written, product, stated

_ORDINAL = r"(?:st|nd|rd|th)"
_UNIT = r"(?P<unit>participant|day)s?(?: of activity)?"
_RATE = r"\s?[:;|]\s?(?P<rate>\d[\d ]*?)\s?EUR per\b"
_FIRST_STEP = re.compile(rf"\bup to the (?P<to>\d+){_ORDINAL} {_UNIT}{_RATE}", re.IGNORECASE)
_NEXT_STEP = re.compile(
    rf"\b(?:(?:beyond|after|above) the (?P<after>\d+){_ORDINAL}|"
    rf"(?P<first>\d+){_ORDINAL} (?:to|until|and)(?: the)? (?P<to>\d+){_ORDINAL}) {_UNIT}{_RATE}",
    re.IGNORECASE,
)
STEP = re.compile(rf"\b(?:up to|beyond|after|to|from) the \d+{_ORDINAL} \w+", re.IGNORECASE)
"""A rate of one step stands beside those of the others."""
_KINDS_OF_FUNDS = re.compile(r"\bexternal policy funds\b", re.IGNORECASE)
_INTERNAL = re.compile(r"\binternal\b", re.IGNORECASE)
_EXTERNAL = re.compile(r"\bexternal\b", re.IGNORECASE)
_BASE_RATE = re.compile(
    rf"\bbase rate is payable up to the (?P<to>\d+){_ORDINAL} day(?P<travel>[^.]*travel)?[^.]*\.\s+"
    rf"From the \d+{_ORDINAL} day[^.]*? equal to (?P<share>\d+)\s?% of the base rate"
    r"(?P<rounded>.*\brounded to the nearest whole euro)?",
    re.IGNORECASE | re.DOTALL,
)
_EACH_DAY = re.compile(
    r"(?P<rate>\d[\d ]*?)\s?EUR per (?:participant per day|day per participant)\b", re.IGNORECASE
)
_DAYS_MEANT = re.compile(r"\bduration of the stay\b|\bcourse", re.IGNORECASE)
_WITH_OTHERS = re.compile(r"\bincluding accompanying persons\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?P<number>\d+) (?:accompanying (?:persons?|adults?|people)|(?:group )?leaders?)\b",
    re.IGNORECASE,
)
_ANY_OTHERS = re.compile(
    r"\b(?:accompany\w*|leaders?|teachers?|trainers?|facilitators?|staff|adults?|professors?|"
    r"lecturers?|researchers?|administrat\w+|employees?|helpers?|assistants?|carers?|parents?|"
    r"companions?)\b",
    re.IGNORECASE,
)
_TRAVEL_DAYS = re.compile(r"\btravel days?\b|\bdays? of travel\b", re.IGNORECASE)
_AND_TRAVEL_DAYS = re.compile(
    r"\b(?:plus|and|with|besides) (?:the )?(?:travel days?|days? of travel)\b", re.IGNORECASE
)
_FORMULA = re.compile(
    r"(?P<result>[A-Z][a-z]+(?: [a-z]+){0,3}) = (?P<of>[A-Z]?[a-z]+(?: [a-z]+){0,4}) ?[x×*] ?"
    r"\(?(?P<times>\d+) ?/ ?(?P<over>\d+)\)?"
)
_MOST_DAYS = re.compile(r"\bmaximum(?: of)? (?P<days>\d+) days\b", re.IGNORECASE)
_NAMED = re.compile(
    r"(?P<rate>\d[\d ]*\d)\s?(?:EUR|€|[Ee]uros?)\s?(?:/|per )\s?month\s?[x×*]\s?"
    r"(?P<names>[A-Z]{2,4}(?:\s?[x×*]\s?[A-Z]{2,4})*)\b"
)
_EXPLAINED = re.compile(r"\b(?P<name>[A-Z]{2,4}) = (?P<what>[a-z][^=]*)")
_MOST_FOR_EACH = re.compile(
    r"\bat most (?:EUR|€) ?(?P<rate>\d[\d ]*\d) per (?:[a-z]+ ){0,2}participant\b", re.IGNORECASE
)
_FOR_AT_MOST = re.compile(
    r"\s?,? with (?:a minimum of \d{1,3} and )?a maximum of (?P<most>\d{1,3}) (?!EUR|%)",
    re.IGNORECASE,
)
_HOW_MANY_PEOPLE = re.compile(
    r"\bhow many (?:participants|people|young people|learners|students)\b", re.IGNORECASE
)


FOR_ONE = re.compile(
    r"\b(?:per|for each|for one|for a) (?:participant|person|young person|learner|student|pupil)\b",
    re.IGNORECASE,
)
"""The sum for one of those who are counted is asked for."""


@dataclass(frozen=True, slots=True)
class _Step:
    first: int
    to: int | None
    unit: str
    rate: Decimal
    citation: int


def by_rates(question: str, sources: Sequence[Source]) -> Calculation | None:
    """The sum of a rate in steps, of a base rate, for each and day, or by a formula; else None.

    Args:
        question: its numbers are the asker's.
        sources: lines of the answer, the leading one first.
    """
    return (
        _in_steps(question, sources)
        or _of_base_rate(question, sources)
        or _for_each_and_day(question, sources)
        or _of_named(question, sources)
        or by_formula(question, sources)
    )


def _in_steps(question: str, sources: Sequence[Source]) -> Calculation | None:
    steps = sorted(set(_steps(question, sources)), key=lambda step: step.first)
    if len(steps) != 2 or steps[0].unit != steps[1].unit:
        return None
    low, high = steps
    count = stated(question, "person" if low.unit == "participant" else "day")
    if low.to is None or high.first != low.to + 1 or count is None or count != int(count):
        return None
    if high.to is not None and count > high.to:
        return None
    people = Decimal(1)
    if low.unit == "day":
        if _ANY_OTHERS.search(question) or _TRAVEL_DAYS.search(question):
            return None
        people = stated(question, "person") or people
    each = ((people, "participants", None),) if people > 1 else ()
    if count <= low.to:
        return product(low.rate, low.citation, ((count, f"{low.unit}s", None), *each))
    parts = ((low, Decimal(low.to)), (high, count - low.to))
    return _sum(parts, people)


def _steps(question: str, sources: Sequence[Source]) -> list[_Step]:
    found = []
    for source in sources:
        if _KINDS_OF_FUNDS.search(source.text) and (
            _EXTERNAL.search(question) or not _INTERNAL.search(question)
        ):
            continue  # the steps are of one kind of funds only, and it is not named
        for match in _FIRST_STEP.finditer(source.text):
            rate = parse_number(match["rate"])
            unit = match["unit"].casefold()
            found.append(_Step(1, int(match["to"]), unit, rate, source.citation))
        for match in _NEXT_STEP.finditer(source.text):
            first = int(match["after"]) + 1 if match["after"] else int(match["first"])
            to = int(match["to"]) if match["to"] else None
            rate = parse_number(match["rate"])
            found.append(_Step(first, to, match["unit"].casefold(), rate, source.citation))
    return found


def _sum(parts: Sequence[tuple[_Step, Decimal]], people: Decimal) -> Calculation:
    factors: list[Factor] = []
    for step, count in parts:
        factors.append(
            Factor(
                value=f"{as_written(step.rate)} EUR",
                label="",
                citation=step.citation,
                operator="+" if factors else "x",
            )
        )
        factors.append(Factor(value=as_written(count), label=f"{step.unit}s"))
        if people > 1:
            factors.append(Factor(value=as_written(people), label="participants"))
    result = sum((step.rate * count * people for step, count in parts), Decimal(0))
    return Calculation(factors=tuple(factors), result=f"{as_written(result)} EUR")


def _of_base_rate(question: str, sources: Sequence[Source]) -> Calculation | None:
    """The asker's base rate up to a day, and a share of it after that."""
    rules = [(m, s.citation) for s in sources[:1] for m in _BASE_RATE.finditer(s.text)]
    said, days = amounts(question), stated(question, "day")
    if len(rules) != 1 or len(said) != 1 or days is None or days != int(days):
        return None
    rule, citation = rules[0]
    if rule["travel"] and not _TRAVEL_DAYS.search(question):
        return None  # whether days of travel are among those that are stated is not said
    if _AND_TRAVEL_DAYS.search(question):
        return None  # how many is not said
    base, to = said[0], int(rule["to"])
    if stated(question, "person") not in (None, Decimal(1)) or days <= to:
        return None
    less = base * Decimal(rule["share"]) / 100
    if rule["rounded"]:
        less = less.quantize(Decimal(1), ROUND_HALF_UP)
    rounded = ", rounded" if rule["rounded"] else ""
    return Calculation(
        factors=(
            Factor(value=f"{as_written(base)} EUR", label=""),
            Factor(value=as_written(Decimal(to)), label="days", citation=citation),
            Factor(
                value=f"{as_written(less)} EUR",
                label=f"({rule['share']}% of {as_written(base)} EUR{rounded})",
                citation=citation,
                operator="+",
            ),
            Factor(value=as_written(days - to), label="days"),
        ),
        result=f"{as_written(base * to + less * (days - to))} EUR",
    )


def _for_each_and_day(question: str, sources: Sequence[Source]) -> Calculation | None:
    """A rate for each participant and day, times both; others count where the guide says so."""
    source = sources[0]
    rates = list(_EACH_DAY.finditer(source.text))
    money = [f for f in find_facts(source.text) if f.kind is FactKind.AMOUNT]
    people, days = stated(question, "person"), stated(question, "day")
    if FOR_ONE.search(question):
        people = Decimal(1)
    if len(rates) != 1 or len(money) != 1 or people is None or days is None:
        return None
    if not _DAYS_MEANT.search(source.text):
        return None  # days of travel may count
    if any(_TRAVEL_DAYS.search(text) for text in (question, *(s.text for s in sources))):
        return None
    with_others = _WITH_OTHERS.search(source.text) is not None
    label = "participants"
    if _ANY_OTHERS.search(question):
        others = _OTHERS.findall(question)
        if not with_others or len(others) != 1:
            return None
        label = f"persons ({as_written(people)} and {others[0]})"
        people += Decimal(others[0])
    rate = parse_number(rates[0]["rate"])
    each = ((people, label, source.citation if with_others else None),) if people > 1 else ()
    return product(rate, source.citation, (*each, _at_most(days, source)))


def _at_most(days: Decimal, source: Source) -> tuple[Decimal, str, int | None]:
    """The days that are paid of those that are stated: a rate holds for so many at most."""
    limits = {Decimal(match["days"]) for match in _MOST_DAYS.finditer(source.text)}
    if len(limits) != 1 or days <= min(limits):
        return days, "days", None
    most = min(limits)
    return most, _limited("days", days, most), source.citation


def paid_for(
    count: Decimal, label: str, rest: str, citation: int
) -> tuple[Decimal, str, int | None]:
    """How many of those that are stated a rate is paid for, with a label and the rule's citation.

    Args:
        count: as stated.
        label: what is counted.
        rest: of the line after the rate ("per participant, with a maximum of 20 learners").
        citation: of the line.
    """
    limit = _FOR_AT_MOST.match(rest)
    if limit is None or count <= int(limit["most"]):
        return count, label, None
    most = Decimal(limit["most"])
    return most, _limited(label, count, most), citation


def _limited(label: str, count: Decimal, most: Decimal) -> str:
    return f"{label} ({as_written(count)} stated, {as_written(most)} at most)"


def _of_named(question: str, sources: Sequence[Source]) -> Calculation | None:
    """A rate times variables that the guide explains ("1 400 Euros/month x DR x NRS").

    The formula is the one whose variables the question states, all of them, each by what it
    counts: months, or the noun after "number of".
    """
    explained = {
        match["name"]: (match["what"], source.citation)
        for source in sources
        for match in _EXPLAINED.finditer(source.text)
    }
    found = []
    for source in sources:
        for match in _NAMED.finditer(source.text):
            names = re.findall(r"[A-Z]{2,4}", match["names"])
            counts = [_count_of(question, explained[name]) for name in names if name in explained]
            known = [count for count in counts if count is not None]
            if len(known) == len(names):
                found.append((parse_number(match["rate"]), source.citation, known))
    most = max((len(known) for _, _, known in found), default=0)
    meant = [each for each in found if len(each[2]) == most]
    return product(*meant[0]) if len(meant) == 1 else None


def _count_of(question: str, explained: tuple[str, int]) -> tuple[Decimal, str, int] | None:
    """What a question states of a variable; None where it does not, or more than the most."""
    what, citation = explained
    noun = re.search(r"\bnumber of (?P<noun>[a-z]{4,}?)s?\b", what)
    if noun is not None:
        said = {
            Decimal(number)
            for number in re.findall(rf"\b(\d+) (?:[a-z]+ )?{noun['noun']}s?\b", question, re.I)
        }
        count, label = (said.pop() if len(said) == 1 else None), f"{noun['noun']}s"
    else:
        count, label = stated(question, "month") if "month" in what else None, "months"
    limit = re.search(r"\bmaximum (\d+)\b", what)
    if count is None or (limit is not None and count > int(limit[1])):
        return None
    return count, label, citation


def by_formula(question: str, sources: Sequence[Source]) -> Calculation | None:
    """What the asker states, put into the one formula that is printed for what is asked."""
    printed = [(m, s.citation) for s in sources for m in _FORMULA.finditer(s.text)]
    said = amounts(question)
    if len(printed) != 1 or len(said) != 1:
        return None
    formula, citation = printed[0]
    asked = question.casefold()
    of = re.escape(formula["of"].casefold())
    # The amount must be what the formula starts from, not what it ends with.
    given = re.search(rf"\b{of}(?: (?:is|was|of|at|at the moment)|:| =)* (?:eur |€ ?)?\d", asked)
    if given is None or formula["result"].casefold() not in asked:
        return None
    times, over = Decimal(formula["times"]), Decimal(formula["over"])
    if not over:
        return None
    return Calculation(
        factors=(
            Factor(value=f"{as_written(said[0])} EUR", label=""),
            Factor(value=as_written(times), label="", citation=citation),
            Factor(value=as_written(over), label="", citation=citation, operator="/"),
        ),
        result=f"{as_written(said[0] * times / over)} EUR",
    )


def how_many_for(question: str, sources: Sequence[Source]) -> Calculation | None:
    """The fewest participants for a grant that is stated, where each may have so much at most."""
    rates = [(m, s.citation) for s in sources for m in _MOST_FOR_EACH.finditer(s.text)]
    said = amounts(question)
    if len(rates) != 1 or len(said) != 1 or not _HOW_MANY_PEOPLE.search(question):
        return None
    rate, citation = parse_number(rates[0][0]["rate"]), rates[0][1]
    if not rate:
        return None
    people = (said[0] / rate).to_integral_value(ROUND_CEILING)
    return Calculation(
        factors=(
            Factor(value=f"{as_written(said[0])} EUR", label=""),
            Factor(
                value=f"{as_written(rate)} EUR",
                label="for each participant at most",
                citation=citation,
                operator="/",
            ),
        ),
        result=f"{as_written(people)} participants",
    )
