"""Answers as they were given, and what their readers thought of them.

Every answer of the API and the window is kept in `<home>/answers.sqlite3`: question, edition,
quotes and the fingerprint of the library that gave it, so that it can be shown, and held against
the present library, later. Passages are not kept. The oldest answers go when there are too many
(`keep.answers`) or they are too old (`keep.days`), and their feedback with them.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.model import Answer
from assistant.output import answer_json
from assistant.pages import PageSource
from corpus.errors import QuestionError
from corpus.matching import stands_in
from corpus.records import DocumentRecord, timestamp
from corpus.settings import KeepSettings
from corpus.sqlite import Database

ANSWERS_FILE = "answers.sqlite3"
MAX_REASON_CHARS = 2000
"""Longest reason of a feedback."""

_ID_BYTES = 12
_NOT_KEPT = ("passages", "timings_ms")
_MIGRATIONS = (
    """
    CREATE TABLE answers (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        asked_at TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        question TEXT NOT NULL,
        status TEXT NOT NULL,
        document_id TEXT,
        record TEXT NOT NULL
    );
    CREATE INDEX answers_by_age ON answers (asked_at);
    CREATE TABLE feedback (
        answer INTEGER PRIMARY KEY REFERENCES answers (number) ON DELETE CASCADE,
        up INTEGER NOT NULL,
        reason TEXT NOT NULL,
        given_at TEXT NOT NULL
    );
    """,
)
"""Entry i brings a file from schema version i to i + 1. Entries are only ever added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """An answer as it was given.

    Attributes:
        asked_at: UTC, ISO 8601.
        fingerprint: of the library that gave it; "" where that is not known.
        record: as `assistant.output.answer_json` gave it, without passages and timings.
    """

    id: str
    asked_at: str
    fingerprint: str
    record: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a reader thought of an answer.

    Attributes:
        document_id: of the edition that answered; None where it abstained.
        up: whether the answer was found good.
        asked_at, given_at: UTC, ISO 8601.
    """

    answer_id: str
    question: str
    status: str
    document_id: str | None
    fingerprint: str
    up: bool
    reason: str
    asked_at: str
    given_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCheck:
    """Whether a quote of a kept answer still stands on its page; `why` says why not."""

    number: int
    holds: bool
    why: str = ""


class KeptAnswers:
    """The open file. Safe to use from several threads and processes; close it in the end."""

    def __init__(
        self, database: Database, settings: KeepSettings, fingerprint: Callable[[], str]
    ) -> None:
        """Takes over an open file; `KeptAnswers.open` makes it.

        Attributes:
            fingerprint: gives the one of the present library.
        """
        self._database = database
        self._settings = settings
        self.fingerprint = fingerprint

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        settings: KeepSettings | None = None,
        fingerprint: Callable[[], str] = lambda: "",
    ) -> KeptAnswers:
        """Opens the kept answers of a data folder, making the file where there is none.

        Args:
            home: the data folder.
            settings: how much is kept.
            fingerprint: gives the fingerprint of the library that answers.

        Raises:
            LibraryError: if folder or file cannot be used.
        """
        database = Database(home / ANSWERS_FILE, _MIGRATIONS)
        return cls(database, settings or KeepSettings(), fingerprint)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def keep(self, answer: Answer) -> str:
        """Keeps an answer; returns its id, which cannot be guessed.

        The answer is on disk when this returns. Where `keep.answers` is 0 it is not kept at all.

        Raises:
            LibraryError: if the file cannot be written to.
        """
        answer_id = secrets.token_hex(_ID_BYTES)
        if not self._settings.answers:
            return answer_id
        whole = answer_json(answer)
        record = {name: value for name, value in whole.items() if name not in _NOT_KEPT}
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO answers "
                "(id, asked_at, fingerprint, question, status, document_id, record) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    answer_id,
                    timestamp(),
                    self.fingerprint(),
                    answer.question,
                    answer.status.value,
                    answer.edition[0] if answer.edition else None,
                    json.dumps(record, ensure_ascii=False),
                ),
            )
            self._drop_old(connection)
        return answer_id

    def get(self, answer_id: str) -> KeptAnswer:
        """A kept answer.

        Raises:
            QuestionError: if there is none with this id, or none any more.
        """
        found = self._database.query(
            "SELECT id, asked_at, fingerprint, record FROM answers WHERE id = ?", answer_id
        )
        if not found:
            raise QuestionError(_unknown(answer_id))
        return _kept(found[0])

    def all(self) -> tuple[KeptAnswer, ...]:
        """All kept answers, oldest first.

        Raises:
            LibraryError: if the file cannot be read.
        """
        found = self._database.query(
            "SELECT id, asked_at, fingerprint, record FROM answers ORDER BY number"
        )
        return tuple(map(_kept, found))

    def feedback(self, answer_id: str, up: bool, reason: str | None = None) -> None:
        """Says whether an answer was good. Said again, the last word counts.

        Without a reason (None) the one that was given for the same word stays.

        Raises:
            QuestionError: if there is no answer with this id, or the reason is too long.
        """
        if reason is not None and len(reason) > MAX_REASON_CHARS:
            raise QuestionError(
                f"The reason has {len(reason)} characters; {MAX_REASON_CHARS} are allowed."
            )
        with self._database.transaction() as connection:
            done = connection.execute(
                "INSERT OR REPLACE INTO feedback (answer, up, reason, given_at) "
                "SELECT number, ?, coalesce(?, (SELECT reason FROM feedback "
                "WHERE answer = number AND up = ?), ''), ? FROM answers WHERE id = ?",
                (up, None if reason is None else reason.strip(), up, timestamp(), answer_id),
            )
            if not done.rowcount:
                raise QuestionError(_unknown(answer_id))

    def withdraw_feedback(self, answer_id: str) -> None:
        """Takes back what was said of an answer; what was not said needs no taking back.

        Raises:
            QuestionError: if there is no answer with this id.
        """
        with self._database.transaction() as connection:
            found = connection.execute("SELECT number FROM answers WHERE id = ?", (answer_id,))
            row = found.fetchone()
            if row is None:
                raise QuestionError(_unknown(answer_id))
            connection.execute("DELETE FROM feedback WHERE answer = ?", (row["number"],))

    def rows(self) -> tuple[Feedback, ...]:
        """All feedback, in the order in which the questions were asked."""
        found = self._database.query(
            "SELECT id, question, status, document_id, fingerprint, up, reason, asked_at, given_at "
            "FROM feedback JOIN answers ON number = answer ORDER BY number"
        )
        return tuple(
            Feedback(
                answer_id=row["id"],
                question=row["question"],
                status=row["status"],
                document_id=row["document_id"],
                fingerprint=row["fingerprint"],
                up=bool(row["up"]),
                reason=row["reason"],
                asked_at=row["asked_at"],
                given_at=row["given_at"],
            )
            for row in found
        )

    def count(self) -> int:
        """How many answers are kept."""
        return int(self._database.query("SELECT count(*) AS kept FROM answers")[0]["kept"])

    def _drop_old(self, connection: sqlite3.Connection) -> None:
        oldest = datetime.now(UTC) - timedelta(days=self._settings.days)
        connection.execute("DELETE FROM answers WHERE asked_at < ?", (timestamp(oldest),))
        connection.execute(
            "DELETE FROM answers WHERE number <= "
            "(SELECT number FROM answers ORDER BY number DESC LIMIT 1 OFFSET ?)",
            (self._settings.answers,),
        )


def library_fingerprint(records: Iterable[DocumentRecord]) -> str:
    """Names what answered: the same documents, read and embedded the same way."""
    parts = sorted(f"{record.sha256} {record.row} {record.built_by}" for record in records)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def check_quotes(kept: KeptAnswer, library: PageSource) -> tuple[QuoteCheck, ...]:
    """Holds each quote of a kept answer against its page in the present library."""
    return tuple(_check(citation, library) for citation in kept.record["citations"])


def _kept(row: sqlite3.Row) -> KeptAnswer:
    return KeptAnswer(
        id=row["id"],
        asked_at=row["asked_at"],
        fingerprint=row["fingerprint"],
        record=json.loads(row["record"]),
    )


def _check(citation: dict[str, Any], library: PageSource) -> QuoteCheck:
    number, page = int(citation["number"]), int(citation["page"])
    try:
        document = library.document(citation["document_id"])
    except QuestionError:
        return QuoteCheck(number=number, holds=False, why="The document is gone.")
    if page > len(document.pages):
        return QuoteCheck(number=number, holds=False, why="The document has no such page now.")
    if not stands_in(citation["quote"], document.page_text(page)):
        return QuoteCheck(number=number, holds=False, why="The page says something else now.")
    return QuoteCheck(number=number, holds=True)


def _unknown(answer_id: str) -> str:
    return (
        f"There is no kept answer {answer_id!r}: the id is wrong, or the answer was too old to be "
        "kept on. Ask the question again."
    )
