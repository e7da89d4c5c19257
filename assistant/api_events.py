"""An answer as server-sent events, while it is being worked on.

    status      {"stage": "understand" | "retrieve" | "rerank" | "answer"}; from the second on
                `searched` and `document_ids`, as understood; with "rerank" how many `passages`
                are read
    passages    {"passages": [...]}, best first, before any text
    text        {"text": a piece of the answer}
    citations   {"citations": [...]}
    done        the whole answer, as without events
    error       problem details; ends the stream

A comment line is sent where nothing has happened for a while.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse

from assistant.api_desk import Event, Given, Heartbeat
from assistant.api_problems import problem_of
from assistant.events import Progress
from assistant.model import Passage
from assistant.output import answer_json, behind, passage_json
from corpus.errors import GuideError

EVENT_STREAM = "text/event-stream"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
"""Of every stream: nothing between us and the reader may keep it back."""


def wants_events(accept: str) -> bool:
    """Whether an Accept header asks for events."""
    return EVENT_STREAM in accept.lower()


async def begin(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """The same events, once the question has been understood.

    A question that cannot be asked is then an error response and not a stream that fails.

    Raises:
        GuideError: as the stream does before that.
    """
    early: list[Event] = []
    async for event in events:
        early.append(event)
        if event != Progress("understand"):
            break

    async def all_events() -> AsyncIterator[Event]:
        for event in early:
            yield event
        async for event in events:
            yield event

    return all_events()


async def answer_events(events: AsyncIterator[Event]) -> StreamingResponse:
    """A response that sends an answer as events.

    Raises:
        GuideError: if the question cannot be asked.
    """
    begun = await begin(events)
    return StreamingResponse(_encoded(begun, events), media_type=EVENT_STREAM, headers=HEADERS)


async def _encoded(begun: AsyncIterator[Event], source: AsyncIterator[Event]) -> AsyncIterator[str]:
    async with aclosing(source):  # type: ignore[type-var] # an async generator
        shown = False
        try:
            async for event in begun:
                if isinstance(event, Heartbeat):
                    yield ": still working\n\n"
                    continue
                if isinstance(event, Progress):
                    yield _event("status", _status(event))
                passages = _passages(event)
                if passages is not None and not shown:
                    shown = True
                    yield _event("passages", {"passages": [passage_json(p) for p in passages]})
                if isinstance(event, str):
                    yield _event("text", {"text": event})
                elif isinstance(event, Given):
                    given = given_json(event)
                    yield _event("citations", {"citations": given["citations"]})
                    yield _event("done", given)
        except GuideError as error:
            yield _event("error", problem_of(error))


def _status(progress: Progress) -> dict[str, Any]:
    status: dict[str, Any] = {"stage": progress.stage}
    if progress.query is not None:
        status["searched"] = progress.query.search_text
        status["document_ids"] = list(progress.query.document_ids)
    if progress.stage == "rerank":
        status["passages"] = len(progress.passages)
    return status


def _passages(event: Progress | str | Given) -> tuple[Passage, ...] | None:
    """The passages that are known with this event; None where they are still to come."""
    if isinstance(event, Given):
        return event.answer.passages
    if isinstance(event, str):
        return ()  # words that come from no passage
    return event.passages if event.stage == "answer" else None


def given_json(given: Given) -> dict[str, Any]:
    """A kept answer as JSON."""
    return {"id": given.id, **behind(given.prefix, answer_json(given.answer))}


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
