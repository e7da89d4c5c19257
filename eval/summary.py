"""Many scored questions as numbers: means with intervals, in all and by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics import MEASURES
from eval.questions import Question
from eval.results import Result
from eval.statistics import Estimate, estimate, percentile

HEADLINES = ("recall@1", "recall@5", "recall@10", "mrr@10")
"""Stand at the top of `summary.json` as plain numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A question, what was answered, and the measures that are defined for it."""

    question: Question
    result: Result
    measures: Mapping[str, float]


def estimates(scored: Sequence[Scored]) -> dict[str, Estimate]:
    """Each measure that is defined on at least one question, in the order of `MEASURES`."""
    found = {}
    for name in MEASURES:
        values = [s.measures[name] for s in scored if name in s.measures]
        if values:
            found[name] = estimate(values, undefined=len(scored) - len(values))
    return found


def groups(scored: Sequence[Scored]) -> dict[str, dict[str, list[Scored]]]:
    """The questions by kind, language, gold document, history and topic.

    A question with gold pages in two documents is in both groups; one that lacks the property is
    in none.
    """
    found: dict[str, dict[str, list[Scored]]] = {}
    for item in scored:
        for grouping, group in _memberships(item.question):
            found.setdefault(grouping, {}).setdefault(group, []).append(item)
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


def summarise(scored: Sequence[Scored]) -> dict[str, object]:
    """The numbers of `summary.json`; the run adds what it knows about itself."""
    measures = estimates(scored)
    return {
        **{name: measures[name].value for name in HEADLINES if name in measures},
        "questions": len(scored),
        "statuses": dict(sorted(Counter(s.result.status for s in scored).items())),
        "failed": [{"id": s.result.id, "error": s.result.error} for s in scored if s.result.error],
        "timings_ms": timings(scored),
        "measures": {name: as_json(value) for name, value in measures.items()},
        "undefined": [name for name in MEASURES if name not in measures],
        "groups": {
            grouping: {
                group: {
                    "questions": len(members),
                    "measures": {n: as_json(v) for n, v in estimates(members).items()},
                }
                for group, members in by_group.items()
            }
            for grouping, by_group in groups(scored).items()
        },
    }


def timings(scored: Sequence[Scored]) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each stage over the questions that have it, in ms."""
    stages: dict[str, list[float]] = {}
    for item in scored:
        for stage, value in item.result.timings_ms.items():
            stages.setdefault(stage, []).append(value)
    return {
        stage: {"p50": percentile(v, 0.5), "p95": percentile(v, 0.95), "n": len(v)}
        for stage, v in stages.items()
    }


def as_json(value: Estimate) -> dict[str, object]:
    """An estimate as it stands in `summary.json`."""
    return {
        "value": value.value,
        "n": value.n,
        "undefined": value.undefined,
        "ci95": [value.low, value.high],
    }


def _memberships(question: Question) -> Iterator[tuple[str, str]]:
    if question.kind:
        yield "kind", question.kind
    if question.lang:
        yield "language", question.lang
    for document in sorted(question.gold_documents):
        yield "document", document
    yield "history", "with" if question.history else "without"
    if question.topic:
        yield "topic", question.topic
