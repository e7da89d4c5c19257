from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import LibraryError
from corpus.model import Document, TextBox
from corpus.records import DocumentRecord
from eval.charts import bars, intervals, shifts, strips
from eval.citation_images import page_images
from eval.compare_html import compare_html
from eval.comparing import changes, differences
from eval.meanings import MEANINGS
from eval.metrics import MEASURES, score
from eval.questions import Question
from eval.report_html import Draw, report_html
from eval.results import Cited, Result
from eval.runner import run
from eval.statistics import compare, estimate
from eval.summary import Scored, summarise
from tests.eval_doubles import GUIDE, QUESTIONS, Speaker, ignore
from tests.web import record

VOID = {"meta", "input", "line", "circle", "rect", "path", "img"}
PNG = b"\x89PNG\r\n\x1a\n"


class Reader(HTMLParser):
    """Reads a page as a browser does and notes what matters."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self.marked: dict[str, list[str]] = {"del": [], "ins": []}

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
            if self.open and self.open[-1] in self.marked:
                self.marked[self.open[-1]].append(data)


def scores(
    results: tuple[Result, ...], questions: tuple[Question, ...] = QUESTIONS
) -> list[Scored]:
    return [
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
        for q, r in zip(questions, results, strict=True)
    ]


def summary_of(scored: list[Scored], index: str = "def") -> dict[str, Any]:
    return summarise(scored) | {
        "question_set": {"file": "set <1>.jsonl"},
        "started": "2026-01-01T00:00:00+00:00",
        "identity": {"question_set": "abc", "index": index, "settings": {"answer": {"a": 1}}},
        "versions": {"numpy": "2"},
    }


def page(results: tuple[Result, ...], draw: Draw | None = None) -> str:
    scored = scores(results)
    return report_html(scored, summary_of(scored), draw=draw)


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


def test_a_fact_that_only_a_quote_states_is_stated_as_it_is_measured(
    results: tuple[Result, ...],
) -> None:
    asked = replace(QUESTIONS[0], key_facts=(("60 points",), ("70",)))
    bare = replace(results[0], text="See the source. [1]")
    [item] = scores((bare,), (asked,))
    assert item.measures["key_facts_share"] == 0.5
    reader = read(report_html([item], summary_of([item])))
    assert "stated: 60 points" in reader.text
    assert "missing: 70" in reader.text


def test_every_measure_is_said_in_words(results: tuple[Result, ...]) -> None:
    assert tuple(sorted(MEANINGS)) == tuple(sorted(MEASURES))
    text = read(page(results)).text
    assert MEANINGS["right"] in text
    assert "Right: 3 of 6." in text
    assert "Begun on 1 January 2026, 00:00 UTC." in text


def test_charts_say_the_same_in_words(results: tuple[Result, ...]) -> None:
    pictures = [a["aria-label"] for tag, a in read(page(results)).tags if tag == "svg"]
    assert any("recall@5 0.800, from" in (words or "") for words in pictures)
    assert any("answerable, answered: 3" in (words or "") for words in pictures)
    assert any("total: median" in (words or "") for words in pictures)


def compared_page(one: tuple[Result, ...], two: tuple[Result, ...]) -> str:
    before, after = scores(one), scores(two)
    return compare_html(
        before,
        after,
        names=("monday", "<tuesday>"),
        summaries=(summary_of(before), summary_of(after, "def" if one == two else "other")),
        moved=differences(before, after),
        found=changes(before, after),
    )


def test_a_comparison_shows_the_questions_that_changed_worst_first(
    results: tuple[Result, ...],
) -> None:
    other = Cited(2, "guide.pdf", 2, "<b>Applications</b>")
    better = replace(results[1], citations=(replace(results[0].citations[0]),))
    worse = replace(
        results[5],
        text="Travel is paid by distance class. [1]\nAnd more.",
        citations=(other,),
        differences=(other,),
        pages=(("guide.pdf", 2),),
    )
    reader = read(compared_page(results, (results[0], better, *results[2:5], worse)))
    questions = [a for tag, a in reader.tags if tag == "details" and a["class"] == "question"]
    assert [(a["id"], a["data-outcome"]) for a in questions] == [("Q6", "worse"), ("Q2", "better")]
    assert "Comparison: monday and <tuesday>" in reader.text
    assert "6 questions of set <1>.jsonl. Came out differently: worse 1, better 1." in reader.text
    assert "<b>Applications</b>" in reader.text
    assert "only here" in reader.text
    assert "Another edition says" in reader.text
    assert reader.marked == {"del": ["band."], "ins": ["class.", "And more."]}
    assert "index" in reader.text  # what differs in how they were made
    assert "numpy" not in reader.text
    assert [a for _, a in reader.tags if {"src", "href", "action"} & a.keys()] == []


def test_a_comparison_of_the_same(results: tuple[Result, ...]) -> None:
    text = read(compared_page(results, results)).text
    assert "No question came out differently." in text
    assert "The same settings, index, program and versions." in text


def test_pictures_of_pages_stand_beside_citations_where_asked_for(
    results: tuple[Result, ...],
) -> None:
    reader = read(page(results, lambda cited: PNG if cited.page == 1 else None))
    pictures = [a for tag, a in reader.tags if tag == "img"]
    assert [a["alt"] for a in pictures] == ["Page 1 of guide.pdf with the quote marked"]
    assert pictures[0]["src"] == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


class Shelf:
    """A library of one PDF."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def records(self) -> tuple[DocumentRecord, ...]:
        return (record(GUIDE),)

    def document(self, document_id: str) -> Document:
        return GUIDE

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        return ()

    def pdf_path(self, document_id: str) -> Path:
        if self._path is None:
            raise LibraryError("gone")
        return self._path


def test_pages_are_drawn_where_the_pdf_is_at_hand(starter: Path) -> None:
    cited = Cited(1, GUIDE.file, 1, "The threshold is 60 points.")
    draw = page_images(Shelf(starter / "ects_en.pdf"))
    assert (draw(cited) or b"").startswith(PNG)
    assert draw(replace(cited, document="other.pdf")) is None
    assert draw(replace(cited, page=9)) is None
    assert page_images(Shelf(None))(cited) is None


def test_charts_of_little_or_equal_data() -> None:
    read(intervals("A <chart>", {"x": estimate([1.0])}))
    read(bars("No time", {"total": {"p50": 0.0, "p95": 0.0}}))
    read(strips("All the same", {"a": [0.5, 0.5], "b": []}))
    read(strips("Nothing", {}))
    read(shifts("No change", {"x": compare([1.0], [1.0])}))
    read(shifts("Nothing", {}))
