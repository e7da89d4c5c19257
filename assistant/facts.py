"""Numbers, amounts, percentages, dates and durations in text, read the same way everywhere.

The rule the product lives by: a number shown in an answer stands in a quote that the answer
cites. This module reads numbers out of text into values that can be compared: "400 000",
"400.000", "400,000" and "€400,000" are one number; "12:00" is a time, "5 March 2026" a date;
footnote references (Unicode superscripts) are no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from corpus.model import CELL_SEPARATOR

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SPACES = " \u00a0\u2009\u202f"
_END = r"(?![^\W\d_⁰¹²³⁴-⁹])"
"""Of a word; a footnote's number may follow ("60.000 EUR²⁰²"), which `\\b` takes for a letter."""

_NUMBER = re.compile(
    rf"""
    (?<![\d{_SUPERSCRIPTS}])
    (?:\d{{1,3}}(?:[{_SPACES}]\d{{3}}){{1,4}}(?:[.,]\d{{1,2}})?(?!\d)   # 400 000  1 234,5
      |\d{{1,3}}(?:\.\d{{3}}){{1,4}}(?:,\d{{1,2}})?(?!\d)               # 400.000  1.234,5
      |\d{{1,3}}(?:,\d{{3}}){{1,4}}(?:\.\d{{1,2}})?(?!\d)               # 400,000  1,234.5
      |\d+(?:[.,]\d+)?)                                           # 15  12.5  24,574
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d")
"""Most sentences have none, and the other patterns take fifty times as long to find that out."""
_CITATION_MARKER = re.compile(r"\[\d+\]")
_TIME = re.compile(r"\b([01]?\d|2[0-3])[:h]([0-5]\d)(?::[0-5]\d)?\b")

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier januar enero gennaio stycznia styczeń ιανουαρίου janeiro ianuarie",
            "february feb février februar febrero febbraio lutego luty φεβρουαρίου fevereiro "
            "februarie",
            "march mar mars märz marzo marca marzec μαρτίου março martie",
            "april apr avril abril aprile kwietnia kwiecień απριλίου aprilie",
            "may mai mayo maggio maja maj μαΐου maio",
            "june jun juin juni junio giugno czerwca czerwiec ιουνίου junho iunie",
            "july jul juillet juli julio luglio lipca lipiec ιουλίου julho iulie",
            "august aug août agosto sierpnia sierpień αυγούστου",
            "september sep sept septembre septiembre settembre września wrzesień σεπτεμβρίου "
            "setembro septembrie",
            "october oct octobre oktober octubre ottobre października październik οκτωβρίου "
            "outubro octombrie",
            "november nov novembre noviembre listopada listopad νοεμβρίου novembro noiembrie",
            "december dec décembre dezember diciembre dicembre grudnia grudzień δεκεμβρίου "
            "dezembro decembrie",
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of months to their numbers, in the languages of the interface, Portuguese and Romanian."""
_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_DATE = re.compile(
    rf"""
    \b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(?P<m1>{_MONTH})\b\.?
         (?:,?\s+(?:de\s+)?(?P<y1>(?:19|20)\d\d))?
      |(?=[^\W\d_]{{3,}}\.?\s+\d)(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>(?:19|20)\d\d))?
      |(?P<d3>\d{{1,2}})[/.-](?P<m3>\d{{1,2}})[/.-](?P<y3>(?:19|20)\d\d)
      |(?P<y4>(?:19|20)\d\d)-(?P<m4>\d{{2}})-(?P<d4>\d{{2}}))\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
CURRENCY = re.compile(rf"[EΕ]UR{_END}|€|\beuros?{_END}|\bευρώ{_END}", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(rf"(?:{CURRENCY.pattern})\s?$", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(rf"\s?(?:{CURRENCY.pattern})", re.IGNORECASE)
_SCALE_WORD = re.compile(r"\s?([^\W\d_]+)")
_SCALE = {
    "million": 6,
    "millions": 6,
    "mio": 6,
    "billion": 9,
    "billions": 9,
    "εκατομμύρια": 6,
    "εκατ": 6,
}


class FactKind(StrEnum):
    """What a number says."""

    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    NUMBER = "number"


_UNITS = {
    FactKind.DURATION: re.compile(
        r"^[\s-]?(?:consecutive |calendar |working |full )?"
        r"(?:hours?|days?|weeks?|months?|years?|minutes?|heures?|jours?|semaines?|mois|ans?|"
        r"années?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|horas?|días?|semanas?|meses|mes|"
        r"años?|ore|giorni|settimane|mesi|anni|godzin\w*|dni|tygodni\w*|miesi\w+|lat|"
        r"ώρες|ημέρες|εβδομάδες|μήνες|έτη|ημερών|μηνών|ετών)" + _END + r"(?!\s+(?:of\s+age|old)\b)",
        re.IGNORECASE,
    ),
    FactKind.PERCENT: re.compile(rf"^\s?(?:%|per ?cent{_END})", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number as read.

    Attributes:
        value: the number; of a date the day of its month, of a time its minute of the day.
        start, end: where it stands in the text that was read.
        day: (year or 0, month, day) for a date, None otherwise.
    """

    kind: FactKind
    value: Decimal
    start: int
    end: int
    day: tuple[int, int, int] | None = None


def parse_number(text: str) -> Decimal:
    """The value of a number as guides write it.

    A separator before exactly three last digits groups thousands ("24.574" is read as 24574;
    `find_facts` reads it as a decimal where a scale word follows).

    Raises:
        ValueError: if the text is not one number.
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f"not a number: {text!r}")
    digits = re.sub(rf"[{_SPACES}]", "", text.strip())
    if re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", digits):
        return Decimal(re.sub(r"[.,]", "", digits))
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        whole, fraction = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
        return Decimal(f"{whole}.{fraction}").normalize() + 0
    return Decimal(digits)


@lru_cache(maxsize=65_536)
def find_facts(text: str) -> tuple[Fact, ...]:
    """All numbers of a text in order, each once, with what they say. Citation markers are none."""
    if not _DIGIT.search(text):
        return ()
    masked = _CITATION_MARKER.sub(lambda m: " " * len(m.group()), text)
    facts: list[Fact] = []
    taken: list[tuple[int, int]] = []
    for match in _DATE.finditer(masked):
        day = _day(match)
        if day is not None:
            facts.append(
                Fact(
                    kind=FactKind.DATE,
                    value=Decimal(day[2]),
                    start=match.start(),
                    end=match.end(),
                    day=day,
                )
            )
            taken.append(match.span())
    for match in _TIME.finditer(masked):
        value = Decimal(int(match[1]) * 60 + int(match[2]))
        facts.append(Fact(kind=FactKind.TIME, value=value, start=match.start(), end=match.end()))
        taken.append(match.span())
    facts.extend(
        _number_fact(masked, match.start(), match.end(), match.group())
        for match in _NUMBER.finditer(masked)
        if not _inside(match.start(), taken)
    )
    return tuple(sorted(facts, key=lambda fact: fact.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number or range with its unit: "500-1999 km" is 500…1999, "8 000 km or more" 8000…∞."""

    low: Decimal
    high: Decimal
    unit: str


_UNIT_WORDS = {
    "km": r"km|kilomet\w+|χλμ",
    "hour": r"hours?|stunden?|heures?|horas?|ore|godzin\w*|ώρες|ωρών",
    "day": r"days?|tage?n?|jours?|d[ií]as?|giorni|dni|ημέρες|ημερών",
    "week": r"weeks?|wochen?|semaines?|semanas?|settimane|tygodni\w*|εβδομάδες",
    "month": r"months?|monate?n?|mois|mes(?:es)?|mesi|miesi\w+|μήνες|μηνών",
    "year": r"years?|jahre?n?|an(?:s|née?s)|años?|anni|lat|έτη|ετών",
    "person": r"participants?|persons?|people|learners?|students?|pupils?|apprentices?|trainees?|"
    r"youngsters?|kids|children|mobilit(?:y|ies)",
    "organisation": r"organi[sz]ations?|partners?|schools?|beneficiaries",
    "country": r"countr(?:y|ies)",
}
_UNIT_WORD = {
    name: re.compile(rf"\b(?:{words}){_END}", re.IGNORECASE) for name, words in _UNIT_WORDS.items()
}
_WORDS_OF_BAND = 6
"""A cell with more is no range."""
_BARE_BAND = re.compile(
    rf"(?P<low>{_NUMBER.pattern})\s?[-–—]\s?(?P<high>{_NUMBER.pattern})", re.VERBOSE
)
_ANY_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNIT_WORDS.items())
_QUANTITY = re.compile(
    rf"""
    (?P<below>\b(?:below|under|less\ than|up\ to)\s+(?:the\s+)?)?
    (?P<above>\b(?:over|above|beyond|more\ than|from|at\ least)\s+(?:the\s+)?|[≥>]\s?)?
    (?<![^\W_])(?P<low>{_NUMBER.pattern})(?:st|nd|rd|th)?
    (?:\s?(?:-|–|—|(?:to|and)(?:\s+the)?|bis|à|a|έως)\s?
       (?P<high>{_NUMBER.pattern})(?:st|nd|rd|th)?)?
    [\s-]?(?:(?:mobile|short-term|teaching|mobility|activity|working|calendar|full|whole|young)\s)?
    (?:{_ANY_UNIT}){_END}
    (?P<open>\s+or\s+more|\s+and\s+(?:more|over)|\s+o\s+más|\s+et\s+plus)?
    """,
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Numbers with a unit of distance, time or people, and ranges of them, in order."""
    if not _DIGIT.search(text):
        return ()
    found = []
    for match in _QUANTITY.finditer(text):
        unit = next(name for name in _UNIT_WORDS if match[name])
        low = parse_number(match["low"])
        high = parse_number(match["high"]) if match["high"] else low
        if match["open"] or (match["above"] and not match["high"]):
            high = Decimal("Infinity")
        if match["below"] and not match["high"]:
            low = Decimal(0)
        if low <= high:
            found.append(Quantity(low=low, high=high, unit=unit))
    return tuple(found)


def spans_of_quantities(text: str, units: Collection[str]) -> list[tuple[int, int]]:
    """Where quantities in some units stand, begin and end of each, in order."""
    return [
        match.span()
        for match in _QUANTITY.finditer(text)
        if any(match[name] for name in _UNIT_WORDS if name in units)
    ]


_A_YEAR = re.compile(
    r"(?<![\d.,])(?P<each>\d{1,4}) (?:\w+ )?(?P<unit>hours?|days?) (?:a|per|each|every) "
    r"(?:\w+ )?year\b.*?\b(?P<years>\d{1,2}|two|three|four|five)[ -]years?\b",
    re.IGNORECASE | re.DOTALL,
)
_YEARS = {"two": 2, "three": 3, "four": 4, "five": 5}


def over_years(text: str) -> tuple[Quantity, ...]:
    """What so much a year comes to: "95 hours a year for the 3 years" are 285 hours."""
    match = _A_YEAR.search(text)
    if match is None:
        return ()
    years = _YEARS.get(match["years"].lower()) or int(match["years"])
    whole = Decimal(int(match["each"]) * years)
    return (Quantity(low=whole, high=whole, unit=match["unit"].lower().removesuffix("s")),)


def bare_band(text: str, head: str) -> tuple[Quantity, ...]:
    """A range without a unit ("181-210"), once for each unit that the head of its column names.

    Args:
        text: a cell; nothing is found where it is more than a range.
        head: e.g. "teaching hours over 3 years".
    """
    match = _BARE_BAND.fullmatch(text.strip())
    if match is None:
        return ()
    low, high = parse_number(match["low"]), parse_number(match["high"])
    units = {name for name, word in _UNIT_WORD.items() if word.search(head)}
    return tuple(Quantity(low=low, high=high, unit=unit) for unit in units if low < high)


def quantities_of(row: str) -> tuple[Quantity, ...]:
    """The quantities of a table row: where cells are ranges, these alone.

    "Over 500 km green travel is preferred ... | 500 – 1999 km | 417 EUR" is the row of one band.
    """
    cells = (cell for cell in row.split(CELL_SEPARATOR) if len(cell.split()) <= _WORDS_OF_BAND)
    bands = tuple(q for cell in cells for q in find_quantities(cell) if q.low < q.high)
    return bands or find_quantities(row)


def is_band(text: str) -> bool:
    """Whether a text names a range: two numbers or more, the later ones larger."""
    values = [fact.value for fact in find_facts(text) if fact.day is None]
    return len(values) > 1 and values == sorted(values)


def falls_in(text: str, stated: tuple[Quantity, ...]) -> bool:
    """Whether a range in a text holds a stated quantity, see `holds_quantity`."""
    return holds_quantity(find_quantities(text), stated)


def holds_quantity(bands: Iterable[Quantity], stated: tuple[Quantity, ...]) -> bool:
    """Whether a range holds a quantity that was stated exactly, or is the range that was stated."""
    return any(
        band.unit == quantity.unit
        and band.low < band.high
        and (band.low <= quantity.low == quantity.high <= band.high or band == quantity)
        for band in bands
        for quantity in stated
    )


def unsupported(text: str, quotes: tuple[str, ...]) -> tuple[str, ...]:
    """Numbers of `text` that stand in none of the quotes, as written.

    A date without a year is supported by the same day and month with one; a time by the same
    time; a number by an equal number of any kind ("70" by "70 points").
    """
    quoted = [fact for quote in quotes for fact in find_facts(quote)]
    values = {fact.value for fact in quoted if fact.day is None}
    values |= {Decimal(part) for fact in quoted if fact.day for part in fact.day}
    days = {fact.day for fact in quoted if fact.day}
    loose_days = {(0, month, day) for _, month, day in days}
    missing = []
    for fact in find_facts(text):
        if fact.day is not None:
            known = fact.day in days or (fact.day[0] == 0 and fact.day in loose_days)
        else:
            known = fact.value in values
        if not known:
            missing.append(text[fact.start : fact.end])
    return tuple(missing)


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _day(match: re.Match[str]) -> tuple[int, int, int] | None:
    """(year or 0, month, day) of a date as matched; None where the calendar has no such day."""
    groups = match.groupdict()
    variant = next(v for v in "1234" if groups[f"d{v}"])
    month_text, day = groups[f"m{variant}"], int(groups[f"d{variant}"])
    month = int(month_text) if month_text.isdigit() else MONTHS[month_text.lower()]
    year = int(groups[f"y{variant}"] or 0)
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    return year, month, day


def _number_fact(text: str, start: int, end: int, written: str) -> Fact:
    before, after = text[max(0, start - 8) : start], text[end : end + 40]
    value = parse_number(written)
    scale = _SCALE_WORD.match(after)
    if scale and scale[1].lower() in _SCALE:
        # "24.574 billion" is a decimal: nobody groups thousands before a scale word.
        value = Decimal(re.sub(r"\s", "", written).replace(",", "."))
        value *= 10 ** _SCALE[scale[1].lower()]
        after = after[scale.end() :]
    kind = FactKind.NUMBER
    if _CURRENCY_BEFORE.search(before) or _CURRENCY_AFTER.match(after):
        kind = FactKind.AMOUNT
    else:
        for candidate, pattern in _UNITS.items():
            if pattern.match(after):
                kind = candidate
                break
    return Fact(kind=kind, value=value, start=start, end=end)
