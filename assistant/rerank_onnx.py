"""Reranks with the bundled English cross-encoder, ms-marco-MiniLM-L-12-v2, through onnxruntime."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpus.conversion import GRAPH, ensure_converted, recipe_hash
from corpus.onnx_session import OnnxModel, usable_threads
from corpus.weights import MS_MARCO_MINILM, verified_file
from corpus.wordpiece import FileTokenizer

_MAX_TOKENS = 512
_SPECIAL_TOKENS = 3
_MAX_QUERY_TOKENS = 254
"""Half of what there is: the query is cut only where it would leave no room for the passage."""


class OnnxReranker:
    """See `assistant.rerank.Reranker`. Works through pairs in parallel, one in each thread."""

    def __init__(self, *, home: Path, threads: int) -> None:
        """Opens the model. The first time, it is converted (a second).

        Args:
            home: data folder.
            threads: pairs worked on at the same time; 0 means one for each core.

        Raises:
            ModelError: where the weights are missing or changed.
        """
        self._model = OnnxModel(ensure_converted(home, MS_MARCO_MINILM) / GRAPH)
        # The file pads every pair to 512 tokens; `FileTokenizer` switches that off.
        self._tokenizer = FileTokenizer(verified_file(MS_MARCO_MINILM, "tokenizer.json"))
        self._start = self._tokenizer.id_of("[CLS]")
        self._end = self._tokenizer.id_of("[SEP]")
        self._threads = usable_threads(threads)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="rerank")

    @property
    def fingerprint(self) -> str:
        """See `Reranker.fingerprint`."""
        return f"{MS_MARCO_MINILM.model}@{recipe_hash(MS_MARCO_MINILM)}"

    @property
    def languages(self) -> frozenset[str] | None:
        """See `Reranker.languages`."""
        return frozenset({"en"})

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.score`."""
        asked = self._tokenizer.encode(query)[:_MAX_QUERY_TOKENS]
        if self._threads == 1 or len(texts) < 2:
            return [self._score_one(asked, text) for text in texts]
        # Longest first, so that no thread is left alone with a long one at the end.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        found = list(self._pool.map(lambda i: self._score_one(asked, texts[i]), order))
        scores = dict(zip(order, found, strict=True))
        return [scores[i] for i in range(len(texts))]

    def _score_one(self, asked: list[int], text: str) -> float:
        room = _MAX_TOKENS - _SPECIAL_TOKENS - len(asked)
        read = self._tokenizer.encode(text)[:room]
        ids = [self._start, *asked, self._end, *read, self._end]
        types = [0] * (len(asked) + 2) + [1] * (len(read) + 1)
        logit = float(self._model.run(ids, types)[0])
        return 1 / (1 + math.exp(-logit))
