"""What the assistant needs of a library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from corpus.embedding import Embedder, Vectors
from corpus.model import Chunk, Document, Edition, TextBox
from corpus.records import DocumentRecord
from corpus.store import Hit


class Library(Protocol):
    """What retrieval needs of `corpus.index.Index`."""

    def document(self, document_id: str) -> Document:
        """A whole document."""
        ...

    def editions(self, document_ids: Iterable[str]) -> dict[str, Edition]:
        """The editions of documents by id, without reading the documents."""
        ...

    def chunks(self, chunk_ids: Sequence[str]) -> list[tuple[Document, Chunk]]:
        """Chunks, each with its document."""
        ...

    def dense_search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str]
    ) -> list[list[Hit]]:
        """Nearest chunks by cosine similarity, for each of some vectors."""
        ...

    def lexical_search(
        self, text: str, *, language: str | None = ..., top_k: int, document_ids: Collection[str]
    ) -> list[Hit]:
        """Best chunks by BM25, among documents of one language where it is given."""
        ...

    def embedder(self) -> Embedder:
        """The model that embedded the library."""
        ...


class Shelf(Library, Protocol):
    """What the assistant needs of `corpus.index.Index`."""

    def records(self) -> tuple[DocumentRecord, ...]:
        """What the library holds."""
        ...

    def pdf_path(self, document_id: str) -> Path:
        """The PDF of a document."""
        ...

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        """Where the text of a page stands."""
        ...

    def close(self) -> None:
        """Releases what is held."""
        ...
