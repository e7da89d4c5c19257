from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from eval.charts import bars, intervals, strips
from eval.metrics import score
from eval.report_html import report_html
from eval.results import Result
from eval.runner import run
from eval.statistics import estimate
from eval.summary import Scored, summarise
from tests.eval_doubles import GUIDE, QUESTIONS, Speaker, ignore

VOID = {"meta", "input", "line", "circle", "rect", "path"}


class Reader(HTMLParser):
    """Reads a page as a browser does and notes what matters."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        else:
            self.text += data


def page(results: tuple[Result, ...]) -> str:
    scored = [
        Scored(
            question=q,
            result=r,
            measures=score(
                q,
                r,
                quote_stands=lambda file, number, quote: quote in GUIDE.page_text(number),
                files={GUIDE.id: GUIDE.file},
            ),
        )
        for q, r in zip(QUESTIONS, results, strict=True)
    ]
    summary = summarise(scored) | {
        "question_set": {"file": "set <1>.jsonl"},
        "started": "2026-01-01T00:00:00+00:00",
        "identity": {"question_set": "abc", "index": "def", "settings": {"answer": {"a": 1}}},
        "versions": {"numpy": "2"},
    }
    return report_html(scored, summary)


@pytest.fixture
def results(tmp_path: Path) -> tuple[Result, ...]:
    return run(QUESTIONS, Speaker(), tmp_path, identity={}, asked=ignore)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_is_whole_and_needs_nothing_else(results: tuple[Result, ...]) -> None:
    reader = read(page(results))
    fetched = [a for _, a in reader.tags if {"src", "href", "action"} & a.keys()]
    assert fetched == []
    questions = [a for tag, a in reader.tags if tag == "details" and a["class"] == "question"]
    assert [a["id"] for a in questions] == [q.id for q in QUESTIONS]
    assert [a["data-outcome"] for a in questions] == [
        *("right", "wrong", "failed", "right", "wrong", "right")
    ]
    assert "fact · en · No gold page is cited." in reader.text
    assert "ZeroDivisionError: broken on purpose" in reader.text
    assert "guide.pdf p. 1 (gold)" in reader.text
    assert "set <1>.jsonl" in reader.text


def test_only_the_pages_own_script_may_run(results: tuple[Result, ...]) -> None:
    evil = '</div></details><script>alert(1)</script><img src=x onerror="alert(2)">'
    changed = (replace(results[0], text=evil, error=None), *results[1:])
    reader = read(page(changed))
    [script] = reader.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = [a["content"] for tag, a in reader.tags if "http-equiv" in a]
    assert policy is not None
    assert f"script-src 'sha256-{digest}'" in policy
    assert evil in reader.text
    assert not [tag for tag, _ in reader.tags if tag == "img"]


def test_charts_say_the_same_in_words(results: tuple[Result, ...]) -> None:
    pictures = [a["aria-label"] for tag, a in read(page(results)).tags if tag == "svg"]
    assert any("recall@5 0.800, from" in (words or "") for words in pictures)
    assert any("answerable, answered: 3" in (words or "") for words in pictures)
    assert any("total: median" in (words or "") for words in pictures)


def test_charts_of_little_or_equal_data() -> None:
    read(intervals("A <chart>", {"x": estimate([1.0])}))
    read(bars("No time", {"total": {"p50": 0.0, "p95": 0.0}}))
    read(strips("All the same", {"a": [0.5, 0.5], "b": []}))
    read(strips("Nothing", {}))
