"""What Chroma leaves behind goes from the disk, and only that."""

from __future__ import annotations

import uuid
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from corpus.chroma import CHROMA_FOLDER
from corpus.chroma_folders import remove_left_folders
from corpus.records import State
from corpus.settings import Settings
from tests.packed_library import (
    CHUNKS,
    fill,
    ids_of,
    open_writer,
    reader_elsewhere,
    same_as_exact,
    search_on_request,
    unit_vectors,
)


def folders(home: Path) -> set[str]:
    return {entry.name for entry in (home / CHROMA_FOLDER).iterdir() if entry.is_dir()}


def size(home: Path) -> int:
    return sum(p.stat().st_size for p in (home / CHROMA_FOLDER).rglob("*.bin"))


def test_what_was_replaced_or_removed_frees_its_place(settings: Settings) -> None:
    with closing(open_writer(settings)) as writer:
        fill(writer, range(3))
        three, bytes_of_three = folders(settings.home), size(settings.home)
        assert len(three) == 3
        fill(writer, range(3))  # read again: rows and collections of their own
        assert len(folders(settings.home)) == 3
        assert not folders(settings.home) & three
        assert size(settings.home) == bytes_of_three
        writer.remove("guide-0")
        writer.refresh()
        assert len(folders(settings.home)) == 2
        fill(writer, range(3, 6))
        assert len(folders(settings.home)) == 5 + 1, "five documents and a pack of them"
        writer._ledger.move_pack(1, State.REMOVING)
        writer.refresh()
        assert len(folders(settings.home)) == 5 + 1
        assert same_as_exact(writer)
    with closing(open_writer(settings)) as writer:
        assert same_as_exact(writer)


def test_nothing_else_is_removed(settings: Settings) -> None:
    with closing(open_writer(settings)) as writer:
        fill(writer, range(2))
        before = folders(settings.home)
        place = settings.home / CHROMA_FOLDER
        left = place / str(uuid.uuid4())
        theirs = [place / "backup", place / f"{uuid.uuid4()}.old", place / uuid.uuid4().hex]
        for folder in (left, *theirs):
            folder.mkdir()
            (folder / "data.bin").write_bytes(b"x")
        file, link = place / str(uuid.uuid4()), place / str(uuid.uuid4())
        file.write_text("x")
        link.symlink_to(theirs[0])
        remove_left_folders(place)
        assert folders(settings.home) == before | {path.name for path in (*theirs, link)}
        assert file.is_file()
        assert (theirs[0] / "data.bin").is_file()
        assert same_as_exact(writer)


def test_without_a_database_that_can_be_read_nothing_is_removed(tmp_path: Path) -> None:
    remove_left_folders(tmp_path / "nowhere")
    folder = tmp_path / str(uuid.uuid4())
    folder.mkdir()
    remove_left_folders(tmp_path)
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database " * 1000)
    remove_left_folders(tmp_path)
    assert folder.is_dir()


def _read(home: Path, pipe: Connection) -> None:
    search_on_request(home, pipe, lambda _, found: (found, folders(home)))


def test_a_reader_in_another_process_answers_while_folders_go(settings: Settings) -> None:
    with closing(open_writer(settings)) as writer:
        fill(writer, range(5))
        before = folders(settings.home)
        expected = ids_of(writer.dense_search(unit_vectors(3, seed=99), top_k=7))
        with reader_elsewhere(settings.home, _read) as found:
            assert found("new") == (expected, before), "a reader makes no folder"
            # The pack that it has open is made anew.
            writer._ledger.move_pack(1, State.REMOVING)
            writer.refresh()
            after = folders(settings.home)
            assert len(after) == len(before)
            assert len(after & before) == 5
            assert found("old") == (expected, after)
            assert found("new") == (expected, after)
            # All documents are replaced.
            fill(writer, range(5))
            assert not folders(settings.home) & after
            assert found("new")[0] == expected
            assert len(folders(settings.home)) == 6
            assert writer._open_store().count() == 2 * 5 * CHUNKS
