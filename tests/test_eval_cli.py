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
from click.testing import CliRunner, Result
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import guide
from assistant.model import Filters
from assistant.output import answer_json
from assistant.ui_text import load_every_language
from assistant.wiring import open_assistant
from corpus.cli import FAILED
from corpus.index import Index
from corpus.packing import pack_boxes
from corpus.passage_texts import passage_texts
from corpus.settings import Settings, load_settings
from corpus.writer import IndexWriter
from eval.evaluation import run_folder
from eval.examiner import Examiner
from eval.identity import identity
from eval.question_files import read_questions, write_questions
from eval.questions import GoldPage, Question
from eval.results import read_results
from eval.runner import best_pages, unfinished
from eval.window import open_evaluation
from tests.builders import make_document
from tests.llm_server import Says, llm_server

PAGES = (
    "Cooperation Partnerships need a score of at least 60 points to be funded.",
    "Applications must be submitted by 5 March 2026 at 12:00 midday Brussels time.",
    "The travel grant for distances between 500 and 1999 km is EUR 309 for each participant.",
    "A blended intensive programme lasts between 5 and 30 days and has at least 10 learners.",
)


def pdf(path: Path) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for text in PAGES:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(40, 700, text)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with one guide, by the real store and the real English embedder."""
    folder = tmp_path_factory.mktemp("home")
    settings = load_settings(environment(folder))
    document = replace(make_document(pages=PAGES), file="guide.pdf")
    writer = IndexWriter.open(settings)
    texts = passage_texts(document)
    vectors = writer.embedder().embed_passages(texts)
    writer.save(document, vectors, pack_boxes(document, ()), pdf(folder / "made.pdf"))
    writer.refresh()
    writer.close()
    return folder


def environment(home: Path) -> dict[str, str]:
    return {
        "GUIDE_HOME": str(home),
        "GUIDE_EMBEDDING__MODEL": "bge-small-en-v1.5",
        "GUIDE_RETRIEVAL__RERANKER": "none",
    }


QUESTIONS = (
    Question(
        id="A1",
        question="How many points does a Cooperation Partnership need?",
        lang="en",
        kind="amount",
        gold=(GoldPage(document="guide.pdf", page=1, quote="at least 60 points"),),
        key_facts=(("60",),),
    ),
    Question(
        id="A2",
        question="What is the travel grant for 800 km?",
        lang="en",
        kind="table-cell",
        gold=(GoldPage(document="guide.pdf", page=3, quote="EUR 309"),),
        key_facts=(("309",),),
    ),
    Question(
        id="A3",
        question="When is the deadline?",
        lang="en",
        kind="date",
        gold=(GoldPage(document="guide.pdf", page=1),),  # wrong on purpose
        key_facts=(("5 March",),),
    ),
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "set.jsonl"
    write_questions(path, QUESTIONS)
    return path


def invoke(home: Path, *arguments: str | Path, **settings: str) -> Result:
    environ = environment(home) | settings
    return CliRunner(env=environ).invoke(guide, [str(a) for a in arguments])


def test_a_run_writes_its_files_and_shows_the_numbers(
    home: Path, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    done = invoke(home, "eval", questions, "--out", out)
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


def test_the_ranking_goes_deeper_than_the_answer_and_does_not_change_it(home: Path) -> None:
    settings = load_settings(environment(home) | {"GUIDE_RETRIEVAL__TOP_K": "1"})
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


def test_json_is_one_object_on_standard_output(home: Path, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = invoke(home, "eval", questions, "--out", out, "--limit", "1", "--images", "--json")
    assert done.exit_code == 0
    assert "data:image/png" in (out / "report.html").read_text(encoding="utf-8")
    summary = json.loads(done.stdout)
    assert summary["questions"] == 1
    assert summary["statuses"] == {"answered": 1}


def test_baseline_and_exit_code(home: Path, questions: Path, tmp_path: Path) -> None:
    accepted = tmp_path / "accepted.json"
    recording = invoke(home, "eval", questions, "--record", accepted, "--tolerance", "0.02")
    assert recording.exit_code == 0
    same = invoke(home, "eval", questions, "--baseline", accepted)
    assert same.exit_code == 0
    assert "None of" in same.stderr
    stored = json.loads(accepted.read_text(encoding="utf-8"))
    stored["measures"]["gold_cited"]["value"] = 1.0
    accepted.write_text(json.dumps(stored), encoding="utf-8")
    worse = invoke(home, "eval", questions, "--baseline", accepted)
    assert worse.exit_code == 1
    assert "worse: gold_cited 0.667 (accepted 1.000, tolerance 0.020)" in worse.stderr
    other = invoke(home, "eval", questions, "--limit", "2", "--baseline", accepted)
    assert other.exit_code == 1
    assert "is of other questions" in other.stderr


def test_compare_names_the_questions_that_changed(
    home: Path, questions: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert invoke(home, "eval", questions, "--out", one).exit_code == 0
    assert invoke(home, "eval", questions, "--out", two, "--jobs", "2").exit_code == 0
    html = tmp_path / "pages" / "compare.html"
    same = invoke(home, "compare", one, two, "--html", html)
    assert same.exit_code == 0
    assert "<title>Comparison: one and two</title>" in html.read_text(encoding="utf-8")
    assert "data:image" not in (one / "report.html").read_text(encoding="utf-8")
    assert "No question came out differently." in same.stdout
    rows = [json.loads(row) for row in (two / "scores.jsonl").read_text("utf-8").splitlines()]
    rows[1]["measures"]["right"] = 0.0
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (two / "scores.jsonl").write_text(text, encoding="utf-8")
    changed = invoke(home, "compare", one, two)
    assert "worse (1)\n  A2  What is the travel grant" in changed.stdout
    as_json = json.loads(invoke(home, "compare", one, two, "--json").stdout)
    assert [q["id"] for q in as_json["questions"]] == ["A2"]
    assert as_json["measures"]["right"]["test"] == "McNemar"


def test_a_quote_that_was_swapped_moves_its_number_alone(
    home: Path, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert invoke(home, "eval", questions, "--out", out).exit_code == 0
    before = json.loads((out / "summary.json").read_text(encoding="utf-8"))["measures"]
    first, *rest = (out / "results.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    line = json.loads(first)
    line["citations"][0]["quote"] = "Cooperation Partnerships get a score of at least 60 points"
    text = "".join([json.dumps(line) + "\n", *rest])
    (out / "results.jsonl").write_text(text, encoding="utf-8")
    (out / "summary.json").unlink()  # as if it had been stopped before it was scored
    assert "Going on with the run" in invoke(home, "eval", questions, "--out", out).stderr
    after = json.loads((out / "summary.json").read_text(encoding="utf-8"))["measures"]
    assert {name for name in before if before[name] != after[name]} == {"quotes_verbatim"}
    assert after["quotes_verbatim"]["value"] == pytest.approx(2 / 3)


def test_one_changed_setting_changes_exactly_the_questions_it_touches(
    home: Path, questions: Path, tmp_path: Path
) -> None:
    """Who asks in more characters than are allowed is refused; nobody else feels the setting."""
    one, two, html = tmp_path / "one", tmp_path / "two", tmp_path / "compare.html"
    invoke(home, "eval", questions, "--out", one)
    invoke(home, "eval", questions, "--out", two, GUIDE_ANSWER__MAX_QUESTION_CHARS="30")
    touched = [q.id for q in QUESTIONS if len(q.question) > 30]
    assert 0 < len(touched) < len(QUESTIONS)
    found = json.loads(invoke(home, "compare", one, two, "--html", html, "--json").stdout)
    assert [(q["id"], q["direction"]) for q in found["questions"]] == [
        (name, "worse") for name in touched
    ]
    right = found["measures"]["right"]
    assert right["change"] == pytest.approx(-len(touched) / len(QUESTIONS))
    page = html.read_text(encoding="utf-8")
    assert "answer.max_question_chars" in page
    assert "answer.max_quotes" not in page


def test_compare_refuses_what_cannot_be_compared(
    home: Path, questions: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    invoke(home, "eval", questions, "--out", one)
    assert "is no run" in invoke(home, "compare", one, tmp_path).stderr
    invoke(home, "eval", questions, "--out", two, "--limit", "2")
    other = invoke(home, "compare", one, two)
    assert other.exit_code == 1
    assert "asked different questions" in other.stderr
    (two / "scores.jsonl").write_text("{}\n", encoding="utf-8")
    assert "is damaged" in invoke(home, "compare", one, two).stderr
    (two / "summary.json").unlink()
    assert "is not finished" in invoke(home, "compare", one, two).stderr


def test_check_names_lines_pages_and_where_a_quote_stands(home: Path, tmp_path: Path) -> None:
    assert invoke(home, "questions", "check", _set(tmp_path, QUESTIONS)).exit_code == 0
    gold = [
        GoldPage(document="guid.pdf", page=1),
        GoldPage(document="guide.pdf", page=5),
        GoldPage(document="guide.pdf", page=1, quote="EUR 309"),
        GoldPage(document="guide.pdf", page=1, quote="nowhere"),
    ]
    wrong = [replace(QUESTIONS[0], id=f"B{i}", gold=(g,)) for i, g in enumerate(gold)]
    bare = Question(id="B4", question="what is right?")
    done = invoke(home, "questions", "check", _set(tmp_path, (*wrong, bare)))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        'line 1: B0: the library holds no document "guid.pdf" (did you mean "guide.pdf"?)',
        "line 2: B1: guide.pdf has 4 pages, there is no page 5",
        'line 3: B2: the quote "EUR 309" is not on page 1 of guide.pdf (it stands on page 3)',
        'line 4: B3: the quote "nowhere" is not on page 1 of guide.pdf',
        "line 5: B4: no gold page and no key fact says what a right answer is",
    ]
    as_json = invoke(home, "questions", "check", _set(tmp_path, (bare,)), "--json")
    assert json.loads(as_json.stdout)["problems"][0]["line"] == 1


def _set(folder: Path, questions: tuple[Question, ...]) -> Path:
    write_questions(folder / "check.jsonl", questions)
    return folder / "check.jsonl"


def test_recheck_lists_what_changed(home: Path, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert invoke(home, "eval", questions, "--out", out).exit_code == 0
    same = invoke(home, "recheck", out, "--out", tmp_path / "again")
    assert (same.exit_code, same.stdout) == (0, "")
    assert "3 answers checked, 0 changed" in same.stderr
    results = out / "results.jsonl"
    older = results.read_text(encoding="utf-8").replace("at least 60 points", "at least 55 points")
    results.write_text(older, encoding="utf-8")
    changed = invoke(home, "recheck", out, "--json", "--same-edition", "--out", tmp_path / "third")
    assert changed.exit_code == 1
    found = json.loads(changed.stdout)
    assert (found["checked"], found["changed"]) == (3, 1)
    [answer] = found["answers"]
    assert (answer["id"], answer["outcome"]) == ("A1", "figures")
    assert "55 points" in answer["gone"][0]["quote"]
    assert answer["gone"][0]["fallen"] == "The page says something else now."
    assert "60 points" in answer["came"][0]["quote"]
    for source in (out, results):
        assert invoke(home, "recheck", source, "--out", out).exit_code == 2
    assert results.read_text(encoding="utf-8") == older
    last = invoke(home, "recheck", out, "--limit", "1", "--out", tmp_path / "fourth")
    assert "1 answers checked, 0 changed" in last.stderr


def test_recheck_without_kept_answers_says_what_to_do(tmp_path: Path) -> None:
    done = invoke(tmp_path / "empty", "recheck")
    assert done.exit_code == 1
    assert "No answers are kept" in done.stderr


def test_convert_and_back(home: Path, questions: Path, tmp_path: Path) -> None:
    assert invoke(home, "questions", "convert", questions, tmp_path / "a.csv").exit_code == 0
    done = invoke(home, "questions", "convert", tmp_path / "a.csv", tmp_path / "b.jsonl")
    assert "3 questions written" in done.stderr
    assert (tmp_path / "b.jsonl").read_bytes() == questions.read_bytes()


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("", 1, "holds no questions"),
        ('{"id": "A", "question": "q", "goal": 1}\n', 1, 'line 1: unknown field "goal"'),
    ],
)
def test_wrong_sets_end_with_a_sentence(
    home: Path, tmp_path: Path, content: str, code: int, said: str
) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(content, encoding="utf-8")
    done = invoke(home, "eval", path)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_wrong_use(home: Path, tmp_path: Path) -> None:
    assert invoke(home, "eval", tmp_path / "missing.jsonl").exit_code == 2
    assert invoke(home, "eval").exit_code == 2


def test_an_empty_library_is_said(questions: Path, tmp_path: Path) -> None:
    done = invoke(tmp_path / "empty", "eval", questions)
    assert done.exit_code == 1
    assert "The library is empty" in done.stderr


def test_the_window_asks_the_assistant_that_is_served(home: Path, questions: Path) -> None:
    settings, app = load_settings(environment(home)), FastAPI()
    with (
        contextlib.closing(open_assistant(settings)) as assistant,
        open_evaluation(assistant, settings) as page,
    ):
        page.add(app, load_every_language(), ((page.address, page.name),))
        client, pause = TestClient(app), threading.Event()
        sent = questions.read_bytes()
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


def test_ctrl_c_keeps_what_was_asked_and_says_how_to_go_on(home: Path, tmp_path: Path) -> None:
    many = tuple(replace(QUESTIONS[i % 3], id=f"Q{i}") for i in range(3000))
    path, out = tmp_path / "many.jsonl", tmp_path / "run"
    write_questions(path, many)
    arguments = ["eval", str(path), "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-c", "from app import main; main()", *arguments],
        env={"PATH": "", **environment(home)},
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
    index = Index.open(load_settings(environment(home)))
    try:
        this = identity(read_questions(path), load_settings(environment(home)), index.records())
    finally:
        index.close()
    assert unfinished(out, this)


def test_a_judge_has_a_part_of_its_own(home: Path, questions: Path, tmp_path: Path) -> None:
    plain, out = tmp_path / "plain", tmp_path / "judged"
    assert invoke(home, "eval", questions, "--limit", "2", "--out", plain).exit_code == 0
    refused = invoke(home, "eval", questions, "--judge")
    assert refused.exit_code == FAILED
    assert "GUIDE_LLM__JUDGE" in refused.stderr
    with llm_server(Says("SUPPORTED")) as service:
        judge = {"GUIDE_LLM__JUDGE": "openai:strict", "GUIDE_LLM__BASE_URL": service.url}
        arguments = ["eval", str(questions), "--limit", "2", "--judge", "--out", str(out)]
        done = CliRunner(env=environment(home) | judge).invoke(guide, arguments)
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
