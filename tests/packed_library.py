"""A library whose documents are packed after four, and what an exact search finds in it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from corpus.embedding import Vectors
from corpus.index import Index
from corpus.model import Document
from corpus.packing import pack_boxes
from corpus.records import DocumentRecord
from corpus.settings import Settings
from corpus.store import Hit, MemoryStore, VectorStore
from corpus.writer import IndexWriter
from tests import builders
from tests.builders import WordEmbedder, make_document, make_pdf

EMBEDDER = WordEmbedder()
CHUNKS = 20


unit_vectors = partial(builders.unit_vectors, dimension=EMBEDDER.dimension)


def open_writer(settings: Settings) -> IndexWriter:
    """A writer that packs four documents."""
    writer = IndexWriter.open(settings, embedder=EMBEDDER)
    writer.fewest_packed = 4
    return writer


def guide(number: int, chunks: int = CHUNKS) -> Document:
    """One of any number of documents."""
    return make_document(f"guide-{number}", pages=[f"{number} on page {n}" for n in range(chunks)])


def add(writer: IndexWriter, document: Document, vectors: Vectors) -> DocumentRecord:
    """Saves a document with given vectors."""
    source = make_pdf(writer._home, document)
    return writer.save(document, vectors, pack_boxes(document, ()), source)


def fill(writer: IndexWriter, numbers: Iterable[int]) -> None:
    """Saves documents and ends the run."""
    for number in numbers:
        add(writer, guide(number), unit_vectors(CHUNKS, seed=number))
    writer.refresh()


def exact(index: Index) -> MemoryStore:
    """All vectors that the library holds, searched exactly."""
    found = MemoryStore()
    for record in index.records():
        ids = [chunk.id for chunk in index.document(record.id).chunks]
        if ids:
            found.add(record.id, ids, index._open_store().vectors(str(record.row), ids))
    return found


def ids_of(hits: Sequence[Sequence[Hit]]) -> list[list[str]]:
    """Chunk ids alone."""
    return [[hit.chunk_id for hit in some] for some in hits]


def same_as_exact(
    index: Index,
    *,
    top_k: int = 7,
    document_ids: Collection[str] | None = None,
    everything: MemoryStore | None = None,
) -> bool:
    """Whether three questions find what an exact search finds, with the same scores.

    Args:
        index: searched.
        top_k, document_ids: see `Index.dense_search`.
        everything: of `exact`, made where None.
    """
    queries = unit_vectors(3, seed=99)
    found = index.dense_search(queries, top_k=top_k, document_ids=document_ids)
    best = (everything or exact(index)).search(queries, top_k=top_k, document_ids=document_ids)
    near = all(
        abs(hit.score - other.score) < 1e-5
        for hits, others in zip(found, best, strict=True)
        for hit, other in zip(hits, others, strict=True)
    )
    return near and ids_of(found) == ids_of(best)


class Watched:
    """A store that remembers which collections were searched."""

    def __init__(self, store: VectorStore) -> None:
        self.searched: list[str] = []
        self._store = store

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str] | None = None
    ) -> list[list[Hit]]:
        self.searched += sorted(document_ids or ())
        return self._store.search(vectors, top_k=top_k, document_ids=document_ids)


def searched(index: Index, document_ids: Collection[str] | None = None) -> list[str]:
    """Which collections a search asks."""
    store = index._open_store()
    watched = Watched(store)
    index._store.opened = watched  # type: ignore[assignment]  # it passes on what is no `search`
    index.dense_search(unit_vectors(1, seed=99), top_k=5, document_ids=document_ids)
    index._store.opened = store
    return watched.searched


def packs_held(index: Index) -> list[str]:
    """Packs in the store, complete or not."""
    return sorted(name for name in index._open_store().documents() if not name.isdigit())


def settings_of(folder: Path, url: str = "") -> Settings:
    """Settings of a data folder, with its vectors there or on a server."""
    return Settings.model_validate({"home": folder, "store": {"url": url}})


Found = list[list[str]]
"""Ids of the nearest chunks for each of three queries."""


def search_on_request(home: Path, pipe: Connection, told: Callable[[Any, Found], object]) -> None:
    """Body of a process that reads.

    Args:
        home: the data folder.
        pipe: "new" has the library looked at anew before the search, "end" ends it.
        told: what is sent of what is known of the library, and of what was found.
    """
    queries = unit_vectors(3, seed=99)
    with closing(Index.open(Settings(home=home), embedder=EMBEDDER)) as index:
        kept = index._current()
        while (asked := pipe.recv()) != "end":
            if asked == "new":
                kept = index._current()
            hits = index._dense.search(
                index._open_store(),
                queries,
                top_k=7,
                records=kept.records.values(),
                packs=kept.packs,
                version=kept.version,
            )
            pipe.send(told(kept, ids_of(hits)))


@contextmanager
def reader_elsewhere(
    home: Path, read: Callable[[Path, Connection], None]
) -> Iterator[Callable[[str], Any]]:
    """Has `read` search in a process of its own; yields what asks it.

    Args:
        home: the data folder.
        read: of a module's top level, so that the process finds it; see `search_on_request`.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=read, args=(home, theirs))
    child.start()

    def found(which: str) -> Any:
        ours.send(which)
        assert ours.poll(60)
        return ours.recv()

    yield found
    ours.send("end")
    child.join(60)
    assert child.exitcode == 0
