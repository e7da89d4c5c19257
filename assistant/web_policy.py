"""What every response says and every request may be: security headers, sizes, open doors.

The content-security policy is one under which the chat window really runs: scripts only from
this server and the inline ones that the window's page itself carries, allowed by their hashes;
nothing is compiled from strings; no other host is reached. Gradio's doors that this window does
not use (uploads, proxies, files, code editing) stay shut.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from assistant.problem import PROBLEM, for_request, problem
from assistant.ui_refusal import POLICY as PAGE_POLICY
from assistant.ui_refusal import refusal_page

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_Refusal = tuple[int, str]

MAX_BODY_BYTES = 1 << 20
"""Largest body of a request, in bytes; only a PDF may be larger."""
UPLOADS = "/api/v1/documents"
"""Where PDFs are sent to."""
LINGER_S = 5.0
LINGER_BYTES = 64 << 20
"""What a client still sends when it has been refused is read for so long, and up to so much."""

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_WINDOW_DOORS = re.compile(
    r"/gradio_api/(?:queue/|call/|info|heartbeat/|startup-events|cancel|reset|app_id|theme\.css)"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-frame-options", b"DENY"),
)
_CLOSE = ((b"connection", b"close"),)
_NOTHING = b"default-src 'none'; frame-ancestors 'none'"
# A PDF is shown by the browser's own reader, which is a page with styles and an embedded object.
_READER = b"frame-ancestors 'none'"


class WebPolicy:
    """Wraps a web application (ASGI) with the rules of this module."""

    def __init__(
        self, app: App, *, upload_bytes: int = 200 << 20, body_timeout_s: float = 30
    ) -> None:
        """Wraps an application.

        Args:
            app: what is wrapped.
            upload_bytes: largest PDF that may be sent.
            body_timeout_s: longest pause within the body of a request.
        """
        self._app = app
        self._upload_bytes = upload_bytes
        self._body_timeout_s = body_timeout_s
        self._linger_s = min(LINGER_S, body_timeout_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = path_of(scope)
        if path.startswith("/gradio_api/") and not _WINDOW_DOORS.match(path):
            await send_problem(scope, send, 404, f"There is nothing at {scope['path']}.")
            return

        async def refuse(refusal: _Refusal) -> None:
            await _refuse_for_good(scope, receive, send, refusal, self._linger_s)

        most = self._upload_bytes if path == UPLOADS else MAX_BODY_BYTES
        if _length(scope) > most:
            await refuse(_too_large(most))
            return
        response = _Response(refuse, send, window=_is_page(path))
        # The window's page is read to hash its scripts, so it must come uncompressed.
        inner = _without(scope, b"accept-encoding") if response.window else scope
        body = _Body(receive, response, most, self._body_timeout_s)
        await self._app(inner, body, response)


def prefix_of(scope: Scope) -> str:
    """The path before all of ours, where a proxy has put us behind one; "" elsewhere."""
    return str(scope.get("root_path", "")).rstrip("/")


def path_of(scope: Scope) -> str:
    """The path of a request without that prefix."""
    return str(scope["path"]).removeprefix(prefix_of(scope))


def _is_page(path: str) -> bool:
    """Whether an address is a page of ours with scripts: window, library, or a kept answer."""
    return path in ("", "/", "/library") or path.startswith("/answers/")


class _Response:
    """Adds the headers to a response on its way out."""

    def __init__(
        self, refuse: Callable[[_Refusal], Awaitable[None]], send: Send, *, window: bool
    ) -> None:
        self._refuse = refuse
        self._send = send
        self._head: Message | None = None
        self._body = b""
        self.window = window
        self.refusal: _Refusal | None = None
        self._refused = False

    async def __call__(self, message: Message) -> None:
        if self._refused:
            return
        if message["type"] == "http.response.start":
            if self.refusal is not None:
                self._refused = True
                await self._refuse(self.refusal)
                return
            kind = _header(message["headers"], b"content-type")
            self.window = self.window and kind.startswith(b"text/html")
            if self.window:
                self._head = message
                return
            # A route may name a policy itself: a page of another package, a finished report.
            own = _header(message["headers"], b"content-security-policy")
            policy = _READER if kind.startswith(b"application/pdf") else own or _NOTHING
            await self._send(_with_headers(message, policy))
        elif self._head is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send(_with_headers(self._head, window_policy(self._body)))
                await self._send({"type": "http.response.body", "body": self._body})
        else:
            await self._send(message)


def window_policy(page: bytes) -> bytes:
    """The content-security policy of an HTML page: its own inline scripts, and this server."""
    hashes = b" ".join(
        b"'sha256-" + base64.b64encode(hashlib.sha256(code).digest()) + b"'"
        for code in _INLINE_SCRIPT.findall(page)
    )
    return (
        b"default-src 'self'; script-src 'self' " + hashes + b"; "
        b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        b"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def _with_headers(message: Message, policy: bytes) -> Message:
    added = (*_HEADERS, (b"content-security-policy", policy))
    names = {name for name, _ in added}
    kept = [(name, value) for name, value in message["headers"] if name.lower() not in names]
    return {**message, "headers": [*kept, *added]}


def _header(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key.lower() == name), b"")


def _without(scope: Scope, name: bytes) -> Scope:
    return {**scope, "headers": [(k, v) for k, v in scope["headers"] if k.lower() != name]}


def _length(scope: Scope) -> int:
    """The announced length of the body; 0 where none is announced or it is no number."""
    value = _header(scope["headers"], b"content-length")
    return int(value) if value.isdigit() else 0


class _Body:
    """Ends a body that is too long or too slow as if the client had gone.

    Whatever is answered to that becomes the refusal.
    """

    def __init__(self, receive: Receive, response: _Response, most: int, timeout_s: float) -> None:
        self._receive = receive
        self._response = response
        self._most = most
        self._timeout_s: float | None = timeout_s
        self._read = 0

    async def __call__(self) -> Message:
        if self._response.refusal is not None:
            return {"type": "http.disconnect"}
        try:
            message = await asyncio.wait_for(self._receive(), self._timeout_s)
        except TimeoutError:
            detail = f"Nothing was sent for {self._timeout_s:g} seconds."
            self._response.refusal = (408, detail)
            return {"type": "http.disconnect"}
        self._read += len(message.get("body", b""))
        if self._read > self._most:
            self._response.refusal = _too_large(self._most)
            return {"type": "http.disconnect"}
        if not message.get("more_body"):
            self._timeout_s = None  # what comes next is the end of the connection
        return message


def _too_large(most: int) -> _Refusal:
    return 413, f"A request may hold at most {most:,} bytes."


async def send_problem(
    scope: Scope,
    send: Send,
    status: int,
    detail: str,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Refuses a request."""
    start, body = _problem_messages(scope, status, detail, headers)
    await send(start)
    await send(body)


async def _refuse_for_good(
    scope: Scope, receive: Receive, send: Send, refusal: _Refusal, linger_s: float
) -> None:
    """Refuses a request of which more may come, and ends its connection.

    Not at once: to send to a connection that is closed is an error, and many clients send all they
    have before they look at the answer.
    """
    start, body = _problem_messages(scope, *refusal, _CLOSE)
    await send(start)
    await send({**body, "more_body": True})  # it is whole: its length was said
    left = LINGER_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(linger_s):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    break
    await send({"type": "http.response.body", "body": b""})


def _problem_messages(
    scope: Scope, status: int, detail: str, headers: Iterable[tuple[bytes, bytes]]
) -> tuple[Message, Message]:
    kind, policy, body = refusal_body(scope, problem(status, detail))
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            *headers,
        ],
    }
    return _with_headers(start, policy), {"type": "http.response.body", "body": body}


def refusal_body(scope: Scope, fields: dict[str, Any]) -> tuple[str, bytes, bytes]:
    """What a refusal says: media type, content-security policy, body.

    People see a page, programs problem details.
    """
    path = path_of(scope)
    page = refusal_page(fields["status"], scope["method"], path, prefix_of(scope), scope["headers"])
    if page is not None:
        return "text/html; charset=utf-8", PAGE_POLICY.encode(), page
    whole = for_request(fields, path, scope.get("request_id"))
    return PROBLEM, _NOTHING, json.dumps(whole).encode()
