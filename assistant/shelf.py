"""What the assistant needs of a library."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from assistant.retrieval import Library
from corpus.model import TextBox
from corpus.records import DocumentRecord


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
