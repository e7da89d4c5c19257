"""Taking files in, in a process of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from pathlib import Path

import pytest

from corpus import language
from corpus.errors import LibraryLockedError, StoreUnreachableError, UnknownDocumentError
from corpus.index import Index
from corpus.settings import Settings, StoreSettings
from corpus.writer import IndexWriter
from ingest.isolated import IsolatedIngest, _call, _correct, _remove
from tests.chroma import free_port
from tests.raw_pdf import write_pdf
from tests.test_ingest_cli import fill


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.7 and no more")
    report = IsolatedIngest(Settings(home=tmp_path / "home")).add(file)
    assert (report.document_id, report.file) == (None, "broken.pdf")
    assert report.warnings


def test_what_cannot_be_done_says_why(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with pytest.raises(UnknownDocumentError, match="no document unknown"):
        IsolatedIngest(settings).remove("unknown")
    with (
        contextlib.closing(IndexWriter.open(settings, check=False)),
        pytest.raises(LibraryLockedError, match="Another process"),
    ):
        IsolatedIngest(settings).remove("unknown")


def test_a_store_that_is_away_is_told_from_a_file_that_is_bad(tmp_path: Path) -> None:
    store = StoreSettings(url=f"http://127.0.0.1:{free_port()}")
    isolated = IsolatedIngest(Settings(home=tmp_path / "home", store=store))
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    assert isolated.add(broken).document_id is None
    with pytest.raises(StoreUnreachableError, match="chroma run"):
        isolated.add(write_pdf(tmp_path / "guide.pdf"))


def test_an_edition_is_corrected(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    fill(settings)
    with pytest.raises(UnknownDocumentError, match="no document unknown"):
        IsolatedIngest(settings).correct("unknown", {"year": 2027})
    _correct("notes", {"year": 2027}, settings)
    with contextlib.closing(Index.open(settings, check=False)) as index:
        assert index.document("notes").edition.year == 2027


def test_errors_cross_the_border_as_their_words(tmp_path: Path) -> None:
    receiving, sending = multiprocessing.Pipe(duplex=False)
    _call(sending, _remove, ("unknown", Settings(home=tmp_path)))
    good, (kind, message) = receiving.recv()
    assert (good, kind) == (False, "UnknownDocumentError")
    assert "unknown" in message


def test_where_nobody_listens_any_more_the_work_ends_without_a_word(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    fill(settings)
    for work, arguments in (
        (_correct, ("notes", {"year": 2027}, settings)),
        (_remove, ("unknown", settings)),
    ):
        receiving, sending = multiprocessing.Pipe(duplex=False)
        receiving.close()  # as when the server was killed
        _call(sending, work, arguments)
        assert sending.closed
    with contextlib.closing(Index.open(settings, check=False)) as index:
        assert index.document("notes").edition.year == 2027


def test_it_can_be_broken_off(tmp_path: Path) -> None:
    home, guide = tmp_path / "home", write_pdf(tmp_path / "guide.pdf")
    pipe = home / "models" / language._kept_name()
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    isolated = IsolatedIngest(Settings(home=home))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            isolated.add(guide)  # its reader reads a pipe that nobody writes to
        except LibraryLockedError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    with pipe.open("wb"):  # opens once the process reads
        isolated.stop()
        thread.join(timeout=20)
    assert len(errors) == 1
    with pytest.raises(LibraryLockedError, match="stopping"):
        isolated.add(guide)
