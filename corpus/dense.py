"""Dense search: in packs where much of one is wanted, else in the documents' own collections."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.embedding import Vectors
from corpus.errors import LibraryError, StoreUnreachableError
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a pack gave.

    Attributes:
        wanted: the documents that it was asked for, by row.
        hits: in these, for each question.
        last: score of the last hit in any of its documents, for each question; nothing nearer is
            left out.
    """

    wanted: Mapping[int, DocumentRecord]
    hits: list[list[Hit]]
    last: list[float]

    def may_lack(self, best: Sequence[Sequence[Hit]], top_k: int) -> bool:
        """Whether the pack may hold more that is among the best."""
        return any(
            last > (hits[-1].score if len(hits) == top_k else -math.inf)
            for hits, last in zip(best, self.last, strict=True)
        )


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
        parts: list[_Part] = []
        for pack in packs:
            wanted = {row: alone[row] for row in pack.rows & alone.keys()}
            part = self._in_pack(store, vectors, top_k=top_k, pack=pack, wanted=wanted)
            if part is not None:
                parts.append(part)
                alone = {row: record for row, record in alone.items() if row not in wanted}
        near = self._one_by_one(store, vectors, top_k=top_k, records=alone, version=version)
        best = _merged([near, *(part.hits for part in parts)], top_k)
        lacking = [part for part in parts if part.may_lack(best, top_k)]
        if not lacking:
            return best
        again = {row: record for part in lacking for row, record in part.wanted.items()}
        more = self._one_by_one(store, vectors, top_k=top_k, records=again, version=version)
        return _merged([near, more, *(p.hits for p in parts if p not in lacking)], top_k)

    def _in_pack(
        self,
        store: VectorStore,
        vectors: Vectors,
        *,
        top_k: int,
        pack: Pack,
        wanted: Mapping[int, DocumentRecord],
    ) -> _Part | None:
        """What a pack holds of the documents wanted; None where these are asked one by one."""
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
        except StoreUnreachableError:
            raise
        except LibraryError as error:  # it may be just being removed
            _log.warning("The documents of a pack are searched one by one: %s", error)
            return None
        if not all(found):  # another process has removed it
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
        last = [-math.inf if asked >= pack.vectors else some[-1].score for some in found]
        return _Part(wanted=wanted, hits=hits, last=last)

    def _one_by_one(
        self,
        store: VectorStore,
        vectors: Vectors,
        *,
        top_k: int,
        records: Mapping[int, DocumentRecord],
        version: int,
    ) -> list[list[Hit]]:
        self._check(store, records.values(), version)
        return store.search(vectors, top_k=top_k, document_ids=[str(row) for row in records])

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


def _merged(parts: Iterable[Sequence[Sequence[Hit]]], top_k: int) -> list[list[Hit]]:
    """The best of several lists for each question."""
    return [best_hits(chain.from_iterable(lists), top_k) for lists in zip(*parts, strict=True)]
