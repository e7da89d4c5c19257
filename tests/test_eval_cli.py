"""`guide eval`: what a run asks, writes and shows, how it is judged, ends and goes on."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import guide
from assistant.model import Filters
from assistant.output import answer_json
from assistant.ui_text import load_every_language
from assistant.wiring import open_assistant
from corpus.cli import FAILED
from corpus.index import Index
from corpus.settings import Settings, load_settings
from eval.evaluation import run_folder
from eval.examiner import Examiner
from eval.identity import identity
from eval.question_files import read_questions, write_questions
from eval.results import read_results
from eval.runner import best_pages, unfinished
from eval.window import open_evaluation
from tests.eval_library import PAGES, QUESTIONS, environment, invoke
from tests.llm_server import Says, llm_server


def test_a_run_writes_its_files_and_shows_the_numbers(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    done = invoke(eval_home, "eval", question_file, "--out", out)
    assert done.exit_code == 0, done.output
    assert "recall@5" in done.stdout
    assert "(n = 3)" in done.stdout
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert first["id"] == "A1"
    assert first["pages"][0] == ["guide.pdf", 1]
    assert first["status"] == "answered"
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["recall@1"] == pytest.approx(2 / 3)
    assert summary["recall@10"] == 1.0
    assert summary["measures"]["quotes_verbatim"]["value"] == 1.0
    assert summary["documents"] == {"guide-2026-en": "guide.pdf"}
    assert summary["identity"]["settings"]["embedding"]["model"] == "bge-small-en-v1.5"
    assert "### A3" in (out / "report.md").read_text(encoding="utf-8")


def test_the_ranking_goes_deeper_than_the_answer_and_does_not_change_it(eval_home: Path) -> None:
    settings = load_settings(environment(eval_home) | {"GUIDE_RETRIEVAL__TOP_K": "1"})
    with contextlib.closing(open_assistant(settings)) as assistant:
        examiner = Examiner(assistant)
        for question in QUESTIONS:
            alone = answer_json(assistant.ask(question.question))
            answer, passages = examiner.ask(question.question, filters=Filters(), history=())
            examined = answer_json(answer)
            assert examined | {"timings_ms": {}} == alone | {"timings_ms": {}}
            assert len(answer.passages) == 1
            assert len(best_pages(passages)) == len(PAGES)
            assert passages[0] == answer.passages[0]


def test_json_is_one_object_on_standard_output(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    done = invoke(
        eval_home, "eval", question_file, "--out", out, "--limit", "1", "--images", "--json"
    )
    assert done.exit_code == 0
    assert "data:image/png" in (out / "report.html").read_text(encoding="utf-8")
    summary = json.loads(done.stdout)
    assert summary["questions"] == 1
    assert summary["statuses"] == {"answered": 1}


def test_baseline_and_exit_code(eval_home: Path, question_file: Path, tmp_path: Path) -> None:
    accepted = tmp_path / "accepted.json"
    recording = invoke(
        eval_home, "eval", question_file, "--record", accepted, "--tolerance", "0.02"
    )
    assert recording.exit_code == 0
    same = invoke(eval_home, "eval", question_file, "--baseline", accepted)
    assert same.exit_code == 0
    assert "None of" in same.stderr
    stored = json.loads(accepted.read_text(encoding="utf-8"))
    stored["measures"]["gold_cited"]["value"] = 1.0
    accepted.write_text(json.dumps(stored), encoding="utf-8")
    worse = invoke(eval_home, "eval", question_file, "--baseline", accepted)
    assert worse.exit_code == 1
    assert "worse: gold_cited 0.667 (accepted 1.000, tolerance 0.020)" in worse.stderr
    other = invoke(eval_home, "eval", question_file, "--limit", "2", "--baseline", accepted)
    assert other.exit_code == 1
    assert "is of other questions" in other.stderr


def test_a_quote_that_was_swapped_moves_its_number_alone(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert invoke(eval_home, "eval", question_file, "--out", out).exit_code == 0
    before = json.loads((out / "summary.json").read_text(encoding="utf-8"))["measures"]
    first, *rest = (out / "results.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    line = json.loads(first)
    line["citations"][0]["quote"] = "Cooperation Partnerships get a score of at least 60 points"
    text = "".join([json.dumps(line) + "\n", *rest])
    (out / "results.jsonl").write_text(text, encoding="utf-8")
    (out / "summary.json").unlink()  # as if it had been stopped before it was scored
    assert "Going on with the run" in invoke(eval_home, "eval", question_file, "--out", out).stderr
    after = json.loads((out / "summary.json").read_text(encoding="utf-8"))["measures"]
    assert {name for name in before if before[name] != after[name]} == {"quotes_verbatim"}
    assert after["quotes_verbatim"]["value"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("", 1, "holds no questions"),
        ('{"id": "A", "question": "q", "goal": 1}\n', 1, 'line 1: unknown field "goal"'),
    ],
)
def test_wrong_sets_end_with_a_sentence(
    eval_home: Path, tmp_path: Path, content: str, code: int, said: str
) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(content, encoding="utf-8")
    done = invoke(eval_home, "eval", path)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_wrong_use(eval_home: Path, tmp_path: Path) -> None:
    assert invoke(eval_home, "eval", tmp_path / "missing.jsonl").exit_code == 2
    assert invoke(eval_home, "eval").exit_code == 2


def test_an_empty_library_is_said(question_file: Path, tmp_path: Path) -> None:
    done = invoke(tmp_path / "empty", "eval", question_file)
    assert done.exit_code == 1
    assert "The library is empty" in done.stderr


def test_the_window_asks_the_assistant_that_is_served(eval_home: Path, question_file: Path) -> None:
    settings, app = load_settings(environment(eval_home)), FastAPI()
    with (
        contextlib.closing(open_assistant(settings)) as assistant,
        open_evaluation(assistant, settings) as page,
    ):
        page.add(app, load_every_language(), ((page.address, page.name),))
        client, pause = TestClient(app), threading.Event()
        sent = question_file.read_bytes()
        began = client.post("/evaluation/runs?name=window.jsonl", content=sent).json()
        while (now := client.get("/evaluation/state").json()["run"])["stage"] != "done":
            assert now["stage"] in ("asking", "scoring"), now
            pause.wait(0.02)
        runs = client.get("/evaluation/runs").json()["runs"]
    [run] = [run for run in runs if run["name"] == began["name"]]
    assert run["measures"]["recall@5"] == {"value": 1.0, "n": 3}
    assert run["measures"]["quotes_verbatim"]["value"] == 1.0


def test_without_a_folder_the_newest_unfinished_run_like_it_goes_on(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    this = identity(QUESTIONS, settings, ())
    runs = tmp_path / "runs"
    for name, finished in (("set-20260101-000000", False), ("set-20260102-000000", True)):
        (runs / name).mkdir(parents=True)
        (runs / name / "run.json").write_text(json.dumps(this), encoding="utf-8")
        if finished:
            (runs / name / "summary.json").write_text("{}", encoding="utf-8")
    assert run_folder(settings, Path("set.jsonl"), this) == runs / "set-20260101-000000"
    other = run_folder(settings, Path("set.jsonl"), {"question_set": "other"})
    assert other.name > "set-20260102-000000"


def test_ctrl_c_keeps_what_was_asked_and_says_how_to_go_on(eval_home: Path, tmp_path: Path) -> None:
    many = tuple(replace(QUESTIONS[i % 3], id=f"Q{i}") for i in range(3000))
    path, out = tmp_path / "many.jsonl", tmp_path / "run"
    write_questions(path, many)
    arguments = ["eval", str(path), "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-c", "from app import main; main()", *arguments],
        env={"PATH": "", **environment(eval_home)},
        cwd=Path(__file__).parent.parent,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have switched interrupts off.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:
        results = out / "results.jsonl"
        while not (results.exists() and results.stat().st_size > 20_000):
            with contextlib.suppress(subprocess.TimeoutExpired):
                pytest.fail(f"the run ended by itself: {process.wait(0.05)}")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the same command goes on from there" in " ".join(said.split())
    assert 0 < len(read_results(results)) < 3000
    index = Index.open(load_settings(environment(eval_home)))
    try:
        this = identity(
            read_questions(path), load_settings(environment(eval_home)), index.records()
        )
    finally:
        index.close()
    assert unfinished(out, this)


def test_a_judge_has_a_part_of_its_own(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    plain, out = tmp_path / "plain", tmp_path / "judged"
    assert invoke(eval_home, "eval", question_file, "--limit", "2", "--out", plain).exit_code == 0
    refused = invoke(eval_home, "eval", question_file, "--judge")
    assert refused.exit_code == FAILED
    assert "GUIDE_LLM__JUDGE" in refused.stderr
    with llm_server(Says("SUPPORTED")) as service:
        judge = {"GUIDE_LLM__JUDGE": "openai:strict", "GUIDE_LLM__BASE_URL": service.url}
        arguments = ["eval", str(question_file), "--limit", "2", "--judge", "--out", str(out)]
        done = CliRunner(env=environment(eval_home) | judge).invoke(guide, arguments)
    assert done.exit_code == 0, done.output
    assert "Judged by a language model. An opinion" in done.stdout
    summaries = [json.loads((f / "summary.json").read_text("utf-8")) for f in (plain, out)]
    assert summaries[0]["measures"] == summaries[1]["measures"]
    assert "judged" not in summaries[0]
    assert summaries[1]["judged"]["measures"]["judged_supported"]["value"] == 1.0
    assert summaries[1]["judged"]["sample"]["judged_supported"]["kappa"] == 0.0
    assert len((out / "judged.jsonl").read_text("utf-8").splitlines()) == 2
    for name in ("report.md", "report.html"):
        assert "Judged by a language model" in (out / name).read_text("utf-8")
        assert "Judged by a language model" not in (plain / name).read_text("utf-8")
