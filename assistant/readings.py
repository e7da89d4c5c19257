"""How well the units that may lead an answer answer it, as a cross-encoder reads each of them.

What a unit is worth (`assistant.worth`) counts words, figures and places. Which of the best ones
says what is asked, a model tells that was tuned on units of guides and questions of applicants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import shorten

from assistant.doubting import log_odds
from assistant.rerank import Reranker
from assistant.rows import heads_above
from assistant.units import UnitKind
from assistant.worth import Candidate
from corpus.model import ChunkKind, Span

READING = 1.0
"""What the log odds of a reading are worth, beside what is counted."""
FITTING_LACKS = 1.0
"""The most that a row lacks whose band or country is the one that is asked about."""
_HEADINGS = 3
"""Of those above a unit, that are read with it, the nearest ones."""
_HEAD_CHARS = 240
"""Of the heads of a table: those of tables in tables say much else."""

Place = tuple[str, Span]
"""Id of a document, and where a unit stands in it."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Log odds that units answer, by where they stand; those not read count as the least.

    Attributes:
        by_place: for the whole question, or for that part of it which they answer best.
        of_parts: for each part of a question with several.
    """

    by_place: Mapping[Place, float] = field(default_factory=dict)
    of_parts: tuple[Mapping[Place, float], ...] = ()

    def of(self, candidate: Candidate, part: int | None = None) -> float | None:
        """What was read of a candidate, for a part of the question; None where it was not read."""
        read = self.by_place if part is None or not self.of_parts else self.of_parts[part]
        return read.get(_place(candidate))

    def weighed(
        self,
        candidates: Sequence[Candidate],
        part: int | None = None,
        *,
        fits: Callable[[Candidate], bool] = lambda _: False,
    ) -> list[Candidate]:
        """Candidates, best first, by what they are worth and how they read.

        The best reading takes nothing from what is counted, others take what they lack to it.

        Args:
            candidates: rated.
            part: number of the part of the question that they are to answer; None for all of it.
            fits: whether a row is known to be the one for the quantity or country that is asked
                about: that is nothing to read, so it lacks little.
        """
        values = [self.of(candidate, part) for candidate in candidates]
        told = [value for value in values if value is not None]
        if not told:
            return list(candidates)
        best, least = max(told), min(told)
        weighed = []
        for candidate, value in zip(candidates, values, strict=True):
            lacking = READING * (best - (least if value is None else value))
            if fits(candidate):
                lacking = min(lacking, FITTING_LACKS)
            weighed.append(replace(candidate, worth=candidate.worth - lacking, reading=value))
        weighed.sort(key=lambda c: (-c.worth, c.passage.rank, c.unit.span))
        return weighed


NOTHING_READ = Readings()


def read_units(
    asked: str, candidates: Sequence[Candidate], reader: Reranker
) -> Mapping[Place, float]:
    """Log odds that each of some candidates answers what is asked."""
    scores = reader.score(asked, [text_of(candidate) for candidate in candidates])
    places = map(_place, candidates)
    return {place: log_odds(score) for place, score in zip(places, scores, strict=True)}


def readings_of(parts: Sequence[Mapping[Place, float]]) -> Readings:
    """What was read for each part of a question, at least one, and the best of all parts."""
    best: dict[Place, float] = {}
    for part in parts:
        for place, value in part.items():
            best[place] = max(value, best.get(place, value))
    return Readings(best, tuple(parts))


def text_of(candidate: Candidate) -> str:
    """A unit under its nearest headings, the heads of its table, and what leads to its list."""
    passage, unit = candidate.passage, candidate.unit
    in_table = unit.kind is UnitKind.ROW or passage.chunk.kind is ChunkKind.TABLE
    heads = heads_above(unit.text, passage.chunk) if in_table else ""
    lead = passage.document.text_at(unit.lead) if unit.lead else ""
    path = " › ".join(passage.chunk.headings[-_HEADINGS:])
    parts = (path, shorten(heads, _HEAD_CHARS, placeholder="…"), lead, unit.text)
    return "\n".join(part for part in parts if part)


def _place(candidate: Candidate) -> Place:
    return candidate.passage.document.id, candidate.unit.span
