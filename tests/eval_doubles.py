"""A small guide and an assistant of our own making, for tests of evaluation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.model import Answer, Citation, Filters, Passage, Status, Turn
from corpus.model import Chunk, Document, Edition, Page, Section, Span, chunk_id
from eval.questions import GoldPage, Question
from eval.results import Result

TEXTS = (
    "The threshold is 60 points.\n",
    "Applications close on 5 March 2026.\n",
    "Travel is paid by distance band.\n",
)
EDITION = Edition(title="Test Guide 2026", language="en", programme="Test", year=2026)


def make_document(texts: Sequence[str] = TEXTS, file: str = "guide.pdf") -> Document:
    """A document with one page for each text."""
    text = "".join(texts)
    pages, start = [], 0
    for number, page in enumerate(texts, 1):
        pages.append(Page(number=number, span=Span(start, start + len(page))))
        start += len(page)
    return Document(
        id=file.removesuffix(".pdf"),
        file=file,
        sha256="0" * 64,
        edition=EDITION,
        text=text,
        pages=tuple(pages),
        sections=(Section(headings=("Rules",), span=Span(0, len(text))),),
    )


GUIDE = make_document()


def passage(first: int, last: int | None = None, *, rank: int = 1) -> Passage:
    """A passage of the guide that holds the pages from first to last."""
    span = Span(GUIDE.page(first).span.start, GUIDE.page(last or first).span.end)
    text = GUIDE.text[span.start : span.end]
    chunk = Chunk(
        id=chunk_id(GUIDE.id, span, text), document_id=GUIDE.id, ordinal=0, span=span, text=text
    )
    return Passage(rank=rank, score=1.0 / rank, chunk=chunk, document=GUIDE)


def answer(question: str, page: int) -> Answer:
    """An answer that quotes a whole page of the guide."""
    quote = GUIDE.page_text(page).strip()
    return Answer(
        question=question,
        status=Status.ANSWERED,
        text=f"{quote} [1]",
        language="en",
        edition=(GUIDE.id, EDITION),
        citations=(
            Citation(
                number=1,
                document_id=GUIDE.id,
                document=GUIDE.file,
                title=EDITION.title,
                page=page,
                label=str(page),
                headings=("Rules",),
                quote=quote,
            ),
        ),
        passages=(passage(page), passage(1, 3, rank=2)),
        timings_ms={"retrieve": 2.0, "total": 5.0},
    )


def refusal(question: str) -> Answer:
    """An answer that abstains."""
    return Answer(
        question=question,
        status=Status.NOT_IN_GUIDES,
        text="The guides do not say.",
        language="en",
        passages=(passage(3),),
        timings_ms={"retrieve": 2.0, "total": 4.0},
    )


@dataclass
class Speaker:
    """Answers "page N" with page N, "crash" with an exception and refuses everything else."""

    asked: list[str] = field(default_factory=list)

    def ask(
        self, question: str, *, filters: Filters, history: Sequence[Turn]
    ) -> tuple[Answer, Sequence[Passage]]:
        self.asked.append(question)
        if question == "crash":
            raise ZeroDivisionError("broken on purpose")
        if question.startswith("page "):
            given = answer(question, int(question.removeprefix("page ")))
        else:
            given = refusal(question)
        return given, given.passages


def make_question(number: int, text: str, page: int | None = None) -> Question:
    """A question whose gold is a page of the guide, or none: then it is unanswerable."""
    gold = () if page is None else (GoldPage(document=GUIDE.file, page=page),)
    return Question(
        id=f"Q{number}",
        question=text,
        lang="en",
        kind="fact" if gold else "unanswerable",
        answerable=bool(gold),
        gold=gold,
    )


QUESTIONS = (
    make_question(1, "page 1", 1),
    make_question(2, "page 2", 1),
    make_question(3, "crash", 2),
    make_question(4, "the weather?"),
    make_question(5, "refused", 3),
    make_question(6, "page 3", 3),
)


def ignore(result: Result) -> None:
    """Takes no notice of progress."""


def stop_after(count: int) -> Callable[[Result], None]:
    """Interrupts the run as Ctrl-C does, after that many results."""
    seen: list[Result] = []

    def asked(result: Result) -> None:
        seen.append(result)
        if len(seen) == count:
            raise KeyboardInterrupt

    return asked
