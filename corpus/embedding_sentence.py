"""Embeds with any sentence-transformers model, by name or folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from corpus.embedding import Vectors
from corpus.errors import ModelError
from corpus.sentence_models import fingerprint_of, load_sentence_transformer


class SentenceEmbedder:
    """See `corpus.embedding.Embedder`, and `corpus.embedding.Tokenizer`.

    The model's own prompts for queries and documents are applied.
    """

    def __init__(
        self, name: str, *, batch_size: int, threads: int, fingerprint: str | None = None
    ) -> None:
        """Loads a model: from its folder, from the local cache, else over the network.

        Args:
            name: folder, or name on the hub.
            batch_size: passages embedded at once.
            threads: threads of the model; 0 leaves the choice to torch.
            fingerprint: of weights whose hash is pinned; read from the files where None.

        Raises:
            ModelError: where it cannot be loaded, saying what to do.
        """
        self._model = load_sentence_transformer(name)
        if threads:
            import torch

            torch.set_num_threads(threads)
        self._batch_size = batch_size
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(
                f"The model {name} does not give one vector for each text. "
                "Name a sentence-transformers embedding model in the settings."
            )
        self._dimension = dimension
        self._fingerprint = fingerprint or fingerprint_of(name)

    @property
    def fingerprint(self) -> str:
        """See `Embedder.fingerprint`."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """See `Embedder.dimension`."""
        return self._dimension

    @property
    def languages(self) -> frozenset[str] | None:
        """None: such a model does not say in a form that could be relied on."""
        return None

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        return self._embed(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_queries`."""
        return self._embed(self._model.encode_query, texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See `Tokenizer.count_tokens`."""
        if not texts:
            return []
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def _embed(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        vectors = encode(
            list(texts),
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)
