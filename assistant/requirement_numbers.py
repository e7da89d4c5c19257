"""Conditions in numbers: how long a project or an activity lasts, how old and how many people are.

What a number is about stands in its label ("Duration of activity"), never in the number alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.asker import Asker
from assistant.lexicon import fold
from assistant.model import Met
from assistant.told import Range, Told
from assistant.verdicts import UNKNOWN, Requirement, Test, Verdict, compared, words_of

LISTED = "days of one of several activities"
"""Subject of a list item that names its activity itself."""

_MONTHS = re.compile(
    r"^(?:duration of (?:the )?project: |project duration: )?(?P<usual>projects should normally "
    r"last )?(?:(?:from|between) (?P<low>\d+) (?:up to|to|and) (?P<high>\d+)|(?P<each>\d+(?:(?:, "
    r"| or )\d+)*)) months(?P<rest>.*)$"
)


def _project_months(text: str) -> Requirement | None:
    """How long a project lasts."""
    match = _MONTHS.match(text)
    if match is None or (match["rest"].strip(" .") and not match["usual"]):
        return None
    usual = bool(match["usual"])
    each = [int(n) for n in re.findall(r"\d+", match["each"] or "")]

    def test(asker: Asker) -> Verdict:
        told = asker.project_months
        if told is None:
            return UNKNOWN
        if each:
            fitting = [n for n in each if told.range.within(n, n)] or each[-1:]
            verdict = compared(told, fitting[0], fitting[0])
        else:
            verdict = compared(told, int(match["low"]), int(match["high"]))
        # "Normally": others can be agreed.
        return UNKNOWN if usual and verdict.met is Met.NOT_MET else verdict

    return Requirement(test=test, words=words_of(text), subject="project months")


_SPAN = r"(?:from |between )?(?P<low>\d+) ?(?:to|and|-|up to) ?(?P<high>\d+) (?:consecutive )?days"
_DAYS = re.compile(
    rf"^(?:duration of (?:the )?activit(?:y|ies): )?{_SPAN}"
    r"(?P<travel>,? \(?excluding travel (?:days|time)\)?)?\.?$"
)
TRAVEL_DAYS = 2
"""Who says how long an activity is may have counted the day before and the day after."""
MOST_TRAVEL_DAYS = 6
"""The most days of travel that guides pay for (with green travel): counted by who says so."""
_WITH_TRAVEL = re.compile(r"\b(?:incl\w*|with|counting) (?:the )?travel", re.IGNORECASE)
_WITHOUT_TRAVEL = re.compile(
    r"\b(?:exclud\w*|excl\.?|without|not (?:counting|including)|plus|besides) (?:\w+ )?travel|"
    r"\btravel (?:days? |time )?(?:not (?:included|counted)|excluded)",
    re.IGNORECASE,
)


def _activity_days(text: str) -> Requirement | None:
    """How long an activity lasts."""
    match = _DAYS.match(text)
    if match is None:
        return None
    test = _days_test(int(match["low"]), int(match["high"]), travel=bool(match["travel"]))
    return Requirement(test=test, words=words_of(text), subject="days")


def _days_test(low: int, high: int, *, travel: bool) -> Test:
    def test(asker: Asker) -> Verdict:
        told = asker.activity_days
        if told is None:
            return UNKNOWN
        margin = _days_of_travel(asker.question) if travel else 0
        days = Range(told.range.low - margin, told.range.high)
        return compared(Told(days, told.said), low, high)

    return test


def _days_of_travel(question: str) -> int:
    """How many of the days told may be days of travel."""
    if _WITHOUT_TRAVEL.search(question):
        return 0
    return MOST_TRAVEL_DAYS if _WITH_TRAVEL.search(question) else TRAVEL_DAYS


_ACTIVITY = re.compile(
    r"^(?P<name>[a-z][a-z -]+?)(?: \(erasmuspro\))? \((?P<low>\d+) to (?P<high>\d+) days(?P<rest>,"
    r"[^)]*)?\)\.?$"
)
_SMALL_WORDS = {"and", "of", "the", "in", "or", "vet", "school", "adult", "for"}


def read_listed_activity(text: str) -> Requirement | None:
    """How long an activity of a list lasts: of the one that the asker names."""
    match = _ACTIVITY.match(text)
    if match is None:
        return None
    # "Courses and training" is meant by who says "a course".
    first = re.split(r" (?:and|or) ", match["name"])[0]
    words = [w for w in first.split() if w not in _SMALL_WORDS]
    words = [w for w in words if not re.match(r"learner|pupil|mobilit", w)]
    within = _days_test(int(match["low"]), int(match["high"]), travel=False)

    def named(asker: Asker) -> bool:
        asked = fold(asker.question)
        return bool(words) and all(
            re.search(rf"\b{re.escape(w[:6].rstrip('s'))}", asked) for w in words
        )

    def test(asker: Asker) -> Verdict:
        return within(asker) if named(asker) and not match["rest"] else UNKNOWN

    return Requirement(
        test=test,
        words=words_of(text),
        subject=LISTED,
        concerns=named,
    )


_AGED = re.compile(
    r"^(?:eligible participants: )?(?P<who>young people(?P<which>[\w -]*?)) aged between "
    r"(?P<low>\d+) and (?P<high>\d+)(?: years old)?"
)
_OLD_ENOUGH = re.compile(r"^(?:eligible participants: )?minimum (?P<low>\d+) years old\.?$")


def _ages(text: str) -> Requirement | None:
    """How old participants must be."""
    match = _AGED.match(text) or _OLD_ENOUGH.match(text)
    if match is None:
        return None
    found = match.groupdict()
    low, high = int(found["low"]), int(found["high"]) if found.get("high") else None
    whole = not (found.get("which") or "").strip()

    def test(asker: Asker) -> Verdict:
        if asker.ages is None:
            return UNKNOWN
        youngest, oldest = (compared(told, low, high, whole=whole) for told in asker.ages)
        if youngest.met is Met.NOT_MET:
            return youngest
        return oldest if youngest.met is Met.MET or oldest.met is Met.NOT_MET else UNKNOWN

    return Requirement(test=test, words=words_of(text[: match.end()]), subject="ages")


_PARTICIPANTS = re.compile(
    r"^(?:number of participants: )?(?:minimum (?P<low>\d+) and maximum (?P<high>\d+)|(?:up to|"
    r"maximum) (?P<most>\d+)) participants (?:per|in each) (?:activity|project)\b"
)


def _participants(text: str) -> Requirement | None:
    """How many participants an activity or project may have."""
    match = _PARTICIPANTS.match(text)
    if match is None:
        return None
    low, high = int(match["low"] or 0), int(match["high"] or match["most"])

    def test(asker: Asker) -> Verdict:
        told = asker.participants
        if told is None:
            return UNKNOWN
        return compared(told, low, high)

    return Requirement(test=test, words=words_of(text[: match.end()]), subject="participants")


_LABELLED: tuple[tuple[re.Pattern[str], Callable[[str], Requirement | None]], ...] = (
    (re.compile(r"^(?:duration of (?:the )?project|project duration)$"), _project_months),
    (re.compile(r"^duration of (?:the )?activit(?:y|ies)$"), _activity_days),
    (re.compile(r"^eligible participants$"), _ages),
    (re.compile(r"^number of participants\b"), _participants),
)
"""Which label a sentence must stand under for what it says in numbers to be about that."""


def read_labelled(text: str, label: str) -> Requirement | None:
    """A condition in numbers under a label; None where it is none.

    Args:
        text: as `assistant.verdicts.plain` gives it.
        label: the heading above it or the label of its row, folded.
    """
    for pattern, read in _LABELLED:
        if pattern.search(label):
            found = read(text)
            if found is not None:
                return found
    return None
