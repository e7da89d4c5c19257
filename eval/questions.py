"""What a question of a set is. `eval.question_files` reads and writes sets.

Gold is in the source's coordinates (file name, physical page), never chunk ids, so that another
chunking never invalidates a label.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.model import Filters, Turn

NO_FILTERS = Filters()
FILTER_TYPES: Mapping[str, type] = {
    "document_id": str,
    "programme": str,
    "year": int,
    "language": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    """A page that proves the answer.

    Attributes:
        document: file name of the PDF. page: 1-based physical page.
        quote: words of that page, "" where none were noted.
    """

    document: str
    page: int
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a set.

    Attributes:
        id: unique in its set. question: as an applicant types it.
        lang: BCP-47 code of the question; "" where not given.
        kind: "fact", "table-cell", ...; topic: any word. Reports group by both.
        history: earlier turns, oldest first. filters: what the asker picked.
        answerable: False where the right behaviour is to say that the guides do not answer.
        gold: pages that prove the answer.
        alternatives: True where any one gold page is enough, False where all are needed.
        key_facts: facts that a right answer states, each a tuple of accepted spellings.
        answer: reference answer. note: what makes it hard.
        line: where it stands in its file, 0 where it was not read from one.
    """

    id: str
    question: str
    lang: str = ""
    kind: str = ""
    topic: str = ""
    history: tuple[Turn, ...] = ()
    filters: Filters = NO_FILTERS
    answerable: bool = True
    gold: tuple[GoldPage, ...] = ()
    alternatives: bool = True
    key_facts: tuple[tuple[str, ...], ...] = ()
    answer: str = ""
    note: str = ""
    line: int = 0

    @property
    def gold_pages(self) -> tuple[tuple[str, int], ...]:
        """The distinct gold pages in order, as (file name, page)."""
        return tuple(dict.fromkeys((g.document, g.page) for g in self.gold))

    @property
    def gold_documents(self) -> frozenset[str]:
        """File names of the guides that answer."""
        return frozenset(g.document for g in self.gold)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a question, and the line where it stands."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


FIELDS = tuple(name for name in Question.__dataclass_fields__ if name != "line")


def to_record(question: Question) -> dict[str, object]:
    """The question as a JSON object with every field of the format; `parse_record` reverses it."""
    chosen = {name: getattr(question.filters, name) for name in FILTER_TYPES}
    record: dict[str, object] = {
        "id": question.id,
        "question": question.question,
        "lang": question.lang,
        "history": [{"role": t.role, "content": t.content} for t in question.history],
        "kind": question.kind,
        "filters": {name: value for name, value in chosen.items() if value is not None},
        "answerable": question.answerable,
        "gold": [{"document": g.document, "page": g.page, "quote": g.quote} for g in question.gold],
        "alternatives": question.alternatives,
        "key_facts": [list(fact) for fact in question.key_facts],
        "answer": question.answer,
    }
    if question.topic:
        record["topic"] = question.topic
    if question.note:
        record["note"] = question.note
    return record


def set_hash(questions: Iterable[Question]) -> str:
    """SHA-256 (hex) of the questions in order: two runs compare only over the same set."""
    digest = hashlib.sha256()
    for question in questions:
        line = json.dumps(to_record(question), ensure_ascii=False, sort_keys=True)
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
