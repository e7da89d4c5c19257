"""A vector store that cannot be used says what to do, and that mends it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from chromadb.errors import InternalError

from corpus.chroma import _explained, _refuse_if_held, open_chroma
from corpus.errors import LibraryError
from corpus.settings import Settings


def test_a_database_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path.joinpath(*["a name that is too long for SQLite" for _ in range(16)])
    database = home / "chroma" / "chroma.sqlite3"
    database.parent.mkdir(parents=True)
    database.write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.delitem(sys.modules, "chromadb", raising=False)  # one that has it open does not look
        _refuse_if_held(database, 0.1)
    with pytest.raises(LibraryError, match="Check the permissions"):
        open_chroma(home, url="", library_id="test")


def test_a_full_disk_is_named_whatever_chroma_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def error() -> str:
        with pytest.raises(LibraryError) as raised, _explained(str(tmp_path)):
            raise InternalError("Error in compaction: failed to apply logs")
        return str(raised.value)

    assert "guide ingest --rebuild" in error()
    free = shutil.disk_usage(tmp_path)._replace(free=3_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    assert "is full (3 MB are free): Error in compaction" in error()
    assert "away" not in error()


def test_a_store_that_was_damaged_is_opened_as_soon_as_it_is_mended(tmp_path: Path) -> None:
    open_chroma(tmp_path, url="", library_id="test").close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    right = database.read_bytes()
    database.write_bytes(b"no database " * 1000)
    for _ in range(3):
        with pytest.raises(LibraryError, match="file is not a database"):
            open_chroma(tmp_path, url="", library_id="test")
    database.write_bytes(right)
    for _ in range(2):
        store = open_chroma(tmp_path, url="", library_id="test")
        assert store.documents() == []
        store.close()


def test_a_damaged_store_is_mended_as_its_message_says(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    files = [tmp_path / f"{number}.pdf" for number in range(17)]
    for number, file in enumerate(files):
        file.write_text(f"who may apply for grant {number}\fdeadline")
    program = (
        "import sys; from pathlib import Path; from tests.text_reader import read_here\n"
        "from corpus.errors import LibraryError; from corpus.index import Index\n"
        "from corpus.settings import Settings; from ingest.pipeline import ingest\n"
        "from tests.builders import WordEmbedder\n"
        "settings, words = Settings(home=Path(sys.argv[1])), WordEmbedder()\n"
        "rebuild, paths = sys.argv[2] == 'rebuild', [Path(path) for path in sys.argv[3:]]\n"
        "try:\n"
        "    done = ingest(paths, settings=settings, rebuild=rebuild, embedder=words,\n"
        "        read=read_here)\n"
        "    assert not done.failed, done\n"
        "    index = Index.open(settings, embedder=words)\n"
        "    hits = index.dense_search(words.embed_queries(['grant']), top_k=50)[0]\n"
        "    print(len(hits), len(index._ledger.packs()))\n"
        "except LibraryError as error:\n    print(error)\n"
    )

    def run(how: str, *paths: Path) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, str(settings.home), how, *map(str, paths)],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("add", *files) == "34 1\n"
    store = settings.home / "chroma"
    (store / "chroma.sqlite3").write_bytes(b"nonsense" * 5000)
    assert f"move {store} away and run `guide ingest --rebuild`" in run("add", *files)
    store.rename(tmp_path / "away")
    assert run("rebuild") == "34 1\n"
