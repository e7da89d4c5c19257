"""The commands beside `guide eval`: runs compared, answers checked again, sets of questions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.question_files import write_questions
from eval.questions import GoldPage, Question
from tests.eval_library import QUESTIONS, invoke


def test_compare_names_the_questions_that_changed(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert invoke(eval_home, "eval", question_file, "--out", one).exit_code == 0
    assert invoke(eval_home, "eval", question_file, "--out", two, "--jobs", "2").exit_code == 0
    html = tmp_path / "pages" / "compare.html"
    same = invoke(eval_home, "compare", one, two, "--html", html)
    assert same.exit_code == 0
    assert "<title>Comparison: one and two</title>" in html.read_text(encoding="utf-8")
    assert "data:image" not in (one / "report.html").read_text(encoding="utf-8")
    assert "No question came out differently." in same.stdout
    rows = [json.loads(row) for row in (two / "scores.jsonl").read_text("utf-8").splitlines()]
    rows[1]["measures"]["right"] = 0.0
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (two / "scores.jsonl").write_text(text, encoding="utf-8")
    changed = invoke(eval_home, "compare", one, two)
    assert "worse (1)\n  A2  What is the travel grant" in changed.stdout
    as_json = json.loads(invoke(eval_home, "compare", one, two, "--json").stdout)
    assert [q["id"] for q in as_json["questions"]] == ["A2"]
    assert as_json["measures"]["right"]["test"] == "McNemar"


def test_one_changed_setting_changes_exactly_the_questions_it_touches(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    """Who asks in more characters than are allowed is refused; nobody else feels the setting."""
    one, two, html = tmp_path / "one", tmp_path / "two", tmp_path / "compare.html"
    invoke(eval_home, "eval", question_file, "--out", one)
    invoke(eval_home, "eval", question_file, "--out", two, GUIDE_ANSWER__MAX_QUESTION_CHARS="30")
    touched = [q.id for q in QUESTIONS if len(q.question) > 30]
    assert 0 < len(touched) < len(QUESTIONS)
    found = json.loads(invoke(eval_home, "compare", one, two, "--html", html, "--json").stdout)
    assert [(q["id"], q["direction"]) for q in found["questions"]] == [
        (name, "worse") for name in touched
    ]
    right = found["measures"]["right"]
    assert right["change"] == pytest.approx(-len(touched) / len(QUESTIONS))
    page = html.read_text(encoding="utf-8")
    assert "answer.max_question_chars" in page
    assert "answer.max_quotes" not in page


def test_compare_refuses_what_cannot_be_compared(
    eval_home: Path, question_file: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    invoke(eval_home, "eval", question_file, "--out", one)
    assert "is no run" in invoke(eval_home, "compare", one, tmp_path).stderr
    invoke(eval_home, "eval", question_file, "--out", two, "--limit", "2")
    other = invoke(eval_home, "compare", one, two)
    assert other.exit_code == 1
    assert "asked different questions" in other.stderr
    (two / "scores.jsonl").write_text("{}\n", encoding="utf-8")
    assert "is damaged" in invoke(eval_home, "compare", one, two).stderr
    (two / "summary.json").unlink()
    assert "is not finished" in invoke(eval_home, "compare", one, two).stderr


def test_check_names_lines_pages_and_where_a_quote_stands(eval_home: Path, tmp_path: Path) -> None:
    assert invoke(eval_home, "questions", "check", _set(tmp_path, QUESTIONS)).exit_code == 0
    gold = [
        GoldPage(document="guid.pdf", page=1),
        GoldPage(document="guide.pdf", page=5),
        GoldPage(document="guide.pdf", page=1, quote="EUR 309"),
        GoldPage(document="guide.pdf", page=1, quote="nowhere"),
    ]
    wrong = [replace(QUESTIONS[0], id=f"B{i}", gold=(g,)) for i, g in enumerate(gold)]
    bare = Question(id="B4", question="what is right?")
    done = invoke(eval_home, "questions", "check", _set(tmp_path, (*wrong, bare)))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        'line 1: B0: the library holds no document "guid.pdf" (did you mean "guide.pdf"?)',
        "line 2: B1: guide.pdf has 4 pages, there is no page 5",
        'line 3: B2: the quote "EUR 309" is not on page 1 of guide.pdf (it stands on page 3)',
        'line 4: B3: the quote "nowhere" is not on page 1 of guide.pdf',
        "line 5: B4: no gold page and no key fact says what a right answer is",
    ]
    as_json = invoke(eval_home, "questions", "check", _set(tmp_path, (bare,)), "--json")
    assert json.loads(as_json.stdout)["problems"][0]["line"] == 1


def _set(folder: Path, questions: tuple[Question, ...]) -> Path:
    write_questions(folder / "check.jsonl", questions)
    return folder / "check.jsonl"


def test_recheck_lists_what_changed(eval_home: Path, question_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert invoke(eval_home, "eval", question_file, "--out", out).exit_code == 0
    same = invoke(eval_home, "recheck", out, "--out", tmp_path / "again")
    assert (same.exit_code, same.stdout) == (0, "")
    assert "3 answers checked, 0 changed" in same.stderr
    results = out / "results.jsonl"
    older = results.read_text(encoding="utf-8").replace("at least 60 points", "at least 55 points")
    results.write_text(older, encoding="utf-8")
    changed = invoke(
        eval_home, "recheck", out, "--json", "--same-edition", "--out", tmp_path / "third"
    )
    assert changed.exit_code == 1
    found = json.loads(changed.stdout)
    assert (found["checked"], found["changed"]) == (3, 1)
    [answer] = found["answers"]
    assert (answer["id"], answer["outcome"]) == ("A1", "figures")
    assert "55 points" in answer["gone"][0]["quote"]
    assert answer["gone"][0]["fallen"] == "The page says something else now."
    assert "60 points" in answer["came"][0]["quote"]
    for source in (out, results):
        assert invoke(eval_home, "recheck", source, "--out", out).exit_code == 2
    assert results.read_text(encoding="utf-8") == older
    last = invoke(eval_home, "recheck", out, "--limit", "1", "--out", tmp_path / "fourth")
    assert "1 answers checked, 0 changed" in last.stderr


def test_recheck_without_kept_answers_says_what_to_do(tmp_path: Path) -> None:
    done = invoke(tmp_path / "empty", "recheck")
    assert done.exit_code == 1
    assert "No answers are kept" in done.stderr


def test_convert_and_back(eval_home: Path, question_file: Path, tmp_path: Path) -> None:
    assert (
        invoke(eval_home, "questions", "convert", question_file, tmp_path / "a.csv").exit_code == 0
    )
    done = invoke(eval_home, "questions", "convert", tmp_path / "a.csv", tmp_path / "b.jsonl")
    assert "3 questions written" in done.stderr
    assert (tmp_path / "b.jsonl").read_bytes() == question_file.read_bytes()
