"""Reranks with the bundled English cross-encoder, ms-marco-MiniLM-L-12-v2, through onnxruntime."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from corpus.conversion import GRAPH, ensure_converted, recipe_hash
from corpus.onnx_session import OnnxModel, usable_threads
from corpus.weights import MS_MARCO_MINILM, Bundle, verified_file
from corpus.wordpiece import FileTokenizer

_MAX_TOKENS = 512
_SPECIAL_TOKENS = 3


class OnnxReranker:
    """See `assistant.rerank.Reranker`. Works through pairs in parallel, one in each thread."""

    def __init__(
        self,
        *,
        home: Path,
        threads: int,
        bundle: Bundle = MS_MARCO_MINILM,
        max_tokens: int = _MAX_TOKENS,
    ) -> None:
        """Opens the model. The first time, it is converted (a second).

        Args:
            home: data folder.
            threads: pairs worked on at the same time; 0 means one for each core.
            bundle: the reranker, or what was tuned from it.
            max_tokens: of a pair; what is longer is cut.

        Raises:
            ModelError: where the weights are missing or changed.
        """
        self._bundle, self._max_tokens = bundle, max_tokens
        self._model = OnnxModel(ensure_converted(home, bundle) / GRAPH)
        # The file pads every pair to 512 tokens; `FileTokenizer` switches that off.
        self._tokenizer = FileTokenizer(verified_file(bundle, "tokenizer.json"))
        self._start = self._tokenizer.id_of("[CLS]")
        self._end = self._tokenizer.id_of("[SEP]")
        self._threads = usable_threads(threads)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="rerank")

    @property
    def fingerprint(self) -> str:
        """See `Reranker.fingerprint`."""
        return f"{self._bundle.model}@{recipe_hash(self._bundle)}"

    @property
    def languages(self) -> frozenset[str] | None:
        """See `Reranker.languages`."""
        return frozenset({"en"})

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.score`."""
        # Half of what there is: cut only where it would leave no room for the passage.
        asked = self._tokenizer.encode(query)[: self._max_tokens // 2 - 2]
        if self._threads == 1 or len(texts) < 2:
            return [self._score_one(asked, text) for text in texts]
        # Longest first, so that no thread is left alone with a long one at the end.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        found = list(self._pool.map(lambda i: self._score_one(asked, texts[i]), order))
        scores = dict(zip(order, found, strict=True))
        return [scores[i] for i in range(len(texts))]

    def _score_one(self, asked: list[int], text: str) -> float:
        room = self._max_tokens - _SPECIAL_TOKENS - len(asked)
        read = self._tokenizer.encode(text)[:room]
        ids = [self._start, *asked, self._end, *read, self._end]
        types = [0] * (len(asked) + 2) + [1] * (len(read) + 1)
        logit = float(self._model.run(ids, types)[0])
        return 1 / (1 + math.exp(-logit))
