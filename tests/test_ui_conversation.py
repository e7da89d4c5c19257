from __future__ import annotations

from threading import Semaphore

import pytest

from assistant.model import Answer, Filters, Status
from assistant.ui_conversation import MOST_TURNS, Exchange, ask, history, shown, stopped
from assistant.ui_text import load_messages
from corpus.errors import QuestionError
from tests.test_ui_answer import Reader
from tests.web import Double, citation, document

TEXT = load_messages()
GUIDE = document()


def double() -> Double:
    answer = Answer(
        question="q",
        status=Status.ANSWERED,
        text="One. [1]\nTwo. [1]",
        language="en",
        citations=(citation(GUIDE),),
    )
    return Double(documents=(GUIDE,), answers={"q": answer})


def test_an_answer_grows_and_ends_whole() -> None:
    steps = list(ask(double(), "q", (), Filters(), TEXT))
    texts = [conversation[-1].text for conversation in steps]
    assert texts == ["", "", "One. [1]\n", "One. [1]\nTwo. [1]", "One. [1]\nTwo. [1]"]
    assert [conversation[-1].done for conversation in steps] == [False] * 4 + [True]
    assert TEXT["stages.retrieve"].split()[0] in steps[0][-1].html
    assert 'id="source-1-1"' in steps[-1][-1].html


def test_anchors_of_a_later_answer_are_its_own() -> None:
    *_, first = ask(double(), "q", (), Filters(), TEXT)
    *_, second = ask(double(), "q", first, Filters(), TEXT)
    assert 'id="source-2-1"' in second[-1].html


def test_an_error_comes_before_anything_is_shown() -> None:
    with pytest.raises(QuestionError):
        next(ask(double(), "  ", (), Filters(), TEXT))


def test_more_than_can_be_worked_on_wait_and_see_it() -> None:
    turn = Semaphore(1)
    first = ask(double(), "q", (), Filters(), TEXT, turn=turn)
    next(first)
    second = ask(double(), "q", (), Filters(), TEXT, turn=turn)
    assert TEXT["stages.wait"] in Reader(next(second)[-1].html).text
    list(first)
    *_, last = second
    assert last[-1].done
    assert turn.acquire(blocking=False), "each place is given back"


def test_who_stops_while_waiting_holds_no_place() -> None:
    turn = Semaphore(0)
    waiting = ask(double(), "q", (), Filters(), TEXT, turn=turn)
    next(waiting)
    waiting.close()
    assert not turn.acquire(blocking=False)


def test_filters_and_finished_turns_go_along() -> None:
    assistant = double()
    *_, first = ask(assistant, "q", (), Filters(), TEXT)
    unfinished = Exchange(question="stopped", text="half")
    list(ask(assistant, "q", (*first, unfinished), Filters(year=2026), TEXT))
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
