"""Whether questions of a benchmark that no passage answers are refused, and others are not."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from assistant.model import Query
from assistant.pipeline import Assistant
from assistant.retrieval import Candidates, Group, Retriever
from assistant.wiring import open_assistant
from corpus.errors import EvaluationError
from corpus.model import Document
from corpus.settings import Settings
from eval.bench import value_json
from eval.bench_library import build_library, share_models
from eval.benchmarks import RECIPES, SEED, as_document, passages_of, question_of, rows_of
from eval.progress import Show
from eval.questions import Question
from eval.statistics import Estimate, estimate
from eval.systems import pages_of

BENCHMARKS = ("clapnq-dev", "mtrag-un")
"""Those with questions that their passages do not answer."""

PUBLISHED = {"refusal_precision": 0.33, "refusal_recall": 0.44}
"""The best that was published for models told to refuse (`docs/evaluation.md`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question and whether the passages answer it.

    Attributes:
        kind: as the benchmark calls it: ANSWERABLE, PARTIAL, UNANSWERABLE, UNDERSPECIFIED.
        page: of the one passage that it is asked of; None where it is asked of all.
    """

    question: Question
    answerable: bool
    kind: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """How often was refused.

    Attributes:
        measures: `refusal_recall` of the unanswerable, `refusal_precision` of all refusals (left
            out where there is none), `over_refusal` of the answerable.
        by_kind: share refused, by kind of question.
    """

    measures: Mapping[str, Estimate]
    by_kind: Mapping[str, Estimate]


def read_labelled(
    name: str, folder: Path, *, limit: int | None = None
) -> tuple[Document, tuple[Labelled, ...]]:
    """The passages of a benchmark as a document, and its questions in a random order (`SEED`).

    Args:
        name: one of `BENCHMARKS`.
        folder: with its two files.
        limit: at most so many questions, the first.

    Raises:
        EvaluationError: if the name is another or a file is not as expected.
    """
    if name not in BENCHMARKS:
        raise EvaluationError(
            f'"{name}" has no questions that its passages do not answer. '
            f"Refusals are told for: {', '.join(BENCHMARKS)}."
        )
    try:
        passages = list(passages_of(rows_of(folder / "documents.jsonl"), RECIPES[name], "en"))
        document = as_document(name, passages, "en")
        pages = {passage.key: number for number, passage in enumerate(passages, 1)}
        rows = list(rows_of(folder / "questions.jsonl"))
        random.Random(SEED).shuffle(rows)  # noqa: S311 - a sample
        labelled = tuple(
            Labelled(
                question=question_of({**row, "gold": ()}, "en", document.file, pages),
                answerable=bool(row["answerable"]),
                kind=row.get(
                    "answerability", "ANSWERABLE" if row["answerable"] else "UNANSWERABLE"
                ),
                page=pages[row["given_passage"], None] if "given_passage" in row else None,
            )
            for row in rows[:limit]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(
            f"The benchmark {folder} is not in the expected form ({error!r})."
        ) from error
    return document, labelled


def run_refusals(
    document: Document,
    labelled: Sequence[Labelled],
    settings: Settings,
    *,
    source: Path,
    home: Path,
    show: Show,
) -> Refusals:
    """Indexes the passages in a library of their own and asks every question.

    Args:
        document: all passages.
        labelled: the questions; answerable ones and others.
        settings: of the product; its data folder is not touched.
        source: file of the passages, kept with the library in place of a PDF.
        home: data folder of that library.
        show: told how far the work has come.

    Raises:
        EvaluationError: if answerable or unanswerable questions are missing.
        GuideError: if a model or the store cannot be opened.
    """
    if len({each.answerable for each in labelled}) < 2:
        raise EvaluationError(
            "Refusals are told of answerable and unanswerable questions: "
            "take more of them (--limit)."
        )
    own = settings.model_copy(update={"home": home})
    share_models(settings.home, home)
    build_library(document, own, source, show)
    refused: list[bool] = []
    with contextlib.closing(open_assistant(own)) as assistant:
        for done, each in enumerate(labelled, 1):
            asked = each.question
            answer = _reading(assistant, each.page).ask(asked.question, history=asked.history)
            refused.append(not answer.status.cites)
            show("refusals", done, len(labelled))
    return count(labelled, refused)


def count(labelled: Sequence[Labelled], refused: Sequence[bool]) -> Refusals:
    """What was refused, counted; at least one question is answerable and one is not."""
    pairs = list(zip(labelled, refused, strict=True))
    measures = {
        "refusal_recall": [float(r) for each, r in pairs if not each.answerable],
        "refusal_precision": [float(not each.answerable) for each, r in pairs if r],
        "over_refusal": [float(r) for each, r in pairs if each.answerable],
    }
    kinds = sorted({each.kind for each in labelled})
    return Refusals(
        measures={name: estimate(values) for name, values in measures.items() if values},
        by_kind={
            kind: estimate([float(r) for each, r in pairs if each.kind == kind]) for kind in kinds
        },
    )


def rows(result: Refusals) -> Iterator[tuple[str, ...]]:
    """Lines of a table; the header first."""
    yield ("measure", "value", "n", "95 % from", "to", "published")
    for name, value in (*result.measures.items(), *result.by_kind.items()):
        published = f"{PUBLISHED[name]:.2f}" if name in PUBLISHED else ""
        called = name if name in result.measures else f"refused of {name}"
        numbers = (f"{value.value:.3f}", str(value.n), f"{value.low:.3f}", f"{value.high:.3f}")
        yield (called, *numbers, published)


def as_json(result: Refusals) -> dict[str, object]:
    """The same as an object."""
    return {
        name: {key: value_json(value) for key, value in of.items()}
        for name, of in (("measures", result.measures), ("refused_by_kind", result.by_kind))
    } | {"published": PUBLISHED}


@dataclass(frozen=True, kw_only=True)
class _OnePage(Retriever):
    """Finds nothing but what stands on one page."""

    page: int

    def search(self, query: Query) -> Candidates:
        found = super().search(query)
        return replace(
            found,
            groups=tuple(self._of_page(group) for group in found.groups),
            read=(),
        )

    def _of_page(self, group: Group) -> Group:
        on_page = [
            passage
            for passage in group.passages
            if any(number == self.page for _, number in pages_of(passage.document, passage.chunk))
        ]
        return replace(group, passages=on_page)


def _reading(assistant: Assistant, page: int | None) -> Assistant:
    """The assistant, reading one page alone where one is given."""
    if page is None:
        return assistant
    parts = {field.name: getattr(assistant.retriever, field.name) for field in fields(Retriever)}
    return replace(assistant, retriever=_OnePage(**parts, page=page))
