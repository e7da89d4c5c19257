"""An answer as server-sent events, while it is being worked on.

    status      {"stage": "understand" | "retrieve" | "answer"}
    text        {"text": a piece of the answer}
    passages    {"passages": [...]}
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
from assistant.output import answer_json, citation_json, passage_json
from assistant.pipeline import Progress
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
        try:
            async for event in begun:
                for line in _lines(event):
                    yield line
        except GuideError as error:
            yield _event("error", problem_of(error))


def _lines(event: Event) -> tuple[str, ...]:
    if isinstance(event, Heartbeat):
        return (": still working\n\n",)
    if isinstance(event, Progress):
        return (_event("status", {"stage": event.stage}),)
    if isinstance(event, str):
        return (_event("text", {"text": event}),)
    answer = event.answer
    return (
        _event("passages", {"passages": [passage_json(p) for p in answer.passages]}),
        _event("citations", {"citations": [citation_json(c) for c in answer.citations]}),
        _event("done", given_json(event)),
    )


def given_json(given: Given) -> dict[str, Any]:
    """A kept answer as JSON."""
    return {"id": given.id, **answer_json(given.answer)}


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
