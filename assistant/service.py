"""What the web side needs of the assistant: the chat window and the API ask for no more.

`assistant.pipeline.Assistant` is the real one; tests bring a small one of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from assistant.events import Progress
from assistant.model import Answer, Filters, Passage, Query, Turn
from assistant.pages import PageSource
from corpus.records import DocumentRecord


class Answering(Protocol):
    """Answers questions from the library. May be called from several threads at once."""

    def ask(
        self, question: str, *, filters: Filters | None = ..., history: Sequence[Turn] = ...
    ) -> Answer:
        """The answer; `corpus.errors.GuideError` where the question cannot be asked."""
        ...

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = ...,
        history: Sequence[Turn] = ...,
        language: str = ...,
    ) -> Iterator[Progress | str | Answer]:
        """Stages, then pieces of text (`str`), and as the last item the `Answer`.

        It is in the language of the question, in `language` where that cannot be told.
        """
        ...

    def search(
        self,
        question: str,
        *,
        filters: Filters | None = ...,
        history: Sequence[Turn] = ...,
        top_k: int | None = ...,
    ) -> tuple[Query, tuple[Passage, ...]]:
        """The question as understood, and the passages found for it, best first."""
        ...

    def records(self) -> Sequence[DocumentRecord]:
        """Every document of the library."""
        ...

    def pdf_path(self, document_id: str) -> Path:
        """Where the PDF of a document lies."""
        ...

    @property
    def library(self) -> PageSource:
        """Where documents, their pages and the boxes of their text are kept."""
        ...

    def close(self) -> None:
        """Lets go of models and files."""
        ...
