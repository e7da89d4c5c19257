"""Commands that change the library tell what takes long, as `guide ingest` does."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest import progress
from ingest.cli import commands
from ingest.progress import OnProgress, Progress
from tests.packed_library import EMBEDDER, add, guide, unit_vectors


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Progress]:
    """What is told, in the place of a bar that is drawn on terminals only."""
    told: list[Progress] = []

    @contextlib.contextmanager
    def bar(_: object) -> Iterator[OnProgress]:
        yield told.append

    monkeypatch.setattr(progress, "progress_bar", bar)
    return told


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A library whose documents are worth a pack and have none yet."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    home = tmp_path / "home"
    monkeypatch.setenv("GUIDE_HOME", str(home))
    writer = IndexWriter.open(Settings(home=home), embedder=EMBEDDER)
    for number in range(17):
        add(writer, guide(number, 2), unit_vectors(2, seed=number))
    writer.close()
    yield home
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


def run(*arguments: str) -> None:
    program = click.Group("guide", commands={command.name or "": command for command in commands})
    result = CliRunner().invoke(program, list(arguments))
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    "arguments", [("remove", "guide-3"), ("set", "guide-3", "--title", "Another title")]
)
def test_removing_and_correcting_tell_of_packing(
    home: Path, seen: list[Progress], arguments: tuple[str, ...]
) -> None:
    run("documents", *arguments)
    assert [now.file for now in seen] == ["packing vectors for search (1 of 1)"]


def test_copying_tells_how_far_it_is_and_of_packing(
    home: Path, seen: list[Progress], chroma_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_STORE__URL", chroma_server)
    run("documents", "copy")
    assert [now.pages_done for now in seen[:17]] == [2 * (n + 1) for n in range(17)]
    assert {now.files for now in seen} == {17}
    assert [now.file for now in seen[17:]] == ["packing vectors for search (1 of 1)"]
