"""Refusals of questions that no passage of a benchmark answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import guide
from corpus.errors import EvaluationError
from eval.bench_refusals import Labelled, count, read_labelled
from eval.questions import Question
from tests.test_eval_bench import write

PASSAGES = [
    {
        "id": "p0",
        "title": "Plates",
        "text": "Lost plates must be reported to the police in 9 days.",
    },
    {"id": "p1", "title": "Insurance", "text": "Insurance lapses after 90 days without payment."},
    {"id": "p2", "title": "Tides", "text": "The tide comes twice a day, drawn by the moon."},
]
ASKED = [
    {"id": "q0", "question": "when does insurance lapse", "answerable": True},
    {"id": "q1", "question": "who must be told of lost plates", "answerable": True},
    {"id": "q2", "question": "who was the first emperor of mexico", "answerable": False},
    {"id": "q3", "question": "how many goals did pele score for santos", "answerable": False},
]
GIVEN = {"q0": "p1", "q1": "p0", "q2": "p2", "q3": "p0"}


def clapnq(folder: Path) -> Path:
    rows = [{**row, "given_passage": GIVEN[str(row["id"])]} for row in ASKED]
    return write(folder / "clapnq-dev", PASSAGES, rows)


def test_questions_come_with_their_label_and_their_passage(tmp_path: Path) -> None:
    document, labelled = read_labelled("clapnq-dev", clapnq(tmp_path))
    assert sorted(each.question.id for each in labelled) == ["q0", "q1", "q2", "q3"]
    by_id = {each.question.id: each for each in labelled}
    assert {of: each.kind for of, each in by_id.items()} == {
        "q0": "ANSWERABLE",
        "q1": "ANSWERABLE",
        "q2": "UNANSWERABLE",
        "q3": "UNANSWERABLE",
    }
    assert [by_id[of].page for of in ("q0", "q1", "q2", "q3")] == [2, 1, 3, 1]
    assert len(document.pages) == 3
    assert read_labelled("clapnq-dev", tmp_path / "clapnq-dev", limit=2)[1] == labelled[:2]


def test_a_set_of_the_other_kind_is_asked_of_all_passages_with_its_history(tmp_path: Path) -> None:
    rows = [
        {**ASKED[0], "answerability": "PARTIAL", "history": [["user", "Hi"], ["agent", "Yes?"]]},
        {**ASKED[2], "answerability": "UNDERSPECIFIED", "history": []},
    ]
    _, labelled = read_labelled("mtrag-un", write(tmp_path, PASSAGES, rows))
    by_kind = {each.kind: each for each in labelled}
    assert set(by_kind) == {"PARTIAL", "UNDERSPECIFIED"}
    assert {each.page for each in labelled} == {None}
    assert [turn.role for turn in by_kind["PARTIAL"].question.history] == ["user", "assistant"]


def test_other_benchmarks_and_other_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="clapnq-dev, mtrag-un"):
        read_labelled("xquad", write(tmp_path, PASSAGES, ASKED))
    with pytest.raises(EvaluationError, match="not in the expected form"):
        read_labelled("mtrag-un", write(tmp_path, PASSAGES, [{"id": "q0"}]))


def labelled(answerable: bool, kind: str) -> Labelled:
    return Labelled(question=Question(id="q", question="?"), answerable=answerable, kind=kind)


def test_what_is_refused_is_counted() -> None:
    asked = [
        labelled(True, "ANSWERABLE"),
        labelled(True, "ANSWERABLE"),
        labelled(False, "UNANSWERABLE"),
        labelled(False, "UNANSWERABLE"),
        labelled(False, "UNDERSPECIFIED"),
    ]
    result = count(asked, [True, False, True, True, False])
    assert {name: (round(e.value, 3), e.n) for name, e in result.measures.items()} == {
        "refusal_recall": (0.667, 3),
        "refusal_precision": (0.667, 3),
        "over_refusal": (0.5, 2),
    }
    assert {kind: (e.value, e.n) for kind, e in result.by_kind.items()} == {
        "ANSWERABLE": (0.5, 2),
        "UNANSWERABLE": (1.0, 2),
        "UNDERSPECIFIED": (0.0, 1),
    }
    assert "refusal_precision" not in count(asked, [False] * 5).measures


def test_the_command_asks_each_question_of_its_own_passage(tmp_path: Path) -> None:
    clapnq(tmp_path)
    home = {"GUIDE_HOME": str(tmp_path / "home")}
    arguments = ["bench", "clapnq-dev", "--folder", str(tmp_path), "--refusals", "--json"]
    result = CliRunner(env=home).invoke(guide, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["published"] == {"refusal_precision": 0.33, "refusal_recall": 0.44}
    assert told["measures"]["refusal_recall"]["n"] == 2
    assert told["measures"]["refusal_recall"]["value"] == 1.0
    assert told["measures"]["over_refusal"]["value"] == 0.0
    assert set(told["refused_by_kind"]) == {"ANSWERABLE", "UNANSWERABLE"}
    table = CliRunner(env=home).invoke(guide, [*arguments[:-1], "--limit", "4"])
    assert "refusal_recall" in table.output
    assert "0.44" in table.output
    few = CliRunner(env=home).invoke(guide, [*arguments, "--limit", "1"])
    assert few.exit_code != 0
    assert "--limit" in few.output
