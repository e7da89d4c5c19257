"""What runs is stopped, and left, and nothing of it comes later."""

from __future__ import annotations

import pytest

from assistant import ui_stop
from assistant.ui_stop import StopSign
from tests.web import wait_for


def test_an_answer_is_waited_for_until_it_has_ended() -> None:
    sign = StopSign()
    wait_for(sign.leave())  # nothing is being made
    with sign.begin() as making:
        sign.give()
        assert making.stopped
    wait_for(sign.leave())
    assert not making.left


def test_a_step_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_stop, "LEAVE_S", 0.0)
    sign = StopSign()
    with sign.begin() as making:
        wait_for(sign.leave())
        assert (making.stopped, making.left) == (True, True)


def test_the_next_question_leaves_the_one_before() -> None:
    sign = StopSign()
    with sign.begin() as first, sign.begin() as second:
        assert (first.stopped, first.left) == (True, True)
        sign.give()
    assert (second.stopped, second.left) == (True, False)
