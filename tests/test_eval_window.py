"""Runs that are started from the window, and the page that shows them."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.keys import Scope
from assistant.model import Answer, Filters, Passage, Turn
from assistant.serve import build_app, open_desks
from assistant.ui_text import load_messages
from corpus.errors import BusyError, EmptyLibraryError, EvaluationError
from corpus.settings import AccessSettings, Settings
from eval.evaluation import read_evaluation
from eval.question_files import read_questions, write_questions
from eval.results import read_results
from eval.window_page import EvaluationPage, file_name, read_set
from eval.window_runs import Progress, Stage, WindowRuns
from tests.eval_doubles import GUIDE, QUESTIONS, Speaker, make_document
from tests.web import Double, bearer, document


class Held(Speaker):
    """Answers one question after the other, each when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Semaphore(0)

    def ask(
        self, question: str, *, filters: Filters, history: Sequence[Turn]
    ) -> tuple[Answer, Sequence[Passage]]:
        assert self.free.acquire(timeout=20)
        return super().ask(question, filters=filters, history=history)


@dataclass
class Bench:
    """Runs over a small library, and what they ask."""

    runs: WindowRuns
    speaker: Held
    shelf: Double

    def until(self, *stages: Stage, done: int = 0) -> Progress:
        """How far the run is once it is that far."""
        pause = threading.Event()
        for _ in range(2000):
            now = self.runs.progress()
            if now is not None and now.stage in stages and now.done >= done:
                return now
            pause.wait(0.01)
        raise AssertionError(self.runs.progress())

    def let(self, count: int) -> None:
        self.speaker.free.release(count)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    speaker, shelf = Held(), Double(documents=(GUIDE,))
    runs = WindowRuns(speaker, shelf, Settings(home=tmp_path))
    yield Bench(runs, speaker, shelf)
    speaker.free.release(1000)
    runs.close()


def test_a_run_is_asked_scored_and_listed(bench: Bench, tmp_path: Path) -> None:
    began = bench.runs.start(QUESTIONS, "our set: 2026?")
    assert (began.stage, began.done, began.total) == (Stage.ASKING, 0, 6)
    assert re.fullmatch(r"our-set-2026-\d{8}-\d{6}", began.name)
    assert bench.runs.past() == ()
    bench.let(3)
    half = bench.until(Stage.ASKING, done=3)
    assert half.failed == 1
    assert half.seconds_left is not None
    bench.let(3)
    assert bench.until(Stage.DONE).done == 6
    [run] = bench.runs.past()
    assert (run.name, run.question_set, run.asked, run.total) == (began.name, "our-set-2026", 6, 6)
    assert run.summary is not None
    assert (
        run.summary["measures"]["right"]
        == read_evaluation(tmp_path / "runs" / began.name).summary["measures"]["right"]
    )
    assert "<title>Evaluation: our-set-2026" in bench.runs.report(run.name).read_text("utf-8")


def test_a_stopped_run_goes_on_and_loses_and_doubles_nothing(bench: Bench, tmp_path: Path) -> None:
    began = bench.runs.start(QUESTIONS, "set")
    bench.let(2)
    bench.until(Stage.ASKING, done=2)
    bench.runs.stop()
    assert bench.until(Stage.STOPPING).seconds_left is None
    bench.let(2)  # another is being asked already: it is let end, and asked again later
    stopped = bench.until(Stage.STOPPED)
    [run] = bench.runs.past()
    assert (run.asked, run.total, run.summary, run.goes_on) == (stopped.done, 6, None, True)
    assert stopped.done == 3
    with pytest.raises(EvaluationError, match="has no report"):
        bench.runs.report(run.name)
    bench.let(10)
    assert bench.runs.again(run.name).name == began.name
    assert bench.until(Stage.DONE).done == 6
    results = read_results(tmp_path / "runs" / run.name / "results.jsonl")
    assert [result.id for result in results] == [q.id for q in QUESTIONS]
    assert bench.speaker.asked.count("page 1") == 1
    once_more = bench.runs.again(run.name)
    bench.let(10)
    bench.until(Stage.DONE)
    assert [run.name for run in bench.runs.past()] == [once_more.name, began.name]


def test_only_one_run_at_a_time(bench: Bench) -> None:
    name = bench.runs.start(QUESTIONS, "set").name
    bench.let(1)
    bench.until(Stage.ASKING, done=1)
    with pytest.raises(BusyError, match=f"{name} is under way"):
        bench.runs.start(QUESTIONS[:1], "other")
    with pytest.raises(BusyError):
        bench.runs.again(name)


def test_what_the_library_lacks_is_said(bench: Bench) -> None:
    lacking = replace(QUESTIONS[0], gold=(replace(QUESTIONS[0].gold[0], document="gone.pdf"),))
    assert bench.runs.start([lacking], "set").missing == ("gone.pdf",)
    bench.let(1)
    bench.until(Stage.DONE)
    bench.shelf.documents = ()
    with pytest.raises(EmptyLibraryError):
        bench.runs.start(QUESTIONS, "set")


def test_a_library_that_changes_meanwhile_ends_the_run(bench: Bench) -> None:
    bench.runs.start(QUESTIONS, "set")
    bench.let(2)
    bench.until(Stage.ASKING, done=2)
    bench.shelf.documents = (GUIDE, make_document(file="new.pdf"))
    bench.let(4)
    failed = bench.until(Stage.FAILED)
    assert "library was changed while the questions were asked" in failed.message
    [run] = bench.runs.past()
    assert not run.goes_on


def test_runs_of_the_command_line_are_listed_and_rechecks_are_not(
    bench: Bench, tmp_path: Path
) -> None:
    for name, summary in (("recheck-20260101-000000", {"checked": 1}), ("x-20260101-000001", None)):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        (folder / "run.json").write_text('{"questions": 3}', encoding="utf-8")
        (folder / "results.jsonl").write_text('{"id": "A"}\n{"id": "B', encoding="utf-8")
        if summary:
            (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    (tmp_path / "runs" / "no-run").mkdir()
    [run] = bench.runs.past()
    assert (run.name, run.asked, run.total, run.goes_on) == ("x-20260101-000001", 1, 3, False)
    for unknown in ("x-20260101-000001", "../runs", "none"):
        with pytest.raises(EvaluationError, match="There is no run"):
            bench.runs.again(unknown)


@pytest.mark.parametrize("name", ["set.csv", "C:\\sets\\set.csv", "../../set.csv"])
def test_a_set_that_is_sent_is_read_by_its_suffix(name: str) -> None:
    [question] = read_set(b"\xef\xbb\xbfid;question\nA;why?\n", name)
    assert question.question == "why?"
    with pytest.raises(EvaluationError, match=r"^set\.csv, line 1: wrong columns"):
        read_set(b"number;text\n", name)
    with pytest.raises(EvaluationError, match=r"files that end in \.jsonl"):
        read_set(b"", "")


@pytest.mark.parametrize("name", ["ж" * 300 + ".csv", "a\x00b.csv", "..", "", "x/", "\n.csv"])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    (tmp_path / file_name(name)).write_text("", encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 1


# -- the page -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str, str]]:
    """A client, a key that may only ask, and an admin's."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, access=AccessSettings(keys="always"))
    double = Double(documents=(document(),))
    with contextlib.ExitStack() as stack:
        runs = stack.enter_context(contextlib.closing(WindowRuns(Speaker(), double, settings)))
        desks = stack.enter_context(open_desks(double, settings))
        asker, admin = (desks.keys.create(s.value, s)[1] for s in (Scope.ASK, Scope.ADMIN))
        app = build_app(double, desks, settings, pages=[EvaluationPage(runs)])
        client = stack.enter_context(TestClient(app, base_url="http://localhost"))
        yield client, asker, admin


def test_only_an_admin_comes_in(site: tuple[TestClient, str, str]) -> None:
    client, asker, admin = site
    assert client.get("/evaluation").status_code == 401
    for way in ("", "/page.js", "/state", "/runs", "/runs/x/report"):
        assert client.get(f"/evaluation{way}", headers=bearer(asker)).status_code == 403
    for way in ("/runs?name=a.csv", "/starter", "/stop", "/runs/x/again"):
        assert client.post(f"/evaluation{way}", headers=bearer(asker)).status_code == 403
    page = client.get("/evaluation", headers={**bearer(admin), "accept-language": "de"})
    assert page.status_code == 200
    assert load_messages("de")["evaluation.lead"] in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert not re.findall(r'(?:href|src)="/', page.text), "it may lie behind a prefix"


def test_a_set_is_sent_run_and_its_report_is_shown_under_a_strict_policy(
    site: tuple[TestClient, str, str], tmp_path: Path
) -> None:
    client, _, admin = site
    client.headers = bearer(admin)
    write_questions(tmp_path / "our.csv", QUESTIONS)
    sent = (tmp_path / "our.csv").read_bytes()
    wrong = client.post("/evaluation/runs?name=our.jsonl", content=sent)
    assert wrong.status_code == 422
    assert "our.jsonl, line 1: not JSON" in wrong.json()["detail"]
    began = client.post("/evaluation/runs?name=our.csv", content=sent)
    assert began.status_code == 202
    name = began.json()["name"]
    pause = threading.Event()
    while (now := client.get("/evaluation/state").json()["run"])["stage"] != "done":
        assert now["stage"] in ("asking", "scoring")
        pause.wait(0.02)
    [run] = client.get("/evaluation/runs").json()["runs"]
    assert (run["name"], run["finished"], run["failed"]) == (name, True, 1)
    assert run["measures"]["right"] == {"value": 0.5, "n": 6}
    report = client.get(f"/evaluation/runs/{name}/report")
    assert "<title>Evaluation: our</title>" in report.text
    policy = report.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "'unsafe-inline'; script-src 'sha256-" in policy
    assert "frame-ancestors 'none'" in policy
    for address in ("/evaluation/runs/none/report", "/evaluation/runs/..%2F..%2Fx/report"):
        assert client.get(address).status_code == 404
    assert client.post("/evaluation/runs/none/again").status_code == 404


def test_the_bundled_set_is_run(site: tuple[TestClient, str, str]) -> None:
    client, _, admin = site
    client.headers = bearer(admin)
    began = client.post("/evaluation/starter")
    assert began.status_code == 202
    count = len(read_questions(Path(str(files("eval") / "data" / "starter-questions.jsonl"))))
    assert began.json()["total"] == count
    assert began.json()["missing"], "the small library holds no starter guide"
    assert client.post("/evaluation/stop").status_code == 202


def test_the_script_uses_sentences_that_exist() -> None:
    code = (files("eval") / "data" / "evaluation.js").read_text(encoding="utf-8")
    used = {f"evaluation.{name}" for name in re.findall(r'said\("([a-z_]+)"', code)}
    english = load_messages()
    assert used
    assert used <= set(english)
    by_stage = {f"evaluation.{stage}" for stage in Stage}
    assert by_stage <= set(english)
