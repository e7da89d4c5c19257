"""Public question sets in one format, read as one document whose pages are the passages.

A benchmark is a folder with `documents.jsonl` (id, title, text or passages) and
`questions.jsonl` (id, question, gold as [document id, passage id or null]). Each passage becomes
a page of one document, so that the same index, retrieval and measures serve guides and
benchmarks; a gold passage is a gold page.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.model import Turn
from corpus.errors import EvaluationError
from corpus.model import Document, Edition, Page, Section, Span
from eval.questions import GoldPage, Question

SEED = 13
"""Of the samples that the project reports."""

Row = Mapping[str, Any]
Key = tuple[str, str | None]
"""Document id and passage id (None where a document is one passage), as in `gold`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """One passage: its key in the gold labels, the headings above it, its text."""

    key: Key
    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A set ready to be indexed and asked.

    Attributes:
        name: of the folder. group: part of it, e.g. a language pair; "" where it has none.
        document: all passages, one a page, without chunks.
        questions: answerable ones only, gold as pages of `document`; any one gold page is enough.
    """

    name: str
    group: str
    document: Document
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one benchmark is read.

    Attributes:
        sample: questions taken (with `SEED`) in each group; 0 for all.
        question_languages: a group for each, English passages; empty for one group.
        titles: whether the title (and section) stands above each passage.
        usable: which question rows are taken.
    """

    sample: int = 0
    question_languages: tuple[str, ...] = ()
    titles: bool = True
    usable: Callable[[Row], bool] = lambda row: bool(row["gold"])


RECIPES: Mapping[str, Recipe] = {
    "doc2dial-en": Recipe(sample=1000),
    # The English article title stands above the passages in every language: not to be indexed.
    "xquad": Recipe(
        sample=200, question_languages=("de", "es", "ro", "el", "ru", "tr"), titles=False
    ),
    "mtrag-un": Recipe(),
    "clapnq-dev": Recipe(usable=lambda row: bool(row["answerable"])),
}


def read_benchmark(
    name: str, folder: Path, *, limit: int | None = None, others: int | None = None
) -> tuple[Benchmark, ...]:
    """The groups of a benchmark, in order; they share one document.

    Args:
        name: of a recipe.
        folder: with its two files.
        limit: at most so many questions of each group, the first of the sample.
        others: at most so many passages besides the gold ones, the first; for a quick trial.

    Raises:
        EvaluationError: if the name is unknown or a file is not as expected.
    """
    recipe = RECIPES.get(name)
    if recipe is None:
        raise EvaluationError(f'There is no benchmark "{name}". Known are: {", ".join(RECIPES)}.')
    try:
        return _read(name, folder, recipe, limit, others)
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(
            f"The benchmark {folder} is not in the expected form ({error!r})."
        ) from error


def _read(
    name: str, folder: Path, recipe: Recipe, limit: int | None, others: int | None
) -> tuple[Benchmark, ...]:
    language = "en"
    passages = list(passages_of(rows_of(folder / "documents.jsonl"), recipe, language))
    rows = [row for row in rows_of(folder / "questions.jsonl") if recipe.usable(row)]
    asked = {
        group: _sample([row for row in rows if not group or row["lang"] == group], recipe)[:limit]
        for group in recipe.question_languages or ("",)
    }
    if others is not None:
        gold = {key for taken in asked.values() for row in taken for key in _gold(row)}
        beside = [passage.key for passage in passages if passage.key not in gold]
        gold.update(beside[:others])
        passages = [passage for passage in passages if passage.key in gold]
    document = as_document(name, passages, language)
    pages = {passage.key: number for number, passage in enumerate(passages, 1)}
    return tuple(
        Benchmark(
            name=name,
            group=f"{group}→{language}" if group else "",
            document=document,
            questions=tuple(
                question_of(row, group or language, document.file, pages) for row in taken
            ),
        )
        for group, taken in asked.items()
    )


def _sample(rows: Sequence[Row], recipe: Recipe) -> Sequence[Row]:
    if not recipe.sample or len(rows) <= recipe.sample:
        return rows
    return random.Random(SEED).sample(rows, recipe.sample)  # noqa: S311 - a sample


def as_document(name: str, passages: Sequence[Excerpt], language: str) -> Document:
    """A document with one page and one section for each passage, not yet cut into chunks."""
    pages, sections, texts, start = [], [], [], 0
    for number, passage in enumerate(passages, 1):
        text = passage.text.strip() + "\n"
        span = Span(start, start + len(text))
        pages.append(Page(number=number, span=span))
        sections.append(Section(headings=passage.headings, span=span))
        texts.append(text)
        start = span.end
    whole = "".join(texts)
    return Document(
        id=name,
        file=f"{name}.jsonl",
        sha256=hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest(),
        edition=Edition(title="", language=language, official=False),
        text=whole,
        pages=tuple(pages),
        sections=tuple(sections),
    )


def passages_of(rows: Iterable[Row], recipe: Recipe, language: str) -> Iterable[Excerpt]:
    """The passages of a language, in order, as the recipe has them read."""
    for row in rows:
        if row.get("lang", language) != language:
            continue
        for part in row.get("passages", ({"id": None, "text": row.get("text")},)):
            yield Excerpt(
                key=(str(row["id"]), part["id"]),
                headings=_headings(row, part) if recipe.titles else (),
                text=str(part["text"]),
            )


def _headings(document: Row, passage: Row) -> tuple[str, ...]:
    """Title and section, once where they are the same."""
    both = (str(document.get("title", "")), str(passage.get("section", "")))
    return tuple(dict.fromkeys(heading for heading in both if heading))


def question_of(row: Row, language: str, file: str, pages: Mapping[Key, int]) -> Question:
    """A question with its history and its gold passages as pages of `file`."""
    roles = {"agent": "assistant"}
    return Question(
        id=str(row["id"]),
        question=str(row["question"]),
        lang=language,
        history=tuple(
            Turn(role=roles.get(role, role), content=content)
            for role, content in row.get("history", ())
        ),
        gold=tuple(GoldPage(document=file, page=pages[key]) for key in _gold(row)),
    )


def _gold(row: Row) -> tuple[Key, ...]:
    """The gold passages of a question; those of another language by their English parallel."""
    if "gold_parallel_id" in row:
        return ((f"en:{row['gold_parallel_id']}", None),)
    return tuple((document, passage) for document, passage in row["gold"])


def rows_of(path: Path) -> list[Row]:
    """The rows of a file with one JSON object a line.

    Raises:
        EvaluationError: if it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise EvaluationError(f"The benchmark file {path} cannot be read: {error}.") from error
