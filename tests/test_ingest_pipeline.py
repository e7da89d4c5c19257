"""Runs over files: what is new is taken in, what is known costs nothing, nothing is lost."""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.embedding import Vectors
from corpus.errors import EmptyLibraryError, IndexMismatchError, LibraryLockedError
from corpus.index import Index
from corpus.records import State
from corpus.settings import LimitSettings, Settings
from corpus.writer import IndexWriter
from ingest.finding import find_files
from ingest.pipeline import ingest
from ingest.progress import Progress
from ingest.report import FileReport, IngestReport
from ingest.workers import Job, Read, ReadFiles, Unread
from tests.builders import WordEmbedder
from tests.text_reader import read_here, read_in_workers


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", limits=LimitSettings(file_timeout_s=20))


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    folder = tmp_path / "guides"
    write(folder / "b.pdf", "who may apply\nthe grant\fdeadline")
    write(folder / "sub" / "A.PDF", "the amount is 60 000 EUR")
    write(folder / "notes.txt", "no guide")
    write(folder / "._b.pdf", "what a Mac knows of b.pdf")
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def run(
    paths: Sequence[Path],
    settings: Settings,
    *,
    embedder: WordEmbedder | None = None,
    read: ReadFiles = read_here,
    rebuild: bool = False,
    again: bool = False,
    password: str | None = None,
    seen: list[Progress] | None = None,
) -> IngestReport:
    return ingest(
        paths,
        settings=settings,
        jobs=2,
        rebuild=rebuild,
        again=again,
        password=password,
        on_progress=(lambda _: None) if seen is None else seen.append,
        embedder=embedder or WordEmbedder(),
        read=read,
    )


def statuses(report: IngestReport) -> dict[str, str]:
    return {file.file: file.status for file in report.files}


def contents(settings: Settings, embedder: WordEmbedder | None = None) -> list[object]:
    """All that the library answers with, but for what differs between any two runs."""
    embedder = embedder or WordEmbedder()
    index = Index.open(settings, embedder=embedder)
    try:
        vector = embedder.embed_queries(["the grant for a deadline"])
        everything: list[object] = [index.document(record.id) for record in index.records()]
        if everything:
            everything += index.dense_search(vector, top_k=100)[0]
            everything += index.lexical_search("grant deadline amount page", top_k=100)
        return everything
    finally:
        index.close()


def test_files_and_folders_are_taken_once_each(guides: Path, settings: Settings) -> None:
    seen: list[Progress] = []
    report = run([guides / "b.pdf", guides], settings, seen=seen)
    assert statuses(report) == {"b.pdf": "indexed", "A.PDF": "indexed"}
    assert not report.failed
    first = report.files[0]
    assert (first.document_id, first.pages, first.sections, first.chunks) == ("b", 2, 2, 3)
    assert first.seconds > 0
    assert seen[0].files == 2
    last = seen[-1]
    assert (last.files_done, last.pages, last.pages_done, last.file) == (2, 3, 3.0, "")
    assert [p.pages_done for p in seen] == sorted(p.pages_done for p in seen)
    assert len(contents(settings)) > 2


def test_what_is_known_costs_nothing(guides: Path, settings: Settings) -> None:
    run([guides], settings)
    embedder = WordEmbedder()
    write(guides / "renamed.pdf", (guides / "b.pdf").read_text())
    report = run([guides], settings, embedder=embedder)
    assert set(statuses(report).values()) == {"unchanged"}
    assert [file.document_id for file in report.files] == ["b", "b", "a"]
    assert [file.chunks for file in report.files] == [3, 3, 1]
    assert embedder.texts_embedded == 0


def test_what_is_read_again_answers_until_it_is_replaced(guides: Path, settings: Settings) -> None:
    run([guides], settings)
    before = contents(settings)

    def looking(*arguments: Any, **more: Any) -> Iterator[tuple[Job, Read | Unread]]:
        assert contents(settings) == before
        yield from read_here(*arguments, **more)

    embedder = WordEmbedder()
    report = run([guides / "b.pdf"], settings, embedder=embedder, read=looking, again=True)
    assert [(file.document_id, file.status) for file in report.files] == [("b", "indexed")]
    assert embedder.texts_embedded == 3
    assert contents(settings) == before

    def failing(jobs: Sequence[Job], **_: object) -> Iterator[tuple[Job, Read | Unread]]:
        for job in jobs:
            yield job, Unread(status="damaged", reason="No.", seconds=0.1, lasting=True)

    report = run([guides / "b.pdf"], settings, read=failing, again=True)
    assert report.failed
    assert contents(settings) == before


def test_the_same_bytes_twice_in_one_run(tmp_path: Path, settings: Settings) -> None:
    for name in ("one", "two"):
        write(tmp_path / "in" / f"{name}.pdf", "the same")
        write(tmp_path / "in" / f"scan-{name}.pdf", "scan")
    report = run([tmp_path / "in"], settings)
    assert statuses(report) == {
        "one.pdf": "indexed",
        "two.pdf": "unchanged",
        "scan-one.pdf": "needs OCR",
        "scan-two.pdf": "needs OCR",
    }
    assert [file.document_id for file in report.files] == ["one", None, None, "one"]


def test_other_bytes_under_the_same_name_are_another_document(
    guides: Path, settings: Settings
) -> None:
    run([guides / "b.pdf"], settings)
    write(guides / "b.pdf", "a new edition")
    report = run([guides / "b.pdf"], settings)
    assert statuses(report) == {"b.pdf": "indexed"}
    index = Index.open(settings, embedder=WordEmbedder())
    assert len(index.records()) == 2
    assert report.files[0].document_id != "b"
    index.close()


def test_files_that_fail_are_named_and_stop_no_other(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "in"
    for name in ("crash", "bug", "scan", "locked"):
        write(folder / f"{name}.pdf", name)
    write(folder / "good.pdf", "text")
    (tmp_path / "empty").mkdir()
    missing = tmp_path / "nowhere.pdf"
    report = run([folder, tmp_path / "empty", missing], settings, read=read_in_workers)
    assert statuses(report) == {
        "bug.pdf": "damaged",
        "crash.pdf": "damaged",
        "good.pdf": "indexed",
        "locked.pdf": "needs password",
        "scan.pdf": "needs OCR",
        "empty": "missing",
        "nowhere.pdf": "missing",
    }
    reasons = {file.file: file.warnings[0] for file in report.failed}
    assert "no PDF in the folder" in reasons["empty"]
    assert str(missing) in reasons["nowhere.pdf"]
    index = Index.open(settings, embedder=WordEmbedder())
    assert [failure.file for failure in index.failures()] == ["locked.pdf", "scan.pdf"]
    index.close()


def test_a_known_failure_is_tried_again_when_named_or_with_a_password(
    tmp_path: Path, settings: Settings
) -> None:
    locked = write(tmp_path / "in" / "locked.pdf", "locked\ntext")
    for paths in ([locked.parent], [locked.parent], [locked]):
        assert statuses(run(paths, settings)) == {"locked.pdf": "needs password"}
    report = run([locked.parent], settings, password="secret")
    assert statuses(report) == {"locked.pdf": "indexed"}
    index = Index.open(settings, embedder=WordEmbedder())
    assert index.failures() == ()
    index.close()


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, settings: Settings) -> None:
    good = write(tmp_path / "good.pdf", "text")
    dangling = tmp_path / "dangling.pdf"
    dangling.symlink_to(tmp_path / "nowhere")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as held:
        held.bind(str(tmp_path / "s.pdf"))  # there, and yet no file
        for rebuild in (False, True):
            report = run([good, dangling, tmp_path / "s.pdf"], settings, rebuild=rebuild)
            assert statuses(report) == {
                "good.pdf": "indexed",
                "dangling.pdf": "missing",
                "s.pdf": "missing",
            }
            assert any("no file but a pipe, a socket" in file.warnings[0] for file in report.failed)


class _ChangingEmbedder(WordEmbedder):
    """Changes the second file while the first is embedded."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.path.write_text("other text now")
        return super().embed_passages(texts)


def test_a_file_that_changes_while_another_is_embedded_is_taken_as_it_was(
    tmp_path: Path, settings: Settings
) -> None:
    first = write(tmp_path / "in" / "a.pdf", "text")
    second = write(tmp_path / "in" / "b.pdf", "hang on\fmore")
    third = write(tmp_path / "in" / "c.pdf", "text of the third")
    report = run([first, second, third], settings, embedder=_ChangingEmbedder(third))
    assert set(statuses(report).values()) == {"indexed"}
    index = Index.open(settings, embedder=WordEmbedder())
    assert index.document("c").text == "text of the third\n"
    assert index.pdf_path("c").read_text() == "text of the third"
    index.close()


def test_a_second_run_at_once_is_refused(guides: Path, settings: Settings) -> None:
    writer = IndexWriter.open(settings, embedder=WordEmbedder())
    with pytest.raises(LibraryLockedError):
        run([guides], settings)
    writer.close()
    assert not run([guides], settings).failed


# --- rebuilding ---


def test_another_embedder_asks_for_a_rebuild_which_keeps_everything(
    guides: Path, settings: Settings
) -> None:
    run([guides], settings)
    shutil.rmtree(guides)
    other = WordEmbedder("other", dimension=48)
    with pytest.raises(IndexMismatchError, match="guide ingest --rebuild"):
        run([], settings, embedder=other)
    report = run([], settings, embedder=other, rebuild=True)
    assert statuses(report) == {"b.pdf": "indexed", "A.PDF": "indexed"}
    assert other.texts_embedded == 4
    index = Index.open(settings, embedder=other)
    assert [(r.id, r.file) for r in index.records()] == [("a", "A.PDF"), ("b", "b.pdf")]
    assert index.dense_search(other.embed_queries(["the grant"]), top_k=9)[0]
    index.close()
    assert not list(settings.home.glob(".reading-*"))


def test_an_empty_library_cannot_be_rebuilt(settings: Settings) -> None:
    with pytest.raises(EmptyLibraryError, match="nothing to rebuild"):
        run([], settings, rebuild=True)


def test_a_rebuild_takes_new_files_too(guides: Path, settings: Settings, tmp_path: Path) -> None:
    run([guides / "b.pdf"], settings)
    report = run([guides], settings, rebuild=True)
    assert statuses(report) == {"b.pdf": "indexed", "A.PDF": "indexed"}


class _DyingEmbedder(WordEmbedder):
    """Breaks off at the second document."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if self.texts_embedded:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


def test_a_broken_off_rebuild_leaves_the_old_library_and_is_gone_on_with(
    guides: Path, settings: Settings
) -> None:
    run([guides], settings)
    before = contents(settings)
    with pytest.raises(KeyboardInterrupt):
        run([], settings, embedder=_DyingEmbedder("other"), rebuild=True)
    assert contents(settings) == before
    other = WordEmbedder("other")
    left = settings.home / ".reading-killed"
    left.mkdir()
    report = run([], settings, embedder=other, rebuild=True)
    assert not left.exists()
    assert len(report.files) == 2
    assert not report.failed
    assert 0 < other.texts_embedded < 4
    assert len(contents(settings, other)) == len(before)


def test_what_a_broken_off_rebuild_left_is_dropped_by_another_one(
    guides: Path, settings: Settings
) -> None:
    run([guides], settings)
    with pytest.raises(KeyboardInterrupt):
        run([], settings, embedder=_DyingEmbedder("other"), rebuild=True)
    third = WordEmbedder("third")
    run([], settings, embedder=third, rebuild=True)
    assert third.texts_embedded == 4
    writer = IndexWriter.open(settings, embedder=third)
    assert len(writer._ledger.records(*State)) == 2
    assert writer._open_store().count() == 4
    writer.close()


def test_a_document_that_cannot_be_rebuilt_is_withdrawn_only_if_it_does_not_fit(
    guides: Path, settings: Settings
) -> None:
    run([guides], settings)
    index = Index.open(settings, embedder=WordEmbedder())
    index.pdf_path("a").unlink()
    index.close()
    report = run([], settings, rebuild=True)
    assert statuses(report) == {"A.PDF": "missing", "b.pdf": "indexed"}
    assert len(contents(settings)) > 2
    other = WordEmbedder("other")
    report = run([], settings, rebuild=True, embedder=other)
    assert statuses(report) == {"A.PDF": "missing", "b.pdf": "indexed"}
    index = Index.open(settings, embedder=other)
    assert [record.id for record in index.records()] == ["b"]
    index.close()


def test_a_rebuild_of_which_nothing_comes_leaves_the_library(
    guides: Path, settings: Settings
) -> None:
    run([guides], settings)
    before = contents(settings)
    shutil.rmtree(settings.home / "files")
    report = run([], settings, rebuild=True, embedder=WordEmbedder("other"))
    assert len(report.failed) == 2
    assert contents(settings) == before


def test_a_report_tells_good_from_failed() -> None:
    good = [FileReport(file="a", path="a", status=s) for s in ("indexed", "partly indexed")]
    bad = [FileReport(file="a", path="a", status=s) for s in ("missing", "too large")]
    assert IngestReport(files=(*good, *bad), seconds=1).failed == tuple(bad)


def test_folders_are_searched_in_order(guides: Path) -> None:
    found, missing = find_files([guides, guides / "sub", guides / "none"])
    assert [file.name for file in found] == ["b.pdf", "A.PDF"]
    assert [file.named for file in found] == [False, False]
    assert [report.file for report in missing] == ["none"]
