"""Copies of the files that a run reads: what becomes of the files meanwhile does not matter then.

A file may be replaced, or go, while others are read and embedded. What is read, and in the end
kept, is a copy that was hashed while it was made.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from corpus.hashing import copy_hashed, hash_file
from corpus.model import DocumentStatus
from corpus.writer import READING, IndexWriter
from ingest.finding import Found, missing_report, report_on, unopened_report
from ingest.report import FileReport


@contextmanager
def copied(
    files: Mapping[str, Found], index: IndexWriter, home: Path
) -> Iterator[tuple[dict[str, Path], dict[str, FileReport]]]:
    """Copies files into the data folder, each under its own name; the copies go in the end.

    Args:
        files: by the hash that each is expected to have.
        index: whose kept PDFs are not copied but linked.
        home: the data folder.

    Yields:
        Where the copies are, by hash, and a report on each file that is gone or has changed.

    Raises:
        LibraryError: if there is no room for them.
    """
    paths: dict[str, Path] = {}
    refused: dict[str, FileReport] = {}
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=READING, dir=home, ignore_cleanup_errors=True
    ) as folder:
        for sha256, file in files.items():
            path = Path(folder) / sha256 / Path(file.name).name
            path.parent.mkdir()
            kept = file.path == index.kept_file(sha256)
            try:
                found = _linked(file.path, path) if kept else copy_hashed(file.path, path)
            except OSError as error:
                refused[sha256] = unopened_report(file.path, error)
                continue
            if found == sha256:
                paths[sha256] = path
            else:
                refused[sha256] = _changed(file, kept=kept)
                path.unlink()
        yield paths, refused


def _linked(source: Path, target: Path) -> str:
    """Links a kept PDF, which is never written to, and hashes it."""
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
    return hash_file(target)


def _changed(file: Found, *, kept: bool) -> FileReport:
    if kept:
        return missing_report(
            Path(file.name),
            f"The PDF that is kept of it ({file.path}) has other bytes than it was read from. Name "
            "its file: `guide ingest --rebuild FILE`.",
        )
    why = "It changed while the run began. Run `guide ingest` again when it is complete."
    return report_on(file, DocumentStatus.DAMAGED, why)
