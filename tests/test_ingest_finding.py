"""Paths that lead to no file end nothing but themselves."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.settings import Settings
from ingest.cli import ingest_command
from ingest.finding import find_files
from ingest.pipeline import ingest
from ingest.report import MISSING
from tests.builders import WordEmbedder
from tests.test_ingest_cli import settings
from tests.text_reader import read_here

__all__ = ["settings"]  # a fixture

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and links")


def write(path: Path) -> Path:
    path.write_text(f"the grant of {path.stem}")
    return path


def test_what_is_no_file_is_said_and_the_rest_is_taken_in(
    tmp_path: Path, settings: Settings
) -> None:
    pipe, long = tmp_path / "pipe.pdf", tmp_path / ("x" * 300 + ".pdf")
    os.mkfifo(pipe)
    loop, below = tmp_path / "loop.pdf", write(tmp_path / "file.pdf") / "below.pdf"
    loop.symlink_to(loop)
    good = write(tmp_path / "good.pdf")
    report = ingest(
        [pipe, long, Path("/dev/null"), loop, below, good],
        settings=settings,
        embedder=WordEmbedder(),
        read=read_here,
    )
    said = {file.file: (file.status, " ".join(file.warnings)) for file in report.files}
    assert said.pop("good.pdf") == ("indexed", "")
    for name in ("pipe.pdf", "null"):
        status, warning = said.pop(name)
        assert status == MISSING
        assert "a pipe, a socket or a device. Save what it gives as a file" in warning
    assert said.pop(long.name) == (MISSING, "It cannot be opened: File name too long.")
    assert said.pop("below.pdf")[1] == f"There is no file or folder {below}."
    assert said.pop("loop.pdf")[1].startswith("It cannot be opened: Too many levels of symbolic")
    assert said == {}


def test_a_folder_that_cannot_be_searched_is_said(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    good = write(top / "good.pdf")
    (top / "gone.pdf").symlink_to(top / "nowhere")
    # Nobody, not even root, opens a folder whose whole path is longer than the system takes.
    deepest = os.open(top, os.O_RDONLY)
    for _ in range(18):
        os.mkdir("d" * 250, dir_fd=deepest)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=deepest)
        os.close(deepest)
        deepest = inner
    os.close(deepest)
    found, lost = find_files([top])
    assert [file.path for file in found] == [good]
    deep, gone = lost
    assert (deep.file, deep.status, gone.file) == ("d" * 250, MISSING, "gone.pdf")
    assert deep.warnings[0].endswith(" cannot be searched: File name too long.")
    assert gone.warnings == ("It cannot be opened: No such file or directory.",)
    good.unlink()
    assert all("There is no PDF" not in report.warnings[0] for report in find_files([top])[1])


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may do all")
def test_a_folder_without_permission_is_said(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    write(closed / "guide.pdf")
    for mode, said in ((0o000, "cannot be searched"), (0o400, "cannot be opened")):
        closed.chmod(mode)
        found, (lost,) = find_files([tmp_path])
        assert found == []
        assert f"{said}: Permission denied." in lost.warnings[0]
    closed.chmod(0o700)


def test_folders_may_be_nested_deeply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = ["/".join("d" * depth) for depth in range(1, 1500)]
    for folder in folders:
        Path(folder).mkdir()
    deep = write(Path(folders[-1], "deep.pdf"))
    try:
        found, lost = find_files([Path("d")])
    finally:  # what removes folders after tests does not go down so far
        deep.unlink()
        for folder in reversed(folders):
            Path(folder).rmdir()
    assert [file.name for file in found] == ["deep.pdf"]
    assert lost == []


def test_the_folder_we_are_in_has_a_name_in_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (lost,) = find_files([Path()])[1]
    assert (lost.file, lost.warnings) == (".", ("There is no PDF in the folder ..",))


def test_an_empty_path_is_not_the_folder_we_are_in(settings: Settings, tmp_path: Path) -> None:
    result = CliRunner().invoke(ingest_command, [str(tmp_path), ""])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "One is empty. If it was a shell variable, it is not set." in result.stderr
    assert not settings.home.exists()
