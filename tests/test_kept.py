"""Kept answers: on disk, bounded, and held against the present library."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import feedback
from assistant.kept import ANSWERS_FILE, MAX_REASON_CHARS, KeptAnswers, check_quotes
from assistant.kept_export import feedback_csv, feedback_json
from assistant.model import Answer, Status
from corpus.errors import LibraryError, QuestionError
from corpus.settings import KeepSettings
from corpus.sqlite import Database
from tests.web import Double, citation, document, passage

GUIDE = document()


def answer(question: str = "How much?", quote: str = "EUR 30 000", page: int = 1) -> Answer:
    return Answer(
        question=question,
        status=Status.ANSWERED,
        text=f"{quote}. [1]",
        language="en",
        edition=(GUIDE.id, GUIDE.edition),
        citations=(citation(GUIDE, quote=quote, page=page),),
        passages=(passage(GUIDE),),
        timings_ms={"total": 4.0},
    )


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptAnswers]:
    kept = KeptAnswers.open(tmp_path, fingerprint=lambda: "f1")
    yield kept
    kept.close()


def test_all_answers_come_oldest_first(kept: KeptAnswers) -> None:
    ids = [kept.keep(answer(f"question {number}?")) for number in range(3)]
    assert kept.all() == tuple(map(kept.get, ids))


def test_answers_that_cannot_be_read_are_said(kept: KeptAnswers, tmp_path: Path) -> None:
    kept.keep(answer())
    with contextlib.closing(sqlite3.connect(tmp_path / ANSWERS_FILE)) as file:
        file.execute("ALTER TABLE answers RENAME TO gone")
    with pytest.raises(LibraryError, match=rf"{ANSWERS_FILE} cannot be used"):
        kept.all()


def test_an_answer_is_kept_as_given_but_for_passages(kept: KeptAnswers, tmp_path: Path) -> None:
    answer_id = kept.keep(answer())
    again = KeptAnswers.open(tmp_path)
    found = again.get(answer_id)
    again.close()
    assert found.id == answer_id
    assert found.fingerprint == "f1"
    assert found.record["question"] == "How much?"
    assert found.record["edition"]["document_id"] == GUIDE.id
    assert found.record["citations"][0]["quote"] == "EUR 30 000"
    assert "passages" not in found.record
    assert found.asked_at.endswith("+00:00")


def test_an_unknown_answer_is_named(kept: KeptAnswers) -> None:
    with pytest.raises(QuestionError, match=r"'nothing'.*Ask the question again"):
        kept.get("nothing")
    with pytest.raises(QuestionError, match="'nothing'"):
        kept.feedback("nothing", True)


def test_the_last_word_on_an_answer_counts(kept: KeptAnswers) -> None:
    first, second = kept.keep(answer("first?")), kept.keep(answer("second?"))
    kept.feedback(second, True)
    kept.feedback(first, True)
    kept.feedback(first, False, " wrong page ")
    rows = kept.rows()
    assert [(r.answer_id, r.question, r.up, r.reason) for r in rows] == [
        (first, "first?", False, "wrong page"),
        (second, "second?", True, ""),
    ]
    assert rows[0].document_id == GUIDE.id
    assert rows[0].status == "answered"


def test_a_reason_has_an_end(kept: KeptAnswers) -> None:
    with pytest.raises(QuestionError, match="2001 characters"):
        kept.feedback(kept.keep(answer()), False, "x" * (MAX_REASON_CHARS + 1))


def test_a_word_without_a_reason_keeps_the_one_that_was_given_for_it(kept: KeptAnswers) -> None:
    answer_id = kept.keep(answer())

    def told() -> list[tuple[bool, str]]:
        return [(row.up, row.reason) for row in kept.rows()]

    kept.feedback(answer_id, False, "wrong page")
    kept.feedback(answer_id, False)
    assert told() == [(False, "wrong page")]
    kept.feedback(answer_id, False, "")
    assert told() == [(False, "")]
    kept.feedback(answer_id, False, "wrong page")
    kept.feedback(answer_id, True)
    assert told() == [(True, "")]


def test_feedback_can_be_taken_back(kept: KeptAnswers) -> None:
    answer_id = kept.keep(answer())
    kept.feedback(answer_id, False, "wrong page")
    kept.withdraw_feedback(answer_id)
    assert kept.rows() == ()
    kept.withdraw_feedback(answer_id)
    with pytest.raises(QuestionError, match="nothing"):
        kept.withdraw_feedback("nothing")


def test_the_oldest_answers_go_and_their_feedback_with_them(tmp_path: Path) -> None:
    kept = KeptAnswers.open(tmp_path, settings=KeepSettings(answers=2))
    ids = [kept.keep(answer(str(n))) for n in range(2)]
    kept.feedback(ids[0], True)
    ids.append(kept.keep(answer("2")))
    assert kept.count() == 2
    assert kept.rows() == ()
    assert kept.get(ids[1]).record["question"] == "1"
    with pytest.raises(QuestionError):
        kept.get(ids[0])
    kept.close()


def test_answers_go_when_their_days_are_over(kept: KeptAnswers, tmp_path: Path) -> None:
    old = kept.keep(answer())
    database = Database(tmp_path / ANSWERS_FILE, ("",))
    with database.transaction() as connection:
        connection.execute("UPDATE answers SET asked_at = '2020-01-01T00:00:00+00:00'")
    database.close()
    new = kept.keep(answer())
    assert kept.count() == 1
    assert kept.get(new)
    with pytest.raises(QuestionError):
        kept.get(old)


def test_nothing_is_kept_where_nothing_shall_be(tmp_path: Path) -> None:
    kept = KeptAnswers.open(tmp_path, settings=KeepSettings(answers=0))
    answer_id = kept.keep(answer())
    assert len(answer_id) == 24
    assert kept.count() == 0
    kept.close()


def test_answers_of_several_threads_are_all_kept_once(kept: KeptAnswers) -> None:
    ids: list[str] = []

    def work() -> None:
        ids.extend(kept.keep(answer()) for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == kept.count() == 100


@pytest.mark.parametrize(
    ("given", "documents", "holds", "why"),
    [
        (answer(), (GUIDE,), True, ""),
        (answer(), (), False, "gone"),
        (answer(page=2), (GUIDE,), False, "no such page"),
        (answer(quote="EUR 31 000"), (GUIDE,), False, "something else"),
    ],
)
def test_a_quote_is_held_against_the_present_library(
    kept: KeptAnswers, given: Answer, documents: tuple[object, ...], holds: bool, why: str
) -> None:
    library = Double(documents=documents)  # type: ignore[arg-type]
    (check,) = check_quotes(kept.get(kept.keep(given)), library)
    assert (check.number, check.holds) == (1, holds)
    assert why in check.why


def test_feedback_is_exported_as_a_table_and_as_json(kept: KeptAnswers) -> None:
    kept.feedback(kept.keep(answer('=HYPERLINK("http://example.org")')), False, "wrong,\npage")
    (row,) = csv.DictReader(io.StringIO(feedback_csv(kept.rows())))
    assert row["question"] == '\'=HYPERLINK("http://example.org")'
    assert (row["up"], row["reason"]) == ("False", "wrong,\npage")
    (entry,) = feedback_json(kept.rows())["feedback"]
    assert entry["question"] == '=HYPERLINK("http://example.org")'
    assert entry["up"] is False


def test_the_command_prints_feedback(
    kept: KeptAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.feedback(kept.keep(answer()), True)
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path))
    as_json = CliRunner().invoke(feedback, ["--json"])
    assert json.loads(as_json.stdout)["feedback"][0]["up"] is True
    as_csv = CliRunner().invoke(feedback)
    assert as_csv.stdout.splitlines()[0].startswith("answer_id,question,status")
