"""Runs ranking systems over a benchmark, each on the same passages and questions."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from assistant.pipeline import Assistant
from assistant.wiring import open_assistant
from corpus.errors import EvaluationError
from corpus.model import Document
from corpus.settings import Settings
from eval.bench_library import build_library, share_models
from eval.benchmarks import Benchmark
from eval.metrics import PageKey, recall_at, reciprocal_rank
from eval.progress import Show
from eval.statistics import Estimate, estimate, percentile
from eval.systems import Bm25, Dense, Ours, System, TutorialSystem
from eval.tutorial import Tutorial, open_tutorial

SYSTEMS = ("ours", "bm25", "dense", "tutorial")
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


def run_benchmark(
    groups: Sequence[Benchmark],
    systems: Sequence[str],
    settings: Settings,
    *,
    source: Path,
    home: Path,
    show: Show,
) -> tuple[Ranked, ...]:
    """Indexes the passages in a library of their own and asks every system every question.

    Args:
        groups: of one benchmark; they share their document, which is cut into chunks.
        systems: names out of `SYSTEMS`.
        settings: of the product; its data folder is not touched.
        source: file of the passages, kept with the library in place of a PDF.
        home: data folder of that library; what it holds already is not embedded again.
        show: told how far the work has come.

    Returns:
        One result for each system and group, system by system.

    Raises:
        EvaluationError: if there is no question, or the tutorial is asked for and its packages
            are not installed.
        GuideError: if a model or the store cannot be opened.
    """
    groups = [group for group in groups if group.questions]
    if not groups:
        raise EvaluationError(f"{source.parent} holds no question that a passage answers.")
    own = settings.model_copy(update={"home": home})
    document = groups[0].document
    results = []
    with contextlib.ExitStack() as stack:
        opened: dict[str, System] = {}
        if "tutorial" in systems:
            tutorial = stack.enter_context(contextlib.closing(_tutorial(document, own, show)))
            opened["tutorial"] = TutorialSystem(tutorial)
        if set(systems) - {"tutorial"}:
            share_models(settings.home, home)
            held = build_library(document, own, source, show)
            assistant = stack.enter_context(contextlib.closing(open_assistant(own)))
            opened |= _parts(assistant, held, document.edition.language)
        for name in systems:
            results += [rank_questions(opened[name], name, group, show) for group in groups]
    return tuple(results)


def rank_questions(system: System, name: str, benchmark: Benchmark, show: Show) -> Ranked:
    """Asks all questions of a group; the first is asked twice, so that loading is not timed."""
    values: dict[str, list[float]] = {}
    times = []
    total = len(benchmark.questions)
    system.ranked(benchmark.questions[0])
    for done, question in enumerate(benchmark.questions, 1):
        start = time.perf_counter()
        ranked = system.ranked(question)
        times.append((time.perf_counter() - start) * 1000)
        for measure, value in _measures(ranked, question.gold_pages).items():
            values.setdefault(measure, []).append(value)
        show(f"{name} {benchmark.group}".strip(), done, total)
    return Ranked(
        system=name,
        group=benchmark.group,
        measures={measure: estimate(found) for measure, found in values.items()},
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
    )


def as_json(results: Sequence[Ranked]) -> dict[str, object]:
    """Results by system and group; `mean` is over groups where there are several."""
    systems: dict[str, object] = {}
    for name in dict.fromkeys(result.system for result in results):
        own = [result for result in results if result.system == name]
        body: dict[str, object] = {
            "groups": {
                result.group or "all": {
                    "measures": {measure: value_json(e) for measure, e in result.measures.items()},
                    "p50_ms": round(result.p50_ms, 1),
                    "p95_ms": round(result.p95_ms, 1),
                }
                for result in own
            }
        }
        if len(own) > 1:
            body["mean"] = means(own)
        systems[name] = body
    return systems


def value_json(value: Estimate) -> dict[str, object]:
    """An estimate as it stands in the JSON of a benchmark."""
    return {"value": value.value, "n": value.n, "ci95": [value.low, value.high]}


def means(results: Sequence[Ranked]) -> dict[str, float]:
    """Each measure's mean over groups."""
    return {
        measure: fmean(result.measures[measure].value for result in results)
        for measure in results[0].measures
    }


def _measures(ranked: Sequence[PageKey], gold: Sequence[PageKey]) -> dict[str, float]:
    return {
        **{f"recall@{k}": recall_at(ranked, gold, k, any_one=True) for k in CUTOFFS},
        "mrr@10": reciprocal_rank(ranked, gold),
        "share@5": recall_at(ranked, gold, 5, any_one=False),
    }


def _parts(assistant: Assistant, document_id: str, language: str) -> dict[str, System]:
    return {
        "ours": Ours(assistant),
        "bm25": Bm25(assistant.library, document_id, language),
        "dense": Dense(assistant.library, document_id),
    }


def _tutorial(document: Document, settings: Settings, show: Show) -> Tutorial:
    tutorial = open_tutorial(settings, settings.home / "tutorial")
    pages = (((document.file, p.number), document.page_text(p.number)) for p in document.pages)
    tutorial.add(pages, lambda done, total: show("tutorial passages", done, total))
    return tutorial


def rows(results: Sequence[Ranked]) -> Iterator[tuple[str, ...]]:
    """Lines of a table: system, group, measures, times; the header first."""
    measures = list(results[0].measures)
    yield ("system", "group", "n", *measures, "p50 ms", "p95 ms")
    for result in results:
        n = next(iter(result.measures.values())).n
        values = (f"{result.measures[m].value:.3f}" for m in measures)
        times = (f"{result.p50_ms:.0f}", f"{result.p95_ms:.0f}")
        yield (result.system, result.group or "all", str(n), *values, *times)
    for name in dict.fromkeys(result.system for result in results):
        own = [result for result in results if result.system == name]
        if len(own) > 1:
            mean = means(own)
            yield (name, "mean", "", *(f"{mean[m]:.3f}" for m in measures), "", "")
