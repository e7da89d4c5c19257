"""The default answer, without a language model: the guide's own words, composed.

The unit (sentence, list item, table row) that answers leads; then units that belong to it, each
with its citation. A unit's worth is the share of the question's words it holds (rare words weigh
more; words of its heading path count half), a bonus where it holds the kind of fact that is
asked for, and the rank of its passage.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.citing import Line, cite, readable
from assistant.facts import FactKind, find_facts
from assistant.model import Asks, Citation, Passage, Query
from assistant.units import Unit, UnitKind, split_units
from corpus.model import CELL_SEPARATOR, ChunkKind, Span
from corpus.settings import AnswerSettings

Stems = Callable[[str, str], list[str]]
"""(text, language) → stems, in order; see `corpus.tokens`."""

CONTEXT_SHARE = 0.5
"""Worth of a question word that stands in the heading path or context, not in the unit."""
FACT_BONUS = 0.35
RANK_DECAY = 0.12
FURTHER_SHARE = 0.55
"""A further unit must be worth this share of the leading one."""
PASSAGES_READ = 6

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
    groups = []
    for part in parts:
        scored = _score(query, part[:PASSAGES_READ], stems)
        groups += _choose(
            scored,
            max_words=settings.max_words // len(parts),
            max_quotes=max(1, settings.max_quotes // len(parts)),
        )
    return _compose(groups)


def _score(query: Query, passages: Sequence[Passage], stems: Stems) -> list[_Scored]:
    wanted_words = {
        language: list(dict.fromkeys(stems(_question_text(query), language)))
        for language in {p.document.edition.language for p in passages}
    }
    units = [
        (unit, passage)
        for passage in passages
        for unit in split_units(passage.chunk.text, offset=passage.chunk.span.start)
    ]
    words = [set(stems(unit.text, p.document.edition.language)) for unit, p in units]
    frequency = Counter(word for unit_words in words for word in unit_words)
    scored = []
    for (unit, passage), unit_words in zip(units, words, strict=True):
        language = passage.document.edition.language
        chunk = passage.chunk
        context = set(stems(" ".join((*chunk.headings, chunk.context)), language))
        worth = _worth(wanted_words[language], unit_words, context, frequency, len(units)) + _bonus(
            query.asks, unit, passage
        )
        worth *= math.exp(-RANK_DECAY * (passage.rank - 1))
        scored.append(_Scored(unit=unit, passage=passage, worth=worth))
    return sorted(scored, key=lambda s: (-s.worth, s.passage.rank, s.unit.span))


def _question_text(query: Query) -> str:
    return " ".join((query.search_text, *query.terms))


def _worth(
    wanted: Sequence[str],
    unit_words: set[str],
    context: set[str],
    frequency: Counter[str],
    total: int,
) -> float:
    weights = {word: math.log(1 + total / (1 + frequency[word])) for word in wanted}
    whole = sum(weights.values())
    if not whole:
        return 0.0
    held = sum(
        weight * (1.0 if word in unit_words else CONTEXT_SHARE if word in context else 0.0)
        for word, weight in weights.items()
    )
    return held / whole


def _bonus(asks: Asks, unit: Unit, passage: Passage) -> float:
    kinds = _WANTED.get(asks)
    if kinds is None:
        return 0.0
    facts = {fact.kind for fact in find_facts(unit.text)}
    if facts & kinds:
        return FACT_BONUS
    in_table = passage.chunk.kind is ChunkKind.TABLE or unit.kind is UnitKind.ROW
    return FACT_BONUS * 0.8 if in_table and FactKind.NUMBER in facts else 0.0


def _choose(scored: Sequence[_Scored], *, max_words: int, max_quotes: int) -> list[list[_Scored]]:
    """Groups of units, one group a page: the leading unit first, then what is worth adding."""
    groups: dict[tuple[str, int], list[_Scored]] = {}
    taken: set[str] = set()
    words = 0
    for candidate in scored:
        if candidate.worth < scored[0].worth * FURTHER_SHARE or not candidate.worth:
            break
        text = readable(candidate.unit.text)
        size = len(text.split())
        document = candidate.passage.document
        key = (document.id, document.page_at(candidate.unit.span.start).number)
        if text.casefold() in taken or (words and words + size > max_words):
            continue
        if key not in groups and len(groups) >= max_quotes:
            continue
        groups.setdefault(key, []).append(candidate)
        taken.add(text.casefold())
        words += size
    return list(groups.values())


def _compose(groups: Sequence[Sequence[_Scored]]) -> Draft:
    lines: list[Line] = []
    citations: list[Citation] = []
    for group in groups:
        passage = group[0].passage
        spans = sorted({span for scored in group for span in _with_lead(scored.unit)})
        citation = cite(passage.document, spans, number=len(citations) + 1)
        if citation is None:
            continue
        citations.append(citation)
        in_order = sorted(group, key=lambda s: s.unit.span)
        lines.extend(_line(scored, citation) for scored in in_order)
    return Draft(lines=tuple(lines), citations=tuple(citations))


def _with_lead(unit: Unit) -> tuple[Span, ...]:
    return (unit.lead, unit.span) if unit.lead else (unit.span,)


def _line(scored: _Scored, citation: Citation) -> Line:
    text = readable(scored.unit.text)
    if scored.unit.kind is UnitKind.ROW:
        text = " — ".join(cell.strip() for cell in text.split(CELL_SEPARATOR) if cell.strip())
    return Line(text=text, citations=(citation.number,))
