"""A library whose writer fails or is killed: never half right, and free for the next writer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from corpus.errors import IndexMismatchError, LibraryError
from corpus.index import Index
from corpus.ledger import Ledger
from corpus.records import State
from corpus.settings import Settings
from corpus.writer import IndexWriter
from tests.builders import WordEmbedder, make_document
from tests.killed_writer import kill_at
from tests.small_library import EMBEDDER, GUIDE, OTHER, dense, lexical, save, vectors_of


def test_a_writer_may_be_closed_in_another_thread(settings: Settings) -> None:
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(IndexWriter.open, settings, embedder=EMBEDDER).result()
    writer.close()
    IndexWriter.open(settings, embedder=EMBEDDER).close()


def test_the_place_is_free_after_a_failed_opening(settings: Settings, tmp_path: Path) -> None:
    settings.home.mkdir()
    broken = settings.home / "ledger.sqlite3"
    broken.write_bytes(b"no database at all" * 100)
    with pytest.raises(LibraryError, match="damaged"):
        IndexWriter.open(settings, embedder=EMBEDDER)
    broken.unlink()
    writer = IndexWriter.open(settings, embedder=EMBEDDER)
    save(writer, GUIDE)
    writer.close()
    with pytest.raises(IndexMismatchError):
        IndexWriter.open(settings, embedder=WordEmbedder("else"))
    IndexWriter.open(settings, embedder=EMBEDDER).close()


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(home=tmp_path / "file" / "home")
    with pytest.raises(LibraryError, match="GUIDE_HOME"):
        IndexWriter.open(settings, embedder=EMBEDDER)
    with pytest.raises(LibraryError, match="GUIDE_HOME"):
        Index.open(settings, embedder=EMBEDDER)


def test_a_reader_builds_what_a_killed_writer_did_not(settings: Settings) -> None:
    writer = IndexWriter.open(settings, embedder=EMBEDDER)
    save(writer, GUIDE)
    writer.close()  # without `refresh`
    reader = Index.open(settings, embedder=EMBEDDER)
    assert lexical(reader, "deadline") == [GUIDE.chunks[2].id]
    reader.close()


REVISED = replace(
    make_document("guide", pages=["who may apply now", "the grant is 60 000 EUR"]),
    sha256=GUIDE.sha256,
)
"""The same bytes read by a better reader."""

STEPS = ("begun", "half added", "added", "published", "discarding")


class _Stop:
    """Tells the parent that a step is reached and waits there to be killed."""

    def __init__(self, pipe: Connection, step: str) -> None:
        self._pipe, self._step = pipe, step

    def at(self, step: str) -> None:
        if step == self._step:
            self._pipe.send(step)
            self._pipe.recv()


class _SteppedLedger(Ledger):
    """A ledger that stops where it is told to."""

    stop: _Stop

    def begin(self, *args: object, **kwargs: object) -> int:
        row = super().begin(*args, **kwargs)  # type: ignore[arg-type]
        self.stop.at("begun")
        return row

    def publish(self, *args: object, **kwargs: object) -> None:
        self.stop.at("added")
        super().publish(*args, **kwargs)  # type: ignore[arg-type]
        self.stop.at("published")

    def discard(self, row: int) -> None:
        self.stop.at("discarding")
        super().discard(row)


def _save_until(home: Path, step: str, pipe: Connection) -> None:
    settings = Settings(home=home)
    writer = IndexWriter.open(settings, embedder=EMBEDDER)
    ledger = _SteppedLedger(home)
    ledger.stop = _Stop(pipe, step)
    writer._ledger = ledger
    if step == "half added":
        rows = [record.row for record in writer.records()]
        half = vectors_of(REVISED)[:1]
        ledger.begin(REVISED, {}, built_by=writer.built_by())
        writer._open_store().add(str(rows[-1] + 1), [REVISED.chunks[0].id], half)
        ledger.stop.at(step)
    save(writer, REVISED)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_of_saving(settings: Settings, step: str) -> None:
    writer = IndexWriter.open(settings, embedder=EMBEDDER)
    save(writer, GUIDE)
    save(writer, OTHER)
    writer.refresh()
    writer.close()

    kill_at(step, _save_until, settings.home)

    # A reader answers at once, from the old version or from the whole new one.
    expected = REVISED if step in ("published", "discarding") else GUIDE
    reader = Index.open(settings, embedder=EMBEDDER)
    assert reader.document("guide") == expected
    assert set(dense(reader, "who may apply", ["guide"])) == {c.id for c in expected.chunks}
    assert set(lexical(reader, "apply grant deadline", ["guide"])) == {
        c.id for c in expected.chunks
    }
    reader.close()

    # The next writer leaves the library as if nothing had happened.
    writer = IndexWriter.open(settings, embedder=EMBEDDER)
    assert {record.state for record in writer._ledger.records(*State)} == {State.COMPLETE}
    save(writer, REVISED)
    writer.refresh()
    assert [record.id for record in writer.records()] == ["guide", "other"]
    assert writer.document("guide") == REVISED
    assert writer._open_store().count() == len(REVISED.chunks) + len(OTHER.chunks)
    assert set(dense(writer, "who may apply")) == {c.id for c in REVISED.chunks + OTHER.chunks}
    assert lexical(writer, "60 000") == [REVISED.chunks[1].id]
    assert len(list((settings.home / "files").iterdir())) == 2
    writer.close()
