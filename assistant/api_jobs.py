"""Documents that are to be added or removed: a queue on disk, worked off one after the other.

    waiting ──▶ running ──▶ done | failed
       ▲          │  the server stops or is killed; the library is busy, its store away
       └──────────┘

A job is done when the library says so. One that was begun and not ended begins again; adding what
is there already changes nothing, so nothing is lost or doubled. Only one process works at a time.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import shutil
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from sqlite3 import Row

import filelock

from assistant.extensions import Ingesting
from corpus.corrections import Correction, pack_correction, unpack_correction
from corpus.errors import (
    BusyError,
    GuideError,
    LibraryLockedError,
    QuestionError,
    StoreUnreachableError,
    UnknownDocumentError,
)
from corpus.records import timestamp
from corpus.sqlite import Database

JOBS_FILE = "jobs.sqlite3"
UPLOADS_FOLDER = "uploads"
LOCK_FILE = "jobs.lock"
CORRECTION_FILE = "correction.json"
MOST_WAITING = 100
MOST_KEPT = 1000
"""Ended jobs that are remembered."""
UPLOAD_S = 3600.0
"""Sending a file takes less."""
PAUSE_S = 5.0
"""Before a library that another process writes to is tried again."""
DOUBLED = 4
"""How often the pause doubles while the vector store is away: each try reads the file again."""

_MIGRATIONS = (
    """
    CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        document_id TEXT,
        message TEXT NOT NULL,
        created_at TEXT NOT NULL,
        ended_at TEXT
    );
    """,
    "ALTER TABLE jobs ADD COLUMN outcome TEXT NOT NULL DEFAULT '';",
)
"""Entry i brings a file from schema version i to i + 1. Entries are only ever added."""


class Kind(StrEnum):
    """What is to be done."""

    ADD = "add"
    REMOVE = "remove"
    AGAIN = "again"
    CORRECT = "correct"


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to add, remove, read again or correct.

    Attributes:
        name: of the file to add or read again, or id of the document to remove or correct.
        document_id: of the document, once that is known.
        message: what there is to say about it, such as why it failed.
        outcome: the same in a word, as `assistant.extensions.Taken.status`; "" where there is none.
        created_at, ended_at: UTC, ISO 8601.
    """

    id: str
    kind: Kind
    name: str
    state: JobState
    document_id: str | None
    message: str
    created_at: str
    ended_at: str | None
    outcome: str = ""


class Jobs:
    """The queue. `start` it, `close` it in the end."""

    def __init__(
        self,
        home: Path,
        ingesting: Ingesting,
        *,
        pause_s: float = PAUSE_S,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        """Opens the queue of a data folder.

        Args:
            home: the data folder.
            ingesting: does the work.
            pause_s: before a busy library is tried again.
            most_waiting: jobs that may wait; more are refused.

        Raises:
            LibraryError: if folder or file cannot be used.
        """
        self._database = Database(home / JOBS_FILE, _MIGRATIONS)
        self._uploads = home / UPLOADS_FOLDER
        self._uploads.mkdir(exist_ok=True)
        self._lock = filelock.FileLock(home / LOCK_FILE, thread_local=False)
        self._ingesting = ingesting
        self._pause_s = pause_s
        self._most_waiting = most_waiting
        self._wake = threading.Event()
        self._stopping = False
        self._away = 0
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)

    def start(self) -> None:
        """Begins to work the queue off."""
        self._thread.start()

    def close(self) -> None:
        """Stops; a job that is being done waits for the next start."""
        self._stopping = True
        self._wake.set()
        if self._thread.ident is not None:
            self._ingesting.stop()
            self._thread.join()
        self._database.close()

    def new_upload(self) -> Path:
        """A folder of its own for a file that is being sent; give it to `add` or `drop` it."""
        folder = self._uploads / secrets.token_hex(8)
        folder.mkdir()
        return folder

    def drop(self, upload: Path) -> None:
        """Forgets an upload that came to nothing."""
        shutil.rmtree(upload, ignore_errors=True)

    def check_room(self) -> None:
        """Refuses another job where too many wait.

        Raises:
            BusyError: if so.
        """
        found = self._database.query(
            "SELECT count(*) AS waiting FROM jobs WHERE state IN ('waiting', 'running')"
        )
        if found[0]["waiting"] >= self._most_waiting:
            raise BusyError(
                f"{self._most_waiting} documents wait already. Come back later.", retry_after_s=60
            )

    def add(self, upload: Path, name: str) -> Job:
        """Puts the file of an upload into the queue; it is on disk when this returns."""
        return self._put(upload.name, Kind.ADD, name)

    def remove(self, document_id: str) -> Job:
        """Puts the removal of a document into the queue."""
        return self._put(secrets.token_hex(8), Kind.REMOVE, document_id)

    def again(self, document_id: str, pdf: Path, name: str) -> Job:
        """Puts a document into the queue that is to be read anew, from a copy of its PDF."""
        upload = self.new_upload()
        shutil.copyfile(pdf, upload / name)
        return self._put(upload.name, Kind.AGAIN, name, document_id)

    def correct(self, document_id: str, correction: Correction) -> Job:
        """Puts the correction of an edition into the queue; see `corpus.corrections`."""
        upload = self.new_upload()
        (upload / CORRECTION_FILE).write_text(pack_correction(correction), encoding="utf-8")
        return self._put(upload.name, Kind.CORRECT, document_id, document_id)

    def get(self, job_id: str) -> Job:
        """A job.

        Raises:
            QuestionError: if there is none with this id.
        """
        found = self._database.query("SELECT * FROM jobs WHERE id = ?", job_id)
        if not found:
            raise QuestionError(f"There is no job {job_id!r}.")
        return _job(found[0])

    def all(self, *, limit: int, offset: int) -> tuple[Job, ...]:
        """Jobs, the newest first."""
        found = self._database.query(
            "SELECT * FROM jobs ORDER BY number DESC LIMIT ? OFFSET ?", limit, offset
        )
        return tuple(map(_job, found))

    def _put(self, job_id: str, kind: Kind, name: str, document_id: str | None = None) -> Job:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO jobs (id, kind, name, state, document_id, message, created_at) "
                "VALUES (?, ?, ?, ?, ?, '', ?)",
                (job_id, kind.value, name, JobState.WAITING.value, document_id, timestamp()),
            )
            connection.execute(
                "DELETE FROM jobs WHERE state IN ('done', 'failed') AND number <= "
                "(SELECT max(number) FROM jobs) - ?",
                (MOST_KEPT,),
            )
        self._wake.set()
        return self.get(job_id)

    # --- in the thread ---

    def _work(self) -> None:
        if not self._own_the_queue():
            return
        begun = False
        try:
            while not self._stopping:
                # What only this thread can put right must not end it: a file that another program
                # holds, a disk that is full.
                try:
                    if not begun:
                        self._begin()
                        begun = True
                    self._next()
                except (GuideError, OSError) as error:
                    begun = False
                    logging.getLogger(__name__).warning("Documents wait: %s", error)
                    self._rest()
        finally:
            self._lock.release()

    def _begin(self) -> None:
        with self._database.transaction() as connection:
            connection.execute("UPDATE jobs SET state = 'waiting' WHERE state = 'running'")
        self._sweep()

    def _next(self) -> None:
        """Does the first job that waits, or waits for one."""
        self._wake.clear()
        if self._stopping:
            return
        found = self._database.query(
            "SELECT * FROM jobs WHERE state = 'waiting' ORDER BY number LIMIT 1"
        )
        if found:
            self._do(_job(found[0]))
        else:
            self._wake.wait(self._pause_s)  # another process may have put one in

    def _own_the_queue(self) -> bool:
        while not self._stopping:
            try:
                self._lock.acquire(timeout=0)
            except filelock.Timeout:
                self._rest()
            else:
                return True
        return False

    def _sweep(self) -> None:
        """Removes uploads that never became a job: their sender or their server went away."""
        known = {
            row["id"] for row in self._database.query("SELECT id FROM jobs WHERE state = 'waiting'")
        }
        oldest = time.time() - UPLOAD_S
        for folder in self._uploads.iterdir():
            if folder.name not in known and folder.stat().st_mtime < oldest:
                self.drop(folder)

    def _do(self, job: Job) -> None:
        self._set(job, JobState.RUNNING, "", job.document_id)
        try:
            folder = self._uploads / job.id
            if job.kind is Kind.CORRECT:
                packed = (folder / CORRECTION_FILE).read_text(encoding="utf-8")
                self._ingesting.correct(job.name, unpack_correction(packed))
                self._set(job, JobState.DONE, "", job.name)
            elif job.kind in (Kind.ADD, Kind.AGAIN):
                again = job.kind is Kind.AGAIN
                taken = self._ingesting.add(folder / job.name, again=again)
                state = JobState.DONE if taken.document_id else JobState.FAILED
                said = " ".join(taken.warnings)
                self._set(job, state, said, taken.document_id, taken.status)
            else:
                with contextlib.suppress(UnknownDocumentError):  # an earlier try got as far
                    self._ingesting.remove(job.name)
                self._set(job, JobState.DONE, "", job.name)
        except LibraryLockedError:
            self._set(job, JobState.WAITING, "", job.document_id)
            self._rest()
            return
        except StoreUnreachableError as error:
            self._set(job, JobState.WAITING, str(error), job.document_id)
            self._rest(2**self._away)
            self._away = min(self._away + 1, DOUBLED)
            return
        except (GuideError, OSError) as error:
            logging.getLogger(__name__).warning("Job %s failed: %s", job.id, error)
            self._set(job, JobState.FAILED, str(error))
        self._away = 0
        self.drop(self._uploads / job.id)

    def _rest(self, times: int = 1) -> None:
        self._wake.clear()
        if not self._stopping:
            self._wake.wait(times * self._pause_s)

    def _set(
        self,
        job: Job,
        state: JobState,
        message: str = "",
        document_id: str | None = None,
        outcome: str = "",
    ) -> None:
        ended = timestamp() if state in (JobState.DONE, JobState.FAILED) else None
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE jobs SET state = ?, message = ?, document_id = ?, ended_at = ?, "
                "outcome = ? WHERE id = ?",
                (state.value, message, document_id, ended, outcome, job.id),
            )


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        kind=Kind(row["kind"]),
        name=row["name"],
        state=JobState(row["state"]),
        document_id=row["document_id"],
        message=row["message"],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
        outcome=row["outcome"],
    )
