"""Asks the assistant and notes the ranking behind its answer, further down than the answer shows.

An answer carries `retrieval.top_k` passages, which often share pages; the ten best distinct pages
lie deeper. Searching once more would cost the time of a second reranking.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from assistant.model import Answer, Filters, Passage, Query, Turn
from assistant.pipeline import Assistant
from assistant.retrieval import Candidates, Found, Retriever

DEPTH = 50
"""Passages noted."""


@dataclass(frozen=True, kw_only=True)
class NotingRetriever(Retriever):
    """The product's retriever; what it found beyond the usual number is noted for each thread."""

    noted: threading.local = field(default_factory=threading.local)

    def read(self, query: Query, candidates: Candidates, *, top_k: int | None = None) -> Found:
        """As the retriever does, with the longer ranking noted."""
        wanted = top_k or self.settings.top_k
        found = super().read(query, candidates, top_k=max(DEPTH, wanted))
        # What is looked for besides, for a part of the question, is not its ranking.
        self.noted.passages = self.noted.passages or found.passages
        return replace(found, passages=found.passages[:wanted])


class Examiner:
    """See `eval.runner.Asking`. Safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        """Leaves the assistant as it is; who opened it closes it."""
        known = {f.name: getattr(assistant.retriever, f.name) for f in fields(Retriever)}
        self._retriever = NotingRetriever(**known)
        self._assistant = replace(assistant, retriever=self._retriever)

    def ask(
        self, question: str, *, filters: Filters, history: Sequence[Turn]
    ) -> tuple[Answer, tuple[Passage, ...]]:
        """The answer as the assistant gives it, and the passages ranked for it."""
        self._retriever.noted.passages = ()
        answer = self._assistant.ask(question, filters=filters, history=history)
        return answer, self._retriever.noted.passages or answer.passages
