from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.events import Progress
from assistant.model import Query
from assistant.ui_progress import stage_html, stopped_html, told_by, waiting_html
from assistant.ui_record import stopped_record
from assistant.ui_text import languages, load_messages
from tests.test_ui_answer import Reader
from tests.web import HOSTILE, document, passage

TEXT = load_messages()
GUIDE, OTHER = document(), document("other")
TITLES = {"a": "Guide A", "b": "Guide B", "c": "Guide C"}


def query(search: str = "lump sum, 2026", *ids: str) -> Query:
    return Query(
        question="How much?", search_text=search, topic=search, language="en", document_ids=ids
    )


def told(progress: Progress, language: str = "en") -> tuple[str, ...]:
    return told_by(progress, lambda: TITLES, load_messages(language))


def test_stages_have_words_and_unknown_ones_a_general_one() -> None:
    assert TEXT["stages.rerank"] in Reader(stage_html("rerank", TEXT)).text
    assert TEXT["stage"] in Reader(stage_html("dream", TEXT)).text


def test_a_stopped_answer_keeps_its_text() -> None:
    read = Reader(stopped_html(stopped_record("q", "half of"), TEXT))
    assert "half of" in read.text
    assert TEXT["stopped"] in read.text


def test_what_was_understood_is_told_before_anything_is_found() -> None:
    assert told(Progress("understand")) == ()
    assert told(Progress("retrieve", query())) == ("Searched: lump sum, 2026",)
    assert told(Progress("retrieve", query("lump sum", "a", "b"))) == (
        "Searched: lump sum — in Guide A · Guide B",
    )
    # The question is not repeated, and more guides than can be named are counted.
    assert told(Progress("retrieve", query("how much?", "a", "b", "c"))) == (
        "Searched in: Guide A · 2 other documents",
    )


def test_editions_that_are_compared_are_all_named() -> None:
    compared = replace(query("how much?", "a", "x", "b", "c"), compare=("a", "c", "b"))
    assert told(Progress("retrieve", compared)) == ("Searched in: Guide A · Guide C · Guide B",)


def test_then_what_was_found() -> None:
    found = (passage(GUIDE), passage(GUIDE), passage(OTHER))
    counts = [told(Progress("rerank", query(), found[:n]))[1:] for n in range(4)]
    assert counts == [
        (),
        ("Best match: one passage",),
        ("Best matches: 2 passages from one guide",),
        ("Best matches: 3 passages from 2 guides",),
    ]
    assert told(Progress("answer", query(), found)) == (), "what was told before stays"


@pytest.mark.parametrize("language", languages())
def test_it_is_told_in_every_language(language: str) -> None:
    found = (passage(GUIDE), passage(GUIDE), passage(OTHER))
    searched, counted = told(Progress("rerank", query("q", "a"), found), language)
    assert "q" in searched
    assert "Guide A" in searched
    assert "3" in counted
    assert "2" in counted


def test_what_is_told_stands_below_the_text_and_is_no_markup() -> None:
    hostile = told(Progress("retrieve", replace(query(), search_text=HOSTILE)))
    for html in (
        stage_html("answer", TEXT, text="Words.", told=hostile),
        waiting_html(3, TEXT, hostile),
    ):
        read = Reader(html)
        assert set(read.tags) <= {"div", "p"}
        assert read.text.endswith(hostile[0])
    shown = Reader(stage_html("answer", TEXT, text="Words.", told=("One.", "Two."))).text
    assert shown == f"{TEXT['stages.answer']}Words.One.Two."
