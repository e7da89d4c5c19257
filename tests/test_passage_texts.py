"""What is embedded with a chunk."""

from __future__ import annotations

import pytest

import corpus.passage_texts
from corpus.passage_texts import passage_texts
from tests.builders import make_document


def test_passages_say_where_they_stand() -> None:
    document = make_document(
        pages=["text"], headings=["Part A › Who"], title="Guide 2026", context="Row: x"
    )
    assert passage_texts(document) == ["Guide 2026\nPart A › Who\nRow: x\ntext"]
    assert passage_texts(make_document(pages=["text"], title="Guide")) == ["Guide\ntext"]


def test_names_above_very_many_chunks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    document = make_document(pages=["one", "two"], headings=["Part A › Who"] * 2, title="Guide")
    monkeypatch.setattr(corpus.passage_texts, "TELLING_CHUNKS", 1)
    assert passage_texts(document) == ["one", "two"]


def test_headings_in_capitals_are_calmed_but_for_abbreviations() -> None:
    document = make_document(
        pages=["the rules for providers of VET"], headings=["RULES FOR VET"], title="G"
    )
    assert passage_texts(document)[0].splitlines()[1] == "Rules for VET"


def test_greek_capitals_get_their_accents_back() -> None:
    document = make_document(pages=["η οργάνωση"], headings=["ΟΡΓΑΝΩΣΗ"], title="G")
    assert passage_texts(document)[0].splitlines()[1] == "Οργάνωση"


def test_a_heading_that_begins_its_text_is_said_once() -> None:
    headings = ["Part A › Who can apply?"] * 3
    pages = ["Who can apply?⁴\nA school.", "Who can apply", "Who may apply?\nNobody."]
    document = make_document(pages=pages, headings=headings, title="G")
    assert passage_texts(document) == [
        "G\nPart A › Who can apply?\nA school.",
        "G\nPart A › Who can apply?\nWho can apply",
        "G\nPart A › Who can apply?\nWho may apply?\nNobody.",
    ]
