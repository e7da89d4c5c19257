"""One evaluation from end to end: ask, score, summarise, write; and reading it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from corpus.errors import EvaluationError, LibraryError
from corpus.records import DocumentRecord, timestamp
from corpus.settings import Settings
from eval.identity import identity, index_fingerprint, versions
from eval.judging import Judge, judge_run
from eval.metrics import QuoteStands, score
from eval.pages import PdfPages
from eval.pages_ahead import PagesAhead
from eval.question_files import read_questions
from eval.questions import Question, set_hash
from eval.report import report
from eval.report_html import Draw, report_html
from eval.results import RESULTS_FILE, Result, read_results
from eval.runner import (
    QUESTIONS_FILE,
    REPORT_FILE,
    SUMMARY_FILE,
    Asked,
    Asking,
    finish,
    run,
    unfinished,
)
from eval.summary import Scored, summarise

SCORES_FILE = "scores.jsonl"
JUDGED_FILE = "judged.jsonl"
PAGE_FILE = "report.html"
RUNS_FOLDER = "runs"
AHEAD_FROM = 20
"""Questions from which on pages are read ahead."""


class Shelf(Protocol):
    """What an evaluation needs of the library: `assistant.pipeline.Assistant` has it."""

    def records(self) -> Sequence[DocumentRecord]:
        """The documents that can answer."""
        ...

    def pdf_path(self, document_id: str) -> Path:
        """The PDF of a document."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A finished run: its questions with results and measures, and `summary.json`."""

    folder: Path
    scored: tuple[Scored, ...]
    summary: Mapping[str, Any]

    @property
    def question_set(self) -> str:
        """Hash of the questions asked."""
        return set_hash(item.question for item in self.scored)


def evaluate(
    questions: Sequence[Question],
    examiner: Asking,
    folder: Path,
    *,
    shelf: Shelf,
    settings: Settings,
    source: str,
    jobs: int,
    asked: Asked,
    images: Draw | None = None,
    judge: Judge | None = None,
) -> Evaluation:
    """Asks a set, scores it and writes the files of the run (see `eval.runner`).

    Besides those, `scores.jsonl` holds the measures of each question.

    Args:
        questions: the set.
        examiner: who is asked.
        folder: of the run; gone on with where it holds the same run, unfinished.
        shelf: the library that answers.
        settings: that the assistant was opened with.
        source: name of the set's file, for the report.
        jobs: threads that ask.
        asked: told of each result as it comes.
        images: draws the cited pages for `report.html`; None leaves them out.
        judge: judges the answers too, into `judged.jsonl` and a part of the summary of its own.

    Raises:
        EvaluationError: if a file of the run cannot be written, or the library was changed.
    """
    records = shelf.records()
    files = {record.id: record.file for record in records}
    this = identity(questions, settings, records)
    started = datetime.now(UTC)
    with _pages(_paths(shelf, files), len(questions)) as pages:

        def answered(result: Result) -> None:
            pages.want((cited.document, cited.page) for cited in result.citations)
            asked(result)

        results = run(questions, examiner, folder, identity=this, jobs=jobs, asked=answered)
        seconds = (datetime.now(UTC) - started).total_seconds()
        if index_fingerprint(shelf.records()) != this["index"]:
            raise EvaluationError(
                "The library was changed while the questions were asked. Ask them again: the "
                "answers would be of two libraries."
            )
        scored = score_all(questions, results, files, pages.stands)
    summary = summarise(scored) | {
        "question_set": {"file": source, "sha256": this["question_set"]},
        "documents": files,
        "started": timestamp(started),
        "seconds": round(seconds, 1),
        "jobs": jobs,
        "identity": this,
        "versions": versions(),
    }
    (folder / JUDGED_FILE).unlink(missing_ok=True)
    if judge is not None:
        judged = judge_run(scored, judge)
        summary["judged"] = judged.block
        lines = (json.dumps({"id": of, "measures": row}) + "\n" for of, row in judged.rows)
        write_file(folder / JUDGED_FILE, "".join(lines))
    write_file(folder / SCORES_FILE, "".join(_score_line(item) for item in scored))
    write_file(folder / REPORT_FILE, report(scored, summary))
    write_file(folder / PAGE_FILE, report_html(scored, summary, draw=images))
    finish(folder, summary)
    return Evaluation(folder=folder, scored=scored, summary=summary)


def score_all(
    questions: Sequence[Question],
    results: Sequence[Result],
    files: Mapping[str, str],
    quote_stands: QuoteStands,
) -> tuple[Scored, ...]:
    """Measures of all results.

    Args:
        questions: the set.
        results: of the questions, in the same order.
        files: file name of each document id of the library.
        quote_stands: looks a quote up in the PDF, by a reader that the library does not use.
    """
    return tuple(
        Scored(
            question=question,
            result=result,
            measures=score(question, result, quote_stands=quote_stands, files=files),
        )
        for question, result in zip(questions, results, strict=True)
    )


def _pages(
    paths: Mapping[str, Path], questions: int
) -> AbstractContextManager[PdfPages | PagesAhead]:
    """The reader of pages; for a few questions a process of its own is not worth its start."""
    return nullcontext(PdfPages(paths)) if questions < AHEAD_FROM else closing(PagesAhead(paths))


def _paths(shelf: Shelf, files: Mapping[str, str]) -> dict[str, Path]:
    """The PDFs that are at hand; quotes from the others cannot be checked and are left out."""
    paths = {}
    for document_id, file in files.items():
        try:
            paths[file] = shelf.pdf_path(document_id)
        except LibraryError:
            continue
    return paths


def read_evaluation(folder: Path) -> Evaluation:
    """A finished run as it was written.

    Raises:
        EvaluationError: if the folder holds none.
    """
    if not (folder / SUMMARY_FILE).is_file():
        state = "is not finished" if (folder / RESULTS_FILE).is_file() else "is no run"
        raise EvaluationError(
            f"{folder} {state}. Make a run with: guide eval QUESTIONS --out {folder}"
        )
    questions = read_questions(folder / QUESTIONS_FILE)
    results = read_results(folder / RESULTS_FILE)
    try:
        summary = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        lines = (folder / SCORES_FILE).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        scored = tuple(
            Scored(question=q, result=r, measures={k: float(v) for k, v in row["measures"].items()})
            for q, r, row in zip(questions, results, rows, strict=True)
            if q.id == r.id == row["id"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f"The run {folder} is damaged ({error!r}). Make it again.") from error
    return Evaluation(folder=folder, scored=scored, summary=summary)


def same_questions(one: Evaluation, two: Evaluation) -> None:
    """Checks that two runs can be compared.

    Raises:
        EvaluationError: if they asked other questions.
    """
    if one.question_set != two.question_set:
        raise EvaluationError(
            f"{one.folder} and {two.folder} asked different questions ({len(one.scored)} and "
            f"{len(two.scored)}). Only runs over the same set can be compared."
        )


def run_folder(settings: Settings, source: Path, this: Mapping[str, object]) -> Path:
    """Where a run goes that names no folder: the newest unfinished one like it, else a new one."""
    runs = settings.home / RUNS_FOLDER
    for folder in sorted(runs.glob(f"{source.stem}-*"), reverse=True):
        if unfinished(folder, this):
            return folder
    begun = datetime.now(UTC)
    while (new := runs / f"{source.stem}-{begun:%Y%m%d-%H%M%S}").exists():
        begun += timedelta(seconds=1)
    return new


def _score_line(item: Scored) -> str:
    return json.dumps({"id": item.question.id, "measures": dict(item.measures)}) + "\n"


def write_file(path: Path, text: str) -> None:
    """Writes a text file and the folders above it; half characters become question marks.

    Raises:
        EvaluationError: if it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}.") from error
