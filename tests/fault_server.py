"""A real HTTP server on loopback that misbehaves as it is told, and small official PDFs."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.loopback import listening

PROSE = (
    "Any participating organisation established in a Programme Country can be the applicant.",
    "Applicants have to submit their grant application by the deadline at midday Brussels time.",
    "The quality of the project will be assessed against the award criteria of this guide.",
)


def official_pdf(
    *,
    title: tuple[str, ...] = ("Erasmus+", "Programme Guide"),
    line: str = "Version 1 (2031): 12-11-2030",
    pages: int = 3,
    weight: int = 0,
) -> bytes:
    """A guide with a cover and a few pages of prose; `weight` bytes make the file larger."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setFont("Helvetica-Bold", 30)
    for number, words in enumerate(title):
        canvas.drawString(80, 600 - 40 * number, words)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(80, 400, line)
    for _ in range(pages - 1):
        canvas.showPage()
        canvas.setFont("Helvetica", 11)
        for number in range(30):
            canvas.drawString(80, 760 - 16 * number, PROSE[number % len(PROSE)])
    canvas.save()
    data = written.getvalue()
    return data.replace(b"%%EOF", b"%" + b"x" * weight + b"\n%%EOF") if weight else data


@dataclass
class Request:
    """What a client asked for."""

    path: str
    headers: Mapping[str, str]


Behaviour = Callable[["Handler"], None]


@dataclass
class Server:
    """A running server: its address, what it does for each path, and what it was asked."""

    address: str
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    """Answers as the behaviour of the path says."""

    protocol_version = "HTTP/1.1"
    server_state: ClassVar[Server]

    def do_GET(self) -> None:
        state = self.server_state
        state.requests.append(Request(self.path, dict(self.headers)))
        self.close_connection = True
        behaviour = state.behaviours.get(self.path)
        if behaviour is None:
            self.answer(404, b"<html>gone</html>", {"Content-Type": "text/html"})
        else:
            behaviour(self)

    def answer(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> None:
        """Sends an answer; `length` is what it says of itself, the truth where None."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if "Transfer-Encoding" not in (headers or {}):
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@contextmanager
def serving() -> Iterator[Server]:
    """A server on a free port of loopback until the end of the block."""
    state = Server(address="")
    handler = type("Bound", (Handler,), {"server_state": state})
    with listening(handler, state.over) as port:
        state.address = f"http://127.0.0.1:{port}"
        yield state


def gives(body: bytes, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A server as it should be: the file, or the part of it that was asked for."""
    etag = (headers or {}).get("ETag", '"v1"')

    def behave(handler: Handler) -> None:
        wish = handler.headers.get("Range", "")
        same = handler.headers.get("If-Range", etag) == etag
        begin = int(wish.removeprefix("bytes=").removesuffix("-")) if wish and same else 0
        own = {"Content-Type": "application/pdf", "ETag": etag, **(headers or {})}
        if not begin:
            handler.answer(200, body, own)
        elif begin >= len(body):
            handler.answer(416, b"", {"Content-Range": f"bytes */{len(body)}"})
        else:
            where = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            handler.answer(206, body[begin:], {**own, "Content-Range": where})

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first behaviour for the first request, and so on; the last one from then on."""
    left = list(behaviours)

    def behave(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return behave


def cut_off(body: bytes, after: int, *, etag: str = '"v1"') -> Behaviour:
    """Promises the whole file, sends its beginning and hangs up."""

    def behave(handler: Handler) -> None:
        headers = {"Content-Type": "application/pdf", **({"ETag": etag} if etag else {})}
        handler.answer(200, body[:after], headers, length=len(body))

    return behave


def stalls(state: Server, body: bytes, after: int) -> Behaviour:
    """Sends a beginning and then nothing, with the line open."""

    def behave(handler: Handler) -> None:
        cut_off(body, after)(handler)
        state.over.wait(10)

    return behave


def redirects(location: str, status: int = 302) -> Behaviour:
    """Sends on to another address."""
    return lambda handler: handler.answer(status, b"", {"Location": location})


def says(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Behaviour:
    """Answers with a status."""
    return lambda handler: handler.answer(status, body, headers)
