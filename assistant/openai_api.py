"""Routes for clients of OpenAI's chat interface: `/v1/chat/completions` and `/v1/models`.

The answer is the message; its sources stand below it as text and in the extension field `guide`
as data. There are no tokens to count, so there is no `usage`.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from assistant.api_desk import Asked, Desk, Event, Given, Heartbeat
from assistant.api_events import EVENT_STREAM, HEADERS, begin, given_json
from assistant.api_problems import ASKING, Responses, problem_of, refusals
from assistant.api_text import closing_text, whole_text
from assistant.openai_schema import GUIDES, ChatCompletionOut, ChatRequest, ModelOut, ModelsOut
from assistant.problem import openai_error
from assistant.service import Answering
from corpus.errors import GuideError
from corpus.records import DocumentRecord

_OWNER = "programme-guide-assistant"
_NO_MODEL = refusals(_404="There is no such model: neither `programme-guides` nor a document.")
_CHUNKS: Responses = {
    200: {
        "description": "The completion; as server-sent events with `stream`.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    }
}


def add_openai(app: FastAPI, service: Answering, desk: Desk) -> None:
    """Adds the routes to a web application."""

    def check(model: str) -> None:
        if model != GUIDES and all(record.id != model for record in service.records()):
            raise HTTPException(
                404, f"There is no model {model!r}. Ask {GUIDES!r}, or a document by its id."
            )

    @app.get("/v1/models", tags=["openai"], summary="What can be asked", response_model=ModelsOut)
    def models() -> Any:
        records = service.records()
        newest = max((_created(record) for record in records), default=0)
        whole = {"id": GUIDES, "object": "model", "created": newest, "owned_by": _OWNER}
        return {"object": "list", "data": [whole, *map(_model_json, records)]}

    @app.get(
        "/v1/models/{model}",
        tags=["openai"],
        summary="One that can be asked",
        response_model=ModelOut,
        responses=_NO_MODEL,
    )
    def model(model: str) -> Any:
        check(model)
        return next(m for m in models()["data"] if m["id"] == model)

    @app.post(
        "/v1/chat/completions",
        tags=["openai"],
        summary="A cited answer as a chat completion",
        response_model=ChatCompletionOut,
        responses={**_CHUNKS, **ASKING, **_NO_MODEL},
    )
    async def chat(body: ChatRequest, request: Request) -> Any:
        check(body.model)
        base_url = str(request.base_url).rstrip("/")
        asked = Asked(body.question, body.filters(), body.turns())
        if body.stream:
            events = desk.stream(asked)
            chunks = _chunks(await begin(events), events, body.model, base_url)
            return StreamingResponse(chunks, media_type=EVENT_STREAM, headers=HEADERS)
        given = await desk.ask(asked)
        message = {"role": "assistant", "content": whole_text(given.answer, base_url)}
        return {
            "id": _completion_id(given),
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body.model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "guide": _extension(given),
        }


async def _chunks(
    begun: AsyncIterator[Event], source: AsyncIterator[Event], model: str, base_url: str
) -> AsyncIterator[str]:
    head = {"object": "chat.completion.chunk", "created": int(time.time()), "model": model}
    # The id of the answer is known at its end only, and clients want one id for all chunks.
    head["id"] = f"chatcmpl-{time.time_ns():x}"

    def chunk(delta: dict[str, str], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data({**head, "choices": [choice], **more})

    async with aclosing(source):  # type: ignore[type-var] # an async generator
        yield chunk({"role": "assistant", "content": ""})
        try:
            async for event in begun:
                if isinstance(event, str):
                    yield chunk({"content": event})
                elif isinstance(event, Heartbeat):
                    yield ": still working\n\n"
                elif isinstance(event, Given):
                    if closing := closing_text(event.answer, base_url):
                        yield chunk({"content": closing})
                    yield chunk({}, "stop", guide=_extension(event))
        except GuideError as error:
            yield _data({"error": openai_error(problem_of(error))})
        yield "data: [DONE]\n\n"


def _extension(given: Given) -> dict[str, Any]:
    answer = given_json(given)
    return {name: answer[name] for name in ("id", "status", "edition", "citations", "notes")}


def _completion_id(given: Given) -> str:
    return f"chatcmpl-{given.id}"


def _data(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _model_json(record: DocumentRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "object": "model",
        "created": _created(record),
        "owned_by": _OWNER,
        "title": record.edition.title,
    }


def _created(record: DocumentRecord) -> int:
    return int(datetime.fromisoformat(record.saved_at).timestamp())
