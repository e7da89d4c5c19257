"""What the application brings along that the read side cannot import, for `guide serve`.

Nothing heavy is imported here: the command line needs it before it knows what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.pipeline import Assistant
    from corpus.corrections import Correction
    from corpus.settings import Settings

Languages = Mapping[str, Mapping[str, str]]
"""The window's sentences by language."""

Links = tuple[tuple[str, str], ...]
"""Pages for admins: address and name of the sentence that links to it."""


class Taken(Protocol):
    """What became of a file."""

    @property
    def document_id(self) -> str | None:
        """Of the document it is in the library; None where it could not be read."""
        ...

    @property
    def status(self) -> str:
        """How its reading ended: a `corpus.model.DocumentStatus`, or "unchanged" if it is known."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences; the reason first where it could not be read."""
        ...


class Ingesting(Protocol):
    """Changes the library. The read side does not know how; the application brings it along."""

    def add(self, path: Path, *, again: bool = False) -> Taken:
        """Takes a PDF into the library.

        Args:
            path: of the PDF.
            again: reads it also where its document is there; that answers until the new one does.

        Raises:
            LibraryLockedError: if the library is busy; it is tried again.
            StoreUnreachableError: if its vector store is away; likewise.
            GuideError: if it cannot be done.
        """
        ...

    def remove(self, document_id: str) -> None:
        """Takes a document out of the library; errors as for `add`."""
        ...

    def correct(self, document_id: str, correction: Correction) -> object:
        """Corrects the edition of a document; errors as for `add`."""
        ...

    def stop(self) -> None:
        """Breaks off what is being done; `add` or `remove` then raises `LibraryLockedError`."""
        ...


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
