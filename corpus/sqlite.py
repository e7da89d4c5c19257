"""One SQLite file: opened in WAL mode, migrated, safe for several threads, with clear errors."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import LibraryError, LibraryLockedError

BUSY_TIMEOUT_S = 10.0
"""Longer than any transaction of this program takes."""


class Database:
    """An open file. Readers and one writer do not block each other (WAL)."""

    def __init__(
        self, path: Path, migrations: Sequence[str], *, busy_timeout_s: float = BUSY_TIMEOUT_S
    ) -> None:
        """Opens the file, makes it where it does not exist, and brings it up to date.

        Args:
            path: its folder is made where needed.
            migrations: entry i brings schema version i to i + 1; statements end in `;`.
            busy_timeout_s: how long a statement waits for another process.

        Raises:
            LibraryError: if folder or file cannot be used, naming it and what to do.
        """
        self._path = path
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"The data folder {path.parent} cannot be used: {error}. Check that it may be "
                "written to, or name another one with GUIDE_HOME."
            ) from error
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare(migrations)
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def query(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows that a SELECT finds."""
        with self._errors(), self._lock:
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing: committed at the end of the block, rolled back by any exception."""
        with self._errors(), self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _prepare(self, migrations: Sequence[str]) -> None:
        with self._errors():
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            if self._schema_version() == len(migrations):
                return
        with self.transaction() as connection:
            present = self._schema_version()  # again: another process may have been faster
            if present > len(migrations):
                raise LibraryError(
                    f"{self._path} was written by a newer version of this program (schema "
                    f"{present}, known up to {len(migrations)}). Update the program, or name "
                    "another data folder with GUIDE_HOME."
                )
            for script in migrations[present:]:
                for statement in script.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(migrations)}")

    def _schema_version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _explain(error, self._path) from error


def _explain(error: sqlite3.Error, path: Path) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", None)
    base = None if code is None else code & 0xFF
    if base in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryLockedError(
            f"{path} is held by another process. Try again when it has finished."
        )
    if base == sqlite3.SQLITE_FULL:
        return LibraryError(f"The disk of {path} is full. Make room and run the command again.")
    if base in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return LibraryError(
            f"{path} cannot be written to: {error}. Check the permissions of the data folder, or "
            "name another one with GUIDE_HOME."
        )
    if base in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return LibraryError(
            f"{path} is damaged: {error}. Put back a copy of it, or move the data folder away and "
            "run `guide ingest PATH` again."
        )
    return LibraryError(f"{path} cannot be used: {error}.")
