"""Deadlines of a guide as data: where they stand, and each as a moment with its zone.

Guides give a day and an hour without the year, "5 March at 12:00:00 (midday Brussels time)": the
year is the call year of the edition, the zone is Brussels unless no hour is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.deadline_labels import label_of, place_of
from assistant.facts import Fact, FactKind, find_facts
from assistant.model import Citation, Deadline
from corpus.model import Chunk, ChunkKind, Document

BRUSSELS = ZoneInfo("Europe/Brussels")
MOST = 4
"""Most deadline passages of one action: its fields and the bodies that manage it differ."""

_HOUR = re.compile(r"\d[:h][0-5]\d")
_LABEL = re.compile(
    r"deadline|when to apply|submission|date limite|quand|frist|wann|plazo|cu[aá]ndo|scadenz|"
    r"termin|πότε|προθεσμ|prazo|quando|termen",
    re.IGNORECASE,
)
_HOUR_REACH = 60
"""An hour belongs to the date that stands at most so many characters before it."""


def deadline_chunks(document: Document) -> tuple[Chunk, ...]:
    """The chunks that tell a deadline: a day with an hour, or a day under such a label."""
    return tuple(
        chunk
        for chunk in document.chunks
        if chunk.kind is not ChunkKind.FOOTNOTE
        and _tells_deadline(chunk.text, chunk.headings[-1:], chunk.context)
    )


@lru_cache(maxsize=65_536)
def _tells_deadline(text: str, heading: tuple[str, ...], context: str) -> bool:
    labelled = _LABEL.search(" ".join((*heading, context))) is not None
    if not labelled and not _HOUR.search(text):
        return False
    kinds = {fact.kind for fact in find_facts(text)}
    return FactKind.DATE in kinds and (labelled or FactKind.TIME in kinds)


def find_deadlines(
    citations: Sequence[Citation],
    documents: Mapping[str, Document],
    *,
    now: datetime,
    names_action: Callable[[str], bool] = lambda _heading: False,
) -> tuple[Deadline, ...]:
    """The deadlines that quotes tell, in their order, each once.

    Args:
        citations: a day without a year counts as one of the call year.
        documents: those that are cited, by id.
        now: with its zone; what days are counted from.
        names_action: whether a heading is that of an action: what a date is due for where the
            passage itself tells no round or kind of project.
    """
    found: dict[tuple[datetime, str, str], Deadline] = {}
    for citation in citations:
        document = documents[citation.document_id]
        facts = find_facts(citation.quote)
        for index, fact in enumerate(facts):
            moment = _moment(citation.quote, facts, index, document.edition.year)
            if moment is None:
                continue
            label = _label(citation, fact, document)
            what = label or next(filter(names_action, reversed(citation.headings)), "")
            known = {d.what for (m, of, _), d in found.items() if (m, of) == (moment, document.id)}
            if known and not label:
                continue  # told already, and with what it is for
            days = (moment.date() - now.astimezone(BRUSSELS).date()).days
            deadline = Deadline(moment=moment, what=what, citation=citation.number, days=days)
            found.setdefault((moment, document.id, label), deadline)
    return tuple(found.values())


def _moment(quote: str, facts: Sequence[Fact], index: int, year: int | None) -> datetime | None:
    """The moment of a date that has an hour; None for any other fact."""
    fact = facts[index]
    if fact.day is None or _before_dates(quote[: fact.start]):
        return None
    following = facts[index + 1] if index + 1 < len(facts) else None
    if (
        following is None
        or following.kind is not FactKind.TIME
        or following.start - fact.end > _HOUR_REACH
    ):
        return None
    year, month, day = fact.day[0] or year, *fact.day[1:]
    minutes = int(following.value)
    if not year:
        return None
    return datetime(year, month, day, minutes // 60, minutes % 60, tzinfo=BRUSSELS)


def _label(citation: Citation, date: Fact, document: Document) -> str:
    """What the passage of the quote says that a date is due for."""
    span = document.page(citation.page).span
    near = [c.text for c in document.chunks if span.start < c.span.end and c.span.start < span.end]
    place = place_of(citation.quote, date.start, date.end, near)
    if place is None:
        return ""
    text, at = place
    return label_of(text, at, at + date.end - date.start)


def _before_dates(text: str) -> bool:
    """Whether what stands before a date says that it is a start of projects, not a deadline."""
    return re.search(r"(?:between|starting|starts?|from|until)\s+(?:on\s+)?$", text) is not None
