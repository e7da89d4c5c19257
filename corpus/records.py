"""What the ledger says about documents, packs of them and files, without their text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from corpus.model import DocumentStatus, Edition

if TYPE_CHECKING:
    from sqlite3 import Row


def timestamp(moment: datetime | None = None) -> str:
    """A moment, now where None, as it is kept: UTC, ISO 8601, to the second."""
    return (moment or datetime.now(UTC)).isoformat(timespec="seconds")


def edition_fields(edition: Edition) -> dict[str, Any]:
    """An edition as it is kept and printed; whether it is official is said apart."""
    return {
        "title": edition.title,
        "programme": edition.programme,
        "year": edition.year,
        "version": edition.version,
        "date": edition.date.isoformat() if edition.date else None,
        "language": edition.language,
    }


def edition_of(fields: Mapping[str, Any] | Row) -> Edition:
    """The inverse of `edition_fields`; other fields are left alone."""
    return Edition(
        title=fields["title"],
        language=fields["language"],
        programme=fields["programme"],
        year=fields["year"],
        version=fields["version"],
        date=date.fromisoformat(fields["date"]) if fields["date"] else None,
    )


class State(StrEnum):
    """How far the saving of a row, or of a pack, has come."""

    WRITING = "writing"
    STAGED = "staged"
    COMPLETE = "complete"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """What the ledger knows of a saved document without loading its text.

    Attributes:
        row: the number its vectors are kept under.
        built_by: fingerprint of embedder and chunking that its vectors come from.
        edition: as read from the document, and as corrected by people.
        corrected: names of the fields of `edition` that people have corrected.
        pages, sections, tables, chunks: how many.
        saved_at: UTC, ISO 8601.
    """

    row: int
    id: str
    sha256: str
    file: str
    state: State
    status: DocumentStatus
    built_by: str
    edition: Edition
    pages: int
    sections: int
    tables: int
    chunks: int
    warnings: tuple[str, ...]
    saved_at: str
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A collection that holds the vectors of many documents, see `corpus.packs`.

    Attributes:
        number: never used twice.
        rows: of its documents; those that were removed since are left out.
        vectors: how many it was made of, those of removed documents among them.
    """

    number: int
    rows: frozenset[int]
    vectors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file that could not be read, with the reason.

    Attributes:
        read_by: fingerprint of the reader and its limits; another one may succeed.
        document_id: of a document of the library that a rebuild could not read again: its PDF
            stays kept, and waits to be read. "" for all other files.
    """

    file: str
    sha256: str
    status: DocumentStatus
    reason: str
    read_by: str
    document_id: str = ""
