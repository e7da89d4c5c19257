"""A rebuild loses nothing: what cannot be read again waits, with its PDF, until it can."""

from __future__ import annotations

import shutil
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfWriter

from corpus.errors import EmptyLibraryError, QuestionError
from corpus.index import Index
from corpus.records import State
from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest.pipeline import ingest
from tests.builders import WordEmbedder
from tests.text_reader import take_in, write_text

OTHER = WordEmbedder("other")


run = partial(take_in, embedder=OTHER)


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Files of which three are in a library that another embedder made; the originals are gone."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_text(folder / "good.pdf", "text")
    write_text(folder / "locked.pdf", "locked\nprotected text")
    write_text(folder / "sub.pdf", "locked\nanother protected text")
    run(settings, folder, password="secret", embedder=WordEmbedder("first"))
    shutil.rmtree(folder)
    return folder


def library(settings: Settings) -> tuple[list[str], list[str], int]:
    """Documents, those that wait, and the number of kept PDFs."""
    with closing(Index.open(settings, embedder=OTHER)) as index:
        return (
            [record.id for record in index.records()],
            [failure.document_id for failure in index.failures()],
            len(list((settings.home / "files").iterdir())),
        )


def test_without_the_password_a_document_waits_with_its_pdf(
    settings: Settings, folder: Path
) -> None:
    done = run(settings, rebuild=True)
    assert {name: str(file.status) for name, file in done.items()} == {
        "good.pdf": "indexed",
        "locked.pdf": "needs password",
        "sub.pdf": "needs password",
    }
    said = " ".join(done["locked.pdf"].warnings)
    for part in (
        "Give it with --password.",
        "locked does not answer any more",
        "Its PDF is kept; `guide ingest --password PASSWORD` takes it in again",
        "`guide documents remove locked` forgets it",
    ):
        assert part in said
    assert library(settings) == (["good"], ["locked", "sub"], 3)
    # It goes on waiting, whatever comes.
    run(settings, rebuild=True)
    run(settings, write_text(folder.parent / "new.pdf", "new"))
    assert set(run(settings, password="wrong")) == {"locked.pdf", "sub.pdf"}
    assert library(settings) == (["good", "new"], ["locked", "sub"], 4)
    done = run(settings, password="secret")
    assert {name: str(file.status) for name, file in done.items()} == {
        "locked.pdf": "indexed",
        "sub.pdf": "indexed",
    }
    assert library(settings) == (["good", "locked", "new", "sub"], [], 4)
    with pytest.raises(EmptyLibraryError, match="No document waits for a password"):
        run(settings, password="secret")


def test_a_rebuild_with_the_password_takes_up_what_waits(settings: Settings, folder: Path) -> None:
    run(settings, rebuild=True)
    done = run(settings, rebuild=True, password="secret")
    assert {str(file.status) for file in done.values()} == {"indexed"}
    assert library(settings) == (["good", "locked", "sub"], [], 3)


def test_a_document_that_waits_can_be_forgotten(settings: Settings, folder: Path) -> None:
    run(settings, rebuild=True)
    with closing(IndexWriter.open(settings, embedder=OTHER)) as writer:
        writer.remove("locked")
        with pytest.raises(QuestionError, match="no document locked"):
            writer.remove("locked")
    assert library(settings) == (["good"], ["sub"], 2)


def test_a_document_whose_pdf_is_gone_waits_for_it(settings: Settings, folder: Path) -> None:
    with closing(Index.open(settings, check=False)) as index:
        index.pdf_path("good").unlink()
        index.pdf_path("sub").write_text("another document")
    done = run(settings, rebuild=True, password="secret")
    for name in ("good.pdf", "sub.pdf"):
        assert done[name].status == "missing"
        assert "`guide ingest FILE` with its PDF takes it in again" in done[name].warnings[-1]
    assert library(settings) == (["locked"], ["good", "sub"], 2)
    assert {f.status for f in run(settings, rebuild=True).values() if f.file != "locked.pdf"} == {
        "missing"
    }
    assert library(settings) == (["locked"], ["good", "sub"], 2)
    # What stands in the place of a PDF is not taken for it.
    with pytest.raises(EmptyLibraryError):
        run(settings, password="secret")
    folder.mkdir()
    write_text(folder / "good.pdf", "text")
    write_text(folder / "sub.pdf", "locked\nanother protected text")
    assert {str(file.status) for file in run(settings, folder, password="secret").values()} == {
        "indexed"
    }
    assert library(settings) == (["good", "locked", "sub"], [], 3)


def test_what_a_broken_off_rebuild_made_counts_only_with_its_vectors(
    settings: Settings, folder: Path
) -> None:
    with closing(IndexWriter.open(settings, check=False, embedder=OTHER)) as writer:
        record = writer._record("good")
        document = writer.document("good")
        vectors = OTHER.embed_passages([chunk.text for chunk in document.chunks])
        staged = writer.save(document, vectors, {}, writer.kept_file(record.sha256), publish=False)
        writer._open_store().remove(str(staged.row))
    run(settings, rebuild=True, password="secret")
    with closing(IndexWriter.open(settings, embedder=OTHER)) as writer:
        assert all(writer.holds(record) for record in writer.records())
        assert len(writer._ledger.records(*State)) == 3


def test_two_differently_protected_pdfs_survive_a_change_of_settings(
    settings: Settings, starter: Path, tmp_path: Path
) -> None:
    for number, password in enumerate(("one", "two")):
        pages = PdfWriter()
        pages.append(starter / "ects_en.pdf", pages=(0, 2))
        pages.encrypt(password, algorithm="RC4-128")
        pages.write(tmp_path / f"{password}.pdf")
        first = WordEmbedder("first")
        ingest([tmp_path / f"{password}.pdf"], settings=settings, password=password, embedder=first)
        (tmp_path / f"{password}.pdf").unlink()
        assert number + 1 == len(list((settings.home / "files").iterdir()))
    report = ingest([], settings=settings, rebuild=True, password="one", embedder=OTHER)
    assert [(file.file, str(file.status)) for file in report.files] == [
        ("one.pdf", "indexed"),
        ("two.pdf", "needs password"),
    ]
    report = ingest([], settings=settings, password="two", embedder=OTHER)
    assert [(file.file, str(file.status)) for file in report.files] == [("two.pdf", "indexed")]
    documents, waiting, files = library(settings)
    assert (len(documents), waiting, files) == (2, [], 2)
