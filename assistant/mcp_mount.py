"""The tools of `assistant.mcp_server` beside the API, opened when they are first asked for.

What they are built on takes a second to import, which most servers never need.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from assistant.api_desk import Desk
from assistant.service import Answering

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"
"""Where the tools are over HTTP."""


class LazyTools:
    """An ASGI application that opens the tools at the first request, while `running`."""

    def __init__(self, make: Callable[[], tuple[MCPServer[Any], ASGIApp]]) -> None:
        """Takes what makes the server and its application; called once, in a thread."""
        self._make = make
        self._asked = asyncio.Event()
        self._ended = asyncio.Event()
        self._opened: asyncio.Future[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands a request on, as soon as there is somebody to hand it to."""
        if self._opened is None:
            raise RuntimeError("the tools were asked for before the application was started")
        self._asked.set()
        inner = await asyncio.shield(self._opened)
        await inner(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While it lasts, requests are answered; to be entered by the application's lifespan."""
        self._opened = asyncio.get_running_loop().create_future()
        keeping = asyncio.create_task(self._keep(self._opened))
        try:
            yield
        finally:
            self.end()
            await asyncio.wait([keeping])

    def end(self) -> None:
        """No more requests are answered; what is open closes."""
        self._ended.set()
        self._asked.set()

    async def _keep(self, opened: asyncio.Future[ASGIApp]) -> None:
        # The sessions must be closed by the task that opened them, so it is this one's.
        await self._asked.wait()
        if self._ended.is_set():
            opened.cancel()
            return
        try:
            server, inner = await asyncio.to_thread(self._make)
            async with server.session_manager.run():
                opened.set_result(inner)
                await self._ended.wait()
        except BaseException as error:
            if not opened.done():
                opened.set_exception(error)
            raise


def open_tools(service: Answering, desk: Desk, *, version: str) -> LazyTools:
    """The tools around one assistant."""

    def make() -> tuple[MCPServer[Any], ASGIApp]:
        from assistant.mcp_server import application, make_server

        server = make_server(service, desk, version=version)
        return server, application(server, PATH)

    return LazyTools(make)
