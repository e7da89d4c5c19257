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


class Pairs:
    """Puts a question and a text together as a cross-encoder reads them."""

    def __init__(self, bundle: Bundle, *, max_tokens: int) -> None:
        """Opens the tokenizer of a bundle.

        Args:
            bundle: a cross-encoder.
            max_tokens: of a pair; what is longer is cut.

        Raises:
            ModelError: where the file is missing or changed.
        """
        # The file pads every pair to 512 tokens; `FileTokenizer` switches that off.
        self._tokenizer = FileTokenizer(verified_file(bundle, "tokenizer.json"))
        self._start = self._tokenizer.id_of("[CLS]")
        self._end = self._tokenizer.id_of("[SEP]")
        self._max_tokens = max_tokens

    def question(self, text: str) -> list[int]:
        """Token ids of a question, without special ones."""
        # Half of what there is: cut only where it would leave no room for the passage.
        return self._tokenizer.encode(text)[: self._max_tokens // 2 - 2]

    def pair(self, asked: list[int], text: str) -> tuple[list[int], list[int]]:
        """Token ids and token types of a question, as `question` has it, and a text."""
        room = self._max_tokens - _SPECIAL_TOKENS - len(asked)
        read = self._tokenizer.encode(text)[:room]
        ids = [self._start, *asked, self._end, *read, self._end]
        return ids, [0] * (len(asked) + 2) + [1] * (len(read) + 1)


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
        self._bundle = bundle
        self._model = OnnxModel(ensure_converted(home, bundle) / GRAPH)
        self._pairs = Pairs(bundle, max_tokens=max_tokens)
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
        asked = self._pairs.question(query)
        if self._threads == 1 or len(texts) < 2:
            return [self._score_one(asked, text) for text in texts]
        # Longest first, so that no thread is left alone with a long one at the end.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
        found = list(self._pool.map(lambda i: self._score_one(asked, texts[i]), order))
        scores = dict(zip(order, found, strict=True))
        return [scores[i] for i in range(len(texts))]

    def _score_one(self, asked: list[int], text: str) -> float:
        logit = float(self._model.run(*self._pairs.pair(asked, text))[0])
        return 1 / (1 + math.exp(-logit))
