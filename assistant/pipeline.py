"""One question, one road: understand, retrieve, rerank, draft, verify, answer or abstain.

`Assistant.stream` is the road; `ask` is its last item.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.citing import verify
from assistant.extractive import Stems, draft
from assistant.lexicon import Lexicon
from assistant.messages import Messages
from assistant.model import Answer, Filters, Note, NoteKind, Passage, Query, Status, Turn
from assistant.retrieval import Found, Library, Retriever
from assistant.understanding import understand
from corpus.errors import EmptyLibraryError
from corpus.model import DocumentStatus, TextBox
from corpus.records import DocumentRecord
from corpus.settings import Settings

_PERIOD = re.compile(r"(20\d\d)\s?[-\u2013]\s?(20\d\d)")


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage that has begun: "understand", "retrieve", "answer"."""

    stage: str


Event = Progress | str | Answer
"""What a stream gives: stages, then pieces of the answer's text, and the answer last."""


class Shelf(Library, Protocol):
    """What the assistant needs of `corpus.index.Index`."""

    def records(self) -> tuple[DocumentRecord, ...]:
        """What the library holds."""
        ...

    def pdf_path(self, document_id: str) -> Path:
        """The PDF of a document."""
        ...

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        """Where the text of a page stands."""
        ...

    def close(self) -> None:
        """Releases what is held."""
        ...


@dataclass(frozen=True, kw_only=True)
class Assistant:
    """Answers questions from one library. Safe to call from several threads."""

    library: Shelf
    retriever: Retriever
    lexicon: Lexicon
    messages: Messages
    stems: Stems
    settings: Settings

    def records(self) -> tuple[DocumentRecord, ...]:
        """The documents that can answer."""
        answering = (DocumentStatus.INDEXED, DocumentStatus.PARTLY_INDEXED)
        return tuple(r for r in self.library.records() if r.status in answering)

    def pdf_path(self, document_id: str) -> Path:
        """The PDF of a document.

        Raises:
            LibraryError: if the library has no such document.
        """
        return self.library.pdf_path(document_id)

    def close(self) -> None:
        """Releases what the library holds."""
        self.library.close()

    def ask(
        self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()
    ) -> Answer:
        """The answer to a question; see `stream`."""
        answer: Event | None = None
        for event in self.stream(question, filters=filters, history=history):
            answer = event
        if not isinstance(answer, Answer):
            raise TypeError("a stream ends with its answer")
        return answer

    def search(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        top_k: int | None = None,
    ) -> tuple[Query, tuple[Passage, ...]]:
        """The question as understood, and its passages, best first."""
        query = self._understand(question, filters, history)
        return query, self.retriever.retrieve(query, top_k=top_k).passages

    def stream(
        self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()
    ) -> Iterator[Event]:
        """Stages, then the text in pieces (a line each), then the `Answer`.

        Args:
            question: as typed.
            filters: what the asker picked.
            history: earlier turns, oldest first.

        Raises:
            QuestionError: if the question cannot be asked.
            EmptyLibraryError: if nothing is indexed.
        """
        start = time.perf_counter()
        yield Progress("understand")
        query = self._understand(question, filters, history)
        understood = time.perf_counter()
        yield Progress("retrieve")
        found = self.retriever.retrieve(query)
        retrieved = time.perf_counter()
        yield Progress("answer")
        answer = self._answer(query, found)
        end = time.perf_counter()
        timings = {
            "understand": (understood - start) * 1000,
            "retrieve": found.retrieve_ms,
            "rerank": found.rerank_ms,
            "answer": (end - retrieved) * 1000,
            "total": (end - start) * 1000,
        }
        yield from answer.text.splitlines(keepends=True)
        yield answer.timed({stage: round(ms, 1) for stage, ms in timings.items()})

    def _understand(self, question: str, filters: Filters | None, history: Sequence[Turn]) -> Query:
        held = [(record.id, record.edition) for record in self.records()]
        query = understand(
            question,
            held=held,
            lexicon=self.lexicon,
            filters=filters,
            history=history,
            max_chars=self.settings.answer.max_question_chars,
        )
        if not held:
            raise EmptyLibraryError(
                "The library is empty: nothing can be answered yet. "
                "Add guides with: guide ingest PATH"
            )
        return query

    def _answer(self, query: Query, found: Found) -> Answer:
        passages = found.passages
        if query.missing_years:
            passages = tuple(p for p in passages if _speaks_of(p, query.missing_years))
        if not passages or self._too_weak(passages[0]):
            return self._abstain(query, found.passages)
        relevant = [
            p
            for p in passages
            if not self.lexicon.belongs_elsewhere(p.chunk.headings, query.actions, query.fields)
        ]
        proposal = draft(
            query, relevant or passages, stems=self.stems, settings=self.settings.answer
        )
        documents = {p.document.id: p.document for p in passages}
        verified = verify(proposal.lines, proposal.citations, documents)
        if not verified.citations:
            return self._abstain(query, passages, removed=dict(verified.removed))
        leading = documents[verified.citations[0].document_id]
        compared = {c.document_id for c in verified.citations}
        complete = all(edition in compared for edition in query.compare)
        return Answer(
            question=query.question,
            status=Status.ANSWERED if complete else Status.PARTLY,
            text=verified.text,
            language=query.language,
            edition=(leading.id, leading.edition),
            citations=verified.citations,
            passages=passages,
            notes=self._notes(query, leading.edition.language),
            searched=query.search_text,
            removed=verified.removed,
        )

    def _too_weak(self, best: Passage) -> bool:
        return best.reranked and best.score < self.settings.answer.min_score

    def _notes(self, query: Query, guide_language: str) -> tuple[Note, ...]:
        notes = [Note(note) for note in query.notes]
        if query.follow_up:
            said = self.messages.say("follow_up", query.language, search=query.search_text)
            notes.append(Note(said))
        if guide_language != query.language:
            said = self.messages.say("prevails", query.language)
            notes.append(Note(said, NoteKind.ENGLISH_PREVAILS))
        return tuple(notes)

    def _abstain(
        self, query: Query, passages: Sequence[Passage], *, removed: dict[str, int] | None = None
    ) -> Answer:
        language = query.language
        if query.missing_years:
            years = ", ".join(map(str, query.missing_years))
            text = self.messages.say("no_edition", language, years=years)
        else:
            text = self.messages.say("not_in_guides", language)
        if passages:
            text = f"{text} {self.messages.say('nearest', language)}"
        return Answer(
            question=query.question,
            status=Status.NOT_IN_GUIDES,
            text=text,
            language=language,
            passages=tuple(passages),
            notes=self._notes(query, language),
            contact=self.messages.say("contact", language),
            searched=query.search_text,
            removed=removed or {},
        )


def _speaks_of(passage: Passage, years: Sequence[int]) -> bool:
    """Whether a passage of a guide without that edition is about those years all the same."""
    chunk = passage.chunk
    title = passage.document.edition.title
    text = " ".join((title, *chunk.headings, chunk.context, chunk.text))
    spans = [(int(a), int(b)) for a, b in _PERIOD.findall(text)]
    return all(
        re.search(rf"(?<!\d){year}(?!\d)", text) or any(a <= year <= b for a, b in spans)
        for year in years
    )
