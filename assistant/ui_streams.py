"""What the window's streams are asked for: a session or an event that Gradio knows.

Of any other it would begin a stream, say so in it and raise, which fills the log.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException

from assistant.web_policy import App, Receive, Scope, Send, path_of

_SESSION = "/gradio_api/queue/data"
_EVENT = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)")
_NONE = "There is no such session or event here, or none any more: begin anew."


class KnownStreams:
    """Wraps Gradio's application (ASGI): other streams are refused before they begin."""

    def __init__(self, app: App, queue: Any) -> None:
        """Wraps an application.

        Args:
            app: Gradio's.
            queue: Gradio's queue of the same window.
        """
        self._app = app
        self._queue = queue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request.

        Raises:
            HTTPException: 404 if it asks for a stream that nobody feeds.
        """
        if scope["type"] == "http" and scope["method"] == "GET" and not self._known(scope):
            raise HTTPException(404, _NONE)
        await self._app(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        path, queue = path_of(scope), self._queue
        if path == _SESSION:
            asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            # Which of several counts, and that there must be one, is for Gradio to say.
            known = queue.pending_messages_per_session
            return all(session in known for session in asked.get("session_hash", ()))
        event = _EVENT.fullmatch(path)
        return (
            event is None
            or event[1] in queue.event_ids_to_events
            or event[1] in queue.pending_messages_per_session
            or any(event[1] in events for events in queue.pending_event_ids_session.values())
        )
