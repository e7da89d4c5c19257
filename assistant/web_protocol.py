"""HTTP as uvicorn reads it, but not for ever: whoever sends a head too slowly is cut off."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.problem import PROBLEM, for_request, problem

HEAD_TIMEOUT_S = 20.0
"""Longest time from the first sign of a request to the end of its head."""

_DETAIL = "The head of the request took too long. Send it within a few seconds."


def too_slow() -> bytes:
    """A whole response to a head that did not come: problem details with an id of their own."""
    request_id = uuid.uuid4().hex
    body = json.dumps(for_request(problem(408, _DETAIL), "", request_id)).encode()
    head = (
        "HTTP/1.1 408 Request Timeout\r\n"
        f"content-type: {PROBLEM}\r\ncontent-length: {len(body)}\r\n"
        f"x-request-id: {request_id}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with an end to its patience."""

    head_timeout_s = HEAD_TIMEOUT_S
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something of a request, or a whole one."""
        super().data_received(data)
        self._watch()

    def _watch(self) -> None:
        if cast(Any, self.conn.their_state) is not h11.IDLE:
            self._stop_watching()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.head_timeout_s, self._give_up)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.write(too_slow())
            self.transport.close()
