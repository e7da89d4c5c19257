"""The library as a whole: what is saved, searched, staged and removed, by one writer at a time."""

from __future__ import annotations

import logging
import shutil
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import (
    DamagedDocumentError,
    EmptyLibraryError,
    IndexMismatchError,
    LibraryError,
    LibraryLockedError,
    QuestionError,
)
from corpus.index import Index
from corpus.ledger import Ledger
from corpus.model import DocumentStatus
from corpus.records import Failure, State
from corpus.settings import ChunkingSettings, Settings
from corpus.writer import IndexWriter
from tests.builders import WordEmbedder, make_boxes, make_document, make_pdf
from tests.small_library import EMBEDDER, GUIDE, OTHER, dense, lexical, save, vectors_of


@pytest.fixture
def writer(settings: Settings) -> Iterator[IndexWriter]:
    opened = IndexWriter.open(settings, embedder=EMBEDDER)
    yield opened
    opened.close()


@pytest.fixture
def reader(settings: Settings) -> Iterator[Index]:
    opened = Index.open(settings, embedder=EMBEDDER)
    yield opened
    opened.close()


def test_what_was_saved_can_be_read_and_searched(writer: IndexWriter, reader: Index) -> None:
    record = save(writer, GUIDE)
    save(writer, OTHER)
    writer.refresh()
    assert [r.id for r in reader.records()] == ["guide", "other"]
    assert reader.records()[0] == record
    assert reader.document("guide") == GUIDE
    assert reader.document("guide") is reader.document("guide")
    assert reader.chunks([GUIDE.chunks[1].id]) == [(GUIDE, GUIDE.chunks[1])]
    assert reader.boxes("guide", 2) == tuple(make_boxes(GUIDE))[-1:]
    assert reader.pdf_path("guide").read_bytes().endswith(GUIDE.sha256.encode())
    assert dense(reader, "who may apply")[:2] == [GUIDE.chunks[0].id, OTHER.chunks[0].id]
    assert lexical(reader, "grant of 120.000 €") == [GUIDE.chunks[1].id]
    assert dense(reader, "who may apply", ["other"])[0] == OTHER.chunks[0].id
    assert lexical(reader, "deadline", ["other"]) == [OTHER.chunks[1].id]
    assert reader.lexical_search("deadline", language="el", top_k=5) == []


def test_documents_are_kept_up_to_a_number_of_characters(
    writer: IndexWriter, settings: Settings
) -> None:
    save(writer, GUIDE)
    save(writer, OTHER)
    with closing(Index.open(settings, embedder=EMBEDDER)) as both:
        first = both.document("guide")
        both.document("other")
        assert both.document("guide") is first
    with closing(Index.open(settings, embedder=EMBEDDER)) as one:
        one.most_characters = len(GUIDE.text)
        first = one.document("guide")
        assert one.document("guide") is first
        one.document("other")
        assert one.document("guide") is not first
        assert one.document("guide") == first


def test_an_edition_is_known_without_reading_its_document(
    writer: IndexWriter, reader: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(writer, GUIDE)
    monkeypatch.setattr(Ledger, "load", lambda *_: pytest.fail("the document was read"))
    assert reader.editions(["guide"]) == {"guide": GUIDE.edition}
    with pytest.raises(QuestionError, match="no document nope"):
        reader.editions(["nope"])


def test_an_empty_library_says_how_to_fill_it(reader: Index) -> None:
    assert reader.records() == ()
    with pytest.raises(EmptyLibraryError, match="guide ingest PATH"):
        dense(reader, "x")
    with pytest.raises(EmptyLibraryError, match="guide ingest PATH"):
        lexical(reader, "x")


def test_what_is_not_there_is_named(writer: IndexWriter, reader: Index) -> None:
    save(writer, GUIDE)
    with pytest.raises(QuestionError, match="no document nope"):
        reader.document("nope")
    with pytest.raises(QuestionError, match="no document nope"):
        dense(reader, "x", ["guide", "nope"])
    with pytest.raises(QuestionError, match="no passage guide:1"):
        reader.chunks(["guide:1"])
    with pytest.raises(QuestionError, match="no document nope"):
        writer.remove("nope")
    shutil.rmtree(writer._home / "files")
    with pytest.raises(LibraryError, match="`guide ingest` with its file"):
        reader.pdf_path("guide")


def test_readers_follow_the_library(writer: IndexWriter, reader: Index) -> None:
    save(writer, GUIDE)
    first = (reader.version, reader.fingerprint)
    assert dense(reader, "deadline")
    save(writer, OTHER)
    writer.refresh()
    assert (reader.version, reader.fingerprint) != first
    assert lexical(reader, "march") == dense(reader, "a deadline in march")[:1]
    writer.remove("other")
    assert (reader.version, reader.fingerprint) != first
    assert lexical(reader, "march") == []
    assert all(chunk_id.startswith("guide:") for chunk_id in dense(reader, "march"))
    with pytest.raises(QuestionError):
        reader.document("other")


def test_the_fingerprint_names_what_is_searched(settings: Settings, writer: IndexWriter) -> None:
    save(writer, GUIDE)
    first = writer.fingerprint
    again = Index.open(settings, embedder=EMBEDDER)
    assert again.fingerprint == first
    again.close()
    save(writer, OTHER)
    assert writer.fingerprint != first


def test_documents_stay_in_memory_up_to_a_number(writer: IndexWriter) -> None:
    for number in range(35):
        save(writer, make_document(f"d{number}"))
    first = writer.document("d0")
    for number in range(35):
        writer.document(f"d{number}")
    assert writer.document("d34") is writer.document("d34")
    assert writer.document("d0") == first


# --- identity ---


def test_the_same_bytes_are_known_under_any_name(writer: IndexWriter) -> None:
    assert writer.knows(GUIDE.sha256) is None
    save(writer, GUIDE)
    known = writer.knows(GUIDE.sha256)
    assert known is not None
    assert known.id == "guide"


def test_saving_the_same_bytes_again_doubles_nothing(writer: IndexWriter) -> None:
    save(writer, GUIDE)
    save(writer, GUIDE)
    assert [record.id for record in writer.records()] == ["guide"]
    assert len(dense(writer, "who may apply")) == len(GUIDE.chunks)
    assert writer._open_store().count() == len(GUIDE.chunks)


def test_two_documents_with_one_id_both_stay(writer: IndexWriter) -> None:
    save(writer, GUIDE)
    second = replace(GUIDE, sha256="ab" * 32, file="copy.pdf")
    assert save(writer, second).id == "guide-abababab"
    assert [record.id for record in writer.records()] == ["guide", "guide-abababab"]
    assert writer.document("guide-abababab") == second.with_id("guide-abababab")
    assert len(set(dense(writer, "who may apply"))) == 6
    # Read again, each keeps the id that it has.
    assert save(writer, second).id == "guide-abababab"
    assert save(writer, GUIDE).id == "guide"


def test_removing_takes_everything_along(writer: IndexWriter) -> None:
    save(writer, GUIDE)
    save(writer, OTHER)
    kept, gone = writer.pdf_path("other"), writer.pdf_path("guide")
    writer.remove("guide")
    assert (kept.is_file(), gone.is_file()) == (True, False)
    assert writer._open_store().count() == len(OTHER.chunks)
    assert writer._ledger.records(*State) == writer.records()
    writer.remove("other")
    assert writer._open_store().count() == 0


def test_vectors_must_fit_the_chunks(writer: IndexWriter, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 vectors for 3 chunks"):
        writer.save(GUIDE, vectors_of(OTHER), {}, make_pdf(tmp_path, GUIDE))


def test_a_pdf_that_cannot_be_kept_is_named(writer: IndexWriter, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be kept"):
        writer.save(GUIDE, vectors_of(GUIDE), {}, tmp_path / "gone.pdf")
    assert writer._ledger.records(*State) == ()
    assert list((writer._home / "files").iterdir()) == []


def test_failures_are_told_to_readers(writer: IndexWriter, reader: Index) -> None:
    failure = Failure(
        file="scan.pdf",
        sha256="0" * 64,
        status=DocumentStatus.NEEDS_OCR,
        reason="No page has text.",
        read_by="1",
    )
    writer.remember_failure(failure)
    assert reader.failures() == (failure,)


@pytest.mark.parametrize("column", ["text", "structure"])
@pytest.mark.parametrize("bytes_", [b"", b"nonsense", zlib.compress(b"\xff")])
def test_a_damaged_document_is_named_and_the_others_answer(
    settings: Settings,
    writer: IndexWriter,
    column: str,
    bytes_: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    save(writer, GUIDE)
    save(writer, OTHER)
    with writer._ledger._database.transaction() as connection:
        connection.execute(f"UPDATE documents SET {column} = ? WHERE id = 'guide'", (bytes_,))
        connection.execute("UPDATE boxes SET data = ?", (bytes_,))
    with closing(Index.open(settings, embedder=EMBEDDER)) as index:
        damaged = pytest.raises(DamagedDocumentError, match="holds of guide is damaged")
        with damaged:
            index.document("guide")
        with damaged:
            index.chunks([GUIDE.chunks[0].id])
        with damaged:
            index.boxes("guide", 1)
        assert index.document("other") == OTHER
    # The way that the sentence names leads out.
    with caplog.at_level(logging.WARNING):
        writer.refresh()
    assert lexical(writer, "deadline") == [OTHER.chunks[1].id]
    assert "`guide documents remove guide`" in caplog.text
    writer.remove("guide")
    caplog.clear()
    save(writer, GUIDE)
    writer.refresh()
    assert set(lexical(writer, "deadline")) == {OTHER.chunks[1].id, GUIDE.chunks[2].id}
    assert not caplog.text


# --- what built it ---


def test_another_embedder_is_refused(settings: Settings, writer: IndexWriter) -> None:
    save(writer, GUIDE)
    with pytest.raises(IndexMismatchError, match=r"another embedder.*guide ingest --rebuild"):
        Index.open(settings, embedder=WordEmbedder("else"))
    index = Index.open(settings, check=False, embedder=WordEmbedder("else"))
    assert [record.id for record in index.records()] == ["guide"]
    index.close()


def test_another_chunking_is_refused(settings: Settings, writer: IndexWriter) -> None:
    save(writer, GUIDE)
    changed = settings.model_copy(update={"chunking": ChunkingSettings(max_tokens=100)})
    with pytest.raises(IndexMismatchError, match="settings of chunking"):
        Index.open(changed, embedder=EMBEDDER)


def test_staged_documents_answer_after_publishing(writer: IndexWriter, reader: Index) -> None:
    save(writer, OTHER)
    before = dense(reader, "who may apply")
    staged = save(writer, GUIDE, publish=False)
    assert staged.state == State.STAGED
    assert dense(reader, "who may apply") == before
    assert writer.staged() == (staged,)
    old = writer.knows(OTHER.sha256)
    assert old is not None
    writer.publish([staged.row], withdraw=[old.row])
    assert [record.id for record in reader.records()] == ["guide"]
    assert writer._open_store().count() == len(GUIDE.chunks)


def test_staged_documents_can_be_discarded_or_go_with_the_old_version(writer: IndexWriter) -> None:
    save(writer, GUIDE)
    writer.discard(save(writer, GUIDE, publish=False))
    assert writer.staged() == ()
    save(writer, GUIDE, publish=False)
    writer.remove("guide")
    assert writer._ledger.records(*State) == ()
    assert writer._open_store().count() == 0


# --- other processes ---


def test_one_writer_at_a_time_and_readers_go_on(settings: Settings, writer: IndexWriter) -> None:
    save(writer, GUIDE)
    with pytest.raises(LibraryLockedError, match="Another process is writing"):
        IndexWriter.open(settings, embedder=EMBEDDER)
    reader = Index.open(settings, embedder=EMBEDDER)
    assert dense(reader, "deadline")
    assert lexical(reader, "deadline") == []  # built by the writer, in the end
    writer.refresh()
    assert lexical(reader, "deadline") == [GUIDE.chunks[2].id]
    reader.close()
