"""Rankings of several searches made into one, and that one put in the order of what answers.

Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): a passage's score is the sum of
weight / (k + rank) over the rankings that found it, here as a share of the most there can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.model import Passage, Query
from assistant.worth import Stems, best_worth
from corpus.store import Hit

WORTH = 1 / 12
"""What a candidate's best unit is worth as an answer, against its share of the best fused score."""
RATED = 40
"""Fused candidates whose units are looked at."""


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


def by_worth(query: Query, fused: list[Passage], stems: Stems) -> list[Passage]:
    """The best candidates in the order of what they hold; scores as shares of the best one's.

    A ranking by likeness says what a passage is about, not whether it answers. Where question
    and passage differ in language there are no words to tell it by.
    """
    head, rest = fused[:RATED], fused[RATED:]
    if not head or any(p.document.edition.language != query.language for p in head):
        return fused
    worth = best_worth(query, head, stems)
    promise = [
        p.score / head[0].score + WORTH * value for p, value in zip(head, worth, strict=True)
    ]
    most, least = max(promise), min(promise)
    floor = rest[0].score / head[0].score if rest else 0.0
    scale = (1 - floor) / (most - least) if most > least else 0.0
    rated = [
        replace(p, score=floor + (value - least) * scale)
        for p, value in zip(head, promise, strict=True)
    ]
    rated.sort(key=lambda p: (-p.score, p.chunk.id))
    return rated + [replace(p, score=p.score / head[0].score) for p in rest]
