"""What a vector store is, and the exact one in memory that every other one is checked against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corpus.embedding import Vectors
from corpus.errors import LibraryError


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found by a retriever; `score` is comparable within one list only."""

    chunk_id: str
    score: float


def missing(place: str, document: str) -> str:
    """The sentence for vectors that should be in a store."""
    return (
        f"Not all vectors of {document} are in the vector store of {place}. Copy them from where "
        "they are (`guide documents copy`), or make them anew (`guide ingest --rebuild`)."
    )


def best_hits(hits: Iterable[Hit], top_k: int) -> list[Hit]:
    """The best hits, best first, ties by chunk id."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:top_k]


class VectorStore(Protocol):
    """Vectors of chunks with cosine similarity."""

    def add(self, document_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """Adds or replaces vectors by chunk id; any number in one call."""
        ...

    def remove(self, document_id: str, *, keep: Collection[str] = ()) -> None:
        """Removes a document's vectors but those whose chunk id is in `keep`."""
        ...

    def search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str] | None = None
    ) -> list[list[Hit]]:
        """For each of some vectors the nearest chunks, best first, ties by chunk id.

        Args:
            vectors: shape (questions, dimension).
            top_k: how many at most, for each.
            document_ids: only chunks of these documents; None for all.
        """
        ...

    def vectors(self, document_id: str, chunk_ids: Sequence[str]) -> Vectors:
        """Vectors of a document's chunks; row i belongs to chunk i.

        Raises:
            LibraryError: if one of them is not there.
        """
        ...

    def count(self, document_id: str | None = None) -> int:
        """How many vectors there are, in all or of one document."""
        ...

    def documents(self) -> list[str]:
        """Ids of all documents that have vectors."""
        ...

    def close(self) -> None:
        """Releases what is held."""
        ...


class MemoryStore:
    """Exact search by brute force. The oracle of the contract tests, and fine for small sets."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, Vectors]] = {}

    def add(self, document_id: str, chunk_ids: Sequence[str], vectors: Vectors) -> None:
        """See `VectorStore.add`."""
        for chunk_id, vector in zip(chunk_ids, vectors, strict=True):
            self._rows[chunk_id] = (document_id, vector)

    def remove(self, document_id: str, *, keep: Collection[str] = ()) -> None:
        """See `VectorStore.remove`."""
        kept = frozenset(keep)
        self._rows = {i: row for i, row in self._rows.items() if row[0] != document_id or i in kept}

    def search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str] | None = None
    ) -> list[list[Hit]]:
        """See `VectorStore.search`."""
        chosen = [
            (chunk_id, row)
            for chunk_id, (document_id, row) in self._rows.items()
            if document_ids is None or document_id in document_ids
        ]
        if not chosen:
            return [[] for _ in vectors]
        ids, rows = [chunk_id for chunk_id, _ in chosen], np.stack([row for _, row in chosen])
        hits = [list(map(Hit, ids, (rows @ vector).tolist())) for vector in vectors]
        return [best_hits(found, top_k) for found in hits]

    def vectors(self, document_id: str, chunk_ids: Sequence[str]) -> Vectors:
        """See `VectorStore.vectors`."""
        rows = [self._rows.get(chunk_id, ("", None)) for chunk_id in chunk_ids]
        held = [row for owner, row in rows if row is not None and owner == document_id]
        if len(held) != len(rows):
            raise LibraryError(missing("this process", document_id))
        return np.stack(held) if held else np.empty((0, 0), np.float32)

    def count(self, document_id: str | None = None) -> int:
        """See `VectorStore.count`."""
        return sum(1 for owner, _ in self._rows.values() if document_id in (None, owner))

    def documents(self) -> list[str]:
        """See `VectorStore.documents`."""
        return sorted({owner for owner, _ in self._rows.values()})

    def close(self) -> None:
        """Nothing is held."""
