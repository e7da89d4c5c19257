"""Answers that were given before, each with the question that asks for it again.

They come from the kept answers of the API and the window, or from a run (`results.jsonl`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.kept import Feedback, KeptAnswer
from assistant.model import Filters
from corpus.errors import EvaluationError
from eval.question_files import read_questions
from eval.questions import GoldPage, Question
from eval.results import RESULTS_FILE, Result, parse_result, read_results
from eval.runner import QUESTIONS_FILE

_MARKER = re.compile(r"\s?\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An answer as it was given, and what to ask for a new one.

    Attributes:
        asked_at: UTC, ISO 8601; "" where it is not known.
    """

    question: Question
    result: Result
    asked_at: str = ""


def stored_of_kept(answers: Iterable[KeptAnswer]) -> tuple[Stored, ...]:
    """The newest kept answer to each question about each edition, in the order of asking.

    Answers come oldest first.

    What an asker had picked is not kept, nor are earlier turns: a follow-up is asked as the
    stand-alone text that was searched for.
    """
    newest: dict[tuple[str, str | None], Stored] = {}
    for kept in answers:
        result = parse_result(kept.record | {"id": kept.id})
        question = Question(id=kept.id, question=_standing_alone(kept.record))
        key = (question.question, result.edition_id)
        newest.pop(key, None)
        newest[key] = Stored(question=question, result=result, asked_at=kept.asked_at)
    return tuple(newest.values())


def stored_of_run(source: Path) -> tuple[Stored, ...]:
    """The answers of a run, by its folder or its `results.jsonl`.

    Filters and earlier turns come from the `questions.jsonl` beside it, where there is one.

    Raises:
        EvaluationError: if the results or the questions cannot be read.
    """
    path = source / RESULTS_FILE if source.is_dir() else source
    results = read_results(path)
    if not results:
        raise EvaluationError(f"{path} holds no answers.")
    beside = path.with_name(QUESTIONS_FILE)
    asked = {q.id: q for q in read_questions(beside)} if beside.is_file() else {}
    return tuple(
        Stored(
            question=asked.get(result.id)
            or Question(id=result.id, question=_standing_alone(result.line)),
            result=result,
        )
        for result in results
    )


def of_same_edition(stored: Stored) -> Stored:
    """The same, to be asked of the document that answered then, where one did."""
    if stored.result.edition_id is None:
        return stored
    filters = Filters(document_id=stored.result.edition_id)
    return replace(stored, question=replace(stored.question, filters=filters))


def question_of(kept: KeptAnswer, feedback: Feedback | None = None) -> Question:
    """A question for a set, with the citations of a kept answer as its gold, to be checked.

    It is pinned to the edition that answered, so that a newer one does not make the gold wrong.
    A refusal becomes an unanswerable question, unless its reader found it wrong: then the gold
    pages are for a person to find.
    """
    record = kept.record
    result = parse_result(record | {"id": kept.id})
    unhappy = feedback is not None and not feedback.up
    gold = dict.fromkeys(
        GoldPage(document=c.document, page=c.page, quote=c.quote)
        for c in (result.citations if result.answers else ())
    )
    return Question(
        id=kept.id,
        question=_standing_alone(record),
        lang=result.language,
        filters=_edition_filters(record),
        answerable=result.answers or unhappy,
        gold=tuple(gold),
        answer=_MARKER.sub("", result.text) if result.answers else "",
        note=_note(kept, feedback),
    )


def _note(kept: KeptAnswer, feedback: Feedback | None) -> str:
    record = kept.record
    note = f"[to check] answer of {kept.asked_at}, {record['status']}"
    if feedback is not None:
        note += f"; its reader found it {'good' if feedback.up else 'wrong'}"
        note += f": {feedback.reason}" if feedback.reason else ""
    asked = str(record["question"])
    return note if _standing_alone(record) == asked else f"{note}; asked as: {asked}"


def _standing_alone(record: Mapping[str, Any]) -> str:
    """The question as it can be understood without the turns before it."""
    asked, searched = str(record["question"]), str(record.get("searched") or "")
    return searched if len(searched) > len(asked.strip()) else asked


def _edition_filters(record: Mapping[str, Any]) -> Filters:
    edition = record.get("edition")
    cited = {c["document_id"] for c in record["citations"]}
    if not edition or len(cited) > 1:
        return Filters()
    if edition.get("programme") and edition.get("year"):
        return Filters(programme=edition["programme"], year=edition["year"])
    return Filters(document_id=edition["document_id"])
