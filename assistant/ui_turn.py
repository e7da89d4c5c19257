"""What the window shows while a question is answered, and after it was stopped or refused."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from assistant.ui_conversation import (
    Conversation,
    has_answer,
    kept_of,
    stopped,
)
from assistant.ui_errors import reason
from assistant.ui_stop import StopSign
from corpus.errors import GuideError

Steps = Callable[[Conversation], Generator[Conversation, None, None]]
"""Answers the next question of a conversation; see `assistant.ui_conversation.ask`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown now.

    Attributes:
        why: there is no new answer; "" where one is being made or there.
    """

    conversation: Conversation
    why: str = ""


def turn(
    steps: Steps, whole: Conversation, stop: StopSign, messages: Mapping[str, str]
) -> Iterator[Shown]:
    """One question: its answer grows until it is whole.

    A finished answer whose question is being changed, or asked again, gives way only to a whole
    one: where there is none, it stands there again.

    Raises:
        Exception: a fault of ours, after the window was put in order.
    """
    now = sent = kept_of(whole)

    def none(why: str) -> Shown:
        more = f" {messages['kept_before']}" if has_answer(whole) else ""
        return Shown(conversation=whole, why=f"{why}{more}")

    with stop.begin() as making:
        try:
            # Closed in any case, for it may hold a place among those who are answered.
            with closing(steps(now)) as coming:
                for now in coming:
                    if making.stopped or now[-1].done:
                        break  # whole: shown together with the button that asks the next question
                    if now == sent:
                        continue  # nothing new: only looked whether the asker has stopped
                    sent = now
                    yield Shown(conversation=now)
        except GuideError as error:
            yield none(reason(error, messages))
        except Exception:
            yield none(messages["failed"])
            raise
        else:
            if making.left:
                return
            if making.stopped and has_answer(whole) and not now[-1].done:
                yield none(f"{messages['stopped']}.")
            else:
                yield Shown(conversation=stopped(now, messages) if making.stopped else now)
