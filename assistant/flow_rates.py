"""What people get who go from one country to another: the one row of the guide that it is.

"Students from Spain to Germany, how much a month?" stands in no sentence: one table has the groups
of both countries, a list the ranges between groups, others the rows for third countries. Words
alone find the row of the other direction, or that of staff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.budget_lines import budget_lines
from assistant.citing import quoted_lines
from assistant.extractive import Draft
from assistant.flow_rows import (
    LivingCosts,
    Told,
    by_country_group,
    by_receiving,
    from_outermost,
    from_to,
    sentence,
    top_ups,
)
from assistant.flow_spots import AS_PROGRAMME, ONLY_RECEIVING, Spot, how_placed, spots_of
from assistant.flows import End, Field, Flow, flow_of
from assistant.messages import Messages
from assistant.model import Asks, Passage, Query
from assistant.standing import Places, guide_that_lists
from assistant.units import units_of
from assistant.worth import Candidate
from corpus.language import DEFAULT
from corpus.model import Document
from corpus.settings import AnswerSettings

_RATE = re.compile(
    r"\b(?:individual support|subsistence|monthly|(?:per|a|each) (?:month|day)|daily|rates?|"
    r"grants?|stipends?|scholarships?|allowances?|amounts?|"
    r"how much (?:money|will|would|does?|do|can))\b|"
    r"\bwhat (?:do|does|will|would|can)\b.*\b(?:get|receive|paid)\b"
)
_ELSE = re.compile(
    r"\b(?:travel (?:costs?|money|expenses?|days?|time)|(?:how much|for) travel|green|km|"
    r"kilomet\w+|distance|visas?|insurance|tuition|fees?|accommodation|housing|rent|tax\w*|"
    r"salar\w+|wages?|paid work|how many|how long|deadlines?|budget|visits?|project|languages?|"
    r"20\d\d and|compared?|maximum (?:duration|number)|exact(?:ly)?)\b"
)
"""Other money, and what agencies fix."""
_SHORT = re.compile(r"\b(?:short\w*|blended|bips?|doctoral|phd|days?|daily|weeks?|virtual)\b")
_TOP_UP = re.compile(r"\btop[- ]?ups?\b|\bextras?\b|\bon top\b|\bsupplements?\b")
_IN_GROUP = re.compile(r"^[^:;]+: (?:Country g|G)roup \d\b[^:]*$")
_GROUP = re.compile(r"\bwhich\b[^?]*\bgroup\b")
_BASE = re.compile(
    r"\b(?:individual support|range|base (?:amount|grant|rate)|monthly (?:amount|grant|rate))\b"
)
_EXTRA = {
    "traineeships": r"\btrainee\w*|\binternship",
    "fewer opportunities": r"\bfewer opp|\bdisab",
}
_LEARNERS = {Field.VET: "VET learners", Field.SCHOOL: "School pupils", Field.ADULT: "Learners"}
_AIDED = frozenset(str(number) for number in range(2, 12))
"""Regions in which most countries are eligible for development assistance."""
_ONLY_INCOMING = r"are limited to incoming mobility from third countries"
_AS_STAFF = r"In case of accompanying persons, the rates for staff apply"


def rates_of_flow(
    query: Query, passages: Sequence[Passage], messages: Messages, settings: AnswerSettings
) -> Draft | None:
    """The rows for people who go from one country to another.

    Args:
        query: as understood. One that compares editions is left to others.
        passages: as ranked; the first guide of theirs whose lists can be read is taken.
        messages: sentences.
        settings: limits of words and quotes.

    Returns:
        None where the question asks anything else, or the guide has no such row.
    """
    if query.compare or query.other_programmes or query.language != DEFAULT:
        return None
    if query.asks is Asks.YES_NO:
        return None
    flow = flow_of(query)
    guide = guide_that_lists(passages) if flow is not None and _asks_rate(query, flow) else None
    if flow is None or guide is None:
        return None
    document, places = guide
    told = list(_Rates(document, places, messages).told(flow))
    shown = _shown(document, told[:1])
    if _GROUP.search(flow.words):
        told.sort(key=lambda line: _IN_GROUP.search(line[0]) is None)
    lines, citations = quoted_lines(document, told, settings)
    return Draft(lines=lines, citations=citations, shown=shown) if lines else None


def _shown(document: Document, told: Sequence[Told]) -> tuple[Candidate, ...]:
    """The rows of what is told, which other editions may have with other amounts."""
    ends = [spans[-1] for _, spans in told]
    return tuple(
        Candidate(
            unit=unit,
            passage=Passage(rank=1, score=1.0, chunk=chunk, document=document),
            worth=0.0,
            held=frozenset(),
            supplies=frozenset({Asks.AMOUNT}),
        )
        for chunk in document.chunks
        if any(chunk.span.contains(end) for end in ends)
        for unit in units_of(chunk)
        if any(unit.span.contains(end) for end in ends)
    )


def _asks_rate(query: Query, flow: Flow) -> bool:
    if _ELSE.search(flow.words):
        return False
    if not (Asks.AMOUNT in query.wants or _RATE.search(flow.words)):
        return False
    if budget_lines(flow.words) - {"individual"}:
        return False
    if _TOP_UP.search(flow.words) and not _BASE.search(flow.words):
        return False
    of_student = flow.of is Field.HIGHER and not flow.staff
    return not (of_student and _SHORT.search(flow.words))


class _Rates:
    """The rows of one guide."""

    def __init__(self, document: Document, places: Places, messages: Messages) -> None:
        self._document, self._places, self._messages = document, places, messages
        self._costs = LivingCosts(document)

    def _grouped(self, end: End) -> list[Spot] | None:
        """The places of an end, each with its group of living costs."""
        spots = spots_of(end, self._document, self._places)
        if spots is None or end.group:
            return spots
        return [
            replace(s, group=self._costs.group_of(s.code if s.programme else None, s.region))
            for s in spots
        ]

    def told(self, flow: Flow) -> Iterator[Told]:
        """What is told of a flow, the amounts first; nothing where a country is not listed."""
        if flow.sending.outermost or flow.receiving.outermost:
            if flow.of is Field.HIGHER and not flow.staff and not flow.receiving.outermost:
                yield from from_outermost(self._document)
            return
        froms, tos = self._grouped(flow.sending), self._grouped(flow.receiving)
        if froms is None or tos is None:
            return
        amounts: dict[Told, None] = {}
        for here in froms:
            for there in tos:
                amounts.update(dict.fromkeys(self._amounts(flow, here, there)))
        if not amounts:
            return
        yield from amounts
        if flow.of is not Field.HIGHER:
            return
        only_receiving = any(spot.region in AS_PROGRAMME for spot in froms)
        abroad = any(not there.programme and there.region not in AS_PROGRAMME for there in tos)
        extra = [who for who, words in _EXTRA.items() if re.search(words, flow.words)]
        for spot in dict.fromkeys(tos if abroad else (*froms, *tos)):
            yield from self._where(spot, flow, only_receiving, whole=not extra)
        if flow.external and not flow.staff and any(there.region in _AIDED for there in tos):
            yield from sentence(self._document, _ONLY_INCOMING)
        if not flow.staff:
            yield from top_ups(self._document, extra)

    def _amounts(self, flow: Flow, here: Spot, there: Spot) -> Iterator[Told]:
        if flow.of is not Field.HIGHER:
            label = f"{_LEARNERS[flow.of]}/Staff" if flow.staff else _LEARNERS[flow.of]
            if there.code:
                rates = by_country_group(self._document, label, there.code, there.name)
                yield from rates[:1]
                if rates and flow.accompanying:
                    yield from sentence(self._document, _AS_STAFF, rates[0][1][0].end)
                yield from rates[1:]
        elif flow.staff:
            incoming = None
            if not here.programme or flow.invited:
                incoming = True
            elif here.told or flow.sending.ours or not there.programme:
                incoming = False
            if there.told:
                yield from by_receiving(self._document, there.code, there.region, incoming=incoming)
        elif not here.programme and here.region in AS_PROGRAMME:
            yield from sentence(self._document, ONLY_RECEIVING)
        elif here.programme and (there.programme or there.region in AS_PROGRAMME):
            yield from self._costs.ranges(here.group, there.group)
        elif here.programme != there.programme:
            yield from from_to(self._document, here.region, there.region, there.group)

    def _where(
        self, spot: Spot, flow: Flow, only_receiving: bool, *, whole: bool
    ) -> Iterator[Told]:
        """How the guide lists a country, where the row does not name it.

        Args:
            spot: the country.
            flow: to or from it.
            only_receiving: whether nobody comes from there, so that no group matters.
            whole: whether to say what its group is; there is little room beside top-ups.
        """
        if not spot.listed:
            return
        as_programme = spot.programme or spot.region in AS_PROGRAMME
        if as_programme and not flow.staff and not only_receiving:
            yield from self._costs.told(spot.code, spot.region, spot.name, whole=whole)
        if not spot.programme:
            yield from how_placed(spot, self._document, self._messages)
