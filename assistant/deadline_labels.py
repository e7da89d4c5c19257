"""What a date of a guide is due for, in the guide's words: its round, its kind of project.

A deadline's own heading ("When to apply?") says nothing that tells one date from another. What
does stands in its line ("Round 2: ..."), in its sentence ("If an additional round is organised,
..."), in the line that leads to its list ("For Partnerships in the field of sport:"), or after it
("for projects starting between 1 June and 31 December"). Where none of these says it, there is no
label: a wrong one is worse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from corpus.model import CELL_SEPARATOR

LABEL_CHARS = 220
"""Longer ones are no labels but sentences."""

_BARE = re.compile(
    r"when to apply|deadline$|deadlines$|^deadline for|submit (?:their|the|your)|"
    r"following dates?|υποβάλλεται η αίτηση|προθεσμ\w+ υποβολής|να υποβάλουν|ακόλουθ",
    re.IGNORECASE,
)
"""What only says that there is a date."""
_CASE = re.compile(
    r"(?:If|In case of|In the case of|Εάν|Αν|Σε περίπτωση)\b[^,:;]+?"
    r"(?=,|\s(?:the )?applicants\b|\sοι αιτούντες\b)"
)
_STARTING = re.compile(
    r"[\s,]*(?:\([^()]*\))?[\s,]*"
    r"((?:both )?(?:for (?:the )?projects|(?:τόσο )?για (?:τα )?σχέδια)\b[^.;·\n]*)"
)
_SENTENCE_END = re.compile(r"(?<=[.;…])\s+")
_NOTES = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_BULLET = re.compile(r"^[\s•▪◦‣⁃·–—-]+")
_LEAD = re.compile(rf"{re.escape(CELL_SEPARATOR.strip())}|:(?=\s|$)")


def label_of(text: str, start: int, end: int) -> str:
    """What the date at an offset of a passage is due for; "" where the passage does not say.

    Args:
        text: of the passage, as the document holds it.
        start: where the date begins.
        end: where it ends.
    """
    above, _, before = text[:start].rpartition("\n")
    return (
        _own(before)
        or next(filter(None, map(_leading, reversed(above.split("\n")))), "")
        or _starting(text[end:])
    )


def place_of(quote: str, start: int, end: int, texts: Iterable[str]) -> tuple[str, int] | None:
    """Which of some passages a date of a quote comes from, and where it stands there.

    Args:
        quote: pieces of a page, as a citation joins them.
        start: where the date begins in it.
        end: where it ends.
        texts: of the passages.
    """
    best: tuple[int, tuple[str, int] | None] = (0, None)
    behind, ahead = _letters(quote[:start])[::-1], _letters(quote[end:])
    for text in texts:
        for found in re.finditer(re.escape(quote[start:end]), text):
            alike = 1 + _alike(behind, _letters(text[: found.start()])[::-1])
            alike += _alike(ahead, _letters(text[found.end() :]))
            if alike > best[0]:
                best = alike, (text, found.start())
    return best[1]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _letters(text: str) -> str:
    """Without spaces, bullets and what marks that words were left out."""
    return "".join(filter(str.isalnum, text))


def _own(before: str) -> str:
    """The label in a date's own line: of its sentence, its row, what its colon follows."""
    case = _CASE.match(_last_sentence(before))
    if case:
        return _clean(case[0])
    *leads, _ = _LEAD.split(before)
    return next(filter(None, (_label(_last_sentence(lead)) for lead in reversed(leads))), "")


def _leading(line: str) -> str:
    """The label in a line above, where it leads to what follows."""
    if not line.rstrip().endswith(":"):
        return ""
    sentence = _last_sentence(line.rstrip().removesuffix(":"))
    case = _CASE.match(sentence)
    return _clean(case[0]) if case else _label(sentence)


def _starting(after: str) -> str:
    """Which projects a date is for, where its sentence says so: the time in which they start."""
    hour = re.match(r"[^.;·\n]{0,12}\d\d?[:.h]\d\d(?:[:.]\d\d)?", after)
    found = _STARTING.match(after[hour.end() :] if hour else after)
    return _label(found[1]) if found else ""


def _last_sentence(text: str) -> str:
    return _BULLET.sub("", _SENTENCE_END.split(text.strip())[-1])


def _label(words: str) -> str:
    cleaned = _clean(words)
    return "" if len(cleaned) > LABEL_CHARS or _BARE.search(cleaned) else cleaned


def _clean(words: str) -> str:
    return _NOTES.sub("", _BULLET.sub("", " ".join(words.split()))).rstrip(" ,.:")
