"""The ledger: states, migrations, and clear errors for files that cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.errors import LibraryError, LibraryLockedError, UnknownDocumentError
from corpus.ledger import LEDGER_FILE, Ledger
from corpus.ledger_schema import MIGRATIONS
from corpus.model import Document, DocumentStatus
from corpus.packing import pack_boxes
from corpus.records import Failure, Pack, State
from corpus.sqlite import Database
from tests.builders import make_boxes, make_document


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path)
    yield opened
    opened.close()


def written(ledger: Ledger, document: Document, built_by: str = "e5") -> int:
    return ledger.begin(document, pack_boxes(document, make_boxes(document)), built_by=built_by)


def test_a_document_answers_only_when_published(ledger: Ledger) -> None:
    document = make_document(warnings=["page 3 is empty"], status=DocumentStatus.PARTLY_INDEXED)
    row = written(ledger, document)
    assert ledger.records() == ()
    ledger.stage(row)
    assert ledger.records() == ()
    before = ledger.version
    ledger.publish([row])
    assert ledger.version == before + 1
    (record,) = ledger.records()
    assert (record.row, record.state, record.built_by) == (row, State.COMPLETE, "e5")
    assert (record.id, record.file, record.sha256) == (document.id, document.file, document.sha256)
    assert (record.pages, record.sections, record.tables, record.chunks) == (1, 1, 0, 1)
    assert record.edition == document.edition
    assert record.edition.date == date(2025, 11, 12)
    assert (record.status, record.warnings) == (document.status, document.warnings)
    assert ledger.load(record) == document


def test_an_edition_may_lack_everything_but_title_and_language(ledger: Ledger) -> None:
    document = make_document(year=None, programme=None, version=None, title="Notes")
    ledger.publish([written(ledger, document)])
    (record,) = ledger.records()
    assert record.edition == document.edition


def test_a_new_version_retires_the_old_one_in_the_same_step(ledger: Ledger) -> None:
    document = make_document()
    first = written(ledger, document)
    ledger.publish([first])
    second = written(ledger, document, built_by="bge")
    assert [record.row for record in ledger.records()] == [first]
    ledger.publish([second])
    assert [record.row for record in ledger.records()] == [second]
    assert [record.row for record in ledger.records(State.REMOVING)] == [first]


def test_the_same_id_from_other_bytes_and_the_same_bytes_under_another_id(ledger: Ledger) -> None:
    document = make_document()
    ledger.publish([written(ledger, document)])
    ledger.publish([written(ledger, replace(document, sha256="0" * 64))])
    assert [record.sha256 for record in ledger.records()] == ["0" * 64]
    ledger.publish([written(ledger, replace(document, sha256="0" * 64).with_id("other"))])
    assert [record.id for record in ledger.records()] == ["other"]


def test_publishing_several_and_withdrawing_is_one_step(ledger: Ledger) -> None:
    old = written(ledger, make_document("old"))
    ledger.publish([old])
    rows = [written(ledger, make_document(name)) for name in ("b", "a")]
    version = ledger.version
    ledger.publish(rows, withdraw=[old])
    assert [record.id for record in ledger.records()] == ["a", "b"]
    assert ledger.version == version + 1


def test_rows_are_never_used_twice(ledger: Ledger) -> None:
    first = written(ledger, make_document())
    ledger.discard(first)
    assert written(ledger, make_document()) > first


def test_boxes_are_kept_by_page_and_go_with_their_row(ledger: Ledger, tmp_path: Path) -> None:
    document = make_document(pages=["one two", "three"])
    row = written(ledger, document)
    boxes = list(make_boxes(document))
    assert [*ledger.boxes(row, 1), *ledger.boxes(row, 2)] == boxes
    assert ledger.boxes(row, 3) == ()
    ledger.discard(row)
    with sqlite3.connect(tmp_path / LEDGER_FILE) as connection:
        assert connection.execute("SELECT count(*) FROM boxes").fetchone() == (0,)


def test_a_removed_document_cannot_be_loaded(ledger: Ledger) -> None:
    row = written(ledger, make_document())
    ledger.publish([row])
    (record,) = ledger.records()
    ledger.discard(row)
    with pytest.raises(UnknownDocumentError, match="was removed"):
        ledger.load(record)


def test_failures_are_kept_until_the_file_is_read(ledger: Ledger) -> None:
    document = make_document()
    failure = Failure(
        file="a.pdf",
        sha256=document.sha256,
        status=DocumentStatus.NEEDS_OCR,
        reason="No page has text.",
        read_by="1",
    )
    other = replace(failure, file="b.pdf", sha256="1" * 64)
    ledger.remember_failure(other)
    ledger.remember_failure(replace(failure, reason="?"))
    ledger.remember_failure(failure)
    assert ledger.failures() == (failure, other)
    ledger.publish([written(ledger, document)])
    assert ledger.failures() == (other,)


def test_packs_are_seen_when_complete_and_without_documents_that_are_gone(ledger: Ledger) -> None:
    rows = [written(ledger, make_document(name)) for name in ("a", "b", "c")]
    ledger.publish(rows)
    version = ledger.version
    first = ledger.begin_pack(rows, vectors=30)
    assert (ledger.packs(), ledger.version) == ((), version)
    ledger.move_pack(first, State.COMPLETE)
    assert ledger.version == version + 1
    pack = Pack(number=first, rows=frozenset(rows), vectors=30)
    assert ledger.packs() == (pack,)
    ledger.discard(rows[0])
    assert ledger.packs() == (replace(pack, rows=frozenset(rows[1:])),)
    for row in rows[1:]:
        ledger.discard(row)
    assert ledger.packs() == (replace(pack, rows=frozenset()),)
    ledger.move_pack(first, State.REMOVING)
    assert ledger.version == version + 2
    assert (ledger.packs(), len(ledger.packs(State.REMOVING))) == ((), 1)
    ledger.discard_pack(first)
    assert ledger.packs(*State) == ()
    assert ledger.begin_pack([], vectors=0) > first, "a number is never used twice"


def test_a_library_keeps_its_name(tmp_path: Path) -> None:
    first = Ledger(tmp_path)
    name = first.library_id
    first.close()
    second = Ledger(tmp_path)
    assert second.library_id == name
    assert len(name) == 12
    second.close()


# --- the file ---


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3", ["CREATE TABLE t (a UNIQUE);"])
    twice = "INSERT INTO t VALUES (?)"
    with pytest.raises(LibraryError, match="cannot be used"), database.transaction() as connection:
        connection.executemany(twice, [(1,), (1,)])
    assert database.query("SELECT * FROM t") == []
    database.close()


def test_migrations_bring_an_old_file_up_to_date_once(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    steps = ["CREATE TABLE t (a); INSERT INTO t VALUES (1);"]
    Database(path, steps).close()
    steps.append("ALTER TABLE t ADD COLUMN b DEFAULT 2;")
    for _ in range(2):
        database = Database(path, steps)
        assert [tuple(row) for row in database.query("SELECT a, b FROM t")] == [(1, 2)]
        database.close()


def test_a_failed_migration_leaves_the_old_schema(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    Database(path, ["CREATE TABLE t (a);"]).close()
    with pytest.raises(LibraryError):
        Database(path, ["", "CREATE TABLE u (a); CREATE TABLE t (a);"])
    database = Database(path, ["CREATE TABLE t (a);"])
    assert database.query("SELECT name FROM sqlite_master WHERE name = 'u'") == []
    database.close()


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    Ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / LEDGER_FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match="newer version"):
        Ledger(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).write_bytes(b"this is no database, but it is long enough" * 50)
    with pytest.raises(LibraryError, match=r"ledger\.sqlite3 is damaged"):
        Ledger(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="GUIDE_HOME"):
        Ledger(tmp_path / "file" / "home")


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / LEDGER_FILE).mkdir()
    with pytest.raises(LibraryError, match="GUIDE_HOME"):
        Ledger(tmp_path)


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    with ledger._database.transaction() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    ledger._database._connection.execute(f"PRAGMA max_page_count = {pages}")
    # Text that does not compress, so that it needs new pages of the file.
    document = make_document(pages=[[str(hash((n, "x"))) for n in range(3000)]])
    with pytest.raises(LibraryError, match="full"):
        ledger.begin(document, {}, built_by="e5")
    assert ledger.records(State.WRITING) == ()
    ledger.close()


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger._database._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(LibraryError, match="cannot be written to"):
        ledger.begin(make_document(), {}, built_by="e5")
    ledger.close()


def test_a_held_file_is_named_and_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    database = Database(path, ["CREATE TABLE t (a);"], busy_timeout_s=0.05)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LibraryLockedError, match="another process"), database.transaction():
        pass
    assert database.query("SELECT * FROM t") == []
    holder.close()
    database.close()


def test_a_library_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    old = Database(tmp_path / LEDGER_FILE, MIGRATIONS[:1])
    values = {
        "file": "d.pdf",
        "state": "complete",
        "status": "indexed",
        "built_by": "e5",
        "language": "en",
        "pages": 1,
        "sections": 1,
        "tables": 0,
        "chunks": 1,
        "warnings": "[]",
        "saved_at": "2026-11-25T00:00:00+00:00",
        "structure": b"",
        "text": b"",
    }
    with old.transaction() as connection:
        for number, title in enumerate(
            ("Programme Guide 2026", "ECTS: an unofficial digest (25/11/2026)")
        ):
            row = {**values, "id": f"d{number}", "sha256": str(number), "title": title}
            connection.execute(
                f"INSERT INTO documents ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                tuple(row.values()),
            )
    old.close()
    ledger = Ledger(tmp_path)
    assert [record.edition.official for record in ledger.records()] == [True, False]
    assert [record.corrected for record in ledger.records()] == [(), ()]
    assert ledger.packs() == ()
    ledger.close()
