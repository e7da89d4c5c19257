"""How likely it is that no guide answers a question, by what can be seen of it and of its answer.

Each sign can be said: how what is shown reads as an answer, how much what leads is worth, how long
the question is, whether what leads holds the kind of fact asked for. Their weights are of a
logistic regression (`benchmarks/doubt.py`, `docs/answers.md`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from assistant.model import Query
from assistant.worth import Candidate

_SURE = 1e-4
"""Scores are kept this far from 0 and 1."""
LONG = 12
"""Words of a question: shorter ones are no more doubtful for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is seen.

    Attributes:
        reading: log odds that a unit shown answers, of the best read one (`assistant.readings`).
        worth: of the unit that leads (`assistant.worth`).
        length: natural log of the question's words: of long ones any unit holds less.
        supplies: 1 where what leads holds a kind of fact that is asked for, else 0; worth counts
            that fully, and here it is taken back.
    """

    reading: float
    worth: float
    length: float
    supplies: float


WEIGHTS = Signs(reading=-0.43, worth=-0.14, length=-1.56, supplies=0.95)
CONSTANT = 3.59


def doubt(query: Query, shown: Sequence[Candidate]) -> float | None:
    """How likely no guide answers, 0…1; None where nothing that is shown was read.

    Args:
        query: as understood.
        shown: units of the answer, best first, at least one.
    """
    signs = signs_of(query, shown)
    if signs is None:
        return None
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


def signs_of(query: Query, shown: Sequence[Candidate]) -> Signs | None:
    """What is seen of one question; arguments as of `doubt`."""
    read = [unit.reading for unit in shown if unit.reading is not None]
    if not read:
        return None
    return Signs(
        reading=max(read),
        worth=shown[0].worth,
        length=math.log(max(LONG, len(query.question.split()))),
        supplies=float(bool(shown[0].supplies)),
    )
