"""What became of each file of a run."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import DocumentStatus
from corpus.records import DocumentRecord

UNCHANGED = "unchanged"
MISSING = "missing"
"""Statuses of files besides those of `DocumentStatus`: known already; not there to be read."""

GOOD = frozenset({UNCHANGED, DocumentStatus.INDEXED, DocumentStatus.PARTLY_INDEXED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file.

    Attributes:
        file: its name, without folders. path: as it was found.
        status: a `DocumentStatus`, or `UNCHANGED`, or `MISSING`.
        document_id: None where the file is not in the library.
        warnings: sentences; the reason first where the file failed.
        seconds: spent on this file.
    """

    file: str
    path: str
    status: str
    document_id: str | None = None
    pages: int = 0
    sections: int = 0
    tables: int = 0
    chunks: int = 0
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether the file's text is not in the library."""
        return self.status not in GOOD

    @classmethod
    def of(
        cls, record: DocumentRecord, *, file: str, path: str, status: str, seconds: float
    ) -> FileReport:
        """The report of a file that is in the library."""
        return cls(
            file=file,
            path=path,
            status=status,
            document_id=record.id,
            pages=record.pages,
            sections=record.sections,
            tables=record.tables,
            chunks=record.chunks,
            warnings=record.warnings,
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of all files of a run, in the order in which they were taken."""

    files: tuple[FileReport, ...]
    seconds: float

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """The files that are not in the library."""
        return tuple(file for file in self.files if file.failed)
