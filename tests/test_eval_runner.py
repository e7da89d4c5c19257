from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.model import Answer, Filters, Passage, Turn
from corpus.errors import EvaluationError
from corpus.settings import Settings
from eval.identity import identity, program_fingerprint, versions
from eval.results import Result, parse_result, read_results
from eval.runner import best_pages, run, unfinished
from tests.eval_doubles import (
    QUESTIONS,
    Speaker,
    answer,
    ignore,
    passage,
    stop_after,
)

IDENTITY = {"question_set": "abc"}
PROJECT = Path(__file__).parent.parent


def test_results_hold_the_answer_the_id_the_pages_and_errors(tmp_path: Path) -> None:
    results = run(QUESTIONS, Speaker(), tmp_path / "run", identity=IDENTITY, jobs=2, asked=ignore)
    assert [r.id for r in results] == [q.id for q in QUESTIONS]
    lines = (tmp_path / "run" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert [parse_result(json.loads(line)) for line in lines] == list(results)
    first = json.loads(lines[0])
    contract = {"question", "status", "text", "language", "edition", "citations", "passages"}
    contract |= {"notes", "contact", "timings_ms", "id", "pages"}
    assert contract <= first.keys()
    assert first["pages"] == [["guide.pdf", 1], ["guide.pdf", 2], ["guide.pdf", 3]]
    assert first["citations"][0]["quote"] == "The threshold is 60 points."
    failed = json.loads(lines[2])
    assert contract <= failed.keys()
    assert failed["status"] == "failed"
    assert failed["error"] == "ZeroDivisionError: broken on purpose"
    assert (results[3].refuses, results[3].answers, results[2].refuses) == (True, False, False)


def test_pages_are_distinct_in_rank_order_and_ten_at_most() -> None:
    found = best_pages([passage(2), passage(2, 3, rank=2), passage(1, rank=3)])
    assert found == [["guide.pdf", 2], ["guide.pdf", 3], ["guide.pdf", 1]]
    assert best_pages([passage(1, 3)], limit=2) == [["guide.pdf", 1], ["guide.pdf", 2]]
    assert best_pages([]) == []


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(QUESTIONS, Speaker(), tmp_path, identity=IDENTITY, jobs=jobs, asked=stop_after(4))
    assert len(read_results(tmp_path / "results.jsonl")) == 4
    assert unfinished(tmp_path, IDENTITY)
    second = Speaker()
    told: list[Result] = []
    results = run(QUESTIONS, second, tmp_path, identity=IDENTITY, jobs=jobs, asked=told.append)
    assert sorted(second.asked) == ["page 3", "refused"]
    assert list(results) == told == list(read_results(tmp_path / "results.jsonl"))
    assert [r.id for r in results] == [q.id for q in QUESTIONS]


def test_a_line_cut_off_in_writing_is_asked_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(QUESTIONS, Speaker(), tmp_path, identity=IDENTITY, asked=stop_after(3))
    path = tmp_path / "results.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    speaker = Speaker()
    results = run(QUESTIONS, speaker, tmp_path, identity=IDENTITY, asked=ignore)
    assert speaker.asked[0] == "crash"
    assert len(results) == len(read_results(path)) == len(QUESTIONS)


KILLED = """
import os, signal, sys
from pathlib import Path
from eval.runner import run
from tests.eval_doubles import QUESTIONS, Speaker

class Killer:
    def __init__(self):
        self.seen = 0
    def __call__(self, result):
        self.seen += 1
        if self.seen == 3:
            os.kill(os.getpid(), signal.SIGKILL)

run(QUESTIONS, Speaker(), Path(sys.argv[1]), identity={"question_set": "abc"}, asked=Killer())
"""


def test_a_killed_run_goes_on_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    for _ in range(2):  # killed again before it got further: what was asked stays
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(tmp_path)], cwd=PROJECT, check=False
        )
        assert done.returncode == -signal.SIGKILL
    before = (tmp_path / "results.jsonl").read_bytes()
    assert len(read_results(tmp_path / "results.jsonl")) == 3
    speaker = Speaker()
    results = run(QUESTIONS, speaker, tmp_path, identity=IDENTITY, asked=ignore)
    assert speaker.asked == [q.question for q in QUESTIONS[3:]]
    assert [r.id for r in results] == [q.id for q in QUESTIONS]
    assert read_results(tmp_path / "results.jsonl") == results
    assert (tmp_path / "results.jsonl").read_bytes().startswith(before)


@pytest.mark.parametrize("change", ["identity", "finished", "questions", "results"])
def test_anything_else_starts_anew(tmp_path: Path, change: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(QUESTIONS, Speaker(), tmp_path, identity=IDENTITY, asked=stop_after(3))
    questions, now = QUESTIONS, dict(IDENTITY)
    if change == "identity":
        now["settings"] = "other"
    elif change == "finished":
        (tmp_path / "summary.json").write_text("{}", encoding="utf-8")
    elif change == "questions":
        questions = QUESTIONS[::-1]
    else:
        (tmp_path / "results.jsonl").write_text("nonsense\n" * 2, encoding="utf-8")
    speaker = Speaker()
    run(questions, speaker, tmp_path, identity=now, asked=ignore)
    assert speaker.asked == [q.question for q in questions]
    assert not (tmp_path / "summary.json").exists()


def test_history_and_filters_are_handed_over_and_threads_work_at_once(tmp_path: Path) -> None:
    meeting = threading.Barrier(2, timeout=20)

    class Pair:
        def ask(
            self, question: str, *, filters: Filters, history: Sequence[Turn]
        ) -> tuple[Answer, Sequence[Passage]]:
            assert filters == Filters()
            assert history == ()
            meeting.wait()  # passes only if two are asked at the same time
            return answer(question, 1), [passage(2)]

    results = run(QUESTIONS[:2], Pair(), tmp_path, identity=IDENTITY, jobs=2, asked=ignore)
    assert all(r.answers for r in results)
    assert [r.pages for r in results] == [(("guide.pdf", 2),)] * 2


def test_odd_characters_of_a_pdf_do_not_end_a_run(tmp_path: Path) -> None:
    class Odd:
        def ask(
            self, question: str, *, filters: Filters, history: Sequence[Turn]
        ) -> tuple[Answer, Sequence[Passage]]:
            return replace(answer(question, 1), text="half \udc80 [1]"), ()

    [result] = run(QUESTIONS[:1], Odd(), tmp_path, identity=IDENTITY, asked=ignore)
    assert result.text == "half \udc80 [1]"
    assert read_results(tmp_path / "results.jsonl") == (result,)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EvaluationError, match="cannot be written"):
        run(QUESTIONS, Speaker(), tmp_path / "file" / "run", identity=IDENTITY, asked=ignore)


def test_the_identity_follows_what_decides_answers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    one = identity(QUESTIONS, settings, ())
    assert json.loads(json.dumps(one)) == one
    assert identity(QUESTIONS, Settings(home=tmp_path / "other"), ()) == one
    assert identity(QUESTIONS[1:], settings, ()) != one
    changed = settings.model_copy(
        update={"retrieval": settings.retrieval.model_copy(update={"candidates": 7})}
    )
    assert identity(QUESTIONS, changed, ()) != one


def test_the_program_fingerprint_follows_its_files(tmp_path: Path) -> None:
    (tmp_path / "assistant").mkdir()
    code = tmp_path / "assistant" / "a.py"
    code.write_text("1", encoding="utf-8")
    before = program_fingerprint(tmp_path)
    (tmp_path / "assistant" / "note.pyc").write_text("x", encoding="utf-8")
    assert program_fingerprint(tmp_path) == before
    code.write_text("2", encoding="utf-8")
    assert program_fingerprint(tmp_path) != before
    assert program_fingerprint() == program_fingerprint()


def test_versions_name_the_product_and_what_answers_are_made_with() -> None:
    assert {"programme-guide-assistant", "numpy"} <= versions().keys()


def test_a_result_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"id": "A", "status": "answered"}\n{"id": "B"}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match="line 2: not a result"):
        read_results(path)
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_results(tmp_path / "none.jsonl")
