"""Each request: its id, its line in the log, its place in the counters."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid

from assistant.api_metrics import Metrics
from assistant.web_policy import App, Message, Receive, Scope, Send, send_problem
from corpus.logs import FIELDS

CLIENT_GONE = 499
"""What is counted where the client goes before there is an answer."""

STOPPING = "The server is being stopped. Ask again in a moment."
RETRY_AFTER = (b"retry-after", b"10")
"""By then a server that is started anew answers."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LOG = logging.getLogger("guide.requests")


class Requests:
    """Wraps a web application (ASGI); outermost, so that nothing is missed.

    The id comes from the header `x-request-id`, where it is a plain one, and is given back in it.
    The log has neither query nor body: both may hold questions.
    """

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        scope["request_id"] = request_id = _request_id(scope)
        status = CLIENT_GONE

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                header = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message["headers"], header]}
            await send(message)

        try:
            await self._app(scope, receive, with_id)
        except asyncio.CancelledError:
            # Only a server whose time to stop ran out cancels requests. Nothing more is done here,
            # and each one passed on would be a traceback in the log.
            if status == CLIENT_GONE:
                await send_problem(scope, with_id, 503, STOPPING, [RETRY_AFTER])
        finally:
            seconds = time.perf_counter() - start
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.request(method, _route(scope), status, seconds)
            fields = {
                "method": method,
                "path": scope["path"],
                "status": status,
                "ms": round(seconds * 1000, 1),
                "request_id": request_id,
            }
            text = " ".join(f"{name}={value!r}" for name, value in fields.items())
            _LOG.info("%s", text, extra={FIELDS: fields})


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name.lower() == b"x-request-id":
            given = str(value.decode("latin-1"))
            if _ID.fullmatch(given):
                return given
    return uuid.uuid4().hex


def _route(scope: Scope) -> str:
    """The template of the route, so that there are only so many; all of the window is one."""
    path = getattr(scope.get("route"), "path", "")
    return str(path) or "window and others"
