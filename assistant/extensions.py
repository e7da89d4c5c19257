"""What the application brings along that the read side cannot import, for `guide serve`.

Nothing heavy is imported here: the command line needs it before it knows what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.api_jobs import Ingesting
    from assistant.pipeline import Assistant
    from corpus.settings import Settings

Languages = Mapping[str, Mapping[str, str]]
"""The window's sentences by language."""

Links = tuple[tuple[str, str], ...]
"""Pages for admins: address and name of the sentence that links to it."""


class AdminPage(Protocol):
    """A page for who keeps the library, beside the chat window."""

    @property
    def address(self) -> str:
        """Where it is, without a slash before it; all that it asks for is under it."""
        ...

    @property
    def name(self) -> str:
        """Name of the sentence that links to it."""
        ...

    def add(self, app: FastAPI, languages: Languages, links: Links) -> None:
        """Adds its routes, for admins only (`assistant.api_access.require_admin`).

        Args:
            app: gets the routes.
            languages: the window's sentences.
            links: to all pages for admins, this one among them.
        """
        ...


OpenPage = Callable[["Assistant", "Settings"], AbstractContextManager[AdminPage]]
"""Opens a page around the assistant that is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """What is brought along.

    Attributes:
        ingesting: opens what changes the library; None where it cannot be changed over HTTP.
        pages: more pages for admins.
    """

    ingesting: Callable[[Settings], Ingesting] | None = None
    pages: tuple[OpenPage, ...] = ()
