"""What must stand in the window's page as it is sent, before all that is Gradio's.

Gradio puts the rest of our head in by script, later: a browser has then looked for an icon at the
root of the host, which behind a path prefix is somebody else's.
"""

from __future__ import annotations

from assistant.web_policy import App, Message, Receive, Scope, Send, path_of

_HEAD = b"<head>"


class FirstOfAll:
    """Wraps Gradio's application (ASGI): its page begins with elements of ours."""

    def __init__(self, app: App, elements: str) -> None:
        """Wraps an application.

        Args:
            app: Gradio's.
            elements: HTML.
        """
        self._app = app
        self._elements = elements.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or path_of(scope) not in ("", "/"):
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []

        async def begun_by_us(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            if begun:
                body = message.get("body", b"")
                longer = body.replace(_HEAD, _HEAD + self._elements, 1)
                more = len(longer) - len(body)
                await send(_longer(begun.pop(), more))
                message = {**message, "body": longer}
            await send(message)

        await self._app(scope, receive, begun_by_us)


def _longer(start: Message, more: int) -> Message:
    headers = [
        (name, str(int(value) + more).encode() if name == b"content-length" else value)
        for name, value in start["headers"]
    ]
    return {**start, "headers": headers}
