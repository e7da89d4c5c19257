"""Lexical search: BM25 over the words of chunks. The only home of bm25s.

One index for each language, because stems are a language's own. A chunk has two fields, its
text and what stands above it (title, heading path, context); each field is scored by BM25 with
its own document frequencies and lengths (Lucene's form), and the scores are added with weights.

An index is a folder `<data folder>/lexical/<language>-<hash>`, the hash naming the documents in
it. It is written once and never changed, so any number of processes may read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import DamagedDocumentError
from corpus.model import Chunk, Document
from corpus.records import DocumentRecord
from corpus.store import Hit
from corpus.tokens import tokenizer

LEXICAL_FOLDER = "lexical"

K1 = 1.5
B = 0.75
"""Saturation of term frequency and length normalisation (Robertson and Zaragoza 2009)."""

TEXT_WEIGHT = 1.0
HEADINGS_WEIGHT = 0.6

_FORMAT = 1
"""Raised when tokens or files change their meaning; older folders are then built anew."""

_UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)
"""What reading a folder raises that is damaged in whatever way: files cut off, empty, of another
form, not to be opened."""

_log = logging.getLogger(__name__)

LoadDocument = Callable[[DocumentRecord], Document]


def headings_text(document: Document, chunk: Chunk) -> str:
    """What is searched besides a chunk's own text."""
    return "\n".join([document.edition.title, *chunk.headings, chunk.context])


class Shard:
    """The chunks of all documents in one language, ready to be scored."""

    def __init__(
        self,
        language: str,
        chunk_ids: Sequence[str],
        rows: npt.NDArray[np.int64],
        fields: Sequence[tuple[float, Any]],
    ) -> None:
        """Takes over loaded parts; `build` and `load` make them.

        Args:
            language: whose tokenizer cut the chunks.
            chunk_ids: by position.
            rows: shape (n,), the ledger row that each chunk belongs to.
            fields: weight and `bm25s.BM25` of each field (None where a field has no words).
        """
        self.language = language
        self._chunk_ids = chunk_ids
        self._rows = rows
        self._fields = fields

    @classmethod
    def build(cls, language: str, documents: Iterable[tuple[int, Document]]) -> Shard:
        """Counts the words of documents, given with their ledger rows."""
        tokens = tokenizer(language)
        chunk_ids: list[str] = []
        rows: list[int] = []
        bodies: list[list[str]] = []
        heads: list[list[str]] = []
        for row, document in documents:
            for chunk in document.chunks:
                chunk_ids.append(chunk.id)
                rows.append(row)
                bodies.append(tokens(chunk.text))
                heads.append(tokens(headings_text(document, chunk)))
        return cls(
            language,
            chunk_ids,
            np.array(rows, dtype=np.int64),
            [(TEXT_WEIGHT, _count(bodies)), (HEADINGS_WEIGHT, _count(heads))],
        )

    def save(self, folder: Path) -> None:
        """Writes a new folder."""
        folder.mkdir(parents=True)
        np.save(folder / "rows.npy", self._rows)
        body = {
            "language": self.language,
            "chunk_ids": self._chunk_ids,
            "fields": [[weight, field is not None] for weight, field in self._fields],
        }
        (folder / "shard.json").write_text(json.dumps(body), encoding="utf-8")
        for number, (_, field) in enumerate(self._fields):
            if field is not None:
                field.save(folder / f"field-{number}")

    @classmethod
    def load(cls, folder: Path) -> Shard:
        """Opens a folder that `save` wrote; the scores stay on disk, mapped into memory.

        Raises:
            ValueError: if its files do not belong together; other errors where they are damaged.
        """
        bm25s = _library()
        body = json.loads((folder / "shard.json").read_text(encoding="utf-8"))
        fields = [
            (weight, bm25s.BM25.load(folder / f"field-{number}", mmap=True) if filled else None)
            for number, (weight, filled) in enumerate(body["fields"])
        ]
        rows = np.load(folder / "rows.npy")
        chunk_ids = body["chunk_ids"]
        fitting = rows.shape == (len(chunk_ids),) and all(
            field is None or _fits(field, len(chunk_ids)) for _, field in fields
        )
        if not fitting:
            raise ValueError("its files do not belong together")
        return cls(str(body["language"]), chunk_ids, rows, fields)

    def search(self, text: str, *, top_k: int, rows: Collection[int] | None = None) -> list[Hit]:
        """The best chunks that share a word with `text`, best first, ties by chunk id.

        Args:
            text: a question; a word said twice counts once.
            top_k: how many at most.
            rows: only chunks of these ledger rows; None for all.
        """
        words = list(dict.fromkeys(tokenizer(self.language)(text)))
        scores = np.zeros(len(self._chunk_ids), dtype=np.float32)
        for weight, field in self._fields:
            if field is not None:
                scores += weight * field.get_scores_from_ids(field.get_tokens_ids(words))
        if rows is not None:
            scores[~np.isin(self._rows, list(rows))] = 0.0
        found = np.flatnonzero(scores > 0.0)
        if len(found) > top_k:
            # All that tie with the last place stay in, so that ties are settled by id alone.
            limit = np.partition(scores[found], -top_k)[-top_k]
            found = found[scores[found] >= limit]
        hits = [Hit(self._chunk_ids[i], float(scores[i])) for i in found.tolist()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:top_k]


class Lexical:
    """The lexical indexes of a library, one for each language. Safe for several threads."""

    def __init__(self, home: Path) -> None:
        """Nothing is read before `refresh`."""
        self._folder = home / LEXICAL_FOLDER
        self._shards: dict[str, tuple[str, Shard]] = {}
        self._lock = threading.Lock()

    def refresh(
        self, records: Iterable[DocumentRecord], load: LoadDocument, *, build: bool
    ) -> None:
        """Follows the ledger: opens or builds what is missing, drops what is gone.

        Args:
            records: all complete documents.
            load: reads one of them; damaged ones are left out, with a warning.
            build: False leaves a language as it was where its index would have to be built
                (another process is still writing documents and will build it in the end).
        """
        groups: defaultdict[str, list[DocumentRecord]] = defaultdict(list)
        for record in records:
            groups[record.edition.language].append(record)
        with self._lock:
            for language in set(self._shards) - set(groups):
                del self._shards[language]
            for language, members in groups.items():
                name = _folder_name(language, members)
                known = self._shards.get(language)
                if known is not None and known[0] == name:
                    continue
                shard = self._open(name)
                if shard is None and build:
                    documents = list(_readable(members, load))
                    shard = Shard.build(language, documents)
                    if len(documents) == len(members):
                        self._keep(name, shard)
                if shard is not None:
                    self._shards[language] = name, shard

    def prune(self) -> None:
        """Deletes the folders of indexes no longer in use. Only for the writer."""
        with self._lock:
            used = {name for name, _ in self._shards.values()}
        # What is not there, or may not be read, is left alone.
        with contextlib.suppress(OSError):
            for entry in list(self._folder.iterdir()):
                if entry.name not in used:
                    shutil.rmtree(entry, ignore_errors=True)

    def search(
        self,
        text: str,
        *,
        language: str | None,
        top_k: int,
        rows: Collection[int] | None = None,
    ) -> list[Hit]:
        """See `Shard.search`.

        Args:
            text: a question.
            language: only documents in this language; None for all, each language's hits scored
                by its own index.
            top_k: how many at most.
            rows: only chunks of these ledger rows; None for all.
        """
        with self._lock:
            shards = [
                shard for code, (_, shard) in self._shards.items() if language in (None, code)
            ]
        hits = [hit for shard in shards for hit in shard.search(text, top_k=top_k, rows=rows)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:top_k]

    def _open(self, name: str) -> Shard | None:
        folder = self._folder / name
        try:
            return Shard.load(folder) if folder.is_dir() else None
        except _UNREADABLE as error:
            why = str(error) or type(error).__name__
            _log.warning("The lexical index %s is damaged (%s) and is built anew.", folder, why)
            shutil.rmtree(folder, ignore_errors=True)
            return None

    def _keep(self, name: str, shard: Shard) -> None:
        draft = self._folder / f".{name}.{uuid.uuid4().hex}"
        try:
            shard.save(draft)
            os.replace(draft, self._folder / name)
        except OSError as error:
            # It can be built again at any time, so an answer must not fail for this. Another
            # process may also have put the same index there first.
            _log.warning("The lexical index was not kept in %s: %s", self._folder, error)
            shutil.rmtree(draft, ignore_errors=True)


def _folder_name(language: str, records: Iterable[DocumentRecord]) -> str:
    parts = [f"{record.row} {record.edition.title}" for record in records]
    key = json.dumps([_FORMAT, K1, B, TEXT_WEIGHT, HEADINGS_WEIGHT, sorted(parts)])
    readable = "".join(c for c in language if c.isalnum() or c == "-")
    return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _readable(
    records: Iterable[DocumentRecord], load: LoadDocument
) -> Iterator[tuple[int, Document]]:
    """Documents with their rows; without those that are damaged, so that the others answer."""
    for record in records:
        try:
            yield record.row, load(record)
        except DamagedDocumentError as error:
            _log.warning("Words of a document are not searched: %s", error)


def _fits(field: Any, chunks: int) -> bool:
    """Whether what was loaded of a field is whole, and about so many chunks."""
    scores, words = field.scores, field.vocab_dict
    ends = scores["indptr"]
    return bool(
        words
        and scores["num_docs"] == chunks
        and len(ends) > max(words.values())
        and ends[-1] == len(scores["data"]) == len(scores["indices"])
    )


def _count(tokens: list[list[str]]) -> Any:
    if not any(tokens):
        return None
    field = _library().BM25(k1=K1, b=B, method="lucene")
    field.index(tokens, show_progress=False)
    return field


def _library() -> Any:
    import bm25s

    # It asks for debug messages at import, whatever the application says.
    logging.getLogger("bm25s").setLevel(logging.NOTSET)
    return bm25s
