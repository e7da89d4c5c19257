"""The contract of vector stores: the exact one in memory, Chroma in a folder, a Chroma server."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from corpus.chroma import ChromaStore, open_chroma
from corpus.embedding import Vectors
from corpus.errors import LibraryError, SettingsError
from corpus.index import Index
from corpus.packing import pack_boxes
from corpus.settings import Settings, StoreSettings
from corpus.store import Hit, MemoryStore, VectorStore
from corpus.writer import IndexWriter
from tests import builders
from tests.builders import WordEmbedder, make_boxes, make_document, make_pdf

DIMENSION = 24


unit_vectors = partial(builders.unit_vectors, dimension=DIMENSION)


@pytest.fixture(params=["memory", "folder", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorStore]:
    opened: VectorStore
    if request.param == "memory":
        opened = MemoryStore()
    elif request.param == "folder":
        opened = open_chroma(tmp_path, url="", library_id="test")
    else:
        url = request.getfixturevalue("chroma_server")
        opened = open_chroma(tmp_path, url=url, library_id=tmp_path.name)
    yield opened
    opened.close()


def fill(store: VectorStore, document_id: str, count: int, *, seed: int = 0) -> Vectors:
    vectors = unit_vectors(count, seed=seed)
    store.add(document_id, [f"{document_id}:{n:04}" for n in range(count)], vectors)
    return vectors


def nearest(
    store: VectorStore, query: Vectors, *, top_k: int, document_ids: Collection[str] | None = None
) -> list[Hit]:
    (hits,) = store.search(query.reshape(1, -1), top_k=top_k, document_ids=document_ids)
    return hits


def test_an_empty_store_finds_nothing(store: VectorStore) -> None:
    assert nearest(store, unit_vectors(1)[0], top_k=5) == []
    assert nearest(store, unit_vectors(1)[0], top_k=5, document_ids=["a"]) == []
    assert store.count() == 0
    assert store.count("a") == 0
    store.remove("a")


def test_search_gives_the_nearest_first_with_their_cosine(store: VectorStore) -> None:
    vectors = fill(store, "a", 30)
    query = unit_vectors(1, seed=9)[0]
    hits = nearest(store, query, top_k=7)
    cosines = vectors @ query
    best = np.argsort(-cosines)[:7]
    assert [hit.chunk_id for hit in hits] == [f"a:{n:04}" for n in best]
    assert [hit.score for hit in hits] == pytest.approx(cosines[best].tolist(), abs=1e-5)


def test_more_may_be_asked_for_than_there_is(store: VectorStore) -> None:
    fill(store, "a", 3)
    assert len(nearest(store, unit_vectors(1)[0], top_k=50)) == 3


def test_several_vectors_are_searched_each_for_itself(store: VectorStore) -> None:
    fill(store, "a", 30)
    fill(store, "b", 30, seed=1)
    queries = unit_vectors(3, seed=9)
    together = store.search(queries, top_k=7)
    assert together == [nearest(store, query, top_k=7) for query in queries]
    assert store.search(queries, top_k=7, document_ids=[]) == [[], [], []]


def test_a_document_of_one_chunk(store: VectorStore) -> None:
    fill(store, "a", 1)
    assert [hit.chunk_id for hit in nearest(store, unit_vectors(1)[0], top_k=2)] == ["a:0000"]


def test_ties_go_by_chunk_id(store: VectorStore) -> None:
    axis = np.eye(1, DIMENSION, dtype=np.float32)  # no rounding, so the scores are equal
    store.add("b", ["b:1", "b:0"], np.repeat(axis, 2, axis=0))
    store.add("a", ["a:1"], axis)
    hits = nearest(store, axis[0], top_k=3)
    assert [hit.chunk_id for hit in hits] == ["a:1", "b:0", "b:1"]


def test_only_the_documents_asked_for(store: VectorStore) -> None:
    for seed, name in enumerate(("a", "b", "c")):
        fill(store, name, 20, seed=seed)
    query = unit_vectors(1, seed=9)[0]
    found = {hit.chunk_id[0] for hit in nearest(store, query, top_k=40, document_ids=["a", "c"])}
    assert found == {"a", "c"}
    everything = [hit for hit in nearest(store, query, top_k=60) if hit.chunk_id[0] != "b"]
    some = nearest(store, query, top_k=60, document_ids=["c", "a", "a"])
    assert [hit.chunk_id for hit in some] == [hit.chunk_id for hit in everything]
    assert nearest(store, query, top_k=5, document_ids=["none"]) == []
    assert nearest(store, query, top_k=5, document_ids=[]) == []


def test_adding_again_replaces(store: VectorStore) -> None:
    fill(store, "a", 4)
    vectors = fill(store, "a", 4, seed=5)
    assert store.count("a") == 4
    (hit,) = nearest(store, vectors[2], top_k=1)
    assert hit.chunk_id == "a:0002"
    assert hit.score == pytest.approx(1.0, abs=1e-5)


def test_a_document_may_come_in_parts(store: VectorStore) -> None:
    vectors = unit_vectors(150)
    ids = [f"a:{n:04}" for n in range(150)]
    store.add("a", ids[:10], vectors[:10])
    store.add("a", ids[10:], vectors[10:])
    store.add("a", [], vectors[:0])
    assert store.count("a") == 150
    for n in (3, 77, 149):
        assert nearest(store, vectors[n], top_k=1)[0].chunk_id == ids[n]


def test_removing_leaves_what_is_to_be_kept(store: VectorStore) -> None:
    fill(store, "a", 20)
    fill(store, "b", 5, seed=1)
    keep = ["a:0003", "a:0019"]
    store.remove("a", keep=keep)
    assert (store.count("a"), store.count("b"), store.count()) == (2, 5, 7)
    hits = nearest(store, unit_vectors(1)[0], top_k=9, document_ids=["a"])
    assert sorted(hit.chunk_id for hit in hits) == keep
    store.remove("a")
    assert (store.count("a"), store.count()) == (0, 5)
    fill(store, "a", 2)
    assert store.count("a") == 2


def test_vectors_come_back_in_the_order_asked_for(store: VectorStore) -> None:
    vectors = fill(store, "one", 5)
    fill(store, "two", 2, seed=1)
    ids = [f"one:{n:04}" for n in (3, 0, 4)]
    assert np.allclose(store.vectors("one", ids), vectors[[3, 0, 4]], atol=1e-6)
    for document_id, chunk_ids in (
        ("one", ["one:0000", "one:0009"]),
        ("two", ["one:0000"]),
        ("none", ["one:0000"]),
    ):
        with pytest.raises(LibraryError, match="guide documents copy"):
            store.vectors(document_id, chunk_ids)


def test_document_ids_of_any_kind(store: VectorStore) -> None:
    names = ["x", "Οδηγός 2025 / β", "a" * 600]
    for name in names:
        fill(store, name, 2)
        assert store.count(name) == 2
    assert sorted(store.documents()) == sorted(names)


# --- Chroma alone ---


def test_more_vectors_than_one_call_takes(tmp_path: Path) -> None:
    store = open_chroma(tmp_path, url="", library_id="test")
    count = store._client.get_max_batch_size() + 10
    vectors = unit_vectors(count, dimension=4)
    store.add("a", [f"a:{n}" for n in range(count)], vectors)
    assert store.count("a") == count
    store.remove("a", keep=["a:7"])
    assert store.count("a") == 1
    store.close()


def test_what_was_added_is_there_after_reopening(tmp_path: Path) -> None:
    store = open_chroma(tmp_path, url="", library_id="test")
    vectors = fill(store, "a", 120)
    store.close()
    again = open_chroma(tmp_path, url="", library_id="test")
    assert nearest(again, vectors[100], top_k=1)[0].chunk_id == "a:0100"
    other = open_chroma(tmp_path, url="", library_id="other")
    assert other.count() == 0
    other.close()
    again.close()


def test_a_document_removed_elsewhere_is_no_error(tmp_path: Path) -> None:
    reader = open_chroma(tmp_path, url="", library_id="test")
    writer = open_chroma(tmp_path, url="", library_id="test")
    vectors = fill(writer, "a", 5)
    assert reader.count("a") == 5
    writer.remove("a")
    assert nearest(reader, vectors[0], top_k=3, document_ids=["a"]) == []
    assert nearest(reader, vectors[0], top_k=3, document_ids=["a"]) == []
    fill(writer, "a", 2)
    assert len(nearest(reader, vectors[0], top_k=3, document_ids=["a"])) == 2
    reader.close()
    writer.close()


def clustered(count: int, *, seed: int) -> Vectors:
    """Vectors like those of passages: near a few topics, all in one half of the space."""
    random = np.random.default_rng(seed)
    topics = np.random.default_rng(1).standard_normal((60, 384))
    shift = np.random.default_rng(2).standard_normal(384)
    rows = topics[random.integers(0, 60, count)] + random.standard_normal((count, 384)) + shift
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def recall_at_10(store: ChromaStore, exact: MemoryStore, queries: Vectors) -> float:
    found = 0
    for query in queries:
        best = {hit.chunk_id for hit in nearest(exact, query, top_k=10)}
        found += len(best & {hit.chunk_id for hit in nearest(store, query, top_k=10)})
    return found / (10 * len(queries))


def test_approximate_search_finds_what_exact_search_finds(tmp_path: Path) -> None:
    store, exact = open_chroma(tmp_path, url="", library_id="test"), MemoryStore()
    for name in ("a", "b"):
        vectors = clustered(1500, seed=ord(name))
        ids = [f"{name}:{n}" for n in range(len(vectors))]
        store.add(name, ids, vectors)
        exact.add(name, ids, vectors)
    assert recall_at_10(store, exact, clustered(50, seed=7)) >= 0.99
    store.close()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("in the way")
    with pytest.raises(LibraryError, match="chroma"):
        open_chroma(tmp_path, url="", library_id="test")


def test_a_broken_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database " * 1000)
    with pytest.raises(LibraryError, match=r"move .*chroma away and run `guide ingest --rebuild`"):
        open_chroma(tmp_path, url="", library_id="test")


def test_a_database_held_by_another_process_is_named(tmp_path: Path) -> None:
    open_chroma(tmp_path, url="", library_id="test").close()
    database = tmp_path / "chroma" / "chroma.sqlite3"
    # In processes of their own: one that has Chroma open already must not look (see the code), and
    # Chroma may close the file after `close` returns, which gives up this process's locks on it.
    hold = (
        "import sqlite3, sys\n"
        "held = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "held.execute('BEGIN EXCLUSIVE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()"
    )
    look = (
        "import sys; from pathlib import Path; from corpus.chroma import open_chroma\n"
        "from corpus.errors import LibraryLockedError\n"
        "try:\n    open_chroma(Path(sys.argv[1]), url='', library_id='x', busy_timeout_s=0.1)\n"
        "except LibraryLockedError as error:\n    print(error)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done = subprocess.run(
            [sys.executable, "-c", look, str(tmp_path)],
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        holder.communicate()
    assert "is held by another process" in done.stdout


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="chroma run"):
        open_chroma(tmp_path, url="http://127.0.0.1:9", library_id="test")


@pytest.mark.parametrize(
    "url", ["localhost:8000", "ftp://x", "http://", "http://x:y", "http://x/p"]
)
def test_an_address_that_is_none_is_a_wrong_setting(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"store\.url"):
        open_chroma(tmp_path, url=url, library_id="test")


def test_a_library_finds_the_same_in_a_folder_and_on_a_server(
    chroma_server: str, tmp_path: Path
) -> None:
    embedder = WordEmbedder()
    documents = [
        make_document(f"guide-{year}-en", year=year, pages=[f"Page {n}" for n in range(60)])
        for year in (2025, 2026)
    ]
    queries = unit_vectors(12, seed=9, dimension=embedder.dimension)
    found: list[list[tuple[str, ...]]] = []
    for url in ("", chroma_server):
        settings = Settings(home=tmp_path / f"home-{bool(url)}", store=StoreSettings(url=url))
        writer = IndexWriter.open(settings, embedder=embedder)
        # Readers that are open already see what comes, as several processes of the API do.
        readers = [Index.open(settings, embedder=embedder) for _ in range(2)]
        for document in documents:
            year = document.edition.year or 0
            vectors = unit_vectors(60, seed=year, dimension=embedder.dimension)
            boxes = pack_boxes(document, make_boxes(document))
            writer.save(document, vectors, boxes, make_pdf(tmp_path, document))
        for reader in readers:
            tens = reader.dense_search(queries, top_k=10)
            found.append([tuple(hit.chunk_id for hit in ten) for ten in tens])
            reader.close()
        writer.close()
    assert len(found) == 4
    assert all(tens == found[0] for tens in found)
    assert all(len(ten) == 10 for ten in found[0])


def test_vectors_are_copied_to_a_server_and_back(chroma_server: str, tmp_path: Path) -> None:
    embedder = WordEmbedder()
    home = tmp_path / "home"
    there = Settings(home=home, store=StoreSettings(url=chroma_server))
    here = Settings(home=home)
    document = make_document("guide", pages=[f"Page {n}" for n in range(60)])
    vectors = unit_vectors(60, seed=3, dimension=embedder.dimension)
    queries = unit_vectors(12, seed=9, dimension=embedder.dimension)

    def found(settings: Settings) -> list[list[str]]:
        with contextlib.closing(Index.open(settings, embedder=embedder)) as index:
            tens = index.dense_search(queries, top_k=10)
            return [[hit.chunk_id for hit in ten] for ten in tens]

    def copied(settings: Settings, source: str) -> list[str]:
        taken: list[str] = []
        with contextlib.closing(IndexWriter.open(settings, embedder=embedder)) as writer:
            writer.take_vectors(source, lambda record: taken.append(record.id))
        return taken

    with contextlib.closing(IndexWriter.open(here, embedder=embedder)) as writer:
        boxes = pack_boxes(document, make_boxes(document))
        writer.save(document, vectors, boxes, make_pdf(tmp_path, document))
    first = found(here)
    with pytest.raises(LibraryError, match=r"vectors of guide .*`guide documents copy`"):
        found(there)
    with pytest.raises(LibraryError, match="vectors of guide are in the vector store of http"):
        copied(here, chroma_server)
    assert copied(there, "") == copied(there, "") == ["guide"]
    assert found(there) == first
    for same, source in ((here, ""), (there, f"{chroma_server}/")):
        with pytest.raises(SettingsError, match="--from"):
            copied(same, source)
    assert copied(here, chroma_server) == ["guide"]
    assert found(here) == first
