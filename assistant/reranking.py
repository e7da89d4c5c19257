"""Passages as a reranker reads them: in which order, and how their scores come about.

Official guides of programmes are read by the reranker that was tuned on questions of applicants and
units of guides (`corpus.weights.UNIT_READER`), other documents by the one it was tuned from, which
is better there (`docs/retrieval.md`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.doubting import likelihood, log_odds
from assistant.facts import FactKind
from assistant.fusion import READ_WORDS, most_telling
from assistant.model import Passage, Query
from assistant.readers import Readers
from assistant.wanted import holds_fact, kinds_wanted
from assistant.worth import Candidate
from corpus.settings import RetrievalSettings

if TYPE_CHECKING:
    from assistant.rerank import Reranker

CONVINCES = 0.5
"""Score of a passage that ends the reading."""
HEADING_BOOST_READ = 0.5
"""Added to a score, as a share of it, where the heading path names what is asked for."""
FACT_BOOST = 0.3
"""The same where the passage holds a kind of fact that is asked for."""
TUNED = 0.5
"""What log odds of the tuned reranker are multiplied by: then boosts count as they should."""


def knows(reranker: Reranker, language: str) -> bool:
    """Whether a reranker reads a language."""
    return reranker.languages is None or language in reranker.languages


def read_passages(
    query: Query,
    question: str,
    candidates: Sequence[Passage],
    rated: Mapping[str, Sequence[Candidate]],
    *,
    reranker: Reranker,
    tuned: bool,
    settings: RetrievalSettings,
    readers: Readers,
) -> list[Passage]:
    """Candidates, those that were read first, best first.

    Args:
        query: as understood.
        question: what is read with each passage.
        candidates: best first, at least one that the reranker can read.
        rated: what the units of passages are worth, by the id of the chunk.
        reranker: reads question and passage.
        tuned: whether it is the one that was tuned on guides.
        settings: how many are read.
        readers: who else asks; then fewer are read.
    """
    head = candidates[: settings.rerank_candidates]
    readable = [p for p in head if knows(reranker, p.document.edition.language)]
    words = readers.words(READ_WORDS)
    texts = [
        _text(p, rated.get(p.chunk.id, ()), words) for p in readable[: readers.most(len(readable))]
    ]
    first = settings.rerank_first
    scores = _scores(reranker, question, texts[:first], tuned=tuned)
    if max(scores) < CONVINCES and texts[first:]:
        scores += _scores(reranker, question, texts[first:], tuned=tuned)
    readable = readable[: len(scores)]
    kinds = kinds_wanted(query)
    read = [
        replace(
            p,
            score=s * boost_of(p, kinds, heading=HEADING_BOOST_READ, fact=FACT_BOOST),
            reranked=True,
            tuned=tuned,
        )
        for p, s in zip(readable, scores, strict=True)
    ]
    read.sort(key=lambda p: (-p.score, p.chunk.id))
    known = {p.chunk.id for p in readable}
    floor = read[-1].score
    # Fused scores are not on the reranker's scale: what was not read comes after, below.
    rest = [
        replace(p, score=min(p.score, 1.0) * floor) for p in candidates if p.chunk.id not in known
    ]
    return read + rest


def boost_of(passage: Passage, kinds: frozenset[FactKind], *, heading: float, fact: float) -> float:
    """Factor of a score, 1 at most: for headings that name what is asked for, and for facts."""
    boost = 1 + heading * passage.named
    whole = 1 + heading
    if kinds:
        boost *= 1 + fact * holds_fact(passage.chunk.text, kinds)
        whole *= 1 + fact
    return boost / whole


def _scores(reranker: Reranker, question: str, texts: Sequence[str], *, tuned: bool) -> list[float]:
    scores = reranker.score(question, texts)
    return [likelihood(TUNED * log_odds(score)) for score in scores] if tuned else scores


def _text(passage: Passage, units: Sequence[Candidate], words: int) -> str:
    chunk = passage.chunk
    telling = most_telling(passage, units, words=words)
    parts = (" › ".join(chunk.headings[-3:]), chunk.context, telling)
    return "\n".join(part for part in parts if part)
