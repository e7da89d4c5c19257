"""A small assistant for the tests of the web side, and a server that runs in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from assistant.api import create_api
from assistant.api_desk import HEARTBEAT_S
from assistant.api_metrics import Measured, Metrics
from assistant.api_requests import Requests
from assistant.events import Progress
from assistant.kept import KeptAnswers
from assistant.model import Answer, Citation, Filters, Passage, Query, Status, Turn
from assistant.serve import build_app, listen, make_server, open_desks
from assistant.service import Answering
from assistant.web_policy import App, WebPolicy
from corpus.errors import (
    EmptyLibraryError,
    LibraryError,
    QuestionError,
    UnknownDocumentError,
)
from corpus.model import (
    Box,
    Chunk,
    Document,
    DocumentStatus,
    Edition,
    Page,
    Section,
    Span,
    TextBox,
)
from corpus.records import DocumentRecord, State
from corpus.settings import ServerSettings, Settings

TEXT = "Small-scale Partnerships\nThe lump sums are EUR 30 000 and EUR 60 000.\n"
HEADING_CHARS = TEXT.index("\n")
BOXES = (
    TextBox(span=Span(0, HEADING_CHARS), box=Box(60, 60, 300, 80)),
    TextBox(span=Span(HEADING_CHARS + 1, len(TEXT) - 1), box=Box(60, 100, 480, 112)),
)
HEADINGS = ("Part B", "Key Action 2", "Small-scale Partnerships")
HOSTILE = "<script>alert(1)</script> ![x](http://example.org/x.png) [a](http://example.org) **b**"


def edition(year: int | None = 2026, programme: str | None = "Erasmus+") -> Edition:
    """An edition of a guide."""
    return Edition(
        title=f"{programme or 'Handbook'} Programme Guide {year or ''}".strip(),
        language="en",
        programme=programme,
        year=year,
        version="1",
        date=date(year - 1, 11, 12) if year else None,
    )


def document(
    document_id: str = "erasmus-plus-2026-v1-en", *, of: Edition | None = None
) -> Document:
    """A guide of one page."""
    span = Span(0, len(TEXT))
    chunk = Chunk(
        id=f"{document_id}:1",
        document_id=document_id,
        ordinal=0,
        span=span,
        text=TEXT,
        headings=HEADINGS,
    )
    return Document(
        id=document_id,
        file=f"{document_id}.pdf",
        sha256="0" * 64,
        edition=of or edition(),
        text=TEXT,
        pages=(Page(number=1, span=span, label="1", width_pt=595, height_pt=842),),
        sections=(Section(headings=HEADINGS, span=span),),
        chunks=(chunk,),
    )


def record(of: Document, row: int = 1) -> DocumentRecord:
    """What the ledger would say of a document."""
    return DocumentRecord(
        row=row,
        id=of.id,
        sha256=of.sha256,
        file=of.file,
        state=State.COMPLETE,
        status=DocumentStatus.INDEXED,
        built_by="test",
        edition=of.edition,
        pages=len(of.pages),
        sections=len(of.sections),
        tables=0,
        chunks=len(of.chunks),
        warnings=(),
        saved_at="2026-11-25T00:00:00Z",
    )


def passage(of: Document) -> Passage:
    """The only passage of a guide of one page."""
    return Passage(rank=1, score=0.9, chunk=of.chunks[0], document=of)


def citation(
    of: Document, *, number: int = 1, quote: str = "EUR 30 000", page: int = 1
) -> Citation:
    """A quote of a guide."""
    return Citation(
        number=number,
        document_id=of.id,
        document=of.file,
        title=of.edition.title,
        page=page,
        label=str(page),
        headings=HEADINGS,
        quote=quote,
    )


@dataclass
class Double:
    """An assistant that gives the answers it was handed.

    Attributes:
        answers: by question; any other question is not in the guides.
        pdfs: by document id. corrected: fields of editions, likewise.
        error: raised for every question, where set. late_error: raised once it is understood.
        languages: of the window, for each question asked by `stream`.
        held: while it is cleared, answers stop after their first piece of text.
    """

    documents: Sequence[Document] = ()
    answers: dict[str, Answer] = field(default_factory=dict)
    pdfs: dict[str, Path] = field(default_factory=dict)
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    error: Exception | None = None
    late_error: Exception | None = None
    held: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, Filters | None, tuple[Turn, ...]]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    closed: bool = False

    def __post_init__(self) -> None:
        self.held.set()

    def ask(
        self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()
    ) -> Answer:
        *_, answer = self.stream(question, filters=filters, history=history)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        language: str = "en",
    ) -> Iterator[Progress | str | Answer]:
        yield Progress("understand")
        self._check(question)
        self.asked.append((question, filters, tuple(history)))
        self.languages.append(language)
        answer = self.answers.get(question) or self._abstention(question)
        query = self._understood(question, answer.searched)
        yield Progress("retrieve", query)
        if self.late_error is not None:
            raise self.late_error
        if question == "fault":
            raise RuntimeError("a fault of ours")
        yield Progress("rerank", query, answer.passages)
        yield Progress("answer", query, answer.passages)
        for piece in answer.text.splitlines(keepends=True):
            yield piece
            if not self.held.wait(timeout=30):
                raise TimeoutError("Nobody lets the answer go on.")
        yield answer

    def search(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        top_k: int | None = None,
    ) -> tuple[Query, tuple[Passage, ...]]:
        self._check(question)
        found = tuple(passage(d) for d in self.documents)[:top_k]
        return self._understood(question, question), found

    def records(self) -> tuple[DocumentRecord, ...]:
        return tuple(
            replace(record(d, row), corrected=self.corrected.get(d.id, ()))
            for row, d in enumerate(self.documents, start=1)
        )

    def pdf_path(self, document_id: str) -> Path:
        if document_id not in self.pdfs:
            raise LibraryError(f"The PDF is gone from /secret/{document_id}.")
        return self.pdfs[document_id]

    @property
    def library(self) -> Double:
        return self

    def document(self, document_id: str) -> Document:
        found = next((d for d in self.documents if d.id == document_id), None)
        if found is None:
            raise UnknownDocumentError(f"There is no document {document_id} in the library.")
        return found

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        return BOXES if page == 1 else ()

    def close(self) -> None:
        self.closed = True

    def _understood(self, question: str, searched: str) -> Query:
        ids = tuple(d.id for d in self.documents)
        return Query(
            question=question, search_text=searched, topic=searched, language="en", document_ids=ids
        )

    def _check(self, question: str) -> None:
        if self.error is not None:
            raise self.error
        if not question.strip():
            raise QuestionError("The question is blank. Type a question.")
        if len(question) > 4000:
            raise QuestionError(f"The question has {len(question)} characters; 4000 are allowed.")
        if not self.documents:
            raise EmptyLibraryError("The library is empty. Add guides with: guide ingest PATH")

    def _abstention(self, question: str) -> Answer:
        return Answer(
            question=question,
            status=Status.NOT_IN_GUIDES,
            text="I found no answer to this in the guides I hold, so I give none.",
            language="en",
            passages=tuple(passage(d) for d in self.documents),
            contact="Your National Agency can say more: https://erasmus-plus.ec.europa.eu/national-agencies",
            searched=question,
        )


@contextlib.contextmanager
def running(app: App, settings: Settings | None = None, *, wait: bool = True) -> Iterator[str]:
    """Serves an application on a free port of this machine; gives its address.

    Without `wait`, clients that go on listening are not waited for in the end.
    """
    with contextlib.closing(listen(ServerSettings(port=0))) as listener:
        server = make_server(app, settings or Settings())
        # A window that was closed keeps its heartbeat for a while: nothing to wait for.
        server.config.timeout_graceful_shutdown = 1
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.force_exit = not wait
            thread.join(timeout=20)


@contextlib.contextmanager
def api_app(
    double: Double,
    *,
    settings: Settings | None = None,
    heartbeat_s: float = HEARTBEAT_S,
    body_timeout_s: float = 30,
    measured: bool = False,
) -> Iterator[App]:
    """The API around a double, without the window and without access rules."""
    settings = settings or Settings()
    metrics = Metrics()
    service: Answering = double
    if measured:
        service = Measured(double, metrics, log_questions=settings.log.questions)
    with tempfile.TemporaryDirectory() as home:
        kept = KeptAnswers.open(Path(home))
        with contextlib.closing(kept):
            app = create_api(
                service,
                kept,
                version="1",
                settings=settings,
                metrics=metrics,
                heartbeat_s=heartbeat_s,
            )
            yield Requests(WebPolicy(app, body_timeout_s=body_timeout_s), metrics)


@contextlib.contextmanager
def serving(
    double: Double, settings: Settings | None = None, *, wait: bool = True
) -> Iterator[str]:
    """The whole web application around a double."""
    with tempfile.TemporaryDirectory() as home:
        settings = settings or Settings(home=Path(home))
        with (
            open_desks(double, settings) as desks,
            running(build_app(double, desks, settings), settings, wait=wait) as address,
        ):
            yield address


def until_ready(client: httpx.Client) -> dict[str, object]:
    """What /readyz says once it says yes."""
    pause = threading.Event()
    for _ in range(1000):
        response = client.get("/readyz")
        if response.status_code == 200:
            ready: dict[str, object] = response.json()
            return ready
        assert response.status_code == 503, response.text
        assert response.headers["retry-after"]
        pause.wait(0.02)
    raise AssertionError("not ready")


def wait_for(work: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives, in a thread of its own: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()  # noqa: TID251


def bearer(key: str) -> dict[str, str]:
    """Headers with an API key."""
    return {"authorization": f"Bearer {key}"}
