from __future__ import annotations

from collections.abc import Generator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import ui_conversation
from assistant.model import Answer, Filters, Status
from assistant.ui_conversation import (
    MOST_TURNS,
    Conversation,
    Exchange,
    ask,
    history,
    shown,
    stopped,
)
from assistant.ui_queue import Line
from assistant.ui_text import load_messages
from corpus.errors import QuestionError
from tests.test_ui_answer import Reader
from tests.web import Double, citation, document, passage

TEXT = load_messages()
GUIDE = document()


def double() -> Double:
    answer = Answer(
        question="q",
        status=Status.ANSWERED,
        text="One. [1]\nTwo. [1]",
        language="en",
        citations=(citation(GUIDE),),
        passages=(passage(GUIDE),),
        searched="lump sum, 2026",
    )
    return Double(documents=(GUIDE,), answers={"q": answer})


def test_an_answer_grows_and_ends_whole() -> None:
    steps = list(ask(double(), "q", (), Filters(), TEXT, clock=count(1).__next__))
    texts = [conversation[-1].text for conversation in steps]
    assert texts == ["", "", "", "One. [1]\n", "One. [1]\nTwo. [1]", "One. [1]\nTwo. [1]"]
    assert [conversation[-1].done for conversation in steps] == [False] * 5 + [True]
    searched = f"Searched: lump sum, 2026 — in {GUIDE.edition.title}"
    assert said(steps[0]) == f"{TEXT['stages.retrieve']}{searched}"
    found = f"{searched}{TEXT['found.one']}"
    assert said(steps[1]) == f"{TEXT['stages.rerank']}{found}"
    assert said(steps[2]) == f"{TEXT['stages.answer']}{found}"
    assert said(steps[3]) == f"{TEXT['stages.answer']}One. [1]{found}", "below the text"
    assert 'id="source-1-1"' in steps[-1][-1].html


def test_pieces_that_come_at_once_are_shown_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_conversation, "PIECES_S", 0.1)  # the window's browser tests wait less
    texts = [step[-1].text for step in ask(double(), "q", (), Filters(), TEXT, clock=lambda: 1.0)]
    assert texts == ["", "", "", "One. [1]\nTwo. [1]"]


def test_anchors_of_a_later_answer_are_its_own() -> None:
    *_, first = ask(double(), "q", (), Filters(), TEXT)
    *_, second = ask(double(), "q", first, Filters(), TEXT)
    assert 'id="source-2-1"' in second[-1].html


def test_an_error_comes_before_anything_is_shown() -> None:
    with pytest.raises(QuestionError):
        next(ask(double(), "  ", (), Filters(), TEXT))


def asking(line: Line) -> Generator[Conversation, None, None]:
    """Up to where the line begins: what is searched is seen before."""
    steps = ask(double(), "q", (), Filters(), TEXT, line=line)
    assert status(next(steps)) == TEXT["stages.retrieve"]
    return steps


def said(step: Conversation) -> str:
    return Reader(step[-1].html).text


def status(step: Conversation) -> str:
    return said(step).partition("Searched: ")[0]


def test_more_than_can_be_worked_on_wait_and_see_their_place() -> None:
    line = Line(1)
    first, *waiting = (asking(line) for _ in range(4))
    assert status(next(first)) == TEXT["stages.rerank"]
    seen = [next(one) for one in waiting]
    assert [status(step) for step in seen] == [
        TEXT["stages.wait_next"],
        TEXT["stages.wait_one"],
        TEXT["stages.wait"].format(count=2),
    ]
    assert all(said(step).endswith(TEXT["found.one"]) for step in seen)
    list(first)
    # Whoever came first is next, whoever looks first.
    assert status(next(waiting[1])) == TEXT["stages.wait_one"]
    assert status(next(waiting[0])) == TEXT["stages.rerank"]
    for one in waiting:
        *_, last = one
        assert last[-1].done


def test_who_goes_away_while_waiting_lets_the_others_move_up() -> None:
    line = Line(1)
    first, second, third = (asking(line) for _ in range(3))
    for one in (first, second, third):
        next(one)
    second.close()
    assert status(next(third)) == TEXT["stages.wait_next"]
    first.close()
    assert status(next(third)) == TEXT["stages.rerank"]


@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 3))
def test_a_line_lets_in_as_many_as_it_may_in_their_order(moves: list[int], at_once: int) -> None:
    line = Line(at_once)
    places = [line.stand() for _ in range(6)]
    standing = list(places)
    for index in moves:
        place = places[index]
        if place.inside:
            place.leave()
            standing.remove(place)
        elif place in standing:
            waiting = [p for p in standing if not p.inside]
            assert place.ahead == waiting.index(place)
            may = waiting[0] is place and sum(p.inside for p in standing) < at_once
            assert place.comes(0) is may
        assert sum(p.inside for p in places) <= at_once


def test_filters_and_finished_turns_go_along() -> None:
    assistant = double()
    *_, first = ask(assistant, "q", (), Filters(), TEXT)
    unfinished = Exchange(question="stopped", text="half")
    list(ask(assistant, "q", (*first, unfinished), Filters(year=2026), TEXT, language="de"))
    assert assistant.languages == ["en", "de"]
    question, filters, turns = assistant.asked[-1]
    assert (question, filters) == ("q", Filters(year=2026))
    assert [(turn.role, turn.content) for turn in turns] == [
        ("user", "q"),
        ("assistant", "One. [1]\nTwo. [1]"),
    ]


def test_only_the_latest_turns_go_along() -> None:
    long = tuple(Exchange(question=str(n), text="a", done=True) for n in range(50))
    turns = history(long)
    assert len(turns) == MOST_TURNS
    assert turns[-2].content == "49"


def test_stop_ends_an_unfinished_answer_only() -> None:
    *_, done = ask(double(), "q", (), Filters(), TEXT)
    assert stopped(done, TEXT) == done
    assert stopped((), TEXT) == ()
    half = (*done, Exchange(question="q", text="half"))
    assert "half" in stopped(half, TEXT)[-1].html
    assert TEXT["stopped"] in stopped(half, TEXT)[-1].html


def test_messages_alternate() -> None:
    *_, done = ask(double(), "q", (), Filters(), TEXT)
    assert [message["role"] for message in shown(done * 2)] == ["user", "assistant"] * 2
