"""Files are looked at before they are read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from corpus.hashing import hash_file
from corpus.model import DocumentStatus
from corpus.settings import LimitSettings, Settings
from ingest.pipeline import ingest
from ingest.progress import Progress
from tests.builders import WordEmbedder
from tests.text_reader import read_here


def sparse(path: Path, size: int) -> Path:
    """A file with a hole, which takes no room on the disk."""
    with path.open("wb") as file:
        file.write(b"scan\n")
        file.truncate(size)
    return path


@pytest.mark.parametrize("size", [5, 1_000_000, 1_000_001, 130_000_000])
def test_a_hash_is_the_same_however_it_is_told(tmp_path: Path, size: int) -> None:
    path = sparse(tmp_path / "file.pdf", size)
    shares: list[float] = []
    assert hash_file(path, shares.append) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert shares == pytest.approx([64 / 130, 128 / 130] if size > 10**8 else [])


def test_a_file_that_is_too_large_is_not_even_looked_at(tmp_path: Path) -> None:
    path = sparse(tmp_path / "huge.pdf", 12_000_000_000)
    seen: list[Progress] = []
    report = ingest(
        [path],
        settings=Settings(home=tmp_path / "home"),
        on_progress=seen.append,
        embedder=WordEmbedder(),
        read=read_here,
    )
    (file,) = report.files
    assert (file.file, file.status) == ("huge.pdf", DocumentStatus.TOO_LARGE)
    assert "has 12000 MB; the limit is 200 MB. Raise the setting" in file.warnings[0]
    assert not any("huge" in progress.file for progress in seen)


def test_a_look_at_large_files_is_told(tmp_path: Path) -> None:
    paths = [sparse(tmp_path / name, 130_000_000) for name in ("one.pdf", "two.pdf")]
    seen: list[Progress] = []
    ingest(
        paths,
        settings=Settings(home=tmp_path / "home", limits=LimitSettings(max_file_mb=500)),
        on_progress=seen.append,
        embedder=WordEmbedder(),
        read=read_here,
    )
    looked = [now for now in seen if now.file.startswith("looking at")]
    assert [(now.file, now.files_done, now.files) for now in looked] == [
        ("looking at one.pdf", 0, 2),
        ("looking at one.pdf (49%)", 0, 2),
        ("looking at one.pdf (98%)", 0, 2),
        ("looking at two.pdf", 1, 2),
        ("looking at two.pdf (49%)", 1, 2),
        ("looking at two.pdf (98%)", 1, 2),
    ]
