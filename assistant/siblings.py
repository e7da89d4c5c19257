"""What an edition in the asker's language says where another one is to answer.

Editions of a programme say most of the same in the same words. Where the one that is asked for is
in another language, the question is first put to one in the asker's own; what answers there is
looked up by its meaning, which tells more across languages than that of a question does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.fusion import Rated
from assistant.lexicon import Lexicon
from assistant.model import Passage
from assistant.worth import Candidate
from corpus.model import Chunk, Document
from corpus.store import Hit

MOST = 8
"""Units that are looked up."""
BEHIND = 6.0
"""They are worth this much less than the best one at most."""
PASSAGES = 6
"""Best passages of the sibling that they are taken from."""
LEVELS = 2
"""Headings that are looked up with a unit."""
SAME_CHAPTER = 0.03
"""What the chapter of the same action counts, as a cosine; that of another one as much less."""
APART = 0.2
"""What the whole length of a document between two places counts less, as a cosine."""
FAR = 0.15
"""Places further apart count as this far."""
PER_WORTH = 0.01
"""What a unit that is worth 1 less counts less, as a cosine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A unit that answers in a sibling.

    Attributes:
        text: as it stands. path: the same under its headings. chapters: of actions, it is in.
        place: how far into its document it is, 0…1.
        behind: how much less it is worth than the best one.
    """

    text: str
    path: str
    chapters: frozenset[str]
    place: float
    behind: float


def told_by(passages: Sequence[Passage], rated: Rated, lexicon: Lexicon) -> tuple[Told, ...]:
    """The units of a sibling that answer best, best first.

    Args:
        passages: of the sibling, best first.
        rated: their units.
        lexicon: knows the chapters of actions.
    """
    candidates: list[Candidate] = []
    for passage in passages[:PASSAGES]:
        candidates += rated.get(passage.chunk.id, ())
    candidates.sort(key=lambda c: -c.worth)
    return tuple(
        Told(
            text=c.unit.text,
            path="\n".join((" › ".join(c.passage.chunk.headings[-LEVELS:]), c.unit.text)),
            chapters=lexicon.chapters_above(c.passage.chunk.headings),
            place=place_of(c.passage.document, c.passage.chunk),
            behind=candidates[0].worth - c.worth,
        )
        for c in candidates[:MOST]
        if c.worth >= candidates[0].worth - BEHIND
    )


def place_of(document: Document, chunk: Chunk) -> float:
    """How far into its document a passage is, 0…1."""
    return chunk.ordinal / max(1, len(document.chunks))


def ranking(
    told: Sequence[Told],
    hits: Sequence[Sequence[Hit]],
    held: Mapping[str, tuple[Document, Chunk]],
    lexicon: Lexicon,
) -> list[Hit]:
    """What was found for each unit, in one order.

    Args:
        told: the units of the sibling.
        hits: what is like each of them.
        held: the passages that were found, by id.
        lexicon: knows the chapters of actions.
    """
    best: dict[str, float] = {}
    for unit, found in zip(told, hits, strict=True):
        for hit in found:
            document, chunk = held[hit.chunk_id]
            score = hit.score - PER_WORTH * unit.behind
            theirs = lexicon.chapters_above(chunk.headings)
            if unit.chapters and theirs:
                score += SAME_CHAPTER if unit.chapters & theirs else -SAME_CHAPTER
            score -= APART * min(FAR, abs(place_of(document, chunk) - unit.place))
            best[hit.chunk_id] = max(score, best.get(hit.chunk_id, score))
    ordered = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return [Hit(chunk_id=key, score=score) for key, score in ordered]
