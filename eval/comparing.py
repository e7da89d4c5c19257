"""Two runs over the same questions side by side, and a run against an accepted baseline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EvaluationError
from eval.metrics import LOWER_IS_BETTER, MEASURES, NEUTRAL
from eval.statistics import Difference, Estimate, compare
from eval.summary import Scored

TOLERANCE = 0.01
"""How far a measure may fall below a baseline that names no tolerance of its own."""

STRICT = ("quotes_verbatim",)
"""Measures that may not fall at all."""


@dataclass(frozen=True, slots=True)
class Change:
    """A question that came out differently.

    Attributes:
        measures: name to (before, after), None where undefined; those that differ only.
        differs: what else differs: "status", "text", "citations", "differences", "pages".
    """

    id: str
    question: str
    measures: Mapping[str, tuple[float | None, float | None]]
    differs: tuple[str, ...]

    @property
    def direction(self) -> str:
        """How the question came out: "better", "worse", "mixed" or "different".

        Whether it is right decides; where that stays, whether all measures moved one way.
        """
        deciding = ["right"] if "right" in self.measures else list(self.measures)
        moves = set(self._moves(deciding))
        if not moves:
            return "different"
        if len(moves) > 1:
            return "mixed"
        return "better" if moves.pop() else "worse"

    def describe(self) -> str:
        """What differs, for people."""
        moved = [f"{name} {as_shown(a)} → {as_shown(b)}" for name, (a, b) in self.measures.items()]
        return "; ".join([*moved, *(f"other {what}" for what in self.differs)])

    def _moves(self, names: Sequence[str]) -> Iterator[bool]:
        for name in names:
            before, after = self.measures[name]
            if before is not None and after is not None and name not in NEUTRAL:
                yield (after > before) != (name in LOWER_IS_BETTER)


def differences(before: Sequence[Scored], after: Sequence[Scored]) -> dict[str, Difference]:
    """Each measure over the questions where both runs define it.

    Both runs hold the same questions in the same order.
    """
    found = {}
    for name in MEASURES:
        pairs = [
            (a.measures[name], b.measures[name])
            for a, b in zip(before, after, strict=True)
            if name in a.measures and name in b.measures
        ]
        if pairs:
            found[name] = compare([a for a, _ in pairs], [b for _, b in pairs])
    return found


def changes(before: Sequence[Scored], after: Sequence[Scored]) -> tuple[Change, ...]:
    """The questions that came out differently, in order; timings do not count."""
    found = []
    for a, b in zip(before, after, strict=True):
        moved = {
            name: (a.measures.get(name), b.measures.get(name))
            for name in MEASURES
            if a.measures.get(name) != b.measures.get(name)
        }
        one, two = a.result, b.result
        looked_at = {
            "status": one.status != two.status,
            "text": one.text != two.text,
            "citations": one.citations != two.citations,
            "differences": one.differences != two.differences,
            "pages": one.pages != two.pages,
        }
        differs = tuple(name for name, different in looked_at.items() if different)
        if moved or differs:
            found.append(Change(a.question.id, a.question.question, moved, differs))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One measure against its baseline; `worse` beyond the tolerance."""

    measure: str
    accepted: float
    value: float | None
    tolerance: float

    @property
    def worse(self) -> bool:
        """Whether it fell by more than the tolerance, or can no longer be told."""
        if self.value is None:
            return True
        loss = self.accepted - self.value
        return (-loss if self.measure in LOWER_IS_BETTER else loss) > self.tolerance + 1e-9

    def describe(self) -> str:
        """The measure, what was accepted and what came out."""
        accepted = f"accepted {self.accepted:.3f}, tolerance {self.tolerance:.3f}"
        return f"{self.measure} {as_shown(self.value)} ({accepted})"


def comparison_json(moved: Mapping[str, Difference], found: Sequence[Change]) -> dict[str, object]:
    """A comparison as `guide compare --json` prints it."""
    return {
        "measures": {
            name: {
                "before": d.before,
                "after": d.after,
                "change": d.change,
                "n": d.n,
                "ci95": [d.low, d.high],
                "p": d.p,
                "test": d.test,
            }
            for name, d in moved.items()
        },
        "questions": [
            {
                "id": change.id,
                "direction": change.direction,
                "measures": {name: list(pair) for name, pair in change.measures.items()},
                "differs": list(change.differs),
            }
            for change in found
        ],
    }


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted value and tolerance of each measure."""

    accepted: Mapping[str, tuple[float, float]]

    def verdicts(self, measures: Mapping[str, Estimate]) -> tuple[Verdict, ...]:
        """A run against the baseline, measure by measure."""
        return tuple(
            Verdict(
                measure=name,
                accepted=value,
                value=measures[name].value if name in measures else None,
                tolerance=tolerance,
            )
            for name, (value, tolerance) in self.accepted.items()
        )


def write_baseline(
    path: Path,
    measures: Mapping[str, Estimate],
    question_set: str,
    questions: int,
    *,
    tolerance: float = TOLERANCE,
    spare: int = 0,
) -> None:
    """Accepts a run as the baseline of its question set.

    Args:
        path: the file.
        measures: of the run.
        question_set: hash of its questions.
        questions: how many they are.
        tolerance: how far a measure may fall.
        spare: how many of the questions that a measure is defined on may turn from 1 to 0; counts
            where it allows more than `tolerance`, as it does for measures of few questions.

    Raises:
        EvaluationError: if the file cannot be written.
    """
    accepted = {
        name: {
            "value": round(e.value, 6),
            "n": e.n,
            "tolerance": 0.0 if name in STRICT else max(tolerance, round(spare / e.n, 6)),
        }
        for name, e in measures.items()
        if name not in NEUTRAL
    }
    baseline = {"question_set": question_set, "questions": questions, "measures": accepted}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(baseline, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}.") from error


def read_baseline(path: Path, question_set: str) -> Baseline:
    """The accepted baseline of a question set.

    Raises:
        EvaluationError: if the file is no baseline, or one of other questions.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        accepted_set = str(stored["question_set"])
        accepted = {
            name: (float(one["value"]), float(one["tolerance"]))
            for name, one in stored["measures"].items()
        }
    except OSError as error:
        raise EvaluationError(f"The baseline {path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{path} is not a baseline ({error!r}). Write one with: guide eval QUESTIONS "
            f"--record {path.name}"
        ) from error
    if accepted_set != question_set:
        raise EvaluationError(
            f"The baseline {path} is of other questions than these. Run the same set in full, or "
            f"accept a new baseline with: guide eval QUESTIONS --record {path.name}"
        )
    return Baseline(accepted)


def as_shown(value: float | None) -> str:
    """A measure for people."""
    return "undefined" if value is None else f"{value:.3f}"
