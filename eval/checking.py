"""Does a question set fit the library: documents, pages, quotes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from corpus.matching import comparable, pieces, stands_in
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
    questions: Sequence[Question],
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
    desk = _Desk(library, quote_stands)
    asked = [(question, gold) for question in questions for gold in question.gold]
    # Page by page, for what a page says is worked out once; what was found is said in order.
    by_page = sorted(range(len(asked)), key=lambda i: (asked[i][1].document, asked[i][1].page))
    wrong = {i: message for i in by_page if (message := desk.problem(asked[i][1])) is not None}
    messages = (wrong.get(i) for i in range(len(asked)))
    problems: list[Problem] = []
    for question in questions:
        if question.answerable and not (question.gold or question.key_facts):
            bare = "no gold page and no key fact says what a right answer is"
            problems.append(_problem(question, bare))
        found = islice(messages, len(question.gold))
        problems.extend(_problem(question, message) for message in found if message is not None)
    return tuple(problems)


class _Desk:
    """Holds gold pages against a library."""

    def __init__(self, library: Library, quote_stands: QuoteStands) -> None:
        self._records = {record.file: record for record in library.records()}
        self._library = library
        self._quote_stands = quote_stands
        self._folded: dict[str, tuple[str, ...]] = {}

    def problem(self, gold: GoldPage) -> str | None:
        """What is wrong with a gold page; None where nothing is."""
        record = self._records.get(gold.document)
        if record is None:
            near = difflib.get_close_matches(gold.document, list(self._records), n=1)
            hint = f' (did you mean "{near[0]}"?)' if near else ""
            return f'the library holds no document "{gold.document}"{hint}'
        if gold.page > record.pages:
            return f"{gold.document} has {record.pages} pages, there is no page {gold.page}"
        if not gold.quote:
            return None
        document = self._library.document(record.id)
        if stands_in(gold.quote, document.page_text(gold.page)):
            return None
        if self._quote_stands(gold.document, gold.page, gold.quote):
            return None
        elsewhere = [str(number) for number in self._places(gold.quote, document)]
        hint = f" (it stands on page {', '.join(elsewhere[:5])})" if elsewhere else ""
        return f'the quote "{gold.quote}" is not on page {gold.page} of {gold.document}{hint}'

    def _places(self, quote: str, document: Document) -> Iterator[int]:
        """The pages of a document on which a quote stands."""
        if document.id not in self._folded:
            texts = (document.page_text(page.number) for page in document.pages)
            self._folded[document.id] = tuple(map(comparable, texts))
        wanted = tuple(map(comparable, pieces(quote)))
        for page, folded in zip(document.pages, self._folded[document.id], strict=True):
            # Where signs are missing there is no need to look at what stands around them.
            possible = all(piece in folded for piece in wanted)
            if possible and stands_in(quote, document.page_text(page.number)):
                yield page.number


def _problem(question: Question, message: str) -> Problem:
    return Problem(question.line, f"{question.id}: {message}")
