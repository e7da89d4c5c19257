"""What an embedder is. One file per back end: `embedding_onnx`, `embedding_sentence`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimension), float32, each row of length 1."""


class Embedder(Protocol):
    """Turns passages and queries into vectors whose dot product is their cosine similarity.

    Implementations are safe to call from several threads.
    """

    @property
    def fingerprint(self) -> str:
        """Model name and hash of its weights; an index built with another one is refused."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    @property
    def languages(self) -> frozenset[str] | None:
        """BCP-47 codes the model was trained for, None for many languages."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, with the model's passage prompt. Row i belongs to text i."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries, with the model's query prompt."""
        ...


class Tokenizer(Protocol):
    """Counts tokens without loading a model, so that reading PDFs needs no weights in memory."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens and prompts left out."""
        ...
