"""Reads passages by what they mean, where no reranker knows the language of question or passage.

A passage's vector is of all that it says; what answers is mostly one unit of it. The embedder tells
across languages which one: each unit of the best passages is compared with the question, and what
it finds is worth something in an answer, too (`assistant.worth`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.model import Passage, Query
from assistant.siblings import Told
from assistant.units import units_of
from assistant.worth import Stems, rate_each

if TYPE_CHECKING:
    from corpus.embedding import Embedder, Vectors

READ = 10
"""Best passages whose units are compared."""
MOST_UNITS = 100
"""Of a question; passages after those that hold so many are not compared."""
BEST_UNIT = 3.0
"""What a difference of 1 in the cosine of a passage's best unit is worth, in shares of the best
passage's score."""
WORTH_READ = 0.4
"""The same for what the best unit of a guide's passage is worth as an answer."""
NAMED = 0.7
"""The same for headings that name the action or field asked about."""
STEP = 0.01
"""Each passage scores so much less than the one before: what they hold is told by their units."""
TOLD = 0.15
"""Added to the cosine of what says the same as the best unit of a sibling."""
PER_WORTH = 0.02
"""So much less is added for each 1 that a unit of a sibling is worth less than its best."""
SAME = 0.84
"""How alike in meaning two units have to be: the cosine of their vectors."""
CLEAR = 0.01
"""How much more alike than the next one."""
KEPT = 16_384
"""Vectors of units that are kept, 25 MB of them."""


class Meaning:
    """Compares passages with questions in other languages, and keeps what it embedded for that.

    Safe to use from several threads.
    """

    def __init__(self, embedder: Embedder, *, kept: int = KEPT) -> None:
        """Takes the model of the library.

        Args:
            embedder: one of many languages; another one tells less, as its rankings do.
            kept: most vectors in memory.
        """
        self._embedder = embedder
        self._kept = kept
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self,
        query: Query,
        passages: Sequence[Passage],
        stems: Stems,
        *,
        most: int = READ,
        told: Sequence[Told] = (),
    ) -> list[Passage]:
        """All passages, the best of them compared (`Passage.alike`) and put in order by that.

        Args:
            query: as understood.
            passages: best first.
            stems: how words are reduced for comparison.
            most: how many are compared at most.
            told: what answers in a sibling, with which units are compared, too.
        """
        units = _units(passages[:most])
        head, rest = passages[: len(units)], passages[len(units) :]
        if not any(units):
            return list(passages)
        cosines = iter(
            self._likeness(query.search_text, [t for texts in units for t in texts], told)
        )
        read = [
            replace(passage, alike=tuple(next(cosines) for _ in texts))
            for passage, texts in zip(head, units, strict=True)
        ]
        best = [max(passage.alike, default=0.0) for passage in read]
        rated = rate_each(query, [p for p in read if p.document.edition.programme], stems)
        worth = [max((c.worth for c in rated.get(p.chunk.id, ())), default=0.0) for p in read]
        promise = [
            passage.score / read[0].score
            + BEST_UNIT * cosine
            + WORTH_READ * value
            + NAMED * passage.named
            for passage, cosine, value in zip(read, best, worth, strict=True)
        ]
        order = sorted(range(len(read)), key=lambda i: (-promise[i], read[i].chunk.id))
        found = [
            replace(
                read[i],
                score=1 - STEP * rank,
                found_by=(*read[i].found_by, ("meaning", rank + 1)),
            )
            for rank, i in enumerate(order)
        ]
        below = found[-1].score / (passages[0].score or 1.0)
        return found + [replace(p, score=p.score * below) for p in rest]

    def _likeness(self, question: str, texts: Sequence[str], told: Sequence[Told]) -> list[float]:
        """The cosine of each text with a question, more for what says what a sibling answers."""
        asked = self._embedder.embed_queries([question])[0]
        vectors = self.vectors_of(texts)
        cosines = vectors @ asked
        added = np.zeros(len(texts))
        if told:
            near = vectors @ self.vectors_of([unit.text for unit in told]).T
            for unit, column in zip(told, near.T, strict=True):
                best = int(column.argmax())
                others = column[column < column[best]]
                clear = column[best] - others.max(initial=0.0) >= CLEAR
                if clear and column[best] >= SAME:
                    said = max(0.0, TOLD - PER_WORTH * unit.behind)
                    added[best] = max(added[best], said)
            cosines = cosines + added
        return [float(cosine) for cosine in cosines]

    def vectors_of(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts as passages, made or kept."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in known:
                self._vectors.move_to_end(text)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embedder.embed_passages(new), strict=True))
            with self._lock:
                self._vectors.update((text, known[text]) for text in new)
                while len(self._vectors) > self._kept:
                    self._vectors.popitem(last=False)
        return np.stack([known[text] for text in texts])


def _units(passages: Sequence[Passage]) -> list[list[str]]:
    """The texts of the units of passages, of as many as are compared."""
    units: list[list[str]] = []
    left = MOST_UNITS
    for passage in passages:
        found = units_of(passage.chunk)
        left -= len(found)
        if units and left < 0:
            break
        units.append([unit.text for unit in found])
    return units
