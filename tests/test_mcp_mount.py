"""Tools that are opened when they are first asked for. `tests/test_api_clients.py` uses them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from assistant.mcp_mount import LazyTools
from tests.web import wait_for

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp, Message

SCOPE: dict[str, Any] = {"type": "http", "path": "/mcp"}


async def receive() -> Message:
    return {"type": "http.request", "body": b""}


async def send(_: Message) -> None:
    """Takes nothing back."""


def broken() -> tuple[MCPServer[Any], ASGIApp]:
    raise ModuleNotFoundError("No module named 'mcp'")


def test_nothing_is_opened_that_nobody_asks_for() -> None:
    async def start_and_stop() -> None:
        async with LazyTools(broken).running():
            pass

    wait_for(start_and_stop())


def test_who_asks_is_told_that_the_tools_cannot_be_opened() -> None:
    async def ask() -> None:
        tools = LazyTools(broken)
        async with tools.running():
            for _ in range(2):
                await tools(SCOPE, receive, send)

    with pytest.raises(ModuleNotFoundError, match="mcp"):
        wait_for(ask())


def test_tools_of_an_application_that_was_not_started_are_no_silence() -> None:
    with pytest.raises(RuntimeError, match="before the application was started"):
        wait_for(LazyTools(broken)(SCOPE, receive, send))


def test_a_request_that_comes_while_the_application_ends_is_not_left_waiting() -> None:
    async def ask() -> None:
        tools = LazyTools(broken)
        async with tools.running():
            waiting = asyncio.ensure_future(tools(SCOPE, receive, send))
            tools.end()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    wait_for(ask())
