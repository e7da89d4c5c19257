"""The ledger: one SQLite file that says what is in the library and in which state.

A saved document is a **row**, a number that is never used twice. Vectors are kept under the
row, so two versions of one document can exist side by side while one replaces the other:

    writing ──▶ staged ──▶ complete ──▶ removing ──▶ (gone)
        └────────── a killed run leaves these: cleaned up by the next writer

Only complete rows answer. `version` rises with every change of the complete rows and of the packs
of them (`corpus.packs`); caches and the lexical index follow it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from corpus.corrections import Correction, correct, pack_correction, unpack_correction
from corpus.errors import DamagedDocumentError, UnknownDocumentError
from corpus.ledger_schema import MIGRATIONS
from corpus.model import Document, DocumentStatus, TextBox
from corpus.packing import (
    UNREADABLE,
    PackedBoxes,
    pack_structure,
    pack_text,
    unpack_boxes,
    unpack_structure,
    unpack_text,
)
from corpus.records import (
    DocumentRecord,
    Failure,
    Pack,
    State,
    edition_fields,
    edition_of,
    timestamp,
)
from corpus.sqlite import Database

LEDGER_FILE = "ledger.sqlite3"

_RECORD = (
    "row, id, sha256, file, state, status, built_by, title, language, programme, year, version, "
    "date, official, pages, sections, tables, chunks, warnings, saved_at, "
    "(SELECT edition FROM corrections WHERE corrections.sha256 = documents.sha256) AS correction"
)


class Ledger:
    """An open ledger. Safe to use from several threads; close it in the end."""

    def __init__(self, home: Path) -> None:
        """Opens the ledger of a data folder, making or migrating it where needed.

        Raises:
            LibraryError: if the folder or the file cannot be used, naming it.
        """
        self._database = Database(home / LEDGER_FILE, MIGRATIONS)
        self._query = self._database.query
        self._transaction = self._database.transaction

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    # --- the library as a whole ---

    @property
    def version(self) -> int:
        """Rises with every change of the complete rows and packs."""
        return int(self._meta("version") or 0)

    @property
    def library_id(self) -> str:
        """A random name of this library, fixed when it was made."""
        return self._meta("library_id") or ""

    def _meta(self, key: str) -> str | None:
        found = self._query("SELECT value FROM meta WHERE key = ?", key)
        return str(found[0]["value"]) if found else None

    def _raise_version(self, connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('version', ?)", (str(self.version + 1),)
        )

    def records(self, *states: State) -> tuple[DocumentRecord, ...]:
        """Rows in these states (complete ones where none is named), by document id."""
        wanted = states or (State.COMPLETE,)
        marks = ", ".join("?" * len(wanted))
        rows = self._query(
            f"SELECT {_RECORD} FROM documents WHERE state IN ({marks}) ORDER BY id, row",  # noqa: S608
            *wanted,
        )
        return tuple(_record(row) for row in rows)

    # --- saving ---

    def begin(self, document: Document, boxes: PackedBoxes, *, built_by: str) -> int:
        """Writes a document as a new row in state `writing` and returns the row."""
        values = {
            "id": document.id,
            "sha256": document.sha256,
            "file": document.file,
            "state": State.WRITING,
            "status": document.status,
            "built_by": built_by,
            **edition_fields(document.edition),
            "official": document.edition.official,
            "pages": len(document.pages),
            "sections": len(document.sections),
            "tables": len(document.tables),
            "chunks": len(document.chunks),
            "warnings": json.dumps(document.warnings, ensure_ascii=False),
            "saved_at": timestamp(),
            "structure": pack_structure(document),
            "text": pack_text(document.text),
        }
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        with self._transaction() as connection:
            row = connection.execute(
                f"INSERT INTO documents ({names}) VALUES ({marks})",  # noqa: S608
                tuple(values.values()),
            ).lastrowid
            assert row is not None  # noqa: S101 - an INSERT always has one
            connection.executemany(
                "INSERT INTO boxes (row, page, data) VALUES (?, ?, ?)",
                [(row, page, data) for page, data in boxes.items()],
            )
        return row

    def stage(self, row: int) -> None:
        """Says that everything of a row is written, though it does not answer yet."""
        with self._transaction() as connection:
            connection.execute("UPDATE documents SET state = ? WHERE row = ?", (State.STAGED, row))

    def publish(
        self,
        rows: Iterable[int],
        *,
        withdraw: Iterable[int] = (),
        waiting: Iterable[Failure] = (),
    ) -> None:
        """Makes rows complete in one step; older rows of the same documents stop answering.

        Args:
            rows: staged rows.
            withdraw: complete rows that shall stop answering, too.
            waiting: why those cannot be read again for now, where they are to be.
        """
        rows = tuple(rows)
        with self._transaction() as connection:
            for row in withdraw:
                connection.execute(
                    "UPDATE documents SET state = ? WHERE row = ?", (State.REMOVING, row)
                )
            for row in rows:
                connection.execute(
                    "UPDATE documents SET state = ?1 WHERE state = ?2 AND row != ?3 AND ("
                    "id = (SELECT id FROM documents WHERE row = ?3) OR "
                    "sha256 = (SELECT sha256 FROM documents WHERE row = ?3))",
                    (State.REMOVING, State.COMPLETE, row),
                )
                connection.execute(
                    "UPDATE documents SET state = ? WHERE row = ?", (State.COMPLETE, row)
                )
                connection.execute(
                    "DELETE FROM failures WHERE sha256 = "
                    "(SELECT sha256 FROM documents WHERE row = ?)",
                    (row,),
                )
            for failure in waiting:
                _remember(connection, failure)
            self._raise_version(connection)

    def needs(self, sha256: str, *, besides: int = 0) -> bool:
        """Whether a row was read from these bytes, or a document waits to be read from them.

        Args:
            sha256: of the bytes.
            besides: a row that does not count.
        """
        found = self._query(
            "SELECT 1 FROM documents WHERE sha256 = ?1 AND row != ?2 UNION ALL "
            "SELECT 1 FROM failures WHERE sha256 = ?1 AND document_id != '' LIMIT 1",
            sha256,
            besides,
        )
        return bool(found)

    def discard(self, row: int) -> None:
        """Deletes a row and its boxes."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM documents WHERE row = ?", (row,))

    # --- loading ---

    def load(self, record: DocumentRecord) -> Document:
        """The whole document of a row.

        Raises:
            DamagedDocumentError: if what is there of it cannot be read.
            UnknownDocumentError: if the row is gone.
        """
        found = self._query("SELECT structure, text FROM documents WHERE row = ?", record.row)
        if not found:
            raise UnknownDocumentError(f"The document {record.id} was removed from the library.")
        try:
            text = unpack_text(found[0]["text"])
            pages, sections, tables, chunks = unpack_structure(
                found[0]["structure"], document_id=record.id, text=text
            )
        except UNREADABLE as error:
            raise _damaged(record.id, error) from error
        return Document(
            id=record.id,
            file=record.file,
            sha256=record.sha256,
            edition=record.edition,
            text=text,
            pages=pages,
            sections=sections,
            tables=tables,
            chunks=chunks,
            status=record.status,
            warnings=record.warnings,
        )

    def boxes(self, row: int, page: int) -> tuple[TextBox, ...]:
        """Boxes of one page, none where none were saved.

        Raises:
            DamagedDocumentError: if they cannot be read.
        """
        found = self._query(
            "SELECT data, id FROM boxes JOIN documents USING (row) WHERE row = ? AND page = ?",
            row,
            page,
        )
        try:
            return unpack_boxes(found[0]["data"]) if found else ()
        except UNREADABLE as error:
            raise _damaged(found[0]["id"], error) from error

    # --- editions that people corrected ---

    def correction(self, sha256: str) -> Correction:
        """What people say of the edition of these bytes; it outlives their removal."""
        found = self._query("SELECT edition FROM corrections WHERE sha256 = ?", sha256)
        return unpack_correction(found[0]["edition"] if found else None)

    def set_correction(self, sha256: str, correction: Correction) -> None:
        """Keeps a correction in the place of an earlier one; an empty one forgets it."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM corrections WHERE sha256 = ?", (sha256,))
            if correction:
                connection.execute(
                    "INSERT INTO corrections VALUES (?, ?, ?)",
                    (sha256, pack_correction(correction), timestamp()),
                )
            self._raise_version(connection)

    # --- packs of documents ---

    def packs(self, *states: State) -> tuple[Pack, ...]:
        """Packs in these states (complete ones where none is named), the newest first."""
        wanted = states or (State.COMPLETE,)
        marks = ", ".join("?" * len(wanted))
        # One statement, so that a pack is seen with all of its rows or not at all.
        rows = self._query(
            "SELECT number, vectors, group_concat(row) AS members FROM packs LEFT JOIN packed "  # noqa: S608
            f"ON pack = number WHERE state IN ({marks}) GROUP BY number ORDER BY number DESC",
            *wanted,
        )
        return tuple(
            Pack(
                number=row["number"],
                rows=frozenset(int(of) for of in (row["members"] or "").split(",") if of),
                vectors=row["vectors"],
            )
            for row in rows
        )

    def begin_pack(self, rows: Iterable[int], *, vectors: int) -> int:
        """Writes down a pack in state `writing` and returns its number."""
        with self._transaction() as connection:
            number = connection.execute(
                "INSERT INTO packs (state, vectors) VALUES (?, ?)", (State.WRITING, vectors)
            ).lastrowid
            assert number is not None  # noqa: S101 - an INSERT always has one
            connection.executemany(
                "INSERT INTO packed (row, pack) VALUES (?, ?)", [(row, number) for row in rows]
            )
        return number

    def move_pack(self, number: int, state: State) -> None:
        """Says that a pack is complete, or that it is to be removed and searched no longer."""
        with self._transaction() as connection:
            connection.execute("UPDATE packs SET state = ? WHERE number = ?", (state, number))
            self._raise_version(connection)

    def discard_pack(self, number: int) -> None:
        """Forgets a pack."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM packs WHERE number = ?", (number,))

    # --- files that could not be read ---

    def remember_failure(self, failure: Failure) -> None:
        """Keeps why a file could not be read, in place of what was known of it."""
        with self._transaction() as connection:
            _remember(connection, failure)

    def forget_failure(self, sha256: str) -> None:
        """Forgets a file that could not be read."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM failures WHERE sha256 = ?", (sha256,))

    def failures(self) -> tuple[Failure, ...]:
        """All files that could not be read, by name."""
        rows = self._query(
            "SELECT file, sha256, status, reason, read_by, document_id FROM failures "
            "ORDER BY file, sha256"
        )
        return tuple(
            Failure(
                file=row["file"],
                sha256=row["sha256"],
                status=DocumentStatus(row["status"]),
                reason=row["reason"],
                read_by=row["read_by"],
                document_id=row["document_id"],
            )
            for row in rows
        )


def _damaged(document_id: str, error: Exception) -> DamagedDocumentError:
    return DamagedDocumentError(
        f"What the ledger holds of {document_id} is damaged ({error}). Have everything read anew "
        f"with `guide ingest --rebuild`, or take this document out with `guide documents remove "
        f"{document_id}` and in again with `guide ingest FILE`."
    )


def _remember(connection: sqlite3.Connection, failure: Failure) -> None:
    # A document that waits to be read again goes on waiting when it fails once more.
    connection.execute(
        "INSERT INTO failures (file, sha256, status, reason, read_by, failed_at, document_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET file = excluded.file, "
        "status = excluded.status, reason = excluded.reason, read_by = excluded.read_by, "
        "failed_at = excluded.failed_at, "
        "document_id = iif(excluded.document_id != '', excluded.document_id, document_id)",
        (
            failure.file,
            failure.sha256,
            failure.status,
            failure.reason,
            failure.read_by,
            timestamp(),
            failure.document_id,
        ),
    )


def _record(row: sqlite3.Row) -> DocumentRecord:
    correction = unpack_correction(row["correction"])
    return DocumentRecord(
        row=row["row"],
        id=row["id"],
        sha256=row["sha256"],
        file=row["file"],
        state=State(row["state"]),
        status=DocumentStatus(row["status"]),
        built_by=row["built_by"],
        edition=correct(replace(edition_of(row), official=bool(row["official"])), correction),
        pages=row["pages"],
        sections=row["sections"],
        tables=row["tables"],
        chunks=row["chunks"],
        warnings=tuple(json.loads(row["warnings"])),
        saved_at=row["saved_at"],
        corrected=tuple(correction),
    )
