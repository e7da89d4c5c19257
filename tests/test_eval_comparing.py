from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import EvaluationError
from eval.comparing import changes, differences, read_baseline, write_baseline
from eval.metrics import score
from eval.questions import set_hash
from eval.report import report, why_wrong
from eval.results import Cited, Result
from eval.runner import run
from eval.statistics import mcnemar
from eval.summary import Scored, estimates, summarise
from tests.eval_doubles import GUIDE, QUESTIONS, Speaker, ignore

FILES = {GUIDE.id: GUIDE.file}


def stands(file: str, page: int, quote: str) -> bool | None:
    return quote in GUIDE.page_text(page)


def scored(results: tuple[Result, ...]) -> list[Scored]:
    return [
        Scored(question=q, result=r, measures=score(q, r, quote_stands=stands, files=FILES))
        for q, r in zip(QUESTIONS, results, strict=True)
    ]


@pytest.fixture
def results(tmp_path: Path) -> tuple[Result, ...]:
    return run(QUESTIONS, Speaker(), tmp_path, identity={}, asked=ignore)


def altered(results: tuple[Result, ...], number: int, **fields: object) -> tuple[Result, ...]:
    changed = replace(results[number - 1], **fields)  # type: ignore[arg-type]
    return (*results[: number - 1], changed, *results[number:])


def test_a_run_does_not_differ_from_itself(results: tuple[Result, ...]) -> None:
    assert changes(scored(results), scored(results)) == ()
    found = differences(scored(results), scored(results))
    assert {d.change for d in found.values()} == {0.0}
    assert {d.p for d in found.values()} == {1.0}


def test_timings_alone_are_no_change(results: tuple[Result, ...]) -> None:
    slower = altered(results, 1, timings_ms={"total": 999.0})
    assert changes(scored(results), scored(slower)) == ()


def test_exactly_the_questions_that_changed_are_named(results: tuple[Result, ...]) -> None:
    after = altered(results, 1, pages=(("guide.pdf", 2), ("guide.pdf", 1)))
    after = altered(after, 2, citations=(Cited(1, "guide.pdf", 1, "The threshold is 60 points."),))
    after = altered(after, 4, text="The guides say nothing.")
    after = altered(after, 6, status="not_in_guides", citations=())
    found = {c.id: c for c in changes(scored(results), scored(after))}
    assert {i: c.direction for i, c in found.items()} == {
        "Q1": "worse",
        "Q2": "better",
        "Q4": "different",
        "Q6": "worse",
    }
    assert found["Q1"].differs == ("pages",)
    assert found["Q1"].measures["mrr@10"] == (1.0, 0.5)
    assert found["Q6"].measures["citation_rate"] == (1.0, None)
    moved = differences(scored(results), scored(after))["right"]
    assert (moved.n, moved.change, moved.p) == (6, 0.0, mcnemar(1, 1))


def test_moves_in_both_directions_are_mixed(results: tuple[Result, ...]) -> None:
    after = altered(results, 1, pages=(("guide.pdf", 2),), language="el")
    before = altered(results, 1, language="de", pages=(("guide.pdf", 3), ("guide.pdf", 1)))
    after = altered(after, 1, pages=(("guide.pdf", 2),), language="en")
    [change] = changes(scored(before), scored(after))
    assert change.direction == "mixed"


def test_less_over_refusal_is_better(results: tuple[Result, ...]) -> None:
    after = altered(results, 5, status="answered", text="x")
    [change] = changes(scored(results), scored(after))
    assert change.direction == "better"


def test_a_baseline_accepts_itself_and_finds_what_fell(
    results: tuple[Result, ...], tmp_path: Path
) -> None:
    path = tmp_path / "accepted" / "baseline.json"
    name = set_hash(QUESTIONS)
    write_baseline(path, estimates(scored(results)), name, len(QUESTIONS))
    same = read_baseline(path, name).verdicts(estimates(scored(results)))
    assert same
    assert not [v.measure for v in same if v.worse]
    refused = altered(results, 1, status="not_in_guides", citations=(), text="")
    verdicts = read_baseline(path, name).verdicts(estimates(scored(refused)))
    fell = {v.measure for v in verdicts if v.worse}
    assert {"over_refusal", "gold_cited", "right", "refusal_precision"} <= fell
    assert not {"recall@5", "mrr@10", "language"} & fell


def test_a_measure_of_few_questions_may_lose_as_many_as_are_spared(
    results: tuple[Result, ...], tmp_path: Path
) -> None:
    path = tmp_path / "baseline.json"
    found = estimates(scored(results))
    write_baseline(path, found, "set", len(QUESTIONS), tolerance=0.2, spare=1)
    tolerances = {
        name: one["tolerance"] for name, one in json.loads(path.read_text())["measures"].items()
    }
    assert found["refusal_recall"].n == 1
    assert tolerances["refusal_recall"] == 1.0
    assert found["right"].n == 6
    assert tolerances["right"] == 0.2  # 1/6 is less
    assert tolerances["quotes_verbatim"] == 0.0


def test_tolerances_stand_in_the_baseline(results: tuple[Result, ...], tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, estimates(scored(results)), "set", len(QUESTIONS))
    baseline = json.loads(path.read_text(encoding="utf-8"))
    assert baseline["measures"]["quotes_verbatim"]["tolerance"] == 0.0
    assert "words" not in baseline["measures"]
    lower = altered(results, 1, pages=())
    baseline["measures"]["recall@5"]["tolerance"] = 0.5
    path.write_text(json.dumps(baseline), encoding="utf-8")
    verdicts = read_baseline(path, "set").verdicts(estimates(scored(lower)))
    fell = {v.measure for v in verdicts if v.worse}
    assert "recall@10" in fell
    assert "recall@5" not in fell


def test_a_measure_that_can_no_longer_be_told_is_worse(
    results: tuple[Result, ...], tmp_path: Path
) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, estimates(scored(results)), "set", len(QUESTIONS))
    verdicts = read_baseline(path, "set").verdicts({})
    assert all(v.worse for v in verdicts)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        ("nonsense", "is not a baseline"),
        ("{}", "is not a baseline"),
        ("[]", "is not a baseline"),
        ('{"question_set": "x", "measures": []}', "is not a baseline"),
        ('{"question_set": "other", "measures": {}}', "is of other questions"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "baseline.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_baseline(path, "set").verdicts({})


def test_a_baseline_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_baseline(tmp_path / "file" / "baseline.json", {}, "set", 1)


# -- the report ---------------------------------------------------------------------------------


def written(results: tuple[Result, ...]) -> str:
    summary = summarise(scored(results)) | {
        "question_set": {"file": "set.jsonl"},
        "started": "2026-01-01T00:00:00+00:00",
        "seconds": 1.0,
        "identity": {"question_set": "abc", "index": "def", "settings": {"answer": {"a": 1}}},
        "versions": {"numpy": "2"},
    }
    return report(scored(results), summary)


def test_the_report_says_of_each_wrong_question_why(results: tuple[Result, ...]) -> None:
    text = written(results)
    assert "Questions with something wrong (3 of 6)" in text
    assert "### Q2: page 2" in text
    assert "No gold page is cited." in text
    assert "- gold, any one of: guide.pdf p. 1" in text
    assert "- found: guide.pdf p. 2, guide.pdf p. 1 (gold), guide.pdf p. 3" in text
    assert "The pipeline raised ZeroDivisionError: broken on purpose" in text
    assert 'It was not answered (status "not\\_in\\_guides"), but a guide answers it.' in text
    assert "### Q1" not in text
    assert "| recall@5 | 0.800 |" in text


@pytest.mark.parametrize(
    ("number", "fields", "reason"),
    [
        (4, {"status": "answered"}, "It was answered, but no guide answers it."),
        (1, {"pages": ()}, "No gold page is among the first ten"),
        (1, {"edition_id": None}, "Another edition answers"),
        (1, {"citations": (Cited(1, "guide.pdf", 1, "Nothing"),)}, "A quote does not stand"),
        (1, {"text": "77 [1]"}, "A number of the answer stands in no cited quote."),
    ],
)
def test_each_fault_has_its_reason(
    results: tuple[Result, ...], number: int, fields: dict[str, object], reason: str
) -> None:
    item = scored(altered(results, number, **fields))[number - 1]
    assert any(reason in sentence for sentence in why_wrong(item))


def test_text_of_documents_cannot_shape_the_report(results: tuple[Result, ...]) -> None:
    evil = "x\n## Heading\n<script>alert(1)</script> | [link](http://a) " + "long " * 500
    text = written(altered(results, 2, text=evil))
    assert "\n## Heading" not in text
    assert "<script>" not in text.replace("\\<", "")
    assert max(len(line) for line in text.splitlines()) < 1500
