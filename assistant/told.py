"""Numbers that askers tell of their project: ages, participants, durations, when they were set up.

Each is read only where the question tells it once and as a fact. What is said of what is needed,
denied or doubted, or twice with other numbers, tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.parties import COUNT, number

_WINDOW = 40
"""How far before a mention a word that takes it back is looked for, within its sentence."""
_NO_FACT = re.compile(
    r"\b(?:needs?|must|required?|requires|minimum|maximum|how many|at least|at most|should|not|"
    r"no|never|nor|neither|isn't|aren't|don't|doesn't|can't|cannot|instead of|except|unlike|than|"
    r"is it true|up to|if|whether|associated|find|finding|looking|search\w*|seek\w*|hop(?:e|ing)|"
    r"had|were|used to|previously|formerly)\b",
    re.IGNORECASE,
)
_ON_CONDITION = re.compile(r"\b(?:if|unless|provided|once|as soon as|until)\b", re.IGNORECASE)
_PEOPLE = (
    r"participants?|young people|youngsters|teenagers|pupils|students|learners|youths?|kids|"
    r"children"
)
_DASH = r"(?:-|–|to|and|or)"
_AGES = re.compile(
    rf"\b(?:aged?|ages)(?: between| from| of)? (?P<a>\d{{1,2}})(?:\s?{_DASH}\s?(?P<b>\d{{1,2}}))?"
    r"(?![\d.,]\d)(?! (?:months|days|km|participants))|"
    rf"\b(?P<c>\d{{1,2}})(?:\s?{_DASH}\s?(?P<d>\d{{1,2}}))?[\s-]years?[\s-]olds?\b",
    re.IGNORECASE,
)
_AGES_BEFORE = re.compile(r"(?:\b\d{1,2}\s*,\s*)+$")
_AGES_AFTER = re.compile(
    r"^(?:(?:\s*,\s*(?:and |or )?|\s+(?:and|or|&)\s+)\d{1,2}"
    r"(?=\s*(?:[,.;?!]|$|(?:and|or|in|years?)\b|&)))+",
    re.IGNORECASE,
)
"""More ages of a list: "aged 14, 16 and 32"."""
_NOT_PARTICIPANTS = re.compile(
    r"\b(?:leaders?|facilitators?|accompanying|trainers?|teachers?|workers?|ngo|organi[sz]ation|"
    r"association|company|school|turn\w*|was|were|until|over|under|above|below|older|younger)\b",
    re.IGNORECASE,
)
_AT_START = re.compile(r"\b(?:at|on|by) the (?:start|beginning|first day)\b", re.IGNORECASE)
_PARTICIPANTS = re.compile(
    rf"\b(?P<n>{COUNT}) (?:(?:young|school|vet|mobile|adult)\s)?(?:{_PEOPLE})\b"
    r"(?! (?:exchange|work|ngo|organi|association|group|part))",
    re.IGNORECASE,
)
_NO_NUMBER = frozenset({"a", "an", "my", "our", "another"})
_EACH = re.compile(
    r"\b(?:per|each|every|from each|exchanges|activities|years|times|leaders?|including)\b",
    re.IGNORECASE,
)
_GROUP_OF = re.compile(r"\bgroups? of\s*$", re.IGNORECASE)
_WE_ARE = re.compile(r"\b(?:we are|we're)\s*$", re.IGNORECASE)
_SHARE = re.compile(rf"\b(?P<n>{COUNT}) (?:from|more|others?|further)\b", re.IGNORECASE)
"""A part of the participants; said of all of them, the parts make up the whole."""
_ONE_SIDE = re.compile(
    r"^ (?:(?:are|come|coming) )?from (?:the )?[A-Z]\w+(?: [A-Z]\w+)*\b"
    r"(?!\s?(?:,|and\b|&|plus\b)\s?(?:and )?(?:from )?(?:the )?[A-Z])"
)
"""Participants from one country: those of the others are not told."""
_MONTHS = re.compile(
    rf"\b(?P<n>{COUNT})[\s-](?P<unit>months?|years?)\b(?! (?:old|ago|of experience))", re.IGNORECASE
)
_DAYS = re.compile(rf"\b(?P<n>{COUNT})[\s-](?P<unit>days?|weeks?)\b", re.IGNORECASE)
_PROJECT = re.compile(r"\b(?:project|partnership|proposal|consortium)\b", re.IGNORECASE)
_BESIDE_DAYS = re.compile(
    r"\b(?:ago|before|after|deadline|ahead|of travel|per|each|every|notice|within|later|"
    r"the (?:first|past|previous|next|remaining))\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:early |late |mid-?|the end of )?(?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december)"
)
_FOUNDED = re.compile(
    r"\b(?:set up|founded|created|established|registered|started|exists?|existed|existing)\b"
    rf"[^.?!;]{{0,25}}?\b(?:(?P<last>last year)|(?P<this>this year)|(?P<ago>{COUNT}) "
    rf"(?P<unit>months?|years?) ago|(?:in|since) (?:{_MONTH} )?(?P<year>(?:19|20)\d\d)|"
    rf"for (?P<for>{COUNT}) "
    r"years?)\b",
    re.IGNORECASE,
)
_CHARTER = r"(?:eche|erasmus charter(?: for higher education)?)"
_HOLDS = re.compile(
    r"\b(?:(?P<no>(?:do not|don't|does not|doesn't|have no|has no|no|without)(?: yet)?"
    r"(?: have| hold| got)?(?: yet)?)|have|has|hold|holds|holding|got|with|awarded)"
    rf" (?:an? |the |any |our |its |valid )*{_CHARTER}\b",
    re.IGNORECASE,
)
_NOT_VALID = re.compile(
    r"\b(?:expir\w+|pending|withdrawn|suspended|lost|(?:applied|application|applying) for|soon|"
    r"not (?:sure|certain))\b",
    re.IGNORECASE,
)
"""What leaves open whether a charter is held."""


@dataclass(frozen=True, slots=True)
class Range:
    """A number known to lie in `low`…`high`, both included; without `high` there is no bound."""

    low: float = 0
    high: float | None = None

    def within(self, low: float, high: float | None = None) -> bool | None:
        """Whether it lies in a range; None where that is not certain either way."""
        beyond = high is not None and (self.high is None or self.high > high)
        if self.low >= low and not beyond:
            return True
        if (self.high is not None and self.high < low) or (high is not None and self.low > high):
            return False
        return None


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as a range, and the asker's words for it."""

    range: Range
    said: str


def _sentence(text: str, start: int) -> str:
    """What stands before a place in its sentence."""
    return re.split(r"[.;?!]\s", text[:start])[-1]


def taken_back(text: str, start: int) -> bool:
    """Whether something in the sentence of a mention keeps it from being told as a fact."""
    before = _sentence(text, start)[-_WINDOW:]
    after = re.split(r"[.;?!]\s", text[start:])[0]
    return _NO_FACT.search(before) is not None or _ON_CONDITION.search(after) is not None


def _one(matches: Sequence[re.Match[str]], text: str) -> re.Match[str] | None:
    """The only match that is told as a fact; None for several."""
    told = [m for m in matches if not taken_back(text, m.start())]
    return told[0] if len(told) == 1 == len(matches) else None


def ages(text: str) -> tuple[Told, Told] | None:
    """How old the youngest and the oldest participant are, from now until their activity."""
    match = _one(list(_AGES.finditer(text)), text)
    if match is None:
        return None
    after = re.split(r"[.;?!]\s", text[match.end() :])[0]
    if _NOT_PARTICIPANTS.search(f"{_sentence(text, match.start())[-_WINDOW:]} {after}"):
        return None
    first = int(match["a"] or match["c"])
    last = int(match["b"] or match["d"] or first)
    before, more = (
        _AGES_BEFORE.search(text[: match.start()]),
        _AGES_AFTER.match(text[match.end() :]),
    )
    said = f"{before[0] if before else ''}{match[0]}{more[0] if more else ''}"
    listed = [int(age) for age in re.findall(r"\d+", said)]
    low, high = min(listed), max(listed)
    if not 3 <= low <= high <= 99 or last < first:
        return None
    grown = 0 if _AT_START.search(text[match.end() :]) else 1  # a birthday may lie between
    youngest, oldest = Range(low, low + grown), Range(high, high + grown)
    return Told(youngest, said), Told(oldest, said)


def participants(text: str) -> Told | None:
    """How many take part in the activity."""
    several = [m for m in _PARTICIPANTS.finditer(text) if m["n"].casefold() not in _NO_NUMBER]
    match = _one(several, text)
    if match is None:
        return None
    sentence = _sentence(text, match.start()) + re.split(r"[.;?!]\s", text[match.start() :])[0]
    before, after = text[: match.start()], text[match.end() :]
    if _EACH.search(sentence) or _GROUP_OF.search(before) or _ONE_SIDE.match(after):
        return None
    if _WE_ARE.search(before) and "participant" not in match[0].casefold():
        return None  # who asks is not yet who takes part
    people = number(match["n"])
    shares = [number(m["n"]) for m in _SHARE.finditer(_AGES.sub(" ", sentence))]
    if shares and sum(shares) != people:
        return None
    return Told(Range(people, people), match[0])


def project_months(text: str) -> Told | None:
    """How long the project lasts."""
    match = _one(list(_MONTHS.finditer(text)), text)
    if match is None or not _PROJECT.search(text):
        return None
    near = text[max(0, match.start() - _WINDOW) : match.end() + 25]
    if _FOUNDED.search(text) or _NOT_PARTICIPANTS.search(near) or _BESIDE_DAYS.search(near):
        return None
    if not re.search(r"\b(?:project|partnership|last\w*|run\w*|duration|takes?)\b", near, re.I):
        return None
    months = number(match["n"]) * (12 if match["unit"].casefold().startswith("year") else 1)
    return Told(Range(months, months), match[0])


def activity_days(text: str) -> Told | None:
    """How long the activity lasts, perhaps with the days of travel."""
    match = _one(list(_DAYS.finditer(text)), text)
    if match is None or match["n"].casefold() in _NO_NUMBER - {"a", "an"}:
        return None
    near = text[max(0, match.start() - _WINDOW) : match.end() + 25]
    before = _sentence(text, match.start())
    if _BESIDE_DAYS.search(near) or re.search(r"\bproject (?:of|lasts)\s*$", before, re.I):
        return None
    count = number(match["n"])
    week = match["unit"].casefold().startswith("week")
    return Told(Range(count * 5, count * 7) if week else Range(count, count), match[0])


def as_years(day: date) -> float:
    """A day as a number of years: the middle of 2024 is 2024.5."""
    return day.year + (day.timetuple().tm_yday - 1) / 366


def founded(text: str, today: date) -> Told | None:
    """The years (as 2024.5) in which the asker may have been set up."""
    match = _one(list(_FOUNDED.finditer(text)), text)
    if match is None or re.search(r"\bpartners?\b", _sentence(text, match.start()), re.I):
        return None
    now = as_years(today)
    if match["last"] or match["this"] or match["year"]:
        year = int(match["year"] or today.year - bool(match["last"]))
        span = Range(year, year + 1) if year <= today.year else None
        if match["for"] or (span and "since" not in match[0] and re.search(r"exist", match[0])):
            return None
    elif match["for"]:
        span = Range(0, now - number(match["for"]))
    else:
        ago = number(match["ago"]) / (12 if match["unit"].casefold().startswith("m") else 1)
        slack = 1 / 12 if match["unit"].casefold().startswith("m") else 1.0
        span = Range(now - ago - slack, now - ago + slack)
    return None if span is None else Told(span, match[0])


def charter(text: str) -> bool | None:
    """Whether the asker says to hold the charter for higher education."""
    match = _one(list(_HOLDS.finditer(text)), text)
    if match is None or _NOT_VALID.search(text):
        return None
    if re.search(r"\bpartners?\b", _sentence(text, match.start()), re.IGNORECASE):
        return None  # whose it is is not said
    return not match["no"]
