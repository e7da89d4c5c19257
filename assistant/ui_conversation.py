"""A conversation as the window keeps it: what was asked, and how each answer looks.

Only light values, for they live in the server's session state until the window closes:
no passages and no documents.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.model import Answer, Filters, Turn
from assistant.service import Answering
from assistant.ui_answer import answer_html, question_html
from assistant.ui_progress import stage_html, stopped_html, told_by, waiting_html
from assistant.ui_queue import Line
from assistant.ui_record import Record, record_of, stopped_record, talk_of
from corpus.language import DEFAULT

FIRST_STAGE = "understand"
BEFORE_THE_LINE = ("understand", "retrieve")
"""Stages that are quick: nobody waits for them, so that each sees at once what is searched."""
LOOK_AGAIN_S = 0.25
"""While a question waits, how often it is looked whether the asker has stopped."""
PLACE_S = 1.0
"""How often a question that waits is shown its place: it costs those who are answered time."""
PIECES_S = 0.1
"""Pieces of a text that come sooner after the step before are shown together with later ones."""
MOST_TURNS = 12
"""Earlier messages that go along with a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question and its answer.

    Attributes:
        text: of the answer, as far as it has come.
        html: the answer as shown.
        done: the answer is whole and verified; only then it counts as history.
        edited: its question is being changed or asked again; the next one takes its place.
        anew: it took the place of another.
    """

    question: str
    text: str = ""
    html: str = ""
    done: bool = False
    edited: bool = False
    anew: bool = False


Conversation = tuple[Exchange, ...]
Keep = Callable[[Answer], str]
"""Keeps an answer on the server; gives its id, or "" where answers are not kept."""


def ask(
    service: Answering,
    question: str,
    conversation: Conversation,
    filters: Filters,
    messages: Mapping[str, str],
    *,
    keep: Keep = lambda _: "",
    line: Line | None = None,
    anew: bool = False,
    language: str = DEFAULT,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Conversation, None, None]:
    """The conversation with one more exchange, growing until its answer is whole.

    Args:
        service: answers.
        question: as typed.
        conversation: so far.
        filters: what the asker picked.
        messages: the window's sentences.
        keep: keeps the answer.
        line: bounds the questions that are worked on at once. While it is waited for, the
            conversation comes again and again, so that the asker can stop, with the place in it
            looked up now and then. What is searched and found is shown before that.
        anew: the exchange takes the place of another.
        language: of the window; of a question whose own cannot be told.
        clock: seconds.

    Raises:
        QuestionError: if the question cannot be asked. Nothing has been yielded then: the first
            stage is not shown, so that the window stays as it was.
        GuideError: if the library or a model fails, perhaps later.
    """
    asked = Exchange(question=question, anew=anew)
    told: tuple[str, ...] = ()
    later = 0.0

    def titles() -> dict[str, str]:
        return {record.id: record.edition.title for record in service.records()}

    with (line or Line(1)).stand() as place:
        stream = service.stream(
            question, filters=filters, history=history(conversation), language=language
        )
        for item in stream:
            if isinstance(item, Answer):
                record = record_of(item, answer_id=keep(item))
                html = answer_html(item, messages, key=str(len(conversation) + 1), record=record)
                asked = replace(asked, text=item.text, html=html, done=True)
            elif isinstance(item, str):
                asked = replace(asked, text=asked.text + item)
                if clock() < later:
                    continue
                later = clock() + PIECES_S
                html = stage_html("answer", messages, text=asked.text, told=told)
                asked = replace(asked, html=html)
            elif item.stage == FIRST_STAGE:
                continue
            else:
                told = told_by(item, titles, messages) or told
                while item.stage not in BEFORE_THE_LINE and not place.comes(LOOK_AGAIN_S):
                    ahead = place.ahead
                    if not ahead or clock() >= later:
                        asked = replace(asked, html=waiting_html(ahead, messages, told))
                        later = clock() + PLACE_S
                    yield (*conversation, asked)
                later = clock() + PIECES_S
                asked = replace(asked, html=stage_html(item.stage, messages, told=told))
            yield (*conversation, asked)


def restored(json_text: str, messages: Mapping[str, str]) -> tuple[Conversation, str]:
    """A conversation that the browser kept, as it goes on; what is said of it.

    Raises:
        QuestionError: if it is not one.
    """
    talk = talk_of(json_text)
    conversation = tuple(
        Exchange(
            question=answer.question,
            text=answer.text,
            html=answer_html(answer, messages, key=str(number), record=record),
            done=True,
        )
        if answer
        else _stopped(record, messages)
        for number, (answer, record) in enumerate(talk.exchanges, start=1)
    )
    if not talk.edited:
        return conversation, ""
    return edited(conversation, True), talk.said or messages["editing"]


def _stopped(record: Record, messages: Mapping[str, str]) -> Exchange:
    html = stopped_html(record, messages)
    return Exchange(question=record["question"], text=record["text"], html=html)


def history(conversation: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The latest finished exchanges as turns, oldest first."""
    turns = [
        turn
        for exchange in conversation
        if exchange.done
        for turn in (
            Turn(role="user", content=exchange.question),
            Turn(role="assistant", content=exchange.text),
        )
    ]
    return tuple(turns[-MOST_TURNS:])


def edited(conversation: Conversation, now: bool) -> Conversation:
    """The conversation with its last question being changed, or not any more."""
    return (*conversation[:-1], *(replace(last, edited=now) for last in conversation[-1:]))


def kept_of(conversation: Conversation) -> Conversation:
    """What the next question goes on from: all but an exchange whose question is being changed."""
    return conversation[:-1] if is_edited(conversation) else conversation


def is_edited(conversation: Conversation) -> bool:
    """Whether the last question is being changed."""
    return bool(conversation) and conversation[-1].edited


def has_answer(conversation: Conversation) -> bool:
    """Whether what would give way to the next question is a finished answer."""
    return is_edited(conversation) and conversation[-1].done


def stopped(conversation: Conversation, messages: Mapping[str, str]) -> Conversation:
    """The conversation after the asker pressed stop."""
    if not conversation or conversation[-1].done:
        return conversation
    last = conversation[-1]
    left = _stopped(stopped_record(last.question, last.text), messages)
    return (*conversation[:-1], replace(left, anew=last.anew))


def shown(conversation: Conversation) -> list[dict[str, str]]:
    """The messages of the chat window, in order."""
    return [
        message
        for exchange in conversation
        for message in (
            {"role": "user", "content": question_html(exchange.question, anew=exchange.anew)},
            {"role": "assistant", "content": exchange.html},
        )
    ]
