"""Asks every question of a set and keeps what came back, so that a stopped run can go on.

A run lives in one folder:

* `run.json`: what makes it this run (see `eval.identity`), written first;
* `questions.jsonl`: the set as it was asked;
* `results.jsonl`: one line a question in the order of the set, appended as they come: the answer
  as `guide ask --json` gives it, with "id", "pages" (the ten best distinct pages in rank order)
  and, where the pipeline raised, "error";
* `summary.json` and `report.md`, written when all is asked.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from assistant.model import Answer, Filters, Passage, Turn
from assistant.output import answer_json
from corpus.errors import EvaluationError
from eval.question_files import write_questions
from eval.questions import Question
from eval.results import FAILED, RESULTS_FILE, Result, parse_result, read_results

RUN_FILE = "run.json"
QUESTIONS_FILE = "questions.jsonl"
SUMMARY_FILE = "summary.json"
REPORT_FILE = "report.md"
PAGES = 10
ODD = "backslashreplace"
"""How lone surrogates are written, should a PDF hold some: as the escapes that JSON reads."""

IN_FLIGHT = 2
"""Questions handed out per worker; what is in flight when a run is stopped is asked again."""


class Asking(Protocol):
    """Who is asked: `eval.examiner.Examiner`, or a double of it."""

    def ask(
        self, question: str, *, filters: Filters, history: Sequence[Turn]
    ) -> tuple[Answer, Sequence[Passage]]:
        """The answer, and the passages ranked for it; what is raised fails the question."""
        ...


Asked = Callable[[Result], None]
"""Called after each question, in order."""


def run(
    questions: Sequence[Question],
    assistant: Asking,
    folder: Path,
    *,
    identity: Mapping[str, object],
    jobs: int = 1,
    asked: Asked,
) -> tuple[Result, ...]:
    """Asks the questions that the folder has no result for yet.

    A folder that holds an unfinished run with the same identity is gone on with; in every other
    case the run starts anew. Stopping it (Ctrl-C) loses at most the questions in flight.

    Args:
        questions: the set.
        assistant: asked from `jobs` threads at once.
        folder: made where missing; files of an earlier run in it are replaced.
        identity: what makes this run this run.
        jobs: threads.
        asked: told of each result, those from before included.

    Returns:
        A result for each question, in order.

    Raises:
        EvaluationError: if the folder cannot be written or read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _begin(questions, folder, identity)
        results: list[Result] = []
        with (folder / RESULTS_FILE).open("a", encoding="utf-8", errors=ODD, newline="\n") as file:
            for result in known:
                asked(result)
            rest = questions[len(known) :]
            for line in _lines(rest, assistant, jobs):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
                results.append(parse_result(line))
                asked(results[-1])
    except OSError as error:
        raise EvaluationError(f"The run {folder} cannot be written: {error}.") from error
    return (*known, *results)


def unfinished(folder: Path, identity: Mapping[str, object]) -> bool:
    """Whether the folder holds a run with this identity that did not come to its end."""
    try:
        held = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(held == dict(identity)) and not (folder / SUMMARY_FILE).exists()


def finish(folder: Path, summary: Mapping[str, object]) -> None:
    """Writes `summary.json`, whose presence says that the run is finished: write it last.

    Raises:
        EvaluationError: if it cannot be written.
    """
    try:
        text = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
        (folder / SUMMARY_FILE).write_text(text, encoding="utf-8", errors=ODD, newline="\n")
    except OSError as error:
        raise EvaluationError(f"The run {folder} cannot be written: {error}.") from error


def kept_results(
    folder: Path, identity: Mapping[str, object], questions: Sequence[Question]
) -> tuple[Result, ...]:
    """What `run` would not ask again: results of the first questions; none where it starts anew."""
    path = folder / RESULTS_FILE
    if not (unfinished(folder, identity) and path.exists()):
        return ()
    return _usable(path, questions)


def best_pages(passages: Sequence[Passage], limit: int = PAGES) -> list[list[str | int]]:
    """Distinct pages in rank order, `[file, page]`; a passage over two pages gives both."""
    pages: dict[tuple[str, int], None] = {}
    for passage in passages:
        first, last = passage.pages
        pages.update(dict.fromkeys((passage.document.file, n) for n in range(first, last + 1)))
    return [list(page) for page in list(pages)[:limit]]


def _begin(
    questions: Sequence[Question], folder: Path, identity: Mapping[str, object]
) -> tuple[Result, ...]:
    """Makes the folder ready; gives the results to keep, one for each of the first questions."""
    kept = kept_results(folder, identity, questions)
    for name in (SUMMARY_FILE, REPORT_FILE):
        (folder / name).unlink(missing_ok=True)
    write_questions(folder / QUESTIONS_FILE, questions)
    text = "".join(json.dumps(result.line, ensure_ascii=False) + "\n" for result in kept)
    (folder / RESULTS_FILE).write_text(text, encoding="utf-8", errors=ODD, newline="\n")
    _write_json(folder / RUN_FILE, dict(identity))
    return kept


def _usable(path: Path, questions: Sequence[Question]) -> tuple[Result, ...]:
    """The results of a stopped run; none where they are damaged or of other questions."""
    try:
        held = read_results(path, torn_end=True)
    except EvaluationError:
        return ()
    fits = [result.id for result in held] == [q.id for q in questions[: len(held)]]
    return held if fits else ()


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _lines(questions: Sequence[Question], assistant: Asking, jobs: int) -> Iterator[dict[str, Any]]:
    """What came back to each question, in order."""
    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="ask")
    waiting: deque[tuple[Question, Future[dict[str, Any]]]] = deque()
    rest = iter(questions)
    try:
        while True:
            while len(waiting) < jobs * IN_FLIGHT and (question := next(rest, None)) is not None:
                waiting.append((question, pool.submit(_ask, assistant, question)))
            if not waiting:
                return
            question, future = waiting.popleft()
            # Whatever was raised is the result of this question and counts as wrong.
            raised = future.exception()
            yield future.result() if raised is None else _failure(question, raised)
    finally:
        pool.shutdown(cancel_futures=True)


def _ask(assistant: Asking, question: Question) -> dict[str, Any]:
    answer, passages = assistant.ask(
        question.question, filters=question.filters, history=question.history
    )
    return answer_json(answer) | {"id": question.id, "pages": best_pages(passages)}


def _failure(question: Question, raised: BaseException) -> dict[str, Any]:
    return {
        "question": question.question,
        "status": FAILED,
        "text": "",
        "language": "",
        "edition": None,
        "citations": [],
        "passages": [],
        "notes": [],
        "contact": None,
        "timings_ms": {},
        "id": question.id,
        "pages": [],
        "error": f"{type(raised).__name__}: {raised}",
    }
