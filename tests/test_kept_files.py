"""The PDFs of a library: those that were read, and nothing else is touched."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.embedding import Vectors
from corpus.errors import LibraryError
from corpus.hashing import copy_hashed, hash_file
from corpus.index import Index
from corpus.kept_files import keep_file, kept_path
from corpus.ledger import LEDGER_FILE
from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest.copies import copied
from ingest.finding import Found
from ingest.pipeline import ingest
from tests.builders import WordEmbedder
from tests.text_reader import read_here, take_in, write_text


class _Meanwhile(WordEmbedder):
    """Does something when the first file is embedded."""

    def __init__(self, what: Callable[[], object]) -> None:
        super().__init__()
        self._what = [what]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        while self._what:
            self._what.pop()()
        return super().embed_passages(texts)


def run(settings: Settings, *paths: Path, **more: Any) -> dict[str, str]:
    """Statuses by file."""
    return {name: str(file.status) for name, file in take_in(settings, *paths, **more).items()}


def kept(settings: Settings) -> dict[str, str]:
    """The text of each kept PDF by the name that it came with, if its bytes are the right ones."""
    with closing(Index.open(settings, check=False)) as index:
        paths = {record.file: index.pdf_path(record.id) for record in index.records()}
    assert all(hash_file(path) == path.stem for path in paths.values())
    return {name: path.read_text() for name, path in paths.items()}


def test_files_that_change_or_go_while_others_are_embedded_are_taken_as_they_were(
    settings: Settings, tmp_path: Path
) -> None:
    names = "abcd"
    a, b, c, d = (write_text(tmp_path / f"{name}.pdf", f"text of {name}") for name in names)

    def meddle() -> None:
        a.write_text("another document")
        b.write_text("another document, too")
        c.unlink()

    done = run(settings, a, b, c, d, embedder=_Meanwhile(meddle))
    assert done == {f"{name}.pdf": "indexed" for name in names}
    assert kept(settings) == {f"{name}.pdf": f"text of {name}" for name in names}
    assert not list(settings.home.glob(".reading-*"))


def test_a_file_that_changes_or_goes_before_it_is_copied_fails_alone(
    settings: Settings, tmp_path: Path
) -> None:
    good, other = (
        write_text(tmp_path / "good.pdf", "text"),
        write_text(tmp_path / "other.pdf", "new text"),
    )
    files = {
        hash_file(good): Found(path=good, name="good.pdf", named=True),
        "ab" * 32: Found(path=other, name="other.pdf", named=True),
        "cd" * 32: Found(path=tmp_path / "gone.pdf", name="gone.pdf", named=True),
    }
    with (
        closing(IndexWriter.open(settings, embedder=WordEmbedder())) as writer,
        copied(files, writer, settings.home) as (paths, refused),
    ):
        assert {path.name: path.read_text() for path in paths.values()} == {"good.pdf": "text"}
        said = {report.file: (report.status, *report.warnings) for report in refused.values()}
        assert said["other.pdf"][0] == "damaged"
        assert "changed" in said["other.pdf"][1]
        assert said["gone.pdf"] == ("missing", "It cannot be opened: No such file or directory.")
    assert not list(settings.home.glob(".reading-*"))


def test_another_file_kept_in_the_place_of_one_is_replaced_by_the_next_run(
    settings: Settings, tmp_path: Path
) -> None:
    a, b = write_text(tmp_path / "a.pdf", "text of a"), write_text(tmp_path / "b.pdf", "text of b")
    run(settings, a, b)
    kept_path(settings.home, hash_file(a)).write_text("of another document")
    kept_path(settings.home, hash_file(b)).unlink()
    assert run(settings, a, b) == {"a.pdf": "unchanged", "b.pdf": "unchanged"}
    assert kept(settings) == {"a.pdf": "text of a", "b.pdf": "text of b"}


def test_a_rebuild_reads_no_other_file_in_the_place_of_one(
    settings: Settings, tmp_path: Path
) -> None:
    a, b = write_text(tmp_path / "a.pdf", "text of a"), write_text(tmp_path / "b.pdf", "text of b")
    run(settings, a, b)
    poisoned = kept_path(settings.home, hash_file(a))
    poisoned.write_text("text of z")  # as many bytes
    report = ingest(
        [], settings=settings, rebuild=True, embedder=WordEmbedder(), read=read_here
    ).failed
    assert [file.file for file in report] == ["a.pdf"]
    assert "other bytes than it was read from" in report[0].warnings[0]
    assert run(settings, a, rebuild=True) == {"a.pdf": "indexed", "b.pdf": "indexed"}
    assert kept(settings) == {"a.pdf": "text of a", "b.pdf": "text of b"}


def test_what_others_put_beside_the_kept_pdfs_stays(settings: Settings, tmp_path: Path) -> None:
    a, b = write_text(tmp_path / "a.pdf", "text of a"), write_text(tmp_path / "b.pdf", "text of b")
    run(settings, a, b)
    folder = settings.home / "files"
    theirs = [
        write_text(folder / "my own.pdf", "x"),
        write_text(folder / f"{'ab' * 32}.pdf", "x"),
        write_text(folder / "@eaDir" / "thumb.jpg", "x"),
        write_text(folder / ".hidden", "x"),
        write_text(settings.home / "reading-list" / "x.pdf", "x"),
    ]
    ours = write_text(folder / f".{'ab' * 32}.pdf.{'0' * 32}", "half a copy")
    left = write_text(settings.home / ".reading-killed" / "x.pdf", "x").parent
    with closing(IndexWriter.open(settings, embedder=WordEmbedder())) as writer:
        writer.remove("a")
    assert all(path.is_file() for path in theirs)
    assert not ours.exists()
    assert not left.exists()
    assert not kept_path(settings.home, hash_file(a)).exists()
    assert kept(settings) == {"b.pdf": "text of b"}


@pytest.mark.parametrize("emptied", [True, False])
def test_without_its_ledger_a_library_loses_no_pdf_and_says_how_to_take_them_in(
    settings: Settings, tmp_path: Path, emptied: bool, caplog: pytest.LogCaptureFixture
) -> None:
    a, b = write_text(tmp_path / "a.pdf", "text of a"), write_text(tmp_path / "b.pdf", "text of b")
    run(settings, a, b)
    for path in settings.home.glob(f"{LEDGER_FILE}*"):
        path.unlink()
    if emptied:
        (settings.home / LEDGER_FILE).touch()
    c = write_text(tmp_path / "c.pdf", "text of c")
    with caplog.at_level(logging.WARNING):
        run(settings, c)
    files = settings.home / "files"
    assert f"`guide ingest {files}` takes them in again" in caplog.text
    assert "2 of the PDFs" in caplog.text
    assert len(list(files.iterdir())) == 3
    assert sorted(run(settings, files).values()) == ["indexed", "indexed", "unchanged"]
    assert sorted(kept(settings).values()) == ["text of a", "text of b", "text of c"]
    caplog.clear()
    IndexWriter.open(settings, embedder=WordEmbedder()).close()
    assert not caplog.text


class _Killed(BaseException):
    """Stands for a kill: nothing of ours catches it."""


@pytest.mark.parametrize("rebuild", [True, False])
def test_a_recovery_that_is_broken_off_loses_no_pdf(
    settings: Settings, tmp_path: Path, rebuild: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(
        settings,
        write_text(tmp_path / "a.pdf", "text of a"),
        write_text(tmp_path / "b.pdf", "text of b"),
    )
    for path in settings.home.glob(f"{LEDGER_FILE}*"):
        path.unlink()
    files = settings.home / "files"

    def killed(*_: object, **__: object) -> None:
        raise _Killed

    with monkeypatch.context() as patch:  # everything of the first is written, nothing said of it
        patch.setattr(IndexWriter, "publish", killed)
        if rebuild:
            patch.setattr(IndexWriter, "refresh", killed)
        with pytest.raises(_Killed):
            run(settings, files, rebuild=rebuild)
    # What is left of it is dropped, because the settings have changed.
    other = WordEmbedder("other")
    assert len(run(settings, files, embedder=other, rebuild=True)) == 2
    assert sorted(kept(settings).values()) == ["text of a", "text of b"]


def test_a_file_that_is_moved_replaces_a_damaged_one_on_any_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = kept_path(tmp_path, "0" * 64)
    keep_file(tmp_path, "0" * 64, write_text(tmp_path / "a.pdf", "damaged"))
    keep_file(tmp_path, "0" * 64, write_text(tmp_path / "a.pdf", "never looked at"))
    assert target.read_text() == "damaged"
    keep_file(tmp_path, "0" * 64, write_text(tmp_path / "a.pdf", "right"), move=True)
    assert target.read_text() == "right"
    replace = Path.replace

    def on_two_disks(self: Path, other: Path) -> Path:
        if self.parent != other.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", on_two_disks)
    keep_file(tmp_path, "0" * 64, write_text(tmp_path / "a.pdf", "right again"), move=True)
    assert target.read_text() == "right again"
    assert list(target.parent.iterdir()) == [target]
    with pytest.raises(LibraryError, match="cannot be kept"):
        keep_file(tmp_path, "0" * 64, tmp_path / "gone.pdf", move=True)


def test_a_copy_that_cannot_be_written_is_no_fault_of_the_file(tmp_path: Path) -> None:
    source = write_text(tmp_path / "a.pdf", "text")
    assert copy_hashed(source, tmp_path / "b.pdf") == hash_file(source)
    with pytest.raises(LibraryError, match="has room and may be written to"):
        copy_hashed(source, tmp_path / "none" / "b.pdf")
    with pytest.raises(FileNotFoundError):
        copy_hashed(tmp_path / "gone.pdf", tmp_path / "c.pdf")
    if Path("/dev/full").exists():
        with pytest.raises(LibraryError, match="No space left"):
            copy_hashed(source, Path("/dev/full"))
