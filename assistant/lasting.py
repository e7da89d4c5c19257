"""What lasts, and who pays for it: a project or its activities, internal or external funds.

Chapters on mobility say in the same words how long projects last and how long people are away,
and what is done with funds for the Union's internal and for its external policies.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.lexicon import fold
from assistant.model import Asks, Query

_TRAVEL_DAYS = r"\b(?:travel(?:l?ing)? days?|days? (?:of|for) travel\w*)\b"
_TRAVEL_ASKED = re.compile(
    rf"^{_TRAVEL_DAYS}|\b(?:how many|number of|max\w*|extra|additional)\b[^.?]*{_TRAVEL_DAYS}"
)
_PROJECT = r"\bprojects?\b"
_ACTIVITY = r"\b(?:activit(?:y|ies)|mobilit(?:y|ies)|stays?|job[- ]shadowing|courses?)\b"
_ASKED = (("project", _PROJECT), ("activity", _ACTIVITY))
_JOINED = re.compile(r"\b(?:mobility|activity|stay) projects?\b|\bprojects? (?:for|on) mobility\b")
_NAMED = {
    "travel": r"\b(?:\d+|one|two|three|four|five|six|seven|additional) travel days?\b",
    "project": r"^duration of (?:the )?project|^project duration\b|"
    r"\bprojects? (?:should|must|can|may|will|normally|lasts?)\b.{0,60}\b(?:months|years)\b|"
    r"\bmobility projects supported by\b.{0,60}\bmonths\b",
    "activity": r"^duration (?:per|of (?:the )?(?:\w+ )?(?:activit|mobilit))|"
    r"\b(?:mobility|mobilities|activity|activities)\b.{0,40}\b(?:last|lasts|from \d|between \d)\b|"
    r"\bexcluding travel (?:time|days?)\b",
}
_NAMES = tuple((name, re.compile(pattern)) for name, pattern in _NAMED.items())
_FUNDS = re.compile(r"\b(?P<which>internal|external) policy funds\b|\bka ?(?P<code>131|171)\b")
_CODES = {"131": "internal", "171": "external"}
_OF_FUNDS = re.compile(
    r"(?:for )?mobility projects supported by (internal|external) policy funds\b", re.IGNORECASE
)


def lasting_asked(query: Query, part: str = "") -> frozenset[str]:
    """What a question asks the duration of: "project", "activity", "travel" days, if it says so.

    Args:
        query: as understood.
        part: of the question, which alone counts.
    """
    return _asked_in(part or query.question, Asks.DURATION in query.wants)


@lru_cache(maxsize=256)
def _asked_in(text: str, of_duration: bool) -> frozenset[str]:
    folded = _JOINED.sub("project", fold(text))
    if _TRAVEL_ASKED.search(folded):
        return frozenset({"travel"})
    if not of_duration:
        return frozenset()
    return frozenset(name for name, pattern in _ASKED if re.search(pattern, folded))


@lru_cache(maxsize=16_384)
def lasting_named(text: str) -> frozenset[str]:
    """Of what a text says how long it lasts."""
    folded = fold(text)
    return frozenset(name for name, pattern in _NAMES if pattern.search(folded))


def tells_lasting(query: Query, text: str) -> bool:
    """Whether a text says how long that lasts whose duration is asked for."""
    return not lasting_asked(query).isdisjoint(lasting_named(text))


def tells_travel_days(text: str) -> bool:
    """Whether a text says of days of travel that they count."""
    return "travel" in lasting_named(text)


@lru_cache(maxsize=16_384)
def funds_named(text: str) -> frozenset[str]:
    """Which funds a text names; two codes of actions stand for them."""
    found = _FUNDS.finditer(fold(text))
    return frozenset(match["which"] or _CODES[match["code"]] for match in found)


def of_funds(text: str, asked: frozenset[str]) -> tuple[int, int]:
    """The part of a cell that is of the funds asked for, where it says of each in turn."""
    marks = list(_OF_FUNDS.finditer(text))
    if len(asked) == 1 and {mark[1].casefold() for mark in marks} == {"internal", "external"}:
        for mark, after in zip(marks, [*marks[1:], None], strict=True):
            if mark[1].casefold() in asked and not text[: marks[0].start()].strip():
                end = after.start() if after else len(text)
                return mark.start(), mark.start() + len(text[mark.start() : end].rstrip())
    return 0, len(text)
