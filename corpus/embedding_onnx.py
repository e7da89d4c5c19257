"""Embeds with the bundled models through onnxruntime: opens in a fraction of a second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.embedding import Vectors
from corpus.onnx_session import OnnxModel, usable_threads
from corpus.unigram import UnigramTokenizer
from corpus.wordpiece import FileTokenizer

MAX_TOKENS = 512
"""Positions of both models; what is longer is cut at the end."""
_QUERIES_KEPT = 512
"""Questions are asked again: searched ahead, tried once more, by one class of pupils."""

Pooling = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
"""(tokens, dimension) to (dimension,)."""


class OnnxEmbedder:
    """See `corpus.embedding.Embedder`. Works through texts in parallel, one in each thread."""

    def __init__(
        self,
        *,
        model: OnnxModel,
        encode: Callable[[str], list[int]],
        frame: tuple[int, int],
        pool: Pooling,
        prompts: tuple[str, str],
        dimension: int,
        fingerprint: str,
        languages: frozenset[str] | None,
        threads: int,
    ) -> None:
        """Puts a model together.

        Args:
            model: gives one vector for each token.
            encode: text to ids without special tokens.
            frame: ids of the special tokens before and after a text.
            pool: vectors of the tokens to the vector of the text.
            prompts: what is put before a passage and before a query.
            dimension: length of a vector.
            fingerprint: see `Embedder.fingerprint`.
            languages: see `Embedder.languages`.
            threads: texts worked on at the same time; 0 means one for each core.
        """
        self._model = model
        self._encode = encode
        self._frame = frame
        self._pooled = pool
        self._passage_prompt, self._query_prompt = prompts
        self._dimension = dimension
        self._fingerprint = fingerprint
        self._languages = languages
        self._threads = usable_threads(threads)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embedding")
        self._lock = threading.Lock()
        self._asked: dict[str, npt.NDArray[np.float32]] = {}

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
        """See `Embedder.languages`."""
        return self._languages

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        return self._embed([self._passage_prompt + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_queries`; vectors of the questions asked last are kept."""
        with self._lock:
            known = {text: self._asked[text] for text in texts if text in self._asked}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(
            zip(fresh, self._embed([self._query_prompt + text for text in fresh]), strict=True)
        )
        with self._lock:
            self._asked.update((text, known[text]) for text in fresh)
            while len(self._asked) > _QUERIES_KEPT:
                del self._asked[next(iter(self._asked))]
        rows = [known[text] for text in texts]
        return np.stack(rows) if rows else self._embed([])

    def _embed(self, texts: list[str]) -> Vectors:
        # Repeated texts (running headings, boilerplate of editions) are embedded once. The
        # longest go first, so that no thread is left alone with a long one at the end.
        distinct = sorted(set(texts), key=len, reverse=True)
        if self._threads == 1 or len(distinct) < 2:
            rows = [self._embed_one(text) for text in distinct]
        else:
            rows = list(self._pool.map(self._embed_one, distinct))
        place = {text: row for row, text in enumerate(distinct)}
        vectors = np.stack(rows) if rows else np.empty((0, self._dimension), np.float32)
        return vectors[[place[text] for text in texts]]

    def _embed_one(self, text: str) -> npt.NDArray[np.float32]:
        first, last = self._frame
        ids = [first, *self._encode(text)[: MAX_TOKENS - 2], last]
        pooled = self._pooled(self._model.run(ids))
        vector: npt.NDArray[np.float32] = pooled / np.linalg.norm(pooled)
        return vector


def open_e5_small(
    graph: Path, tokenizer: UnigramTokenizer, *, fingerprint: str, threads: int
) -> OnnxEmbedder:
    """multilingual-e5-small: mean of all tokens, prompts as it was trained (Wang et al. 2024)."""
    vocabulary = tokenizer.vocabulary
    return OnnxEmbedder(
        model=OnnxModel(graph),
        encode=tokenizer.encode,
        frame=(vocabulary.start_id, vocabulary.end_id),
        pool=lambda tokens: tokens.mean(axis=0),
        prompts=("passage: ", "query: "),
        dimension=384,
        fingerprint=fingerprint,
        languages=None,
        threads=threads,
    )


def open_bge_small(
    graph: Path, tokenizer: FileTokenizer, *, fingerprint: str, threads: int
) -> OnnxEmbedder:
    """bge-small-en-v1.5: vector of the first token; queries carry the model card's instruction."""
    return OnnxEmbedder(
        model=OnnxModel(graph),
        encode=tokenizer.encode,
        frame=(tokenizer.id_of("[CLS]"), tokenizer.id_of("[SEP]")),
        pool=lambda tokens: tokens[0],
        prompts=("", "Represent this sentence for searching relevant passages: "),
        dimension=384,
        fingerprint=fingerprint,
        languages=frozenset({"en"}),
        threads=threads,
    )
