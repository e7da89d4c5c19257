"""A reader for tests: its files are texts, and some of them misbehave."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus.errors import DocumentError, ModelError
from corpus.model import Document, DocumentStatus
from corpus.packing import PackedBoxes, pack_boxes
from corpus.settings import Settings
from ingest.pipeline import ingest
from ingest.reading import read_document
from ingest.report import FileReport
from ingest.workers import Job, OnPages, Read, ReadFile, Unread, read_files
from tests.builders import WordEmbedder, make_boxes, make_document
from tests.whole_files import WordCounter


def open_text_reader(settings: Settings) -> ReadFile:
    """Pages are parted by form feeds, paragraphs by line ends; one word may be an order."""
    return read_text


def open_pdf_reader(settings: Settings) -> ReadFile:
    """The reader of the product, without a tokenizer of a model."""
    tokenizer = WordCounter()

    def read(job: Job, on_pages: OnPages) -> tuple[Document, PackedBoxes]:
        document, boxes = read_document(
            job.path, settings=settings, tokenizer=tokenizer, progress=on_pages, bare=job.bare
        )
        return document, pack_boxes(document, boxes)

    return read


def open_no_reader(settings: Settings) -> ReadFile:
    """A reader whose parts are missing."""
    raise ModelError("The tokenizer is missing. Install it.")


def read_here(
    jobs: Sequence[Job],
    *,
    settings: Settings,
    workers: int,
    on_pages: Callable[[Job, int, int], None],
) -> Iterator[tuple[Job, Read | Unread]]:
    """Like `read_files` without the processes, for tests of what comes after reading."""
    for job in jobs:
        try:
            document, boxes = read_text(job, partial(on_pages, job))
        except DocumentError as error:
            status = DocumentStatus(error.status)
            yield job, Unread(status=status, reason=str(error), seconds=0.1, lasting=True)
        else:
            yield job, Read(document=document, boxes=boxes, seconds=0.1)


_hoard: list[bytearray] = []

read_in_workers = partial(read_files, reader=open_text_reader)
"""`read_files` with the reader for tests."""


def read_text(job: Job, on_pages: OnPages) -> tuple[Document, PackedBoxes]:
    data = job.path.read_bytes()
    text = data.decode()
    on_pages(1, text.count("\f") + 1)
    match text.partition("\n")[0]:
        case "hang":
            threading.Event().wait()
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "gone":
            job.path.unlink()
            job.path.read_bytes()
        case "elsewhere":
            (job.path.parent / "nowhere").read_bytes()
        case "structure" if not job.bare:
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hoard":
            _hoard.append(bytearray(250_000_000))
        case "memory":
            bytearray(10**12)
        case "exit":
            os._exit(7)
        case "child":  # starts a program that holds a pipe open, and waits for it
            pipe = text.split("\n")[1]
            subprocess.run(["sh", "-c", f"echo up > {pipe}; exec tail -f /dev/null 3> {pipe}"])
        case "bug":
            raise ZeroDivisionError("a bug in the reader")
        case "locked" if job.password != "secret":
            raise DocumentError(
                "It asks for a password. Give it with --password.",
                status=DocumentStatus.NEEDS_PASSWORD,
            )
        case "scan":
            raise DocumentError("No page has text.", status=DocumentStatus.NEEDS_OCR)
    pages = [page.strip("\n").split("\n") for page in text.split("\f")]
    document = make_document(job.path.stem.lower(), pages=pages, file=job.name)
    document = replace(document, sha256=hashlib.sha256(data).hexdigest())
    return document, pack_boxes(document, make_boxes(document))


def write_text(path: Path, text: str) -> Path:
    """A file as this reader reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def take_in(
    settings: Settings,
    *paths: Path,
    embedder: WordEmbedder | None = None,
    password: str | None = None,
    rebuild: bool = False,
) -> dict[str, FileReport]:
    """Takes files in with this reader; their reports by file."""
    report = ingest(
        paths,
        settings=settings,
        rebuild=rebuild,
        password=password,
        embedder=embedder or WordEmbedder(),
        read=read_here,
    )
    return {file.file: file for file in report.files}
