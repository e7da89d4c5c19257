"""Dense search: in packs where much of one is wanted, else in the documents' own collections."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Sequence

from corpus.embedding import Vectors
from corpus.errors import LibraryError
from corpus.ledger import Ledger
from corpus.packs import name, unpacked_id
from corpus.records import DocumentRecord, Pack
from corpus.store import Hit, VectorStore, best_hits, missing

LEAST_DOCUMENTS = 4
"""Fewer of a pack are asked one by one: it takes no longer."""
LEAST_SHARE = 1 / 3
"""Of the vectors of a pack, that must be wanted for it to be asked."""
SPARE = 1.5
"""So many times as many are asked for as would do if what is wanted were spread evenly."""

_log = logging.getLogger(__name__)


class Dense:
    """Searches the vectors of a library. Safe for several threads."""

    def __init__(self, ledger: Ledger, place: str) -> None:
        """Nothing is read before the first search.

        Args:
            ledger: of the library.
            place: the store's folder or address, for messages.
        """
        self._ledger = ledger
        self._place = place
        self._whole: set[str] = set()

    def search(
        self,
        store: VectorStore,
        vectors: Vectors,
        *,
        top_k: int,
        records: Iterable[DocumentRecord],
        packs: Iterable[Pack],
        version: int,
    ) -> list[list[Hit]]:
        """For each of some vectors the nearest chunks, best first, ties by chunk id.

        Args:
            store: holds the vectors.
            vectors: shape (questions, dimension).
            top_k: how many at most, for each.
            records: the documents wanted.
            packs: all there are, the newest first.
            version: the ledger's when it named records and packs.

        Raises:
            LibraryError: if the store does not hold the vectors of one of the documents.
        """
        alone = {record.row: record for record in records}
        near: list[list[Hit]] = [[] for _ in vectors]
        for pack in packs:
            wanted = {row: alone[row] for row in pack.rows & alone.keys()}
            found = self._in_pack(store, vectors, top_k=top_k, pack=pack, wanted=wanted)
            if found is not None:
                _extend(near, found)
                alone = {row: record for row, record in alone.items() if row not in wanted}
        self._check(store, alone.values(), version)
        rows = [str(row) for row in alone]
        _extend(near, store.search(vectors, top_k=top_k, document_ids=rows))
        return [best_hits(hits, top_k) for hits in near]

    def _in_pack(
        self,
        store: VectorStore,
        vectors: Vectors,
        *,
        top_k: int,
        pack: Pack,
        wanted: dict[int, DocumentRecord],
    ) -> list[list[Hit]] | None:
        """The hits in documents wanted of a pack; None where these are better asked one by one."""
        chunks = sum(record.chunks for record in wanted.values())
        if len(wanted) < LEAST_DOCUMENTS or chunks < LEAST_SHARE * pack.vectors:
            return None
        asked = top_k
        if chunks < pack.vectors:
            asked = min(math.ceil(SPARE * top_k * pack.vectors / chunks), pack.vectors)
        try:
            if not self._is_whole(store, name(pack.number), pack.vectors):
                return None
            found = store.search(vectors, top_k=asked, document_ids=[name(pack.number)])
        except LibraryError as error:  # it may be just being removed
            _log.warning("The documents of a pack are searched one by one: %s", error)
            return None
        hits = [
            [
                Hit(chunk_id, hit.score)
                for hit in nearest
                for row, chunk_id in (unpacked_id(hit.chunk_id),)
                if row in wanted
            ]
            for nearest in found
        ]
        # Of a pack that another process has removed there are none at all.
        return hits if all(len(some) >= min(top_k, chunks) for some in hits) else None

    def _check(self, store: VectorStore, records: Iterable[DocumentRecord], version: int) -> None:
        """Looks once for the vectors of each document: another store may have been set.

        A search would find less without them, and nobody would know.
        """
        for record in records:
            if self._is_whole(store, str(record.row), record.chunks):
                continue
            if self._ledger.version == version:  # else it may just have been replaced
                raise LibraryError(missing(self._place, record.id))

    def _is_whole(self, store: VectorStore, collection: str, vectors: int) -> bool:
        if collection not in self._whole and store.count(collection) >= vectors:
            self._whole.add(collection)
        return collection in self._whole


def _extend(lists: Sequence[list[Hit]], more: Iterable[Iterable[Hit]]) -> None:
    for hits, others in zip(lists, more, strict=True):
        hits.extend(others)
