"""The default answer, without a language model: the guide's own words, composed.

The unit (sentence, list item, table row) that answers leads; then units that belong to it, each
with its citation. A unit's worth is the share of the question's words it holds (rare words weigh
more; words of its heading path count half), a bonus where it holds the kind of fact that is
asked for or a band that holds a stated quantity, and the rank of its passage.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.citing import Line, cite, readable
from assistant.facts import FactKind, Quantity, falls_in, find_facts, find_quantities
from assistant.model import Asks, Citation, Passage, Query
from assistant.rows import is_head, read_row
from assistant.units import Unit, UnitKind, split_units
from corpus.model import CELL_SEPARATOR, ChunkKind, Span
from corpus.settings import AnswerSettings

Stems = Callable[[str, str], list[str]]
"""(text, language) → stems, in order; see `corpus.tokens`."""

CONTEXT_SHARE = 0.5
"""Worth of a question word that stands in the heading path or context, not in the unit."""
FACT_BONUS = 0.35
BAND_BONUS = 0.6
"""For a unit with a band ("500-1999 km") that holds a quantity of the question ("1500 km")."""
RANK_DECAY = 0.12
FURTHER_SHARE = 0.55
"""A further unit must be worth this share of the leading one."""
NAME_SHARE = 0.5
"""Weight of words that only name the action asked about: its whole chapter holds them."""
FACTLESS_SHARE = 0.8
"""Worth of a unit without the kind of fact that is asked for."""
PASSAGES_READ = 6
MIN_WORDS = 4
"""Fewer say nothing alone: "417 EUR" of what?"""
_LABEL_WORDS = 7

_BULLET = re.compile(r"^[\s•▪◦‣⁃·–—-]+(?=\S)")
_WANTED = {
    Asks.AMOUNT: frozenset({FactKind.AMOUNT, FactKind.PERCENT}),
    Asks.DATE: frozenset({FactKind.DATE, FactKind.TIME}),
    Asks.DURATION: frozenset({FactKind.DURATION}),
    Asks.NUMBER: frozenset({FactKind.NUMBER, FactKind.DURATION, FactKind.PERCENT}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Lines of an answer and their citations, not yet verified."""

    lines: tuple[Line, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    unit: Unit
    passage: Passage
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A unit as the answer shows it, and what must be quoted for it."""

    scored: _Scored
    text: str
    spans: tuple[Span, ...]


def draft(
    query: Query, passages: Sequence[Passage], *, stems: Stems, settings: AnswerSettings
) -> Draft:
    """Composes an answer from ranked passages.

    Args:
        query: as understood.
        passages: best first.
        stems: how words are reduced for comparison.
        settings: limits of words and quotes.

    Returns:
        Lines in the order they are shown; empty where no unit shares a word with the question.
    """
    parts = [[p for p in passages if p.document.id == edition] for edition in query.compare]
    parts = [part for part in parts if part] or [list(passages)]
    groups: list[list[_Shown]] = []
    for part in parts:
        composer = _Composer(query=query, passages=part[:PASSAGES_READ], stems=stems)
        groups += composer.choose(
            max_words=settings.max_words // len(parts),
            max_quotes=max(1, settings.max_quotes // len(parts)),
        )
    return _compose(groups)


@dataclass(frozen=True, kw_only=True)
class _Composer:
    query: Query
    passages: Sequence[Passage]
    stems: Stems

    def choose(self, *, max_words: int, max_quotes: int) -> list[list[_Shown]]:
        """Groups of units, one group a page: the leading unit first, then what is worth adding."""
        groups: dict[tuple[str, int], list[_Shown]] = {}
        taken: set[str] = set()
        words = 0
        scored = self._score()
        for candidate in scored:
            if candidate.worth < scored[0].worth * FURTHER_SHARE or not candidate.worth:
                break
            document = candidate.passage.document
            key = (document.id, document.page_at(candidate.unit.span.start).number)
            if key not in groups and len(groups) >= max_quotes:
                continue
            shown = self._show(candidate)
            size = len(shown.text.split())
            if size < MIN_WORDS or shown.text in taken or (words and words + size > max_words):
                continue
            groups.setdefault(key, []).append(shown)
            taken.add(shown.text)
            words += size
        return list(groups.values())

    def _score(self) -> list[_Scored]:
        units = [
            (unit, passage)
            for passage in self.passages
            for unit in split_units(passage.chunk.text, offset=passage.chunk.span.start)
            if not _is_label(unit, passage)
        ]
        words = [set(self._stems(unit.text, passage)) for unit, passage in units]
        contexts = {
            p.chunk.id: set(self._stems(" ".join((*p.chunk.headings, p.chunk.context)), p))
            for p in self.passages
        }
        frequency = Counter(word for unit_words in words for word in unit_words)
        stated = find_quantities(self.query.topic)
        scored = []
        for (unit, passage), unit_words in zip(units, words, strict=True):
            wanted = self._wanted(passage)
            context = contexts[passage.chunk.id]
            names = self._names(passage)
            worth = _worth(wanted, names, unit_words, context, frequency, len(units))
            if worth:
                worth = _with_facts(worth, self.query.asks, unit, passage, stated)
            worth *= math.exp(-RANK_DECAY * (passage.rank - 1))
            scored.append(_Scored(unit=unit, passage=passage, worth=worth))
        return sorted(scored, key=lambda s: (-s.worth, s.passage.rank, s.unit.span))

    def _stems(self, text: str, passage: Passage) -> list[str]:
        return self.stems(text, passage.document.edition.language)

    def _wanted(self, passage: Passage) -> list[str]:
        english = passage.document.edition.language == "en"
        text = " ".join((self.query.topic, *(self.query.terms if english else ())))
        return list(dict.fromkeys(self._stems(text, passage)))

    def _names(self, passage: Passage) -> frozenset[str]:
        return frozenset(self._stems(" ".join(self.query.headings), passage))

    def _show(self, scored: _Scored) -> _Shown:
        unit, passage = scored.unit, scored.passage
        if unit.kind is not UnitKind.ROW:
            spans = (unit.lead, unit.span) if unit.lead else (unit.span,)
            return _Shown(scored=scored, text=readable(_BULLET.sub("", unit.text)), spans=spans)
        known = frozenset(self._wanted(passage))
        kinds = _WANTED.get(self.query.asks, frozenset())

        def worth(text: str) -> float:
            asked = any(fact.kind in kinds for fact in find_facts(text))
            return len(known & set(self._stems(text, passage))) + (20.0 if asked else 0.0)

        row = read_row(passage.document, unit.span, worth)
        if row is not None:
            return _Shown(scored=scored, text=readable(row.text), spans=row.spans)
        cells = (cell.strip() for cell in unit.text.split(CELL_SEPARATOR.strip()))
        text = readable("; ".join(cell for cell in cells if cell))
        return _Shown(scored=scored, text=text, spans=(unit.span,))


def _is_label(unit: Unit, passage: Passage) -> bool:
    """Whether a unit is a heading, a head of columns or a bare label: it says nothing alone."""
    if unit.kind is UnitKind.ROW:
        return is_head(passage.document, unit.span)
    text = readable(unit.text)
    if text.casefold() in {heading.casefold() for heading in passage.chunk.headings}:
        return True
    if unit.kind is UnitKind.ITEM or any(c.isdigit() for c in text):
        return False
    return len(text.split()) <= _LABEL_WORDS and not text.endswith((".", "!", ":", ";"))


def _worth(
    wanted: Sequence[str],
    names: frozenset[str],
    unit_words: set[str],
    context: set[str],
    frequency: Counter[str],
    total: int,
) -> float:
    weights = {
        word: math.log(1 + total / (1 + frequency[word])) * (NAME_SHARE if word in names else 1.0)
        for word in wanted
    }
    whole = sum(weights.values())
    if not whole:
        return 0.0
    held = sum(
        weight * (1.0 if word in unit_words else CONTEXT_SHARE if word in context else 0.0)
        for word, weight in weights.items()
    )
    return held / whole


def _with_facts(
    worth: float, asks: Asks, unit: Unit, passage: Passage, stated: tuple[Quantity, ...]
) -> float:
    """The worth raised for the kind of fact asked for and for a band that holds a quantity."""
    band = BAND_BONUS if stated and falls_in(unit.text, stated) else 0.0
    kinds = _WANTED.get(asks)
    if kinds is None:
        return worth + band
    facts = {fact.kind for fact in find_facts(unit.text)}
    if facts & kinds:
        return worth + band + FACT_BONUS
    in_table = passage.chunk.kind is ChunkKind.TABLE or unit.kind is UnitKind.ROW
    if in_table and FactKind.NUMBER in facts:
        return worth + band + FACT_BONUS * 0.8
    return worth * FACTLESS_SHARE + band


def _compose(groups: Sequence[Sequence[_Shown]]) -> Draft:
    lines: list[Line] = []
    citations: list[Citation] = []
    for group in groups:
        spans = sorted({span for shown in group for span in shown.spans})
        number = len(citations) + 1
        citation = cite(group[0].scored.passage.document, spans, number=number)
        if citation is None:
            continue
        citations.append(citation)
        # What answers best leads; the rest follows in the order of the page.
        in_order = [group[0], *sorted(group[1:], key=lambda shown: shown.scored.unit.span)]
        lines.extend(Line(text=shown.text, citations=(number,)) for shown in in_order)
    return Draft(lines=tuple(lines), citations=tuple(citations))
