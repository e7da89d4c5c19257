"""What a rebuild takes, and what becomes of documents that it cannot read again.

They no longer answer, because their vectors do not fit those of the others. But nothing of them is
lost: their PDFs stay kept and they wait, by name and with the reason, until they can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import LibraryError
from corpus.hashing import hash_file
from corpus.model import DocumentStatus
from corpus.records import DocumentRecord, Failure
from corpus.writer import IndexWriter
from ingest.finding import Found, missing_report, unopened_report
from ingest.report import MISSING, FileReport


def everything(
    files: Sequence[Found], index: IndexWriter
) -> tuple[dict[str, Found], dict[str, FileReport]]:
    """Files by hash, and a report on each that is not there.

    They are those named, those of the library under the names they came with, and those that wait
    to be read again.
    """
    wanted: dict[str, Found] = {}
    failed: dict[str, FileReport] = {}
    for file in files:
        try:
            wanted.setdefault(hash_file(file.path), file)
        except OSError as error:
            failed[str(file.path)] = unopened_report(file.path, error)
    for record in index.records():
        if record.sha256 in wanted:
            continue
        try:
            kept = index.pdf_path(record.id)
        except LibraryError as error:
            failed[record.sha256] = missing_report(Path(record.file), str(error))
        else:
            wanted[record.sha256] = Found(path=kept, name=record.file, named=False)
    for failure in index.waiting():
        if failure.sha256 in wanted:
            continue
        kept = index.kept_file(failure.sha256)
        if kept.is_file():
            wanted[failure.sha256] = Found(path=kept, name=failure.file, named=False)
        else:
            failed[failure.sha256] = missing_report(Path(failure.file), failure.reason)
    return wanted, failed


def waiting(index: IndexWriter) -> list[Found]:
    """The kept PDFs of documents that wait to be read again."""
    found = [
        Found(path=index.kept_file(failure.sha256), name=failure.file, named=False)
        for failure in index.waiting()
    ]
    # One whose bytes are other ones would be taken in under a name that is not its own.
    return [
        file for file in found if file.path.is_file() and hash_file(file.path) == file.path.stem
    ]


def withdrawal(
    record: DocumentRecord, failed: Mapping[str, FileReport]
) -> tuple[Failure, FileReport]:
    """What is remembered, and what is told, of a document that does not answer any more.

    Args:
        record: of the document as it was.
        failed: reports by hash; one of them says why it cannot be read again.
    """
    report = failed.get(record.sha256) or missing_report(Path(record.file), "It was not read.")
    if report.status == MISSING:
        status, advice = (
            DocumentStatus.DAMAGED,
            "`guide ingest FILE` with its PDF takes it in again",
        )
    elif report.status == DocumentStatus.NEEDS_PASSWORD:
        status = DocumentStatus.NEEDS_PASSWORD
        advice = "Its PDF is kept; `guide ingest --password PASSWORD` takes it in again"
    else:
        status = DocumentStatus(report.status)
        advice = "Its PDF is kept; `guide ingest --rebuild` tries it again"
    told = (
        f"{record.id} does not answer any more: it was built otherwise than the library is now. "
        f"{advice}, and `guide documents remove {record.id}` forgets it."
    )
    failure = Failure(
        file=record.file,
        sha256=record.sha256,
        status=status,
        reason=" ".join([*report.warnings, told]),
        read_by="",  # whoever meets the file shall try
        document_id=record.id,
    )
    return failure, replace(report, warnings=(*report.warnings, told))
