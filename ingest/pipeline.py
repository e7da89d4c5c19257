"""From files to the library: find, hash, copy, read in worker processes, embed, save.

While one document is embedded here, the next files are read in other processes. What is known
already is skipped before any model is loaded.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from corpus.embedding import Embedder, Vectors
from corpus.errors import DocumentError, EmptyLibraryError
from corpus.hashing import hash_file
from corpus.model import Document, DocumentStatus
from corpus.onnx_session import usable_threads
from corpus.passage_texts import passage_texts
from corpus.records import DocumentRecord, Failure
from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest.copies import copied
from ingest.finding import Found, find_files, report_on, unopened_report
from ingest.knowing import refuse_large
from ingest.ocr import PROGRAM
from ingest.progress import Meter, OnProgress, afterwards, looking
from ingest.rebuilding import everything, waiting, withdrawal
from ingest.report import UNCHANGED, FileReport, IngestReport
from ingest.workers import Job, Read, ReadFiles, Unread, read_files

_STEP = 64
"""Passages embedded between two reports of progress: at its end threads wait for each other."""

READER_FORMAT = 1
"""Raised when reading improves: files that failed before are then tried again."""


def ingest(
    paths: Sequence[Path],
    *,
    settings: Settings,
    jobs: int = 0,
    rebuild: bool = False,
    again: bool = False,
    password: str | None = None,
    ocr: str | None = None,
    on_progress: OnProgress = lambda _: None,
    embedder: Embedder | None = None,
    read: ReadFiles = read_files,
) -> IngestReport:
    """Takes files into the library.

    Args:
        paths: PDF files, and folders that are searched with all their sub-folders.
        settings: of the library, the embedder, the limits.
        jobs: files read at the same time; 0 leaves one core to the embedder.
        rebuild: reads and embeds everything anew, also what is in the library and not named. The
            old library answers until the new one is complete.
        again: reads the files anew also where they are known; the documents of them that are there
            answer until the new ones are complete.
        password: tried for files that ask for one, also for documents of the library that could
            not be read without it when it was built anew.
        ocr: a mode of `OcrSettings` in the place of the one in the settings. It is meant for these
            files: with `auto`, those of which pages are missing are read again though they are
            known, with `force` all of them.
        on_progress: called whenever something has moved.
        embedder: used in place of the one that the settings name.
        read: used in place of worker processes with the product's reader.

    Returns:
        A report on each file, in the order in which they were taken. Files that fail do not
        stop the others.

    Raises:
        LibraryLockedError: if another process is writing to the library.
        StoreUnreachableError: if the server that holds the vectors is away.
        LibraryError: if the library cannot be used or the disk is full.
        ModelError: if the embedder cannot be loaded.
    """
    start = time.monotonic()
    found, reports = find_files(paths)
    if ocr is not None:
        settings = settings.model_copy(
            update={"ocr": settings.ocr.model_copy(update={"mode": ocr})}
        )
    index = IndexWriter.open(settings, check=not rebuild, embedder=embedder)
    try:
        run = _Run(
            index,
            settings,
            jobs=jobs,
            again=again,
            password=password,
            ocr=ocr,
            read=read,
            tell=on_progress,
        )
        if rebuild:
            done = run.rebuild(found)
        else:
            if password is not None:
                found += waiting(index)
                if not found and not reports:
                    raise EmptyLibraryError(
                        "No document waits for a password. Name a PDF file or a folder."
                    )
            done = run.add(found)
            run.mend(found, done)
        index.refresh(afterwards(on_progress, files=len(done), pages=sum(r.pages for r in done)))
    finally:
        index.close()
    return IngestReport(files=(*done, *reports), seconds=time.monotonic() - start)


class _Run:
    """One run over files with an open library."""

    def __init__(
        self,
        index: IndexWriter,
        settings: Settings,
        *,
        jobs: int,
        again: bool,
        password: str | None,
        ocr: str | None,
        read: ReadFiles,
        tell: OnProgress,
    ) -> None:
        self._index = index
        self._settings = settings
        self._jobs = jobs or max(1, usable_threads(0) - 1)
        self._again = again
        self._password = password
        self._ocr = ocr
        self._read = read
        self._tell = tell

    def add(self, files: Sequence[Found]) -> list[FileReport]:
        """Takes in what is new among the files."""
        failed = {failure.sha256: failure for failure in self._index.failures()}
        known: dict[Path, FileReport] = {}
        fresh: dict[str, Found] = {}
        copies: list[tuple[Found, str]] = []
        for number, file in enumerate(files):
            start = time.monotonic()
            tell = looking(self._tell, file.name, number=number, files=len(files))
            try:
                refuse_large(file.path, self._settings.limits)
                tell(0.0)
                sha256 = hash_file(file.path, tell)
            except DocumentError as error:
                known[file.path] = report_on(file, error.status, str(error))
                continue
            except OSError as error:
                known[file.path] = unopened_report(file.path, error)
                continue
            record = self._index.knows(sha256)
            failure = failed.get(sha256)
            if record is not None and not self._may_gain(record):
                known[file.path] = _unchanged(record, file, time.monotonic() - start)
            elif failure is not None and not file.named and self._would_fail_again(failure):
                seconds = time.monotonic() - start
                known[file.path] = report_on(file, failure.status, failure.reason, seconds=seconds)
            elif sha256 in fresh:
                copies.append((file, sha256))
            else:
                fresh[sha256] = file
        for sha256, report in self._take_in(fresh, publish=True):
            known[fresh[sha256].path] = report
        for file, sha256 in copies:
            record = self._index.knows(sha256)
            if record is not None:
                known[file.path] = _unchanged(record, file, 0.0)
            else:
                same = known[fresh[sha256].path]
                known[file.path] = report_on(file, same.status, *same.warnings)
        return [known[file.path] for file in files]

    def rebuild(self, files: Sequence[Found]) -> list[FileReport]:
        """Takes in the files and all that the library holds anew, then swaps in one step."""
        built_by = self._index.built_by()
        for record in self._index.staged():
            if record.built_by != built_by or not self._index.holds(record):
                self._index.discard(record)
        ready = {record.sha256: record for record in self._index.staged()}
        wanted, failed = everything(files, self._index)
        reports = []
        if not wanted and not failed:
            raise EmptyLibraryError(
                "The library is empty: there is nothing to rebuild. Fill it with "
                "`guide ingest PATH`."
            )
        for sha256, record in ready.items():
            if sha256 in wanted:
                reports.append(
                    FileReport.of(
                        record,
                        file=record.file,
                        path=str(wanted[sha256].path),
                        status=record.status,
                        seconds=0.0,
                    )
                )
        missing = {sha256: file for sha256, file in wanted.items() if sha256 not in ready}
        for sha256, report in self._take_in(missing, publish=False):
            if report.failed:
                failed[sha256] = report
            else:
                reports.append(report)
        rows = {record.sha256: record.row for record in self._index.staged()}
        if rows:
            outdated = [
                record
                for record in self._index.records()
                if record.sha256 not in rows and record.built_by != built_by
            ]
            withdrawn = [withdrawal(record, failed) for record in outdated]
            failed |= {failure.sha256: report for failure, report in withdrawn}
            self._index.publish(
                rows.values(),
                withdraw=[record.row for record in outdated],
                waiting=[failure for failure, _ in withdrawn],
            )
        reports += failed.values()
        return sorted(reports, key=lambda report: (report.file, report.path))

    def mend(self, files: Sequence[Found], reports: Sequence[FileReport]) -> None:
        """Keeps the PDFs of known files anew where others, or none, are kept in their place."""
        records = {record.id: record for record in self._index.records()}
        for file, report in zip(files, reports, strict=True):
            record = records.get(report.document_id or "")
            if record is not None and report.status == UNCHANGED:
                with suppress(OSError):  # the file has gone meanwhile
                    self._index.mend_file(record, file.path)

    def _take_in(
        self, files: dict[str, Found], *, publish: bool
    ) -> Iterator[tuple[str, FileReport]]:
        with copied(files, self._index, self._settings.home) as (copies, refused):
            yield from refused.items()
            if copies:
                yield from self._read_and_save(copies, files, publish=publish)

    def _read_and_save(
        self, copies: dict[str, Path], files: dict[str, Found], *, publish: bool
    ) -> Iterator[tuple[str, FileReport]]:
        hashes = list(copies)
        jobs = [
            Job(path=path, name=files[sha256].name, password=self._password)
            for sha256, path in copies.items()
        ]
        meter = Meter(self._tell, [job.path for job in jobs])
        results = self._read(
            jobs,
            settings=self._settings,
            workers=self._jobs,
            on_pages=lambda job, done, total: meter.reads(job.path, done, total),
        )
        meter.starts(jobs[0].name)
        for position, (job, result) in enumerate(results):
            start = time.monotonic()
            sha256 = hashes[position]
            if isinstance(result, Read) and result.document.sha256 != sha256:
                result = _changed(result)
            if isinstance(result, Unread):
                report = self._failed(files[sha256], sha256, result)
                meter.finishes(job.path, pages=0)
            else:
                self._index.reach_store()  # to embed for a store that is away would be in vain
                self._index.embedder(lambda what, share: meter.says(f"{what} ({share:.0%})"))
                meter.opens(job.path, pages=len(result.document.pages), name=job.name)
                vectors = self._embed(result.document, meter, job.path)
                record = self._index.save(
                    result.document, vectors, result.boxes, job.path, move=True, publish=publish
                )
                report = FileReport.of(
                    record,
                    file=job.name,
                    path=str(files[sha256].path),
                    status=record.status,
                    seconds=result.seconds + time.monotonic() - start,
                )
                meter.finishes(job.path, pages=record.pages)
            yield sha256, report
            if position + 1 < len(jobs):
                meter.starts(jobs[position + 1].name)

    def _embed(self, document: Document, meter: Meter, path: Path) -> Vectors:
        embedder = self._index.embedder()
        texts = passage_texts(self._index.corrected(document))
        vectors = np.empty((len(texts), embedder.dimension), dtype=np.float32)
        # Texts of like length are embedded together: less is computed on padding.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        for start in range(0, len(order), _STEP):
            batch = order[start : start + _STEP]
            vectors[batch] = embedder.embed_passages([texts[i] for i in batch])
            meter.moves(path, (start + len(batch)) / len(order))
        return vectors

    def _failed(self, file: Found, sha256: str, result: Unread) -> FileReport:
        # One that answers as it was read before is no file that is not in the library.
        if result.lasting and self._index.knows(sha256) is None:
            self._index.remember_failure(
                Failure(
                    file=file.name,
                    sha256=sha256,
                    status=DocumentStatus(result.status),
                    reason=result.reason,
                    read_by=self._read_by(),
                )
            )
        return report_on(file, result.status, result.reason, seconds=result.seconds)

    def _may_gain(self, record: DocumentRecord) -> bool:
        """Whether a document that is known is to be read anew, or OCR may find more in it."""
        partly = record.status is DocumentStatus.PARTLY_INDEXED
        return self._again or self._ocr == "force" or (self._ocr == "auto" and partly)

    def _would_fail_again(self, failure: Failure) -> bool:
        return failure.read_by == self._read_by() and self._password is None

    def _read_by(self) -> str:
        """What a failure depends on besides the file: Tesseract may come to be installed."""
        settings = self._settings
        ocr = f"{settings.ocr.model_dump_json()} {shutil.which(PROGRAM)}"
        return f"{READER_FORMAT} {settings.limits.model_dump_json()} {ocr}"


def _unchanged(record: DocumentRecord, file: Found, seconds: float) -> FileReport:
    return FileReport.of(
        record, file=file.name, path=str(file.path), status=UNCHANGED, seconds=seconds
    )


def _changed(result: Read) -> Unread:
    return Unread(
        status=DocumentStatus.DAMAGED,
        reason="The file changed while it was read. Run `guide ingest` again when it is complete.",
        seconds=result.seconds,
        lasting=False,
    )
