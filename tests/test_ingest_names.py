"""Files with names that are no text."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.settings import Settings, load_settings
from ingest.cli import documents_command, ingest_command
from ingest.naming import name_of, shown, stem_of
from ingest.pipeline import ingest
from ingest.workers import read_files
from tests.builders import WordEmbedder
from tests.raw_pdf import write_pdf
from tests.test_ingest_cli import settings
from tests.text_reader import open_pdf_reader

__all__ = ["settings"]  # a fixture

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")

BAD = b"guide \xe9 \x1b[31m\n2026"
SEEN = "guide \ufffd \ufffd[31m\ufffd2026"


def badly_named(folder: Path, content: bytes = b"") -> Path:
    """A file in a folder, both with such a name."""
    inner = folder / os.fsdecode(BAD)
    inner.mkdir()
    path = inner / os.fsdecode(BAD + b".pdf")
    if content:
        path.write_bytes(content)
    else:
        write_pdf(path)
    return path


def test_names_are_text() -> None:
    path = Path(os.fsdecode(b"/a/" + BAD + b".pdf"))
    assert name_of(path) == f"{SEEN}.pdf"
    assert stem_of(path) == SEEN
    assert shown(path) == f"/a/{SEEN}.pdf"
    assert name_of(Path("οδηγός 2026 – é.pdf")) == "οδηγός 2026 – é.pdf"


@pytest.mark.parametrize("whole_folder", [True, False])
def test_such_a_file_is_read_and_listed(
    tmp_path: Path, settings: Settings, *, whole_folder: bool
) -> None:
    path = badly_named(tmp_path)
    report = ingest(
        [path.parent if whole_folder else path],
        settings=settings,
        jobs=1,
        embedder=WordEmbedder(),
        read=partial(read_files, reader=open_pdf_reader),
    )
    (file,) = report.files
    assert (file.file, file.status) == (f"{SEEN}.pdf", "indexed")
    (listed,) = json.loads(CliRunner().invoke(documents_command, ["--json"]).stdout)["documents"]
    assert (listed["file"], listed["document_id"]) == (f"{SEEN}.pdf", file.document_id)
    assert SEEN in CliRunner().invoke(documents_command, []).stdout


def test_such_a_file_that_cannot_be_read_is_named_and_remembered(
    tmp_path: Path, settings: Settings
) -> None:
    path = badly_named(tmp_path, b"%PDF-1.7 and no more")
    (path.parent / "empty").mkdir()
    gone = path.with_name(os.fsdecode(BAD))
    for more in ([], [str(gone), "--json"]):
        result = CliRunner().invoke(ingest_command, [str(path.parent), *more])
        assert result.exit_code == 1, result.exception
        assert f"guide: {SEEN}.pdf: damaged. {SEEN}.pdf is damaged" in result.stderr
    assert f"There is no file or folder {tmp_path / SEEN / SEEN}." in result.stderr
    files = json.loads(result.stdout)["files"]
    assert [file["file"] for file in files] == [f"{SEEN}.pdf", SEEN]
    assert load_settings().home == settings.home
    assert f"Not in the library: {SEEN}.pdf" in CliRunner().invoke(documents_command, []).stdout
    path.unlink()
    result = CliRunner().invoke(ingest_command, [str(path.parent)])
    assert f"There is no PDF in the folder {tmp_path / SEEN}." in result.stderr
