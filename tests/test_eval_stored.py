"""Questions made from stored answers, and stored answers held against new ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result as CommandResult

from app import guide
from assistant.kept import KeptAnswers
from assistant.model import Answer, Filters
from assistant.output import answer_json
from corpus.errors import EvaluationError, LibraryError, QuestionError
from corpus.model import Document, TextBox
from eval.question_files import read_questions, write_questions
from eval.recheck import Outcome, recheck, recheck_json, recheck_lines
from eval.results import Cited, Result, parse_result
from eval.runner import run
from eval.stored import (
    Stored,
    of_same_edition,
    question_of,
    stored_of_kept,
    stored_of_run,
)
from tests.eval_doubles import GUIDE, QUESTIONS, Speaker, answer, ignore, make_document, refusal


class Shelf:
    """A library of whole documents."""

    def __init__(self, *documents: Document) -> None:
        self._documents = {document.id: document for document in documents}

    def document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            raise QuestionError(f"no {document_id}")
        return self._documents[document_id]

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        return ()

    def pdf_path(self, document_id: str) -> Path:
        raise LibraryError("no PDF")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptAnswers]:
    kept = KeptAnswers.open(tmp_path)
    yield kept
    kept.close()


# -- questions from answers -------------------------------------------------------------------


def test_a_question_has_the_citations_of_the_answer_as_gold(kept: KeptAnswers) -> None:
    answer_id = kept.keep(answer("what threshold?", 1))
    made = question_of(kept.get(answer_id))
    assert made.id == answer_id
    assert made.question == "what threshold?"
    assert made.lang == "en"
    assert made.answerable
    assert [(g.document, g.page, g.quote) for g in made.gold] == [
        ("guide.pdf", 1, "The threshold is 60 points.")
    ]
    assert made.filters == Filters(programme="Test", year=2026)
    assert made.answer == "The threshold is 60 points."
    assert made.note.startswith("[to check] answer of 20")


def test_a_follow_up_is_asked_as_the_text_that_stands_alone(kept: KeptAnswers) -> None:
    given = replace(answer("and for partners?", 1), searched="threshold and for partners?")
    made = question_of(kept.get(kept.keep(given)))
    assert made.question == "threshold and for partners?"
    assert made.note.endswith("; asked as: and for partners?")


def test_a_refusal_is_unanswerable_unless_its_reader_found_it_wrong(kept: KeptAnswers) -> None:
    answer_id = kept.keep(refusal("the weather?"))
    made = question_of(kept.get(answer_id))
    assert (made.answerable, made.gold, made.answer) == (False, (), "")
    kept.feedback(answer_id, up=False, reason="it is on page 3")
    [row] = kept.rows()
    made = question_of(kept.get(answer_id), row)
    assert (made.answerable, made.gold) == (True, ())
    assert made.note.endswith("its reader found it wrong: it is on page 3")


def test_an_answer_from_several_or_unnamed_editions(kept: KeptAnswers) -> None:
    one = answer("?", 1)
    [cited] = one.citations
    two = replace(one, citations=(cited, replace(cited, number=2, document_id="other")))
    assert question_of(kept.get(kept.keep(two))).filters == Filters()
    bare = replace(one, edition=(GUIDE.id, replace(GUIDE.edition, year=None)))
    assert question_of(kept.get(kept.keep(bare))).filters == Filters(document_id="guide")


# -- stored answers ---------------------------------------------------------------------------


def test_the_newest_answer_to_each_question_is_taken(kept: KeptAnswers) -> None:
    kept.keep(answer("first?", 1))
    kept.keep(answer("second?", 2))
    newest = kept.keep(answer("first?", 3))
    stored = stored_of_kept(kept.all())
    assert [one.question.question for one in stored] == ["second?", "first?"]
    assert stored[1].result.id == newest
    assert stored[1].asked_at.startswith("20")
    assert of_same_edition(stored[1]).question.filters == Filters(document_id="guide")
    assert of_same_edition(Stored(question=QUESTIONS[3], result=Result(id="Q4", status="x"))) == (
        Stored(question=QUESTIONS[3], result=Result(id="Q4", status="x"))
    )


def test_answers_of_a_run_come_with_their_filters(tmp_path: Path) -> None:
    picked = (replace(QUESTIONS[0], filters=Filters(year=2026)), QUESTIONS[1])
    run(picked, Speaker(), tmp_path, identity={}, asked=ignore)
    stored = stored_of_run(tmp_path)
    assert [one.question.filters.year for one in stored] == [2026, None]
    assert stored_of_run(tmp_path / "results.jsonl") == stored
    (tmp_path / "questions.jsonl").unlink()
    alone = stored_of_run(tmp_path)
    assert [one.question.question for one in alone] == ["page 1", "page 2"]
    assert alone[0].question.filters == Filters()
    (tmp_path / "results.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(EvaluationError, match="holds no answers"):
        stored_of_run(tmp_path)


# -- holding old against new ------------------------------------------------------------------

OLD = Cited(1, "guide.pdf", 1, "The threshold is 60 points.")


def result(*cited: Cited, status: str = "answered", **other: object) -> Result:
    return Result(id="Q", status=status, citations=cited, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "now", "outcome"),
    [
        (result(OLD), result(replace(OLD, quote="The  threshold is 60 points.")), Outcome.SAME),
        (result(OLD), result(replace(OLD, page=2)), Outcome.MOVED),
        (result(OLD), result(replace(OLD, document="new.pdf")), Outcome.MOVED),
        (result(OLD), result(replace(OLD, quote="At least 60 points.")), Outcome.WORDS),
        (result(OLD), result(replace(OLD, quote="The threshold is 70 points.")), Outcome.FIGURES),
        (result(OLD), result(OLD, replace(OLD, number=2, quote="Or 80.")), Outcome.MORE),
        (  # the figure is still quoted, in other words
            result(replace(OLD, quote="The threshold is 60 points. … Not less.")),
            result(replace(OLD, quote="Threshold | 60")),
            Outcome.WORDS,
        ),
        (result(OLD), result(status="not_in_guides"), Outcome.REFUSED),
        (result(OLD), result(status="failed", error="ValueError: x"), Outcome.FAILED),
        (result(status="clarify"), result(OLD), Outcome.ANSWERED),
        (result(status="clarify"), result(status="clarify"), Outcome.SAME),
        (result(status="clarify"), result(status="not_in_guides"), Outcome.STATUS),
        (result(OLD), result(OLD, status="partly"), Outcome.SAME),
    ],
)
def test_what_changed(old: Result, now: Result, outcome: Outcome) -> None:
    [found] = recheck([Stored(question=QUESTIONS[0], result=old)], [now], Shelf())
    assert found.outcome is outcome
    assert outcome.changed == (outcome not in (Outcome.SAME, Outcome.MOVED))


def _parsed(given: Answer, number: int) -> Result:
    return parse_result(answer_json(given) | {"id": f"Q{number}"})


def test_old_and_new_quotes_are_listed_gravest_first() -> None:
    renewed = make_document(("The threshold is 70 points.\n", *(["Travel.\n"] * 2)))
    old = [_parsed(answer("a", 2), 1), _parsed(answer("b", 1), 2), _parsed(refusal("c"), 3)]
    moved = replace(OLD, page=3, quote="Applications close on 5 March 2026.")
    now = [
        result(moved),
        result(replace(OLD, quote="The threshold is 70 points.")),
        result(status="not_in_guides"),
    ]
    stored = [Stored(question=QUESTIONS[i], result=old[i]) for i in range(3)]
    found = recheck(stored, now, Shelf(renewed))
    assert list(recheck_lines(found)) == [
        "figures that were quoted no longer are (1)",
        "  Q2  page 2",
        "    - guide.pdf p. 1: “The threshold is 60 points.” (The page says something else now.)",
        "    + guide.pdf p. 1: “The threshold is 70 points.”",
        "the same words, on another page or in another edition (1)",
        "  Q1  page 1",
        "    guide.pdf p. 2 → guide.pdf p. 3",
    ]
    as_json = recheck_json(found)
    assert as_json["checked"] == 3
    assert as_json["changed"] == 1
    assert as_json["counts"] == {"figures": 1, "moved": 1, "same": 1}
    answers = as_json["answers"]
    assert isinstance(answers, list)
    first, second = answers
    assert first["gone"][0]["fallen"] == "The page says something else now."
    assert first["came"][0]["quote"] == "The threshold is 70 points."
    assert second["outcome"] == "moved"


def test_only_the_pieces_that_differ_are_listed() -> None:
    old = result(replace(OLD, quote="At least 60. … Two partners | EUR 500 … For all."))
    now = result(replace(OLD, quote="At least 60. Or more. … Two partners | EUR 5000"))
    [found] = recheck([Stored(question=QUESTIONS[0], result=old)], [now], Shelf())
    assert [c.quote for c in found.gone] == ["EUR 500 … For all."]
    assert [c.quote for c in found.came] == ["At least 60. Or more. … EUR 5000"]
    assert found.outcome is Outcome.FIGURES


def test_refusals_and_failures_say_what_became_of_them() -> None:
    stored = [Stored(question=q, result=result(status="clarify")) for q in QUESTIONS[:2]]
    now = [result(status="blocked"), result(status="failed", error="ValueError: x")]
    assert list(recheck_lines(recheck(stored, now, Shelf()))) == [
        *("could not be asked (1)", "  Q2  page 2", "    ValueError: x"),
        *("not answered, for another reason (1)", "  Q1  page 1", "    clarify → blocked"),
    ]


# -- the command ------------------------------------------------------------------------------


def test_questions_new_prints_or_adds(kept: KeptAnswers, tmp_path: Path) -> None:
    good, bad = kept.keep(answer("good?", 1)), kept.keep(answer("bad?", 2))
    kept.feedback(good, up=True)
    kept.feedback(bad, up=False, reason="wrong page")

    def new(*arguments: str) -> CommandResult:
        return CliRunner(env={"GUIDE_HOME": str(tmp_path)}).invoke(
            guide, ["questions", "new", *arguments]
        )

    printed = new(good)
    assert json.loads(printed.stdout)["question"] == "good?"
    target = tmp_path / "set.jsonl"
    write_questions(target, QUESTIONS[:1])
    assert "1 questions added" in new("--feedback", "down", "--to", str(target)).stderr
    again = new("--feedback", "all", "--to", str(target))
    assert "1 questions added" in again.stderr
    assert "1 of these answers were in it already" in again.stderr
    read = read_questions(target)
    assert [q.id for q in read] == ["Q1", bad, good]
    assert read[1].note.endswith("its reader found it wrong: wrong page")
    assert new().exit_code == 2
    assert new("unknown").exit_code == 2
