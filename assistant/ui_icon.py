"""The window's icon, named in its page as it is sent.

Gradio puts what the head holds of ours into it by script. Until then a browser has looked for an
icon at the root of the host, which behind a path prefix is somebody else's.
"""

from __future__ import annotations

from assistant.web_policy import App, Message, Receive, Scope, Send, path_of

_HEAD = b"<head>"


class NamedIcon:
    """Wraps Gradio's application (ASGI): its page begins with a link to the icon."""

    def __init__(self, app: App, link: str) -> None:
        """Wraps an application.

        Args:
            app: Gradio's.
            link: the element.
        """
        self._app = app
        self._link = link.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or path_of(scope) not in ("", "/"):
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            if begun:
                body = message.get("body", b"")
                linked = body.replace(_HEAD, _HEAD + self._link, 1)
                more = len(linked) - len(body)
                await send(_longer(begun.pop(), more))
                message = {**message, "body": linked}
            await send(message)

        await self._app(scope, receive, named)


def _longer(start: Message, more: int) -> Message:
    headers = [
        (name, str(int(value) + more).encode() if name == b"content-length" else value)
        for name, value in start["headers"]
    ]
    return {**start, "headers": headers}
