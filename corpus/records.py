"""What the ledger says about documents and files, without their text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.model import DocumentStatus, Edition


class State(StrEnum):
    """How far the saving of a row has come."""

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
class Failure:
    """A file that could not be read, with the reason.

    Attributes:
        read_by: fingerprint of the reader and its limits; another one may succeed.
    """

    file: str
    sha256: str
    status: DocumentStatus
    reason: str
    read_by: str
