"""Ranking systems that a benchmark compares: the product, its parts alone, the tutorial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.library import Library
from assistant.pipeline import Assistant
from corpus.model import Chunk, Document
from corpus.store import Hit
from eval.metrics import PageKey
from eval.questions import Question
from eval.tutorial import Tutorial

DEPTH = 50
"""Chunks looked at for the ten best distinct pages."""

OURS_DEPTH = 30


class System(Protocol):
    """Ranks the pages of a library for a question."""

    def ranked(self, question: Question) -> list[PageKey]:
        """Pages, best first, repetitions allowed."""
        ...


@dataclass(frozen=True)
class Ours:
    """The product's own retrieval, with its understanding of questions and follow-ups."""

    assistant: Assistant

    def ranked(self, question: Question) -> list[PageKey]:
        """See `System.ranked`."""
        _, passages = self.assistant.search(
            question.question,
            filters=question.filters,
            history=question.history,
            top_k=OURS_DEPTH,
        )
        return [page for passage in passages for page in pages_of(passage.document, passage.chunk)]


@dataclass(frozen=True)
class Bm25:
    """BM25 alone over the same chunks. History: the last two user turns are the query."""

    library: Library
    document_id: str
    language: str

    def ranked(self, question: Question) -> list[PageKey]:
        """See `System.ranked`."""
        hits = self.library.lexical_search(
            plain_query(question),
            language=self.language,
            top_k=DEPTH,
            document_ids=(self.document_id,),
        )
        return _found(self.library, hits)


@dataclass(frozen=True)
class Dense:
    """The embedder alone over the same chunks. History: the last two user turns are the query."""

    library: Library
    document_id: str

    def ranked(self, question: Question) -> list[PageKey]:
        """See `System.ranked`."""
        vector = self.library.embedder().embed_queries([plain_query(question)])
        hits = self.library.dense_search(vector, top_k=DEPTH, document_ids=(self.document_id,))
        return _found(self.library, hits[0])


@dataclass(frozen=True)
class TutorialSystem:
    """The tutorial pipeline. History: the last two user turns are the query."""

    tutorial: Tutorial

    def ranked(self, question: Question) -> list[PageKey]:
        """See `System.ranked`."""
        return self.tutorial.ranked(plain_query(question))


def plain_query(question: Question) -> str:
    """The last two user turns, the question being the last."""
    earlier = [turn.content for turn in question.history if turn.role == "user"]
    return "\n".join([*earlier[-1:], question.question])


def _found(library: Library, hits: list[Hit]) -> list[PageKey]:
    held = library.chunks([hit.chunk_id for hit in hits])
    return [page for document, chunk in held for page in pages_of(document, chunk)]


def pages_of(document: Document, chunk: Chunk) -> list[PageKey]:
    """The pages on which a chunk stands."""
    first, last = document.page_range(chunk.span)
    return [(document.file, number) for number in range(first.number, last.number + 1)]
