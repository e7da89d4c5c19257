"""What a reranker is, and which one the settings mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from corpus.settings import Settings
from corpus.weights import UNIT_READER

AUTO = "auto"
NONE = "none"
UNIT_TOKENS = 192
"""Of a question and a unit: as many as the reader of units was tuned on."""


class Reranker(Protocol):
    """Reads a query and a passage together and says how well the passage answers.

    Implementations are safe to call from several threads.
    """

    @property
    def fingerprint(self) -> str:
        """Model name and hash of its weights."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """BCP-47 codes the model was trained for, None for many languages."""
        ...

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """The sigmoid of the model's logit for each text, 0…1, higher is better."""
        ...


def open_reranker(settings: Settings) -> Reranker | None:
    """Opens the reranker that the settings name; None where that is `none`.

    Raises:
        ModelError: where weights are missing, changed or cannot be loaded.
    """
    name, threads = settings.retrieval.reranker, settings.embedding.threads
    if name == NONE:
        return None
    if name == AUTO:
        from assistant.rerank_onnx import OnnxReranker

        return OnnxReranker(home=settings.home, threads=threads)
    from assistant.rerank_sentence import SentenceReranker

    return SentenceReranker(name, batch_size=settings.embedding.batch_size)


def open_unit_reader(settings: Settings) -> Reranker | None:
    """Opens what reads single units; None where the settings name another reranker, or none.

    Raises:
        ModelError: where weights are missing or changed.
    """
    if settings.retrieval.reranker != AUTO:
        return None
    from assistant.rerank_onnx import OnnxReranker

    return OnnxReranker(home=settings.home, threads=settings.embedding.threads, bundle=UNIT_READER)
