"""The library: the one door to ledger, vectors, words and files of the data folder.

    <home>/ledger.sqlite3   documents and their states     (corpus.ledger)
    <home>/chroma/          vectors, of each document and of packs of many (corpus.chroma, packs)
    <home>/lexical/         words, made from the ledger    (corpus.lexical)
    <home>/files/           the PDFs, named by their hash
    <home>/write.lock       held by the one process that writes

Readers open it as often as they like and are never blocked (`corpus.writer` is the one that
writes). Only complete documents answer; a document being replaced answers with its old version
until the new one is complete.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock

from corpus.chroma import open_store
from corpus.conversion import Progress
from corpus.dense import Dense
from corpus.embedders import embedder_fingerprint, open_embedder
from corpus.embedding import Embedder, Vectors
from corpus.errors import (
    EmptyLibraryError,
    IndexMismatchError,
    LibraryError,
    UnknownDocumentError,
)
from corpus.kept_files import kept_path
from corpus.ledger import Ledger
from corpus.lexical import Lexical
from corpus.model import Chunk, Document, Edition, TextBox
from corpus.opening import OpenedOnce
from corpus.records import DocumentRecord, Failure, Pack
from corpus.settings import Settings
from corpus.store import Hit, VectorStore

LOCK_FILE = "write.lock"

PASSAGE_FORMAT = 3
"""Raised when `passage_texts` or the cutting of chunks changes: older vectors do not fit then."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    version: int
    records: dict[str, DocumentRecord]
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    document: Document
    chunks: dict[str, Chunk]


class Index:
    """An open library. Reading is safe from several threads; close it in the end."""

    writes = False
    """Whether vectors are written to its store."""

    most_characters = 120_000_000
    """Of the texts of documents that are kept in memory; with their tables and chunks about a
    gigabyte, or ninety guides of 450 pages."""

    def __init__(
        self,
        settings: Settings,
        *,
        ledger: Ledger,
        embedder: Embedder | None = None,
    ) -> None:
        """Takes over open parts; `Index.open` makes them."""
        self._settings = settings
        self._home = settings.home
        self._ledger = ledger
        self._embedder = embedder
        self._store: OpenedOnce[VectorStore] = OpenedOnce(
            lambda: open_store(settings, library_id=ledger.library_id, writing=self.writes)
        )
        self._dense = Dense(ledger, settings.store.url or str(settings.home))
        self._lexical = Lexical(settings.home)
        self._lexical_version = -1
        self._snapshot: _Snapshot | None = None
        self._loaded: OrderedDict[int, _Loaded] = OrderedDict()
        self._lock = threading.RLock()
        self._lexical_lock = threading.Lock()

    @classmethod
    def open(
        cls, settings: Settings, *, check: bool = True, embedder: Embedder | None = None
    ) -> Index:
        """Opens the library of the data folder; an empty one where there is none yet.

        Args:
            settings: name the data folder, the store, the embedder and the chunking.
            check: refuses a library built by another embedder or chunking than the settings
                name. False for what needs neither, like a list of the documents.
            embedder: used in place of the one that the settings name.

        Raises:
            IndexMismatchError: if the library was built otherwise, naming what mends it.
            LibraryError: if the data folder cannot be used.
        """
        index = cls(settings, ledger=Ledger(settings.home), embedder=embedder)
        try:
            if check:
                index.check()
        except BaseException:
            index.close()
            raise
        return index

    def close(self) -> None:
        """Lets go of files and connections."""
        if self._store.opened is not None:
            self._store.opened.close()
        self._ledger.close()

    # --- reading ---

    @property
    def version(self) -> int:
        """Rises with every change of the library; caches may follow it."""
        return self._ledger.version

    @property
    def fingerprint(self) -> str:
        """Names exactly what is searched: the same documents, read and embedded the same way."""
        parts = sorted(
            f"{r.sha256} {r.row} {r.built_by}" + (f" {r.edition}" if r.corrected else "")
            for r in self.records()
        )
        key = json.dumps([self._ledger.library_id, *parts])
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def records(self) -> tuple[DocumentRecord, ...]:
        """The complete documents, by id."""
        return tuple(self._current().records.values())

    def failures(self) -> tuple[Failure, ...]:
        """Files that could not be read, by name."""
        return self._ledger.failures()

    def document(self, document_id: str) -> Document:
        """A whole document; the ones used last are kept in memory.

        Raises:
            UnknownDocumentError: if there is none with this id.
        """
        return self._load(self._record(document_id)).document

    def editions(self, document_ids: Iterable[str]) -> dict[str, Edition]:
        """The editions of documents by id, without reading the documents.

        Raises:
            UnknownDocumentError: if there is none with one of these ids.
        """
        records = self._current().records
        return {of: _held(records, of).edition for of in document_ids}

    def chunks(self, chunk_ids: Sequence[str]) -> list[tuple[Document, Chunk]]:
        """Chunks, each with its document.

        Raises:
            UnknownDocumentError: if there is none with one of these ids.
        """
        records = self._current().records
        loaded: dict[str, _Loaded] = {}
        found = []
        for chunk_id in chunk_ids:
            document_id = chunk_id.rpartition(":")[0]
            if document_id not in loaded:
                loaded[document_id] = self._load(_held(records, document_id))
            chunk = loaded[document_id].chunks.get(chunk_id)
            if chunk is None:
                raise UnknownDocumentError(f"There is no passage {chunk_id} in the library.")
            found.append((loaded[document_id].document, chunk))
        return found

    def dense_search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str] | None = None
    ) -> list[list[Hit]]:
        """For each of some vectors the nearest chunks, best first, with cosine similarities.

        Args:
            vectors: shape (questions, dimension), from this index's embedder.
            top_k: how many at most, for each.
            document_ids: only these documents; None for all.

        Raises:
            EmptyLibraryError: if nothing is indexed.
            UnknownDocumentError: if a document id is unknown.
            LibraryError: if the store does not hold the vectors of one of them.
        """
        snapshot = self._current()
        records = _chosen(snapshot.records, document_ids)
        return self._dense.search(
            self._open_store(),
            vectors,
            top_k=top_k,
            records=records,
            packs=snapshot.packs,
            version=snapshot.version,
        )

    def lexical_search(
        self,
        text: str,
        *,
        language: str | None = None,
        top_k: int,
        document_ids: Collection[str] | None = None,
    ) -> list[Hit]:
        """The chunks that share words with `text`, best first; scores are BM25.

        Args:
            text: a question.
            language: only documents in this language, because words of another cannot match;
                None for all.
            top_k: how many at most.
            document_ids: only these documents; None for all.

        Raises:
            EmptyLibraryError: if nothing is indexed.
            UnknownDocumentError: if a document id is unknown.
        """
        rows = [record.row for record in _chosen(self._current().records, document_ids)]
        self._refresh_lexical()
        return self._lexical.search(text, language=language, top_k=top_k, rows=rows)

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        """Where the text of a page (1-based) stands on it; empty where it is not known."""
        return self._ledger.boxes(self._record(document_id).row, page)

    def pdf_path(self, document_id: str) -> Path:
        """The PDF that a document was read from, as it was given.

        Raises:
            UnknownDocumentError: if there is no such document.
            LibraryError: if its file is gone from the data folder.
        """
        record = self._record(document_id)
        path = self.kept_file(record.sha256)
        if not path.is_file():
            raise LibraryError(
                f"The PDF of {document_id} is gone from the data folder ({path}). `guide ingest` "
                "with its file puts it there again."
            )
        return path

    def kept_file(self, sha256: str) -> Path:
        """Where the PDF with these bytes is kept, whether or not it is there."""
        return kept_path(self._home, sha256)

    def embedder(self, progress: Progress | None = None) -> Embedder:
        """The embedder that the settings name, loaded at the first call.

        Args:
            progress: told what is being done where weights have to be converted first.

        Raises:
            ModelError: if it cannot be loaded.
        """
        with self._lock:
            if self._embedder is None:
                self._embedder = open_embedder(self._settings, progress)
            return self._embedder

    def built_by(self) -> str:
        """Fingerprint of what makes vectors: the embedder, the chunking, the passage text.

        Raises:
            ModelError: if the embedder's weights are not there.
        """
        embedder = self._embedder
        model = embedder.fingerprint if embedder else embedder_fingerprint(self._settings)
        return f"{model}; {self._settings.chunking.model_dump_json()}; {PASSAGE_FORMAT}"

    def reach_store(self) -> None:
        """Opens the store, or raises why it cannot be opened."""
        self._open_store()

    def check(self) -> None:
        """Compares the library with the settings; no model is loaded for it.

        Raises:
            IndexMismatchError: if embedder or chunking are other ones.
            ModelError: if the embedder's weights are not there.
        """
        records = self.records()
        if not records:
            return
        built_by = self.built_by()
        other = next((r.built_by for r in records if r.built_by != built_by), built_by)
        if other == built_by:
            return
        theirs, ours = (text.partition(";")[0] for text in (other, built_by))
        how = (
            "with other settings of chunking, or by another version"
            if theirs == ours
            else f"by another embedder than the settings name ({theirs}; the settings: {ours})"
        )
        raise IndexMismatchError(
            f"The library in {self._home} was built {how}. Run `guide ingest --rebuild`, or set "
            "them back."
        )

    # --- inside ---

    def _current(self) -> _Snapshot:
        version = self._ledger.version
        with self._lock:
            if self._snapshot is None or self._snapshot.version != version:
                records = {record.id: record for record in self._ledger.records()}
                self._snapshot = _Snapshot(version, records, self._ledger.packs())
                editions = {record.row: record.edition for record in records.values()}
                for row, loaded in list(self._loaded.items()):
                    if loaded.document.edition != editions.get(row):
                        del self._loaded[row]
            return self._snapshot

    def _record(self, document_id: str) -> DocumentRecord:
        return _held(self._current().records, document_id)

    def _load(self, record: DocumentRecord) -> _Loaded:
        with self._lock:
            loaded = self._loaded.get(record.row)
            if loaded is None:
                document = self._ledger.load(record)
                loaded = _Loaded(document, {chunk.id: chunk for chunk in document.chunks})
                self._loaded[record.row] = loaded
                held = sum(len(other.document.text) for other in self._loaded.values())
                while held > self.most_characters and len(self._loaded) > 1:
                    _, gone = self._loaded.popitem(last=False)
                    held -= len(gone.document.text)
            self._loaded.move_to_end(record.row)
            return loaded

    def _open_store(self) -> VectorStore:
        return self._store.get()

    def _refresh_lexical(self) -> None:
        snapshot = self._current()
        with self._lexical_lock:
            if self._lexical_version == snapshot.version:
                return
            build = self._may_build()
            self._lexical.refresh(
                snapshot.records.values(), lambda record: self._load(record).document, build=build
            )
            if build:
                self._lexical_version = snapshot.version

    def _may_build(self) -> bool:
        # While another process writes, every finished document changes the version. It builds
        # the lexical index in the end; until then the last one serves.
        return not _is_locked(self._home)


def _held(records: Mapping[str, DocumentRecord], document_id: str) -> DocumentRecord:
    record = records.get(document_id)
    if record is None:
        raise UnknownDocumentError(
            f"There is no document {document_id} in the library. `guide documents` lists what "
            "there is."
        )
    return record


def _chosen(
    records: Mapping[str, DocumentRecord], document_ids: Collection[str] | None
) -> list[DocumentRecord]:
    if not records:
        raise EmptyLibraryError("The library is empty. Fill it with `guide ingest PATH`.")
    if document_ids is None:
        return list(records.values())
    return [_held(records, document_id) for document_id in document_ids]


def _is_locked(home: Path) -> bool:
    lock = filelock.FileLock(home / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return True
    except OSError:
        return False  # a folder that cannot be written to has no writer
    lock.release()
    return False
