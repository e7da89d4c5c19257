from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Answer, Note, Status
from assistant.ui_answer import answer_html
from assistant.ui_names import proper
from assistant.ui_text import load_messages
from tests.test_ui_answer import Reader


@pytest.mark.parametrize(
    ("searched", "written"),
    [
        ("ka210 in germany and ka122-vet", "KA210 in Germany and KA122-VET"),
        ("los costes en espana con erasmus+", "los costes en España con Erasmus+"),
        ("österreich, die türkei und groß", "Österreich, die Türkei und groß"),
        ("northern ireland, czech republic", "Northern Ireland, Czech Republic"),
        ("GERMANY in Ka210 and germanys kabul210", "GERMANY in KA210 and germanys kabul210"),
        ("pays bas", "Pays-Bas"),
        ("", ""),
    ],
)
def test_names_are_as_they_are_written(searched: str, written: str) -> None:
    assert proper(searched) == written


@given(st.text(max_size=80))
def test_nothing_but_names_changes(text: str) -> None:
    assert proper(proper(text)) == proper(text)


def test_what_was_understood_is_shown_with_its_names() -> None:
    searched = "who can apply for ka210, and in germany?"
    answer = Answer(
        question="And in germany?",
        status=Status.NOT_IN_GUIDES,
        text="No.",
        language="en",
        notes=(Note(f"Understood as: {searched}"), Note("Asked of erasmus.")),
        searched=searched,
    )
    text = Reader(answer_html(answer, load_messages(), key="1")).text
    assert "Understood as: who can apply for KA210, and in Germany?" in text
    assert "Searched: who can apply for KA210, and in Germany?" in text
    assert "Asked of erasmus." in text
