"""Does a question set fit the library: documents, pages, quotes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from corpus.matching import stands_in
from corpus.model import Document
from corpus.records import DocumentRecord
from eval.metrics import QuoteStands
from eval.questions import GoldPage, Problem, Question


class Library(Protocol):
    """What the check needs of `corpus.index.Index`."""

    def records(self) -> Sequence[DocumentRecord]:
        """What the library holds."""
        ...

    def document(self, document_id: str) -> Document:
        """A whole document."""
        ...


def check(
    questions: Iterable[Question],
    library: Library,
    *,
    quote_stands: QuoteStands,
) -> tuple[Problem, ...]:
    """What keeps the questions from measuring this library, in their order.

    Args:
        questions: as read.
        library: what they are asked of.
        quote_stands: a second reader of pages, asked where the library's text lacks a quote.
    """
    records = {record.file: record for record in library.records()}
    problems: list[Problem] = []
    for question in questions:
        if question.answerable and not (question.gold or question.key_facts):
            message = "no gold page and no key fact says what a right answer is"
            problems.append(_problem(question, message))
        for gold in question.gold:
            found = _gold_problems(gold, records, library, quote_stands)
            problems.extend(_problem(question, message) for message in found)
    return tuple(problems)


def _gold_problems(
    gold: GoldPage,
    records: Mapping[str, DocumentRecord],
    library: Library,
    quote_stands: QuoteStands,
) -> Iterator[str]:
    record = records.get(gold.document)
    if record is None:
        near = difflib.get_close_matches(gold.document, list(records), n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        yield f'the library holds no document "{gold.document}"{hint}'
    elif gold.page > record.pages:
        yield f"{gold.document} has {record.pages} pages, there is no page {gold.page}"
    elif gold.quote:
        document = library.document(record.id)
        if stands_in(gold.quote, document.page_text(gold.page)):
            return
        if quote_stands(gold.document, gold.page, gold.quote):
            return
        elsewhere = [
            str(page.number)
            for page in document.pages
            if stands_in(gold.quote, document.page_text(page.number))
        ]
        hint = f" (it stands on page {', '.join(elsewhere[:5])})" if elsewhere else ""
        yield f'the quote "{gold.quote}" is not on page {gold.page} of {gold.document}{hint}'


def _problem(question: Question, message: str) -> Problem:
    return Problem(question.line, f"{question.id}: {message}")
