"""`guide ingest` and `guide documents` as a person or a script uses them."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from corpus.embedders import embedder_fingerprint
from corpus.hashing import hash_file
from corpus.index import Index
from corpus.model import DocumentStatus
from corpus.records import Failure
from corpus.settings import Settings, load_settings
from corpus.writer import IndexWriter
from ingest.cli import commands
from ingest.progress import Progress, progress_bar
from tests.builders import WordEmbedder, make_document, make_pdf

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path / "home"))
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield load_settings()
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


def guide(*arguments: str | Path) -> Result:
    program = click.Group("guide", commands={command.name or "": command for command in commands})
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def printed(result: Result) -> Any:
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def fill(settings: Settings) -> None:
    """A library with two documents and a failure, made with the embedder of the settings."""
    embedder = WordEmbedder()
    embedder.fingerprint = embedder_fingerprint(settings)
    writer = IndexWriter.open(settings, embedder=embedder)
    folder = settings.home.parent
    for document in (
        make_document("a-guide", title="Guide A", file="a.pdf"),
        make_document("notes", year=None, programme=None, version=None, title="Notes"),
    ):
        path = make_pdf(folder, document)
        known = replace(document, sha256=hash_file(path))
        vectors = embedder.embed_passages([chunk.text for chunk in document.chunks])
        writer.save(known, vectors, {}, path)
    writer.remember_failure(
        Failure(
            file="scan.pdf",
            sha256="0" * 64,
            status=DocumentStatus.NEEDS_OCR,
            reason="No page has text.",
            read_by="",
        )
    )
    writer.close()


def test_ingest_wants_a_path(settings: Settings) -> None:
    result = guide("ingest")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Name a PDF file or a folder." in result.stderr
    assert guide("ingest", "--jobs", "0", "x").exit_code == 2


def test_a_missing_file_is_named_with_code_1(settings: Settings, tmp_path: Path) -> None:
    result = guide("ingest", tmp_path / "nowhere.pdf", "--json")
    assert result.exit_code == 1
    assert printed(result)["files"] == [
        {
            "file": "nowhere.pdf",
            "status": "missing",
            "document_id": None,
            "pages": 0,
            "sections": 0,
            "tables": 0,
            "chunks": 0,
            "warnings": [f"There is no file or folder {tmp_path / 'nowhere.pdf'}."],
            "seconds": 0.0,
        }
    ]
    assert "guide: nowhere.pdf: missing. There is no file or folder" in result.stderr


def test_a_folder_without_a_pdf_is_named_with_code_1(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = guide("ingest", tmp_path / "empty")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is no PDF in the folder" in result.stderr


def test_a_locked_library_is_named_with_code_1(settings: Settings, tmp_path: Path) -> None:
    writer = IndexWriter.open(settings, embedder=WordEmbedder())
    for arguments in (["ingest", tmp_path], ["documents", "remove", "x"]):
        result = guide(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("guide: Another process is writing to the library")
    assert guide("documents").exit_code == 0
    writer.close()


def test_a_data_folder_that_cannot_be_used_is_named_with_code_1(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path / "file" / "home"))
    for arguments in (["ingest", "x.pdf"], ["documents"], ["documents", "remove", "x"]):
        result = guide(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "GUIDE_HOME" in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_broken_ledger_is_named_with_code_1(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "ledger.sqlite3").write_bytes(b"broken " * 1000)
    result = guide("documents", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "ledger.sqlite3 is damaged" in result.stderr


def test_documents_of_an_empty_library(settings: Settings) -> None:
    result = guide("documents")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "guide ingest PATH" in result.stderr
    assert printed(guide("documents", "--json")) == {"documents": []}


def test_documents_are_listed(settings: Settings) -> None:
    fill(settings)
    assert printed(guide("documents", "--json"))["documents"] == [
        {
            "document_id": "a-guide",
            "file": "a.pdf",
            "title": "Guide A",
            "programme": "Erasmus+",
            "year": 2026,
            "version": "1",
            "date": "2025-11-12",
            "language": "en",
            "official": True,
            "corrected": [],
            "pages": 1,
            "chunks": 1,
            "status": "indexed",
        },
        {
            "document_id": "notes",
            "file": "notes.pdf",
            "title": "Notes",
            "programme": None,
            "year": None,
            "version": None,
            "date": None,
            "language": "en",
            "official": True,
            "corrected": [],
            "pages": 1,
            "chunks": 1,
            "status": "indexed",
        },
    ]
    shown = guide("documents").stdout
    assert "Guide A [en], 1 pages, 1 passages, indexed, from a.pdf" in shown
    assert "Not in the library: scan.pdf: needs OCR. No page has text." in shown


def test_documents_can_be_removed(settings: Settings) -> None:
    fill(settings)
    result = guide("documents", "remove", "notes")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Removed notes.\n")
    listed = printed(guide("documents", "--json"))["documents"]
    assert [document["document_id"] for document in listed] == ["a-guide"]
    result = guide("documents", "remove", "notes")
    assert result.exit_code == 2
    assert "no document notes" in result.stderr
    assert guide("documents", "remove").exit_code == 2


def test_an_edition_is_corrected_and_stays_so(settings: Settings) -> None:
    fill(settings)
    values = {
        "title": "Notes on Horizon 2027",
        "programme": "Horizon Europe",
        "year": 2027,
        "version": "2.1",
        "date": "2026-12-01",
        "language": "el",
    }
    options = [part for name, value in values.items() for part in (f"--{name}", str(value))]
    shown = printed(guide("documents", "set", "notes", *options, "--json"))
    assert shown["corrected"] == list(values)
    assert {name: shown[name] for name in values} == values
    index = Index.open(settings, check=False)
    try:
        assert index.document("notes").edition.title == "Notes on Horizon 2027"
        text = index.document("notes").chunks[0].text
        assert index.lexical_search(text, language="el", top_k=3)
        assert not index.lexical_search("2027", language="en", top_k=3)
        path, fingerprint = index.pdf_path("notes"), index.fingerprint
        embedder = WordEmbedder()
        embedder.fingerprint = embedder_fingerprint(settings)
        again = replace(make_document("notes", title="Notes"), sha256=hash_file(path))
        again_path = settings.home.parent / "again.pdf"
        again_path.write_bytes(path.read_bytes())
        guide("documents", "remove", "notes")
        with contextlib.closing(IndexWriter.open(settings, embedder=embedder)) as writer:
            assert writer.corrected(again).edition.year == 2027
            vectors = embedder.embed_passages([chunk.text for chunk in again.chunks])
            writer.save(again, vectors, {}, again_path)
        assert index.document("notes").edition.title == "Notes on Horizon 2027"
        guide("documents", "set", "notes", "--none", "year", "--none", "programme")
        assert index.document("notes").edition.year is None
        assert index.document("notes").edition.version == "2.1"
        assert index.fingerprint != fingerprint
    finally:
        index.close()
    result = guide("documents", "set", "notes", "--as-read")
    assert (result.exit_code, "corrected" in result.stdout) == (0, False)
    shown = printed(guide("documents", "--json"))["documents"][1]
    assert (shown["title"], shown["year"], shown["corrected"]) == ("Notes", 2026, [])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Name what to correct"),
        (["--year", "2026", "--as-read"], "--as-read alone"),
        (["--year", "2026", "--none", "year"], "contradict each other"),
        (["--year", "26"], "26"),
        (["--title", "  "], "It is empty"),
        (["--language", "Greek"], "not a code of a language"),
        (["--date", "1/2/2026"], "1/2/2026"),
    ],
)
def test_a_correction_that_makes_no_sense_is_wrong_use(
    settings: Settings, options: list[str], said: str
) -> None:
    fill(settings)
    result = guide("documents", "set", "notes", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_only_a_document_of_the_library_can_be_corrected(settings: Settings) -> None:
    fill(settings)
    result = guide("documents", "set", "nothing", "--year", "2026")
    assert result.exit_code == 2
    assert "no document nothing" in result.stderr


def test_an_unchanged_run_loads_no_model_and_prints_the_report(settings: Settings) -> None:
    fill(settings)
    program = (
        "import sys, click, ingest.cli as cli\n"
        "try:\n    click.Group('guide', commands={c.name: c for c in cli.commands})()\n"
        "finally:\n    print(sorted({'torch', 'onnxruntime', 'chromadb', 'transformers'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "ingest", settings.home.parent / "a.pdf", "--json"],
        cwd=PROJECT,
        env={**os.environ, "GUIDE_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = json.loads(done.stdout)["files"]
    assert (file["status"], file["document_id"]) == ("unchanged", "a-guide")
    assert done.stderr.strip().endswith("[]")
    assert "DEBUG" not in done.stderr


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, ingest.cli\n"
        "heavy = {'numpy', 'pydantic', 'rich', 'chromadb', 'sqlite3', 'pypdf', 'filelock'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_bar_shows_pages_rate_and_time_left() -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=140)
    with progress_bar(screen) as show:
        now = Progress(files=3, files_done=1, pages=200, pages_done=0.0, file="[b] guide.pdf")
        for done in range(0, 120, 20):
            show(replace(now, pages_done=float(done)))
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    for part in ("file 2 of 3", "100 of 200 pages", "pages/s", "[b] guide.pdf"):
        assert part in shown


def test_without_a_terminal_there_is_no_bar() -> None:
    screen = Console(file=io.StringIO(), force_terminal=False)
    with progress_bar(screen) as show:
        show(Progress(files=1, files_done=0, pages=1, pages_done=0.0, file="x"))
    assert isinstance(screen.file, io.StringIO)
    assert screen.file.getvalue() == ""


def test_a_real_guide_is_taken_in_found_and_known_again(
    settings: Settings, starter: Path, model_home: Path
) -> None:
    settings.home.mkdir()
    (settings.home / "models").symlink_to(model_home / "models")
    (model_home / "models").mkdir(exist_ok=True)
    first = guide("ingest", starter / "ects_en.pdf", "--json")
    assert first.exit_code == 0, first.stderr
    (file,) = printed(first)["files"]
    assert file["status"] == "indexed"
    assert file["pages"] > 5
    assert file["chunks"] > 20
    index = Index.open(settings)
    try:
        vector = index.embedder().embed_queries(["What is one credit worth?"])
        (near,) = index.dense_search(vector, top_k=5)
        worded = index.lexical_search("workload of one credit", language="en", top_k=5)
        for hit in (*near, *worded):
            ((document, chunk),) = index.chunks([hit.chunk_id])
            assert chunk.text == document.text[chunk.span.start : chunk.span.end]
        assert index.boxes(document.id, 1)
        assert index.pdf_path(document.id).read_bytes() == (starter / "ects_en.pdf").read_bytes()
    finally:
        index.close()
    (again,) = printed(guide("ingest", starter / "ects_en.pdf", "--json"))["files"]
    assert (again["status"], again["document_id"]) == ("unchanged", file["document_id"])


def test_vectors_are_copied_from_another_store(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = guide("documents", "copy")
    assert result.exit_code == 2
    assert "--from names" in result.stderr
    monkeypatch.setenv("GUIDE_STORE__URL", "http://127.0.0.1:9")
    result = guide("documents", "copy")
    assert result.exit_code == 1
    assert "`chroma run`" in result.stderr
