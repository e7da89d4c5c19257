"""Runs ranking systems over a benchmark, each on the same passages and questions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.benchmarks import Benchmark
from eval.metrics import PageKey, recall_at, reciprocal_rank
from eval.statistics import Estimate, estimate, percentile
from eval.systems import System

Step = Callable[[str, int, int], None]
"""Told of (what, done, total) as the work goes on."""

CUTOFFS = (1, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How one system did on one group of questions.

    Attributes:
        measures: `recall@k` and `mrr@10` with any gold page enough; `share@5` of all gold pages.
        p50_ms, p95_ms: of one query.
    """

    system: str
    group: str
    measures: Mapping[str, Estimate]
    p50_ms: float
    p95_ms: float


def rank_questions(system: System, name: str, benchmark: Benchmark, step: Step) -> Ranked:
    """Asks all questions of a group."""
    values: dict[str, list[float]] = {}
    times = []
    total = len(benchmark.questions)
    for done, question in enumerate(benchmark.questions, 1):
        start = time.perf_counter()
        ranked = system.ranked(question)
        times.append((time.perf_counter() - start) * 1000)
        for measure, value in _measures(ranked, question.gold_pages).items():
            values.setdefault(measure, []).append(value)
        step(f"{name} {benchmark.group}".strip(), done, total)
    return Ranked(
        system=name,
        group=benchmark.group,
        measures={measure: estimate(found) for measure, found in values.items()},
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
    )


def _measures(ranked: Sequence[PageKey], gold: Sequence[PageKey]) -> dict[str, float]:
    return {
        **{f"recall@{k}": recall_at(ranked, gold, k, any_one=True) for k in CUTOFFS},
        "mrr@10": reciprocal_rank(ranked, gold),
        "share@5": recall_at(ranked, gold, 5, any_one=False),
    }
