"""Deadlines of a guide as data: where they stand, and each as a moment with its zone.

Guides give a day and an hour without the year, "5 March at 12:00:00 (midday Brussels time)": the
year is the call year of the edition, the zone is Brussels unless no hour is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.facts import FactKind, find_facts
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
    citations: Sequence[Citation], years: Mapping[str, int | None], *, now: datetime
) -> tuple[Deadline, ...]:
    """The deadlines that quotes tell, in their order, each moment once.

    Args:
        citations: a day without a year counts as one of the call year.
        years: call year by document id.
        now: with its zone; what days are counted from.
    """
    found: dict[tuple[datetime, str], Deadline] = {}
    for citation in citations:
        quote = citation.quote
        facts = find_facts(quote)
        for index, fact in enumerate(facts):
            if fact.day is None or _before_dates(quote[: fact.start]):
                continue
            following = facts[index + 1] if index + 1 < len(facts) else None
            hour = (
                following
                if following is not None
                and following.kind is FactKind.TIME
                and following.start - fact.end <= _HOUR_REACH
                else None
            )
            year = fact.day[0] or years.get(citation.document_id)
            if hour is None or not year:
                continue
            minutes = int(hour.value)
            moment = datetime(
                year, fact.day[1], fact.day[2], minutes // 60, minutes % 60, tzinfo=BRUSSELS
            )
            what = citation.headings[-1] if citation.headings else citation.title
            key = (moment, citation.document_id)
            days = (moment.date() - now.astimezone(BRUSSELS).date()).days
            found.setdefault(
                key, Deadline(moment=moment, what=what, citation=citation.number, days=days)
            )
    return tuple(found.values())


def _before_dates(text: str) -> bool:
    """Whether what stands before a date says that it is a start of projects, not a deadline."""
    return re.search(r"(?:between|starting|starts?|from|until)\s+(?:on\s+)?$", text) is not None
