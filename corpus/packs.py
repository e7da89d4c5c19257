"""Packs: collections that hold the vectors of many documents, so that a search of many asks few.

Every document has a collection of its own, and asking one costs more than a millisecond however
small it is. As soon as enough documents are in no pack, the writer copies their vectors into one.
A search then asks the pack for all of them at once, and their own collections where only some of
them are wanted (`corpus.dense`).

A pack is never changed. The ledger says what becomes of it, in the states of a document:

    writing ──▶ complete ──▶ removing ──▶ (gone)
       └────────── a killed run leaves these: cleaned up by the next writer

A removed document leaves its vectors in the pack, where the search passes over them, until more
than half of the pack are such.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np

from corpus.embedding import Vectors
from corpus.errors import LibraryError, StoreUnreachableError
from corpus.ledger import Ledger
from corpus.records import DocumentRecord, Pack, State
from corpus.store import VectorStore

FEWEST = 16
"""Documents in no pack that are worth one."""
LARGEST = 32_768
"""Vectors of a pack, about. Larger ones take longer to make, and are not faster where a search is
to find as much (docs/retrieval.md)."""

_PREFIX = "pack-"

_log = logging.getLogger(__name__)


def name(number: int) -> str:
    """What the store calls a pack; documents are called by the number of their row."""
    return f"{_PREFIX}{number}"


def packed_id(row: int, chunk_id: str) -> str:
    """What a pack calls a chunk: a replaced document may have kept the ids of its chunks."""
    return f"{row}/{chunk_id}"


def unpacked_id(of: str) -> tuple[int, str]:
    """Row and id of a chunk, from what a pack calls it."""
    row, _, chunk_id = of.partition("/")
    return int(row), chunk_id


def outdated(packs: Iterable[Pack], records: Iterable[DocumentRecord]) -> list[Pack]:
    """Packs with less than half of their vectors still searched in them.

    Args:
        packs: the newest first; a document in two of them is searched in the newer.
        records: all complete documents.
    """
    chunks = {record.row: record.chunks for record in records}
    found = []
    for pack in packs:
        searched = sum(chunks.pop(row) for row in pack.rows & chunks.keys())
        if 2 * searched < pack.vectors:
            found.append(pack)
    return found


def to_pack(
    records: Collection[DocumentRecord], packs: Iterable[Pack], *, fewest: int, largest: int
) -> list[list[DocumentRecord]]:
    """The documents of each pack to be made.

    Packs that hold no more documents than are to be packed anyway are packed again with them:
    however few documents come at a time, there are only so many small packs.

    Args:
        records: complete documents.
        packs: those that stay in use.
        fewest: documents in no pack that are worth one.
        largest: vectors of a pack, about.
    """
    rows = {record.row for record in records}
    loose = rows.difference(*(pack.rows for pack in packs))
    if len(loose) < max(fewest, 1):
        return []
    for pack in sorted(packs, key=lambda pack: len(pack.rows & rows)):
        living = pack.rows & rows
        if len(living) <= len(loose) and 2 * pack.vectors <= largest:
            loose |= living
    chosen = sorted((r for r in records if r.row in loose), key=lambda record: record.row)
    total = sum(record.chunks for record in chosen)
    groups: list[list[DocumentRecord]] = [[] for _ in range(-(-total // largest))]
    before = 0
    for record in chosen:
        groups[before * len(groups) // total].append(record)
        before += record.chunks
    return [group for group in groups if group]


def keep_packs(
    ledger: Ledger,
    store: VectorStore,
    chunk_ids: Callable[[DocumentRecord], Sequence[str]],
    *,
    fewest: int = FEWEST,
    largest: int = LARGEST,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Makes the packs that are missing, then removes those of no more use. Only for the writer.

    Args:
        ledger: says which documents and packs there are.
        store: holds their vectors; a document that it does not hold is left out.
        chunk_ids: of a document, in their order.
        fewest: see `to_pack`.
        largest: see `to_pack`.
        tell: told what is being done; a pack takes up to a minute.

    Raises:
        LibraryError: if the store cannot be used; what is complete stays so.
    """
    packs, records = ledger.packs(), [record for record in ledger.records() if record.chunks]
    known = {name(pack.number) for pack in packs}
    for held in store.documents():
        if held.startswith(_PREFIX) and held not in known:
            store.remove(held)
    useless = outdated(packs, records)
    # Another store may have been set since, without the packs or without some documents.
    for pack in packs:
        if pack not in useless and not _is_whole(store, pack, records, chunk_ids):
            useless.append(pack)
    kept = [pack for pack in packs if pack not in useless]
    if to_pack(records, kept, fewest=fewest, largest=largest):
        there = [r for r in records if _count(store, str(r.row)) >= r.chunks]
        groups = to_pack(there, kept, fewest=fewest, largest=largest)
        for number, group in enumerate(groups, start=1):
            tell(f"packing vectors for search ({number} of {len(groups)})")
            _make(ledger, store, group, chunk_ids)
    for pack in {*useless, *outdated(ledger.packs(), records)}:
        ledger.move_pack(pack.number, State.REMOVING)
    remove_useless(ledger, store)


def _is_whole(
    store: VectorStore,
    pack: Pack,
    records: Iterable[DocumentRecord],
    chunk_ids: Callable[[DocumentRecord], Sequence[str]],
) -> bool:
    """Whether the store holds a pack and can read it; one that is damaged is made again."""
    if _count(store, name(pack.number)) != pack.vectors:
        return False
    record = next(record for record in records if record.row in pack.rows)
    first = packed_id(record.row, chunk_ids(record)[0])
    try:
        # Counted is what was once added. That it can be read says one of the vectors.
        store.vectors(name(pack.number), [first])
    except StoreUnreachableError:
        raise
    except LibraryError as error:
        _log.warning("A pack of vectors is damaged and is made anew: %s", error)
        return False
    return True


def _count(store: VectorStore, collection: str) -> int:
    """Vectors of a collection; none where it is damaged."""
    try:
        return store.count(collection)
    except StoreUnreachableError:
        raise
    except LibraryError as error:
        _log.warning("Vectors cannot be read (%s): %s", collection, error)
        return 0


def remove_useless(ledger: Ledger, store: VectorStore) -> None:
    """Removes packs that are half-written or of no more use. Only for the writer."""
    for pack in ledger.packs(State.WRITING, State.REMOVING):
        store.remove(name(pack.number))
        ledger.discard_pack(pack.number)


def _make(
    ledger: Ledger,
    store: VectorStore,
    records: Sequence[DocumentRecord],
    chunk_ids: Callable[[DocumentRecord], Sequence[str]],
) -> None:
    ids: list[str] = []
    parts: list[Vectors] = []
    for record in records:
        of = chunk_ids(record)
        ids += [packed_id(record.row, chunk_id) for chunk_id in of]
        parts.append(store.vectors(str(record.row), of))
    number = ledger.begin_pack([record.row for record in records], vectors=len(ids))
    store.add(name(number), ids, np.concatenate(parts))
    ledger.move_pack(number, State.COMPLETE)
