"""Reranks with any sentence-transformers cross-encoder, by name or folder."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import ModelError
from corpus.sentence_models import fingerprint_of, load_cross_encoder


class SentenceReranker:
    """See `assistant.rerank.Reranker`."""

    def __init__(self, name: str, *, batch_size: int) -> None:
        """Loads a model: from its folder, from the local cache, else over the network.

        Args:
            name: folder, or name on the hub.
            batch_size: pairs read at once.

        Raises:
            ModelError: where it cannot be loaded, or gives more than one score for a pair.
        """
        self._model = load_cross_encoder(name)
        if self._model.num_labels != 1:
            raise ModelError(
                f"The model {name} gives {self._model.num_labels} scores for each pair; a "
                "reranker gives one. Name another cross-encoder in retrieval.reranker."
            )
        self._fingerprint = fingerprint_of(name)
        self._batch_size = batch_size

    @property
    def fingerprint(self) -> str:
        """See `Reranker.fingerprint`."""
        return self._fingerprint

    @property
    def languages(self) -> frozenset[str] | None:
        """None: such a model does not say in a form that could be relied on."""
        return None

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.score`."""
        from torch.nn import Sigmoid

        if not texts:
            return []
        scores = self._model.predict(
            [(query, text) for text in texts],
            batch_size=self._batch_size,
            activation_fn=Sigmoid(),
            show_progress_bar=False,
        )
        return [float(score) for score in scores]
