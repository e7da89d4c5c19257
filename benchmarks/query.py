"""How long one question takes, by stage, and how much longer in a library many times as large.

    python benchmarks/query.py [--questions FILE.jsonl] [--grow 200000]

Asks the library of the data folder (GUIDE_HOME), one question after the other, with the reranker
and without. `--grow` then copies the library's documents, with other words and other vectors and
without a year, so that all of them are searched together, until there are so many passages, into
a folder that is removed in the end, and asks again. Prints one JSON object; times are milliseconds:

    with_reranker, without   p50 and p95 of a search (all before the answer is composed), of its
                             stages, of the composing, of the whole: when the questions are asked
                             for the first time, when they are asked again, and when they are
                             asked for the first time after the library was read ahead, which a
                             server does while nobody asks
    grown                    the search without the reranker in the grown library
    ratio_first, _again      grown p95 of the retrieval to that of the library as it is
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import chromadb.config
import numpy as np

_PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_PROJECT))

from load import QUESTIONS  # noqa: E402

from assistant.pipeline import Assistant  # noqa: E402
from assistant.wiring import open_assistant, reading_ahead  # noqa: E402
from corpus.embedding import Vectors  # noqa: E402
from corpus.index import Index  # noqa: E402
from corpus.model import Document, chunk_id  # noqa: E402
from corpus.packing import pack_boxes  # noqa: E402
from corpus.settings import Settings, load_settings  # noqa: E402
from corpus.writer import IndexWriter  # noqa: E402

WARM_UP = 3
CHANGED = 0.3
"""Share of the words of a copy that are others."""
_WORD = re.compile(r"[^\W\d_]{4,}")


def read_questions(path: Path) -> list[str]:
    """The questions of a set in the format of `guide eval`, those with earlier turns left out."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [row["question"] for row in rows if not row.get("history")]


def measure(
    settings: Settings, questions: Sequence[str]
) -> tuple[int, dict[str, dict[str, dict[str, float]]]]:
    """Passages of the library, and the times of all questions asked once, and once more."""
    assistant = open_assistant(settings)
    held = sum(record.chunks for record in assistant.records())
    times = {name: ask_all(assistant, questions) for name in ("first", "again")}
    assistant.close()
    return held, times


def measure_ahead(settings: Settings, questions: Sequence[str]) -> dict[str, dict[str, float]]:
    """The times of all questions asked once, in a library that was read ahead."""
    assistant = open_assistant(settings)
    reading_ahead(assistant).run()
    times = ask_all(assistant, questions)
    assistant.close()
    return times


def ask_all(assistant: Assistant, questions: Sequence[str]) -> dict[str, dict[str, float]]:
    """Percentiles of each stage, milliseconds."""
    for question in questions[:WARM_UP]:
        assistant.ask(question)
    timings = [assistant.ask(question).timings_ms for question in questions]
    told = [t for t in timings if "total" in t]
    found = {
        "search": [t["understand"] + t["retrieve"] + t["rerank"] for t in told],
        **{stage: [t[stage] for t in told] for stage in ("retrieve", "rerank", "answer", "total")},
    }
    return {stage: percentiles(values) for stage, values in found.items()}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """p50 and p95."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}


def without_reranker(settings: Settings) -> Settings:
    """The same settings, passages in the order of the search."""
    retrieval = settings.retrieval.model_copy(update={"reranker": "none"})
    return settings.model_copy(update={"retrieval": retrieval})


def grow(settings: Settings, home: Path, passages: int) -> Settings:
    """Fills a new library with the old one and copies of it; returns its settings."""
    grown = without_reranker(settings).model_copy(update={"home": home})
    (home / "models").symlink_to(settings.home / "models")
    stored = read_vectors(settings.home)
    source = Index.open(settings)
    writer = IndexWriter.open(grown)
    rows = []
    held = 0
    start = time.monotonic()
    try:
        documents = [source.document(record.id) for record in source.records()]
        vectors = {d.id: np.stack([stored[c.id] for c in d.chunks]) for d in documents}
        for number, document in enumerate(copies(documents)):
            if held >= passages:
                break
            original = documents[number % len(documents)]
            record = writer.save(
                document,
                shaken(vectors[original.id], number),
                pack_boxes(document, ()),
                source.pdf_path(original.id),
                publish=False,
            )
            rows.append(record.row)
            held += len(document.chunks)
            print(f"{held} passages, {time.monotonic() - start:.0f} s", file=sys.stderr)
        writer.publish(rows)
        writer.refresh()
    finally:
        writer.close()
        source.close()
    return grown


def read_vectors(home: Path) -> dict[str, Vectors]:
    """What Chroma holds in the data folder, by chunk id."""
    client = chromadb.PersistentClient(
        home / "chroma",
        settings=chromadb.config.Settings(
            anonymized_telemetry=False, chroma_otel_collection_endpoint=""
        ),
    )
    stored: dict[str, Vectors] = {}
    for collection in client.list_collections():
        got = collection.get(include=["embeddings"])
        vectors = np.asarray(got["embeddings"], np.float32)
        stored.update(zip(got["ids"], vectors, strict=True))
    client.close()  # type: ignore[attr-defined]  # the protocol lacks it
    return stored


def copies(documents: Sequence[Document]) -> Iterator[Document]:
    """The documents, then copies with other words, without end."""
    yield from documents
    words = sorted({word for d in documents for word in _WORD.findall(d.text)})
    number = 0
    while True:
        number += 1
        for document in documents:
            yield changed(document, number, random.Random(f"{document.id} {number}"), words)


def changed(document: Document, number: int, chance: random.Random, words: list[str]) -> Document:
    """A copy with some words replaced by others of the same length, so that offsets stay."""
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)

    def other(match: re.Match[str]) -> str:
        return chance.choice(by_length[len(match[0])]) if chance.random() < CHANGED else match[0]

    text = _WORD.sub(other, document.text)
    name = f"{document.id}-copy-{number}"
    chunks = tuple(
        replace(
            c,
            id=chunk_id(name, c.span, text[c.span.start : c.span.end]),
            document_id=name,
            text=text[c.span.start : c.span.end],
        )
        for c in document.chunks
    )
    edition = replace(
        document.edition, title=f"Copy {number} of {document.edition.title}", year=None
    )
    sha256 = f"{number:08x}{document.sha256[8:]}"
    return replace(
        document,
        id=name,
        sha256=sha256,
        text=text,
        chunks=chunks,
        edition=edition,
        file=f"{name}.pdf",
    )


def shaken(vectors: Vectors, seed: int) -> Vectors:
    """Unit vectors near the given ones, shape (passages, dimension)."""
    if seed == 0:
        return vectors
    noise = np.random.default_rng(seed).normal(0, 0.4 / np.sqrt(vectors.shape[1]), vectors.shape)
    moved = vectors + noise.astype(np.float32)
    near: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return near


def main() -> None:
    """Measures, and prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--questions", type=Path, help="a question set; built-in ones without it")
    parser.add_argument("--grow", type=int, default=0, metavar="PASSAGES")
    arguments = parser.parse_args()
    questions = read_questions(arguments.questions) if arguments.questions else list(QUESTIONS)
    settings = load_settings()
    result: dict[str, Any] = {"questions": len(questions)}
    # A process for each, so that what one has read and kept does not help the next.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for name, with_these in (
            ("with_reranker", settings),
            ("without", without_reranker(settings)),
        ):
            held, times = pool.submit(measure, with_these, questions).result()
            times["ahead"] = pool.submit(measure_ahead, with_these, questions).result()
            result |= {"passages": held, name: times}
        if arguments.grow:
            with tempfile.TemporaryDirectory() as folder:
                grown = grow(settings, Path(folder), arguments.grow)
                result["grown_passages"], result["grown"] = pool.submit(
                    measure, grown, questions
                ).result()
            for asked in ("first", "again"):
                now, before = (
                    result[key][asked]["retrieve"]["p95"] for key in ("grown", "without")
                )
                result[f"ratio_{asked}"] = round(now / before, 2)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
