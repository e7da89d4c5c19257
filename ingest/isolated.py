"""Taking files in from a program that must go on: each in a process of its own.

Whatever a PDF does to its reader then, and however much memory it takes, the caller does not
feel it, and can break it off.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from corpus.corrections import Correction
from corpus.errors import (
    GuideError,
    LibraryError,
    LibraryLockedError,
    StoreUnreachableError,
    UnknownDocumentError,
)
from corpus.settings import Settings
from ingest.report import FileReport

_KINDS: dict[str, type[GuideError]] = {
    kind.__name__: kind
    for kind in (LibraryLockedError, StoreUnreachableError, UnknownDocumentError)
}
"""Errors that the caller tells from others."""


class IsolatedIngest:
    """Adds and removes documents of a library, one call at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: SpawnProcess | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def add(self, path: Path, *, again: bool = False) -> FileReport:
        """Takes a file into the library.

        Args:
            path: of the file.
            again: as for `ingest.pipeline.ingest`.

        Raises:
            LibraryLockedError: if another process is writing to the library, or after `stop`.
            StoreUnreachableError: if its vector store is away.
            GuideError: if the library or a model cannot be used.
        """
        report: FileReport = self._run(_add, str(path), self._settings, again)
        return report

    def remove(self, document_id: str) -> None:
        """Takes a document out of the library; errors as for `add`.

        Raises:
            UnknownDocumentError: if there is none with this id.
        """
        self._run(_remove, document_id, self._settings)

    def correct(self, document_id: str, correction: Correction) -> None:
        """Corrects the edition of a document; errors as for `remove`."""
        self._run(_correct, document_id, dict(correction), self._settings)

    def stop(self) -> None:
        """Breaks off what is being done, and refuses what comes later."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()

    def _run(self, work: Callable[..., object], *arguments: object) -> Any:
        context = multiprocessing.get_context("spawn")
        receiving, sending = context.Pipe(duplex=False)
        with self._lock:
            if self._stopped:
                raise LibraryLockedError("The program is stopping.")
            process = context.Process(target=_call, args=(sending, work, arguments))
            process.start()
            self._process = process
        sending.close()
        try:
            good, result = receiving.recv()
        except EOFError:
            process.join()
            if self._stopped:
                raise LibraryLockedError("It was broken off.") from None
            raise LibraryError(
                f"The process that works on the library ended with code {process.exitcode}. "
                "Try again, with `guide ingest` to see more."
            ) from None
        finally:
            receiving.close()
            process.join()
            self._process = None
        if good:
            return result
        kind, message = result
        raise _KINDS.get(kind, LibraryError)(message)


def _call(sending: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """What the process does; errors raised on purpose cross the border as their words.

    Where the caller was killed meanwhile nobody hears them; what was done is done.
    """
    try:
        said: tuple[bool, object] = (True, work(*arguments))
    except GuideError as error:
        said = (False, (type(error).__name__, str(error)))
    with sending, suppress(BrokenPipeError):
        sending.send(said)


def _add(path: str, settings: Settings, again: bool) -> FileReport:
    from ingest.pipeline import ingest

    return ingest([Path(path)], settings=settings, jobs=1, again=again).files[0]


def _remove(document_id: str, settings: Settings) -> None:
    from corpus.writer import IndexWriter

    index = IndexWriter.open(settings, check=False)
    try:
        try:
            index.remove(document_id)
        except UnknownDocumentError:
            index.refresh()  # where it went before the vector store did
            raise
        index.refresh()
    finally:
        index.close()


def _correct(document_id: str, correction: Correction, settings: Settings) -> None:
    from corpus.writer import IndexWriter

    index = IndexWriter.open(settings, check=False)
    try:
        index.correct_edition(document_id, correction)
        index.refresh()
    finally:
        index.close()
