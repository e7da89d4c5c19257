from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

from fastapi.testclient import TestClient

from assistant.api_desk import Given
from assistant.api_events import answer_events
from assistant.events import Progress
from assistant.model import Status
from assistant.output import answer_json, passage_json
from corpus.errors import LibraryLockedError
from tests.test_api import ANSWER, GUIDE, assistant, client, problem
from tests.web import Double, passage, wait_for

__all__ = ["assistant", "client"]


def read_events(text: str) -> list[tuple[str, dict[str, object]]]:
    """Server-sent events as (name, data)."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


EVENTS = {"accept": "text/event-stream"}


def test_an_answer_comes_as_events(client: TestClient) -> None:
    response = client.post("/api/v1/answers", json={"question": "How much?"}, headers=EVENTS)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = read_events(response.text)
    assert [name for name, _ in events] == [
        *["status"] * 4,
        "passages",
        "text",
        "citations",
        "done",
    ]
    understood = {"searched": ANSWER.searched, "document_ids": [GUIDE.id]}
    assert [data for _, data in events[:4]] == [
        {"stage": "understand"},
        {"stage": "retrieve", **understood},
        {"stage": "rerank", **understood, "passages": 1},
        {"stage": "answer", **understood},
    ]
    data = dict(events)
    assert data["passages"] == {"passages": [passage_json(passage(GUIDE))]}
    assert data["text"] == {"text": ANSWER.text}
    assert data["citations"]["citations"] == answer_json(ANSWER)["citations"]
    done = data["done"]
    assert client.get(f"/api/v1/answers/{done.pop('id')}").json()["holds"] is True
    assert done == answer_json(ANSWER)


def test_passages_come_before_text_that_needs_none() -> None:
    async def events() -> AsyncIterator[Progress | str | Given]:
        yield Progress("understand")
        yield "Not answered."
        yield Given("0" * 24, replace(ANSWER, citations=(), status=Status.BLOCKED))

    async def sent() -> str:
        response = await answer_events(events())
        return "".join([str(part) async for part in response.body_iterator])

    names = [name for name, _ in read_events(wait_for(sent()))]
    assert names == ["status", "passages", "text", "citations", "done"]


def test_what_cannot_be_asked_is_no_stream(client: TestClient) -> None:
    status, _ = problem(client, "POST", "/api/v1/answers", json={"question": " "}, headers=EVENTS)
    assert status == 422


def test_an_error_that_comes_late_ends_the_stream(client: TestClient, assistant: Double) -> None:
    assistant.late_error = LibraryLockedError("locked, try later")
    response = client.post("/api/v1/answers", json={"question": "q"}, headers=EVENTS)
    name, data = read_events(response.text)[-1]
    assert name == "error"
    assert (data["status"], data["detail"]) == (503, "locked, try later")
