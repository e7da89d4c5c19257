"""Reads files in processes of their own, so that a crash or a hang loses one file and no more.

A worker reads one file after the other until it crashes or takes too long; then it is replaced.
Results come in the order of the jobs, which makes a run repeatable however many workers it has.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from corpus.cli import set_up_logging
from corpus.errors import DocumentError, GuideError
from corpus.model import Document, DocumentStatus
from corpus.packing import PackedBoxes, pack_boxes
from corpus.settings import Settings
from ingest.memory import OUT_OF_MEMORY, end_for_memory, limit_memory
from ingest.report import MISSING

_SPAWN = multiprocessing.get_context("spawn")
"""Not forked: a fork of a process with threads may hang."""

_TELL_EVERY_S = 0.25
_KILLED = "SIGKILL"
"""How a process ends that somebody else ended: it says nothing about the file."""

_NO_MEMORY = "it needs more memory than limits.memory_mb"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file to read.

    Attributes:
        path: where its bytes are. name: what it is called in the library.
        password: tried where the file asks for one.
        bare: whether only what its pages draw is read; see `ingest.reading.read_document`.
    """

    path: Path
    name: str
    password: str | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file that was read. `seconds` is the time its worker took."""

    document: Document
    boxes: PackedBoxes
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file that could not be read.

    Attributes:
        status: a `DocumentStatus`, or `MISSING`.
        lasting: whether the same file would fail again in the same way (a crash or a timeout
            may have other causes; too little memory for it has not).
    """

    status: str
    reason: str
    seconds: float
    lasting: bool


OnPages = Callable[[int, int], None]
"""Told of (pages read, pages in all)."""

ReadFile = Callable[[Job, OnPages], tuple[Document, PackedBoxes]]
"""Reads a file and tells how far it has come.

Raises:
    DocumentError: if the file cannot be read as a guide.
"""

OpenReader = Callable[[Settings], ReadFile]
"""Makes the reader of a worker once; must be a function that a new process can import."""


def open_reader(settings: Settings) -> ReadFile:
    """The reader of the product."""
    from corpus.embedders import open_tokenizer
    from corpus.language import keep_unpacked
    from ingest.reading import read_document

    keep_unpacked(settings.home / "models")
    tokenizer = open_tokenizer(settings)

    def read(job: Job, on_pages: OnPages) -> tuple[Document, PackedBoxes]:
        document, boxes = read_document(
            job.path,
            settings=settings,
            tokenizer=tokenizer,
            password=job.password or "",
            progress=on_pages,
            bare=job.bare,
        )
        return replace(document, file=job.name), pack_boxes(document, boxes)

    return read


class ReadFiles(Protocol):
    """Reads files and gives the results in their order; see `read_files`."""

    def __call__(
        self,
        jobs: Sequence[Job],
        *,
        settings: Settings,
        workers: int,
        on_pages: Callable[[Job, int, int], None],
    ) -> Iterator[tuple[Job, Read | Unread]]:
        """Reads files."""
        ...


def read_files(
    jobs: Sequence[Job],
    *,
    settings: Settings,
    workers: int,
    reader: OpenReader = open_reader,
    on_pages: Callable[[Job, int, int], None] = lambda *_: None,
) -> Iterator[tuple[Job, Read | Unread]]:
    """Reads files ahead of the caller, `workers` at a time, and gives them in order.

    At most `workers` results wait, so memory stays bounded however slow the caller is.

    Args:
        jobs: the files.
        settings: handed to the reader; `limits.file_timeout_s` and `limits.memory_mb` bound each
            file.
        workers: processes.
        reader: makes the reader in each process.
        on_pages: told of (job, pages read, pages in all) while a file is waited for.

    Raises:
        GuideError: if the workers themselves cannot work (a tokenizer that cannot be loaded).
    """
    pool = [_Worker(settings, reader) for _ in range(max(1, min(workers, len(jobs))))]
    try:
        for position, job in enumerate(jobs[: len(pool)]):
            pool[position].give(job)
        for position, job in enumerate(jobs):
            worker = pool[position % len(pool)]
            result = worker.take(partial(on_pages, job))
            following = position + len(pool)
            if following < len(jobs):
                worker.give(jobs[following])
            yield job, result
    finally:
        for worker in pool:
            worker.stop()


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, settings: Settings, reader: OpenReader) -> None:
        self._settings = settings
        self._reader = reader
        self._process: Any = None
        self._pipe: Connection | None = None
        # Pages read and pages in all: shared memory, because a pipe that nobody empties while
        # the parent embeds would bring the worker to a halt.
        self._pages = _SPAWN.Array("l", 2, lock=False)
        self._given_at = 0.0
        self._job: Job | None = None
        self._given = 0  # to the process that is there now

    def give(self, job: Job) -> None:
        """Starts the reading of a file."""
        self._job = job
        if self._process is not None and not self._process.is_alive():
            self.stop()  # it died idle, of another cause than this file
        if self._process is None:
            self._pipe, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(
                target=_serve, args=(theirs, self._settings, self._reader, self._pages), daemon=True
            )
            self._process.start()
            theirs.close()
            self._given = 0
        self._given += 1
        self._given_at = time.monotonic()
        self._pages[:] = [0, 0]
        assert self._pipe is not None  # noqa: S101 - made together with the process
        with suppress(BrokenPipeError):  # it died idle: `take` will find out
            self._pipe.send(job)

    def take(self, on_pages: OnPages) -> Read | Unread:
        """Waits for the file given last.

        Kills a worker that takes too long. Where one breaks off, the file is read once more, but
        only what its pages draw: what is damaged is often none of that.
        """
        assert self._job is not None  # noqa: S101 - `give` came before
        result = self._wait(on_pages)
        if result == _NO_MEMORY and self._given > 1:
            # What earlier files left in its memory may have been what was too much.
            self.give(self._job)
            result = self._wait(on_pages)
        if result == _NO_MEMORY:
            return Unread(
                status=DocumentStatus.TOO_LARGE,
                reason=f"Reading it takes more than {self._settings.limits.memory_mb} MB of "
                "memory. The file may be damaged: save it anew with a program that shows PDFs, "
                "or split it; or raise limits.memory_mb, where this machine has so much.",
                seconds=time.monotonic() - self._given_at,
                lasting=True,
            )
        if isinstance(result, str) and result != _KILLED:
            why = result
            self.give(replace(self._job, bare=True))
            result = self._wait(on_pages)
            if isinstance(result, Read):
                return _without_structure(result, why)
        if isinstance(result, str):
            return Unread(
                status=DocumentStatus.DAMAGED,
                reason=f"The program that reads it broke off ({result}). The file may be damaged: "
                "download it again, or save it anew with a program that shows PDFs.",
                seconds=time.monotonic() - self._given_at,
                lasting=False,
            )
        return result

    def _wait(self, on_pages: OnPages) -> Read | Unread | str:
        """What the worker gives, or why it broke off."""
        assert self._pipe is not None  # noqa: S101 - `give` came before
        limit = self._settings.limits.file_timeout_s
        # A result that is there already counts, however long the caller was busy elsewhere.
        while not self._pipe.poll(_TELL_EVERY_S):
            on_pages(*self._pages)
            if time.monotonic() - self._given_at > limit:
                self.stop()
                return Unread(
                    status=DocumentStatus.TOO_LARGE,
                    reason=f"Reading took longer than {limit} s. Raise limits.file_timeout_s, or "
                    "split the file.",
                    seconds=float(limit),
                    lasting=False,
                )
        try:
            answer = self._pipe.recv()
        except (EOFError, ConnectionError):
            return self._crashed("")
        if isinstance(answer, GuideError):
            raise answer
        if isinstance(answer, str):
            return self._crashed(answer)
        assert isinstance(answer, Read | Unread)  # noqa: S101 - `_serve` sends nothing else
        return answer

    def stop(self) -> None:
        """Ends the process and what it started, at once."""
        if self._process is not None:
            if hasattr(os, "killpg"):
                with suppress(ProcessLookupError, PermissionError):  # it is about to make its group
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _crashed(self, trace: str) -> str:
        self._process.join(timeout=5.0)
        code = self._process.exitcode
        self.stop()
        _log.info("A worker broke off (exit code %s). %s", code, trace)
        if code == OUT_OF_MEMORY:
            return _NO_MEMORY
        return trace.strip().rpartition("\n")[2] or (
            signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
        )


def _without_structure(read: Read, why: str) -> Read:
    warning = (
        f"The program that reads it broke off ({why}) and read it again without its page labels, "
        "bookmarks, form fields and attachments, which are left out: the file is damaged there."
    )
    document = replace(
        read.document,
        status=DocumentStatus.PARTLY_INDEXED,
        warnings=(*read.document.warnings, warning),
    )
    return replace(read, document=document)


def _serve(pipe: Connection, settings: Settings, reader: OpenReader, pages: Any) -> None:
    """Body of a worker process."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # what it starts (OCR) can be ended together with it
    limit_memory(settings.limits.memory_mb)
    set_up_logging(settings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_die_with_parent, daemon=True).start()
    read: ReadFile | None = None

    def on_pages(done: int, total: int) -> None:
        pages[:] = [done, total]

    while True:
        try:
            job: Job = pipe.recv()
        except EOFError:
            return
        start = time.monotonic()
        answer: Read | Unread | GuideError | str
        try:
            read = read or reader(settings)
            document, boxes = read(job, on_pages)
            answer = Read(document=document, boxes=boxes, seconds=time.monotonic() - start)
        except DocumentError as error:
            answer = Unread(
                status=DocumentStatus(error.status),
                reason=str(error),
                seconds=time.monotonic() - start,
                lasting=True,
            )
        except GuideError as error:
            answer = error
        except MemoryError:
            end_for_memory()
        except OSError as error:
            if not _is_about(job.path, error):
                pipe.send(traceback.format_exc())
                raise SystemExit(1) from None
            answer = Unread(
                status=MISSING,
                reason=f"It cannot be opened: {error.strerror or 'it is gone'}.",
                seconds=time.monotonic() - start,
                lasting=False,
            )
        except BaseException:  # noqa: BLE001 - not to go on: the parent is told why it ends here
            pipe.send(traceback.format_exc())
            raise SystemExit(1) from None
        pipe.send(answer)


def _is_about(path: Path, error: OSError) -> bool:
    """Whether a file that is read went away, or is not given any more."""
    return error.filename == str(path) or not path.exists()


def _die_with_parent() -> None:
    """A parent killed with SIGKILL must not leave a worker behind that hangs in a parser."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        if hasattr(os, "killpg"):
            os.killpg(0, signal.SIGKILL)
        os._exit(1)
