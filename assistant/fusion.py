"""Rankings of several searches made into one, and that one put in the order of what answers.

Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): a passage's score is the sum of
weight / (k + rank) over the rankings that found it, here as a share of the most there can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.model import Passage, Query
from assistant.worth import Candidate, Stems, rate_each
from corpus.store import Hit

WORTH = 1 / 12
"""What a candidate's best unit is worth as an answer, against its share of the best fused score."""
RATED = 40
"""Fused candidates whose units are looked at."""
READ_WORDS = 90
"""Of a passage, that the reranker reads."""
WHOLE = 1.3
"""A passage with at most so many times as many words is read whole."""


_SHOWN = 10
LED_ONE = 5
"""Place at the latest of what came first in one of the searches."""

SHARED_WORDS = 0.003
"""Added to the cosine of a passage in another language than the question's for each point of its
BM25 score by the words that both have (names, numbers): as a ranking of their own, or with more
weight, they cost (`docs/retrieval.md`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Hits of one search, and what they weigh against the others."""

    hits: Sequence[Hit]
    weight: float


FoundBy = tuple[tuple[str, int], ...]
"""(search, rank there) for each search that found a passage."""


def fuse(rankings: Mapping[str, Ranking], *, rrf_k: int) -> dict[str, tuple[float, FoundBy]]:
    """Score (0…1) and finders of each chunk that a ranking holds.

    Args:
        rankings: by name.
        rrf_k: the larger, the less the first ranks stand out.
    """
    scores: dict[str, float] = defaultdict(float)
    found_by: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name, ranking in rankings.items():
        for rank, hit in enumerate(ranking.hits, start=1):
            scores[hit.chunk_id] += ranking.weight / (rrf_k + rank)
            found_by[hit.chunk_id].append((name, rank))
    best = sum(ranking.weight for ranking in rankings.values()) / (rrf_k + 1)
    return {key: (score / best, tuple(found_by[key])) for key, score in scores.items()}


def with_shared_words(hits: Sequence[Hit], by_words: Sequence[Hit]) -> list[Hit]:
    """The hits of a dense search, those first that share words with the question.

    Args:
        hits: with cosines.
        by_words: with BM25 scores.
    """
    shared = {hit.chunk_id: hit.score for hit in by_words}
    raised = (replace(h, score=h.score + SHARED_WORDS * shared.get(h.chunk_id, 0)) for h in hits)
    return sorted(raised, key=lambda hit: -hit.score)


def most_telling(
    passage: Passage, candidates: Sequence[Candidate], *, words: int = READ_WORDS
) -> str:
    """What of a passage is read closely: its best units in their order, all of a short one.

    Half of a long passage is about something else, which takes as long to read and misleads.

    Args:
        passage: to be read.
        candidates: its units, rated.
        words: how much is read, more or less.
    """
    if len(passage.chunk.text.split()) <= WHOLE * words or not candidates:
        return passage.chunk.text
    taken: list[Candidate] = []
    held = 0
    for candidate in sorted(candidates, key=lambda c: -c.worth):
        size = len(candidate.unit.text.split())
        if not taken or held + size <= words:
            taken.append(candidate)
            held += size
    taken.sort(key=lambda c: c.unit.span)
    return "\n".join(c.unit.text for c in taken)


def both_ways(name: str, bare: str, named: str) -> dict[str, tuple[str, float]]:
    """Rankings to make: for the question as asked and with names, or once for both."""
    if bare == named:
        return {name: (bare, 2.0)}
    return {name: (bare, 1.0), f"{name}:named": (named, 1.0)}


def distinct(passages: Sequence[Passage]) -> list[Passage]:
    """Without passages whose text stands already in a better one of the same document."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for passage in passages:
        key = (passage.document.id, " ".join(passage.chunk.text.split()))
        if key not in seen:
            seen.add(key)
            kept.append(passage)
    return kept


def with_leaders(ranked: list[Passage]) -> list[Passage]:
    """A ranking with what came first in one of the searches among its first ten.

    A general rule (Part A, Part C, a list of countries) is found first by its words, and then the
    chapter of the action that a question names comes before it.

    Args:
        ranked: best first; what is moved gets the score of the place that it takes.
    """
    late = [p for p in ranked[_SHOWN:] if any(rank == 1 for _, rank in p.found_by)]
    if not late:
        return ranked
    ids = {passage.chunk.id for passage in late}
    score = ranked[LED_ONE - 1].score
    first, rest = ranked[: LED_ONE - 1], ranked[LED_ONE - 1 :]
    moved = [replace(passage, score=score) for passage in late]
    return [*first, *moved, *(p for p in rest if p.chunk.id not in ids)]


Rated = Mapping[str, Sequence[Candidate]]
"""What the units of passages are worth, by chunk id."""


def rate_head(query: Query, fused: Sequence[Passage], stems: Stems) -> Rated:
    """The units of the best candidates; none where question and passages differ in language.

    There are no words to tell their worth by, then.
    """
    head = fused[:RATED]
    if any(p.document.edition.language != query.language for p in head):
        return {}
    return rate_each(query, head, stems)


def by_worth(fused: list[Passage], rated: Rated) -> list[Passage]:
    """The best candidates in the order of what they hold; scores as shares of the best one's.

    A ranking by likeness says what a passage is about, not whether it answers.

    Args:
        fused: best first.
        rated: of the first `RATED` of them, see `rate_head`.
    """
    if not rated:
        return fused
    head, rest = fused[:RATED], fused[RATED:]
    worth = [max((c.worth for c in rated.get(p.chunk.id, ())), default=0.0) for p in head]
    promise = [
        p.score / head[0].score + WORTH * value for p, value in zip(head, worth, strict=True)
    ]
    most, least = max(promise), min(promise)
    floor = rest[0].score / head[0].score if rest else 0.0
    scale = (1 - floor) / (most - least) if most > least else 0.0
    ordered = [
        replace(p, score=floor + (value - least) * scale)
        for p, value in zip(head, promise, strict=True)
    ]
    ordered.sort(key=lambda p: (-p.score, p.chunk.id))
    return ordered + [replace(p, score=p.score / head[0].score) for p in rest]
