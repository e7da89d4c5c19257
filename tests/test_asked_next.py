"""Questions to ask next: of the same action, not asked before, and for the guides at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.beside import suggested
from assistant.model import NoteKind, Turn
from assistant.pipeline import Assistant
from tests.builders import make_document
from tests.test_pipeline import GUIDES, open_with


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    opened = open_with(tmp_path, *GUIDES)
    yield opened
    opened.close()


def test_what_is_asked_next_was_not_asked_before_and_is_in_the_guide(
    assistant: Assistant,
) -> None:
    def turns(*asked: str) -> tuple[Turn, ...]:
        return tuple(Turn(role="user", content=question) for question in asked)

    question = "When is the deadline for cooperation partnerships?"
    amount, duration, who = assistant.ask(question).suggestions
    for before, left in (
        ((who,), (amount, duration)),
        (("Who can apply for KA220?", "And how much money is there?"), (duration,)),
        (("Tell me about cooperation partnerships", "Who can apply?"), (amount, duration)),
        (("Who can apply for small-scale partnerships?",), (amount, duration, who)),
    ):
        assert assistant.ask(question, history=turns(*before)).suggestions == left, before
    assert who not in assistant.ask("Who can apply for cooperation partnerships?").suggestions
    query = assistant.search(question)[0]
    other = make_document("horizon", headings=("General Annexes › Deadlines",), pages=(["x"],))
    messages, lexicon = assistant.messages, assistant.lexicon
    assert len(suggested(query, GUIDES, messages, lexicon)) == 3
    assert suggested(query, (other,), messages, lexicon) == ()


def test_of_deadlines_that_have_passed_it_is_said_of_which_call_they_were(tmp_path: Path) -> None:
    def later() -> datetime:
        return datetime(2026, 11, 28, 12, tzinfo=UTC)

    with closing(replace(open_with(tmp_path, GUIDES[0]), now=later)) as opened:
        answer = opened.ask("When is the deadline for cooperation partnerships?")
    assert [deadline.days for deadline in answer.deadlines] == [-268]
    (note,) = [n for n in answer.notes if n.kind is NoteKind.DEADLINE_PASSED]
    assert "those of the 2026 call, and over" in note
    assert NoteKind.DEADLINE_MAY_MOVE not in {note.kind for note in answer.notes}
