"""Vectors in Chroma, embedded in the data folder or on a server. The home of chromadb.

Each document has a collection of its own. That makes the filter by document a choice of
collections (exact, and several times faster than a metadata filter over all chunks), removal a
single step, and a collection unchanging once its document is complete: a reader in another
process never meets files that are being written. So it is with packs of many documents
(`corpus.packs`), which are documents of their own here.

Chroma searches approximately (HNSW). The graph is built and searched generously enough that
the ten nearest are found in practically all cases; `tests/test_store.py` and
`tests/test_packs.py` measure it against exact search.
"""

from __future__ import annotations

import hashlib
import math
import shutil
import sqlite3
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.chroma_server import connect, is_away, is_late
from corpus.embedding import Vectors
from corpus.errors import LibraryError, LibraryLockedError, StoreUnreachableError
from corpus.settings import Settings
from corpus.store import Hit, best_hits, missing

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

CHROMA_FOLDER = "chroma"

_EF_CONSTRUCTION = 200
_EF_SEARCH = 600
_EF_SEARCH_SHARE = 50
"""How wide the graph is searched: 600 vectors, and of more than 30,000 every 50th. Two stores with
the same vectors have other graphs, and find the same where all is found: of the 50 nearest of 120
questions among 3,045 vectors 200 missed 49 of 6,000, 400 nine, 600 none, for 0.1 ms more."""
_MAX_NEIGHBORS = 32
_LEAST_FREE_BYTES = 20_000_000
"""With less, whatever Chroma cannot do it probably has no room for; it does not always say so."""
_PAGE = 500
"""Collections that are listed at once."""


class ChromaStore:
    """A `corpus.store.VectorStore`. Safe to use from several threads; close it in the end.

    A document's first `add` should bring all of its vectors: Chroma then writes the finished
    graph to disk once, and opening it later costs milliseconds.
    """

    def __init__(self, client: ClientAPI, *, place: str, library_id: str) -> None:
        """Takes over a client; `open_chroma` is the way to make one.

        Args:
            client: closed by `close`.
            place: folder or address, for messages.
            library_id: keeps libraries apart that share a server.
        """
        self._client = client
        self._place = place
        self._prefix = f"guide-{library_id}-"
        self._collections: dict[str, ChromaCollection] = {}
        self._lock = threading.Lock()

    def add(self, document_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """See `VectorStore.add`."""
        if not chunk_ids:
            return
        with self._errors():
            collection = self._find(document_id) or self._create(document_id, len(chunk_ids))
            step = self._client.get_max_batch_size()
            for start in range(0, len(chunk_ids), step):
                collection.upsert(
                    ids=list(chunk_ids[start : start + step]),
                    embeddings=vectors[start : start + step],
                )

    def remove(self, document_id: str, *, keep: Collection[str] = ()) -> None:
        """See `VectorStore.remove`."""
        with self._errors():
            collection = self._find(document_id)
            if collection is None:
                return
            if not keep:
                self._forget(document_id)
                self._client.delete_collection(self._name(document_id))
                return
            kept = frozenset(keep)
            gone = [i for i in collection.get(include=[])["ids"] if i not in kept]
            step = self._client.get_max_batch_size()
            for start in range(0, len(gone), step):
                collection.delete(ids=gone[start : start + step])

    def search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str] | None = None
    ) -> list[list[Hit]]:
        """See `VectorStore.search`."""
        from chromadb.errors import NotFoundError

        hits: list[list[Hit]] = [[] for _ in vectors]
        with self._errors():
            for document_id in self.documents() if document_ids is None else set(document_ids):
                collection = self._find(document_id)
                if collection is None:
                    continue
                try:
                    found = collection.query(
                        query_embeddings=vectors,
                        n_results=top_k,
                        include=["distances"],
                    )
                except NotFoundError:  # removed by another process since it was found
                    self._forget(document_id)
                    continue
                # What is alike is equal, whichever store adds up its products in which order.
                for near, ids, distances in zip(
                    hits, found["ids"], found["distances"] or [], strict=True
                ):
                    scores = np.round(1.0 - np.asarray(distances, np.float64), 6)
                    near.extend(map(Hit, ids, scores.tolist()))
        return [best_hits(near, top_k) for near in hits]

    def vectors(self, document_id: str, chunk_ids: Sequence[str]) -> Vectors:
        """See `VectorStore.vectors`."""
        found: dict[str, Any] = {}
        with self._errors():
            collection = self._find(document_id)
            step = self._client.get_max_batch_size()
            if collection is not None:
                for start in range(0, len(chunk_ids), step):
                    part = list(chunk_ids[start : start + step])
                    got = collection.get(ids=part, include=["embeddings"])
                    found.update(zip(got["ids"], np.asarray(got["embeddings"]), strict=True))
        if not found.keys() >= set(chunk_ids):
            raise LibraryError(missing(self._place, document_id))
        rows = [found[chunk_id] for chunk_id in chunk_ids]
        return np.asarray(rows, np.float32).reshape(len(rows), -1)

    def count(self, document_id: str | None = None) -> int:
        """See `VectorStore.count`."""
        with self._errors():
            documents = self.documents() if document_id is None else [document_id]
            found = [self._find(one) for one in documents]
            return sum(collection.count() for collection in found if collection is not None)

    def documents(self) -> list[str]:
        """See `VectorStore.documents`."""
        found: list[ChromaCollection] = []
        with self._errors():
            while page := self._client.list_collections(limit=_PAGE, offset=len(found)):
                found += page
        return [
            str((collection.metadata or {}).get("document_id"))
            for collection in found
            if collection.name.startswith(self._prefix)
        ]

    def close(self) -> None:
        """Lets go of the files or the connection."""
        self._collections.clear()
        # The clients of server and folder share a base class that has it; the protocol lacks it.
        self._client.close()  # type: ignore[attr-defined]

    def _name(self, document_id: str) -> str:
        # Collection names allow fewer characters than document ids.
        return self._prefix + hashlib.sha256(document_id.encode()).hexdigest()[:20]

    def _create(self, document_id: str, size: int) -> ChromaCollection:
        collection = self._client.create_collection(
            self._name(document_id),
            embedding_function=None,
            metadata={"document_id": document_id},
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "ef_construction": _EF_CONSTRUCTION,
                    "ef_search": max(_EF_SEARCH, size // _EF_SEARCH_SHARE),
                    "max_neighbors": _MAX_NEIGHBORS,
                    # The graph is written to disk when the last vector has come; what is not
                    # written is rebuilt by every process that opens the collection.
                    "batch_size": max(2, min(100, size)),
                    "sync_threshold": max(2, size),
                }
            },
        )
        with self._lock:
            self._collections[document_id] = collection
        return collection

    def _find(self, document_id: str) -> ChromaCollection | None:
        from chromadb.errors import NotFoundError

        with self._lock:
            known = self._collections.get(document_id)
        if known is not None:
            return known
        try:
            collection = self._client.get_collection(
                self._name(document_id), embedding_function=None
            )
        except NotFoundError:
            return None
        with self._lock:
            return self._collections.setdefault(document_id, collection)

    def _forget(self, document_id: str) -> None:
        with self._lock:
            self._collections.pop(document_id, None)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with _explained(self._place):
            yield


def open_store(
    settings: Settings, *, library_id: str, writing: bool = False, url: str | None = None
) -> ChromaStore:
    """The store that the settings name, or another one; see `open_chroma`."""
    return open_chroma(
        settings.home,
        url=settings.store.url if url is None else url,
        library_id=library_id,
        timeout_s=settings.store.timeout_s,
        writing=writing,
    )


def open_chroma(
    home: Path,
    *,
    url: str,
    library_id: str,
    busy_timeout_s: float = 10.0,
    timeout_s: float = 20.0,
    writing: bool = False,
) -> ChromaStore:
    """Opens the store in the data folder, or on a server where `url` names one.

    Args:
        home: the data folder; the embedded store is its sub-folder `chroma`.
        url: address of a Chroma server, "" for the embedded store.
        library_id: see `Ledger.library_id`.
        busy_timeout_s: how long another process may hold the folder's database.
        timeout_s: longest wait for a server, see the setting `store.timeout_s`.
        writing: whether vectors will be written to it.

    Raises:
        LibraryLockedError: if another process holds the folder's database.
        StoreUnreachableError: if the server cannot be reached, or does not answer in time.
        LibraryError: if folder or server cannot be used, saying what to do.
        SettingsError: if the address is none.
    """
    if url:
        with _explained(url, ValueError):
            client = connect(url, timeout_s=timeout_s, writing=writing)
        return ChromaStore(client, place=url, library_id=library_id)
    _refuse_if_held(home / CHROMA_FOLDER / "chroma.sqlite3", busy_timeout_s)
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    # Chroma reads the environment and a `.env` file in the current folder; what matters is set.
    quiet = ChromaSettings(anonymized_telemetry=False, chroma_otel_collection_endpoint="")
    folder = home / CHROMA_FOLDER
    with _explained(str(folder), ValueError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            client = chromadb.PersistentClient(path=folder, settings=quiet)
        except AttributeError:
            # Chroma remembers a client that could not be opened before, half made, and stumbles
            # over it. That has made it forget it.
            client = chromadb.PersistentClient(path=folder, settings=quiet)
    return ChromaStore(client, place=str(folder), library_id=library_id)


def _refuse_if_held(database: Path, timeout_s: float) -> None:
    """Chroma waits for a locked database for ever, and nothing can interrupt it: look first."""
    # Closing a file gives up all locks that the process has on it, those of an open Chroma too.
    # Before chromadb is imported there can be none.
    if "chromadb" in sys.modules or not database.is_file():
        return
    address = f"{database.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=timeout_s)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise LibraryLockedError(_held(str(database.parent))) from error
        # Whatever else is wrong, Chroma will say.


@contextmanager
def _explained(place: str, *also: type[Exception]) -> Iterator[None]:
    """Turns what Chroma raises into one sentence that says what to do.

    Args:
        place: folder or address, for the message.
        also: further errors that mean the same here; opening a client raises `ValueError`.
    """
    import httpx
    from chromadb.errors import ChromaError

    caught: tuple[type[Exception], ...] = (ChromaError, httpx.HTTPError, OSError, *also)
    try:
        yield
    except caught as error:
        kind = StoreUnreachableError if is_away(error) else LibraryError
        raise kind(_sentence(place, error)) from error


def _held(place: str) -> str:
    return f"The vector store {place} is held by another process. Try again when it has finished."


def _sentence(place: str, error: Any) -> str:
    said = " ".join(str(error).split()).rstrip(".")
    if place.startswith("http"):
        if is_late(error):
            return (
                f"The Chroma server {place} does not answer in time (store.timeout_s). Try again "
                "in a moment; where it stays so, start it again (`chroma run`)."
            )
        return (
            f"The Chroma server {place} cannot be used: {said}. Check that it runs "
            "(`chroma run`) and that store.url is right."
        )
    lowered = said.lower()
    if "disk is full" in lowered or "no space left" in lowered:
        return f"The disk of {place} is full. Make room and run the command again."
    if "locked" in lowered:
        return _held(place)
    free = _free_bytes(place)
    if free < _LEAST_FREE_BYTES:
        return (
            f"The disk of {place} is full ({free / 1e6:.0f} MB are free): {said}. Make room and "
            "run the command again."
        )
    return (
        f"The vector store {place} cannot be used: {said}. Check the permissions of the data "
        f"folder; where it is damaged, move {place} away and run `guide ingest --rebuild`, which "
        "reads all documents again."
    )


def _free_bytes(place: str) -> float:
    try:
        return shutil.disk_usage(place).free
    except OSError:
        return math.inf
