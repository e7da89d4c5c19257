"""A scripted service that speaks OpenAI's chat completions on loopback, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from corpus.settings import LlmSettings
from tests.loopback import listening

KEY = "sk-secret-0123456789"


@dataclass(frozen=True)
class Says:
    """A good answer. `cut` ends the connection after it, `stop` says why it ended ("" says not)."""

    text: str
    cut: bool = False
    stop: str = "stop"


@dataclass(frozen=True)
class Fails:
    """A refusal with a status; what it says repeats the key, as bad services do."""

    status: int
    retry_after: str = ""


@dataclass(frozen=True)
class Raw:
    """Bytes in place of an answer."""

    body: bytes
    kind: str = "text/event-stream"


@dataclass(frozen=True)
class Holds:
    """Says something and then nothing until the test is over."""

    text: str = ""


Reply = Says | Fails | Raw | Holds


@dataclass
class Server:
    """The service: gives its replies in turn, the last one for ever; keeps what it was asked."""

    replies: list[Reply]
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def settings(self, **other: Any) -> LlmSettings:
        """Settings that name this service."""
        named = {"model": "openai:scripted", "base_url": self.url, "api_key": KEY, "timeout_s": 10}
        return LlmSettings.model_validate(named | other)

    def script(self, *replies: Reply) -> None:
        """Other replies from now on; what was asked is forgotten."""
        self.replies, self.bodies, self.keys = list(replies), [], []

    def prompt(self) -> str:
        """All messages of the last request."""
        return "\n".join(message["content"] for message in self.bodies[-1]["messages"])


class _Handler(BaseHTTPRequestHandler):
    server_of: ClassVar[Server]

    def do_POST(self) -> None:
        state = self.server_of
        body = self.rfile.read(int(self.headers["Content-Length"]))
        state.bodies.append(json.loads(body))
        state.keys.append(self.headers["Authorization"])
        reply = state.replies.pop(0) if len(state.replies) > 1 else state.replies[0]
        if isinstance(reply, Fails):
            self._fail(reply)
        elif isinstance(reply, Raw):
            self._head(200, reply.kind)
            self.wfile.write(reply.body)
        else:
            self._say(reply)

    def _say(self, reply: Says | Holds) -> None:
        self._head(200, "text/event-stream")
        for start in range(0, len(reply.text), 7):  # pieces end in the middle of words
            self._event({"content": reply.text[start : start + 7]})
        if isinstance(reply, Holds):
            self.server_of.over.wait(30)
        elif not reply.cut:
            if reply.stop:
                self._event({}, finish=reply.stop)
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
        event = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "scripted",
            "choices": [choice],
        }
        self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        self.wfile.flush()

    def _fail(self, reply: Fails) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        if reply.retry_after:
            self.send_header("Retry-After", reply.retry_after)
        said = {"error": {"message": f"You came with {self.headers['Authorization']}."}}
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def _head(self, status: int, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@contextmanager
def llm_server(*replies: Reply) -> Iterator[Server]:
    """A running service, on a free port of this machine."""
    state = Server(list(replies))
    handler = type("Handler", (_Handler,), {"server_of": state})
    with listening(handler, state.over) as state.port:
        yield state
