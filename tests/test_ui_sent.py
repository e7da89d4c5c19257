"""How a question is sent, and that it was heard."""

from __future__ import annotations

import pytest

from assistant.ui_sent import heard_html, sent_of
from assistant.ui_stop import StopSign


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("m1x\x1eHow much?", ("m1x", "How much?")),
        ("m1x\x1e", ("m1x", "")),
        ("m1x\x1ea\x1eb", ("m1x", "a\x1eb")),
        ("How much?", ("", "How much?")),
        ("m1x\x1d", ("m1x", None)),
        ("m1x\x1eHow much?\x1d", ("m1x", "How much?\x1d")),
    ],
)
def test_a_question_comes_with_its_number(text: str, sent: tuple[str, str | None]) -> None:
    assert sent_of(text) == sent


def test_what_is_heard_is_told_by_its_number() -> None:
    assert heard_html("m1x") == '<div class="heard">m1x</div>'
    assert heard_html("m1x", back=True) == '<div class="back">m1x</div>'
    assert heard_html("") == ""


def test_a_question_that_is_sent_again_is_heard_once() -> None:
    sign = StopSign()
    heard = [sign.hears(number) for number in ("a", "a", "b", "a", "", "")]
    assert heard == [True, False, True, True, True, True]
