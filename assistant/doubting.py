"""How likely it is that no guide answers a question, by what can be seen of it and of its answer.

Each sign can be said: how well the best passage reads, how much what leads is worth, how long the
question is, whether what leads holds the kind of fact asked for, how much of the question is in
terms of guides, whether a rare word of it stands nowhere in what is shown. Their weights are of a
logistic regression (`benchmarks/doubt.py`, `docs/answers.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from assistant.model import Passage, Query
from assistant.worth import Candidate, Stems

_SURE = 1e-4
"""Scores are kept this far from 0 and 1."""
READ = 10
"""Passages that tell how rare a word of the question is."""
LONG = 12
"""Words of a question: shorter ones are no more doubtful for that."""
MOST_TERMS = 6
"""More terms of guides than these say no more."""
_SHORT = 2
"""Letters of stems that say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is seen.

    Attributes:
        score: log odds of the best passage's score, as the reranker gives it.
        worth: of the unit that leads (`assistant.worth`).
        length: natural log of the question's words: of long ones any unit holds less.
        supplies: 1 where what leads holds a kind of fact that is asked for, else 0; worth counts
            that fully, and here it is taken back in part.
        terms: of guides in the question, for each of its words.
        missing: how rare the rarest word is that nothing shown holds, among the passages read:
            natural log of one through their share, 0 where all words are shown.
    """

    score: float
    worth: float
    length: float
    supplies: float
    terms: float
    missing: float


WEIGHTS = Signs(score=-0.34, worth=-0.25, length=-5.07, supplies=0.78, terms=-7.48, missing=1.04)
CONSTANT = 11.77


def doubt(
    query: Query, passages: Sequence[Passage], shown: Sequence[Candidate], stems: Stems
) -> float:
    """How likely no guide answers, 0…1.

    Args:
        query: as understood.
        passages: as ranked by the reranker, at least one.
        shown: units of the answer, best first, at least one.
        stems: how words are reduced for comparison.
    """
    signs = signs_of(query, passages, shown, stems)
    weighed = zip(astuple(WEIGHTS), astuple(signs), strict=True)
    odds = CONSTANT + sum(weight * sign for weight, sign in weighed)
    return likelihood(odds)


def log_odds(score: float) -> float:
    """Log odds of a score, 0…1, which is kept a little from both ends."""
    kept = min(max(score, _SURE), 1 - _SURE)
    return math.log(kept / (1 - kept))


def likelihood(odds: float) -> float:
    """What log odds stand for, 0…1."""
    return 1 / (1 + math.exp(-odds))


def signs_of(
    query: Query, passages: Sequence[Passage], shown: Sequence[Candidate], stems: Stems
) -> Signs:
    """What is seen of one question; arguments as of `doubt`."""
    return Signs(
        score=log_odds(passages[0].score),
        worth=shown[0].worth,
        length=math.log(max(LONG, len(query.question.split()))),
        supplies=float(bool(shown[0].supplies)),
        terms=min(len(query.terms), MOST_TERMS) / max(1, len(query.topic.split())),
        missing=_missing(query, passages[:READ], shown, stems),
    )


def _missing(
    query: Query, passages: Sequence[Passage], shown: Sequence[Candidate], stems: Stems
) -> float:
    words = {stem for stem in stems(query.topic, query.language) if len(stem) > _SHORT}
    for unit in shown:
        words -= _stems_in(unit.passage, f"{unit.passage.above} {unit.unit.text}", stems)
    if not words:
        return 0.0
    held = [_stems_in(passage, passage.whole_text, stems) for passage in passages]
    shares = ((1 + sum(word in each for each in held)) / (len(held) + 1) for word in words)
    return -math.log(min(shares))


def _stems_in(passage: Passage, text: str, stems: Stems) -> frozenset[str]:
    """Words of a text of a passage."""
    return frozenset(stems(text, passage.document.edition.language))
