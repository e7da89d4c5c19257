"""One question, one road: understand, retrieve, rerank, draft, verify, answer or abstain.

`Assistant.stream` is the road; `ask` is its last item.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from assistant.beside import SUGGESTED, put_beside, without_asked
from assistant.calculating import with_working
from assistant.carrying import tells_no_language
from assistant.citing import verify
from assistant.composer import PASSAGES_SEARCHED
from assistant.conditions import judge
from assistant.confidence import is_enough
from assistant.contacts import contact
from assistant.cues import Cues
from assistant.differing import Differences
from assistant.events import Event, Progress
from assistant.extractive import Draft, draft
from assistant.fresh_look import stream_twice, twice
from assistant.lexicon import Lexicon
from assistant.library import Shelf
from assistant.messages import Messages
from assistant.missed_parts import with_missed_parts
from assistant.model import Answer, Asks, Filters, Note, Passage, Query, Status, Turn
from assistant.noting import notes_of
from assistant.own_forms import in_its_own_form
from assistant.parallel import add_parallel
from assistant.refusing import UNADDRESSED, Refusal, choices, nearest, relevant, tells_when
from assistant.rephrasing import Rephraser
from assistant.rerank import Reranker
from assistant.retrieval import Found, Retriever
from assistant.understanding import understand
from assistant.unit_reading import UNITS_READ, with_readings
from assistant.worth import Stems
from assistant.writing import Writer, Written
from corpus.errors import EmptyLibraryError
from corpus.language import DEFAULT, detect_language
from corpus.model import DocumentStatus, Edition
from corpus.records import DocumentRecord
from corpus.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Assistant:
    """Answers questions from one library. Safe to call from several threads."""

    library: Shelf
    retriever: Retriever
    lexicon: Lexicon
    messages: Messages
    cues: Cues
    stems: Stems
    settings: Settings
    now: Callable[[], datetime] = _now
    writer: Writer | None = None
    rephraser: Rephraser | None = None
    unit_reader: Reranker | None = None

    @cached_property
    def differences(self) -> Differences:
        """What other editions say; its outlines are kept."""
        return Differences(self.library, self.stems)

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
        *_, answer = self.stream(question, filters=filters, history=history)
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

        def look() -> tuple[Query, tuple[Passage, ...]]:
            query = self._understand(question, filters, history)
            return query, self.retriever.retrieve(query, top_k=top_k).passages

        return twice(look)

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        language: str = DEFAULT,
    ) -> Iterator[Event]:
        """Stages, then the text in pieces, then the `Answer`; joined, the pieces are its text.

        Args:
            question: as typed.
            filters: what the asker picked.
            history: earlier turns, oldest first.
            language: of a question whose own cannot be told.

        Raises:
            QuestionError: if the question cannot be asked.
            EmptyLibraryError: if nothing is indexed.
            BusyError: if documents are removed faster than they are read.
        """
        yield Progress("understand")
        yield from stream_twice(lambda: self._stream(question, filters, history, language))

    def _stream(
        self, question: str, filters: Filters | None, history: Sequence[Turn], language: str
    ) -> Iterator[Event]:
        start = time.perf_counter()
        asked = self.cues.without_instructions(question)
        if question.strip() and not asked:
            blocked = self._blocked(question, language)
            yield from blocked.text.splitlines(keepends=True)
            yield blocked
            return
        turns = [replace(t, content=self.cues.without_instructions(t.content)) for t in history]
        query = self._understand(asked, filters, turns)
        understood = time.perf_counter()
        yield Progress("retrieve", query)
        with self.retriever.readers.one_more():
            candidates = self.retriever.search(query)
            yield Progress("rerank", query, candidates.read)
            found = self.retriever.read(query, candidates, top_k=PASSAGES_SEARCHED)
        search = partial(self.search, top_k=PASSAGES_SEARCHED)
        found = with_missed_parts(query, found, search, self.lexicon, self.stems)
        with self.retriever.readers.one_more():
            found = with_readings(
                query,
                found,
                self.unit_reader,
                self.lexicon,
                self.stems,
                most=self.retriever.readers.units(UNITS_READ),
            )
        retrieved = time.perf_counter()
        yield Progress("answer", query, found.passages[: self.settings.retrieval.top_k])
        spoken = language if tells_no_language(query, turns) else query.language
        speaker = self if spoken == query.language else self._speaking(spoken)
        answer, shown = yield from speaker._answering(query, found, turns)
        end = time.perf_counter()
        timings = {
            "understand": (understood - start) * 1000,
            "retrieve": found.retrieve_ms,
            "rerank": found.rerank_ms,
            "answer": (end - retrieved) * 1000,
            "total": (end - start) * 1000,
        }
        yield from answer.text.removeprefix(shown).splitlines(keepends=True)
        answer = without_asked(answer, question, turns, self.lexicon)
        timings = {stage: round(ms, 1) for stage, ms in timings.items()}
        yield replace(answer, question=question, language=spoken, timings_ms=timings)

    def _speaking(self, language: str) -> Assistant:
        """The same, whose words for an undecided question are in a language; it reads as ever."""
        speaker = replace(self, messages=self.messages.speaking(language))
        speaker.__dict__["differences"] = self.differences
        return speaker

    def _blocked(self, question: str, default: str) -> Answer:
        language = detect_language(question, default=default)
        return Answer(
            question=question,
            status=Status.BLOCKED,
            text=self.messages.say("blocked", language),
            language=language,
        )

    def _understand(self, question: str, filters: Filters | None, history: Sequence[Turn]) -> Query:
        held = [(record.id, record.edition) for record in self.records()]
        read = partial(
            understand,
            held=held,
            lexicon=self.lexicon,
            filters=filters,
            max_chars=self.settings.answer.max_question_chars,
        )
        query = read(question, history=history)
        if not held:
            raise EmptyLibraryError(
                "The library is empty: nothing can be answered yet. "
                "Add guides with: guide ingest PATH"
            )
        if query.follow_up and self.rephraser is not None:
            return self.rephraser.better(query, history, read)
        return query

    def _answering(
        self, query: Query, found: Found, turns: Sequence[Turn]
    ) -> Generator[str, None, tuple[Answer, str]]:
        """Pieces of what a language model words, if one is set; the whole answer, the pieces."""
        usable = relevant(
            query, found.passages, cues=self.cues, lexicon=self.lexicon, stems=self.stems
        )
        if usable.refusal is not None:
            return self._abstain(query, found.passages, usable.refusal), ""
        meant = choices(query, usable.passages, stems=self.stems, lexicon=self.lexicon)
        if meant:
            return self._ask_back(query, found.passages, meant), ""
        limits = self.settings.answer
        judged = judge(
            query,
            usable.passages,
            lexicon=self.lexicon,
            messages=self.messages,
            settings=limits,
            today=self.now().date(),
        )
        special = Draft(lines=judged.lines, citations=judged.citations) if judged else None
        special = special or in_its_own_form(
            query,
            usable.passages,
            partial(self.search, top_k=PASSAGES_SEARCHED),
            lexicon=self.lexicon,
            messages=self.messages,
            stems=self.stems,
            settings=limits,
        )
        if special is not None or self.writer is None:
            answer = self._answer(query, found, usable.passages, Written(draft=special))
            conditions = judged.quoted_in(answer.citations) if judged else ()
            return replace(answer, conditions=conditions), ""
        written = yield from self.writer.write(query, usable.passages, turns)
        answer = self._answer(query, found, usable.passages, written)
        answer = replace(
            answer,
            notes=(*answer.notes, *written.notes(self.messages, query.language)),
            removed=dict(Counter(answer.removed) + Counter(written.removed)),
            generated_by=self.writer.model.name if written.draft is not None else None,
            model_failure=written.failure,
        )
        return answer, written.text

    def _answer(
        self, query: Query, found: Found, passages: Sequence[Passage], written: Written
    ) -> Answer:
        """What the model worded or, where it worded nothing, the guide's own words."""
        silent = Refusal(status=Status.NOT_IN_GUIDES, name="not_in_guides")
        if written.silent:
            return self._abstain(query, found.passages, silent)
        settings = self.settings.answer
        if written.draft is not None:
            proposal = written.draft
        else:
            proposal = draft(
                query,
                passages,
                also=found.also,
                readings=found.readings,
                stems=self.stems,
                settings=settings,
                counterpart=self.differences.passage_of,
            )
            proposal = add_parallel(
                query,
                proposal,
                library=self.library,
                records=self.records(),
                lexicon=self.lexicon,
                messages=self.messages,
                settings=settings,
            )
            shown = proposal.shown if tells_when(query, proposal.shown) else ()
            if not is_enough(query, passages, shown, settings, self.stems):
                return self._abstain(query, found.passages, silent)
        documents = {p.document.id: p.document for p in passages}
        cited = {c.document_id for c in proposal.citations} - documents.keys()
        documents |= {of: self.library.document(of) for of in cited}
        verified = verify(proposal.lines, proposal.citations, documents)
        if not verified.citations:
            return self._abstain(query, found.passages, silent, removed=verified.removed)
        leading = documents[verified.citations[0].document_id]
        beside = put_beside(
            query,
            proposal,
            verified,
            documents=documents,
            records=self.records(),
            differences=self.differences,
            messages=self.messages,
            lexicon=self.lexicon,
            now=self.now(),
        )
        compared = {c.document_id for c in verified.citations}
        missing = [r.edition for r in self.records() if r.id in {*query.compare} - compared]
        return Answer(
            question=query.question,
            status=Status.PARTLY if written.broken or missing else Status.ANSWERED,
            text=with_working(verified.text, beside.calculation, last=written.draft is not None),
            language=query.language,
            edition=(leading.id, leading.edition),
            citations=verified.citations,
            passages=found.passages[: self.settings.retrieval.top_k],
            notes=(*self._notes(query, leading.edition.language, missing), *beside.notes),
            differences=beside.differences,
            calculation=beside.calculation,
            deadlines=beside.deadlines,
            suggestions=beside.suggestions,
            searched=query.search_text,
            removed=verified.removed,
        )

    def _notes(self, query: Query, guide: str, missing: Sequence[Edition] = ()) -> tuple[Note, ...]:
        left_out = [r.edition for r in self.records() if r.id in query.left_out]
        return notes_of(query, guide, left_out, self.messages, missing)

    def _ask_back(
        self, query: Query, passages: Sequence[Passage], actions: Sequence[str]
    ) -> Answer:
        language = query.language
        name = SUGGESTED.get(query.wants[0], SUGGESTED[Asks.AMOUNT])
        names = [self.lexicon.actions[action].name(language) for action in actions]
        return replace(
            self._uncited(query, passages, Status.CLARIFY, self.messages.say("clarify", language)),
            choices=tuple(self.messages.say(name, language, action=action) for action in names),
        )

    def _abstain(
        self,
        query: Query,
        passages: Sequence[Passage],
        refusal: Refusal,
        *,
        removed: Mapping[str, int] | None = None,
    ) -> Answer:
        language = query.language
        text = self.messages.say(refusal.name, language, **refusal.values)
        if refusal.name in UNADDRESSED:
            return self._uncited(query, passages, refusal.status, text)
        sections = nearest(passages)
        if sections:
            text = f"{text} {self.messages.say('nearest', language)}"
        searched = {r.edition.programme for r in self.records() if r.id in query.document_ids}
        return replace(
            self._uncited(query, passages, refusal.status, text),
            # What the choices leave out the library holds: nobody else need be asked.
            contact=None
            if query.left_out
            else contact(query, self.messages, self.lexicon, searched),
            sections=sections,
            removed=removed or {},
        )

    def _uncited(
        self, query: Query, passages: Sequence[Passage], status: Status, text: str
    ) -> Answer:
        return Answer(
            question=query.question,
            status=status,
            text=text,
            language=query.language,
            passages=tuple(passages[: self.settings.retrieval.top_k]),
            notes=self._notes(query, query.language),
            searched=query.search_text,
        )
