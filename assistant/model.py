"""The types of the read side: what is asked, what is found, what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from corpus.model import Box, Chunk, Document, Edition


class Status(StrEnum):
    """How a question was answered. The first two cite; the others abstain and say why."""

    ANSWERED = "answered"
    PARTLY = "partly"
    NOT_IN_GUIDES = "not_in_guides"
    NEEDS_CONTACT = "needs_contact"
    CLARIFY = "clarify"
    OUT_OF_SCOPE = "out_of_scope"
    BLOCKED = "blocked"

    @property
    def cites(self) -> bool:
        """Whether an answer with this status must carry citations."""
        return self in (Status.ANSWERED, Status.PARTLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One earlier message of the conversation; role is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the asker picked; None means not picked."""

    document_id: str | None = None
    programme: str | None = None
    year: int | None = None
    language: str | None = None


class Asks(StrEnum):
    """What kind of answer a question wants."""

    AMOUNT = "amount"
    DATE = "date"
    DURATION = "duration"
    NUMBER = "number"
    SHARE = "share"
    YES_NO = "yes-no"
    LIST = "list"
    DEFINITION = "definition"
    OTHER = "other"


OTHER_DATES = (
    "complaint",
    "notification of results",
    "payments",
    "pre-financing",
    "further pre-financing",
    "final payment",
)
"""Terms (`assistant/data/actions.toml`) whose dates are no deadlines of applications."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several things that a question asks for.

    Attributes:
        text: its words, folded. terms: what guides write for them.
        asks: the kind of answer wanted. wants: the kinds of facts.
    """

    text: str
    terms: tuple[str, ...] = ()
    asks: Asks = Asks.OTHER
    wants: tuple[Asks, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as understood.

    Attributes:
        question: as asked; of a mail what it asks (`mails`). typed: all of it, as typed.
        search_text: the stand-alone text, as shown to the asker.
        topic: the same without the years that choose an edition; this is searched for.
        language: BCP-47 code of the question.
        document_ids: the editions to search; empty where the library holds none that fits.
        siblings: editions in the asker's language, not searched themselves, of programmes that are
            searched in another language only: they tell where to look.
        compare: two or more editions to be searched one by one, newest first; else empty.
        years: call years the question names. missing_years: those the library has no edition of.
        other_programmes: programmes it names of which the library holds no guide.
        actions: ids of the actions named, as in the lexicon. fields: of education.
        headings: heading words of what is named, folded; they raise a passage, never hide one.
        terms: what guides write for words of the question.
        asks: the kind of answer wanted. wants: all kinds of facts it asks for, in its order.
        parts: what it asks for one after the other, where that is more than one thing.
        follow_up: whether earlier turns were carried over.
        not_picked: the call year that was picked, or the title of the guide, where the question
            itself names another year.
        left_out: what the library holds for it and only the choices made keep from being searched,
            where that leaves a year or all of it without an edition.
    """

    question: str
    search_text: str
    topic: str
    language: str
    document_ids: tuple[str, ...]
    siblings: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    missing_years: tuple[int, ...] = ()
    other_programmes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    asks: Asks = Asks.OTHER
    wants: tuple[Asks, ...] = ()
    parts: tuple[Part, ...] = ()
    follow_up: bool = False
    not_picked: int | str | None = None
    left_out: tuple[str, ...] = ()
    typed: str = ""

    @property
    def told(self) -> str:
        """All that its asker tells, with what is only told in a mail."""
        return self.typed or self.question

    @property
    def about_deadline(self) -> bool:
        """Whether it asks by when to apply, not by when to complain or to hear."""
        other = any(term.startswith(OTHER_DATES) for term in self.terms)
        return Asks.DATE in self.wants and not other and any("submit" in t for t in self.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk as retrieved for one query.

    Attributes:
        score: higher is better; 0…1 where a reranker gave it (`reranked`), on a scale of its own
            where that was tuned on guides (`tuned`).
        found_by: (retriever, rank there) for each retriever that found it.
        alike: cosine of each of its units, in order, with a question in another language; empty
            where that was not compared.
        named: whether the headings above it name the action or field that is asked about.
    """

    rank: int
    score: float
    chunk: Chunk
    document: Document
    reranked: bool = False
    tuned: bool = False
    found_by: tuple[tuple[str, int], ...] = ()
    alike: tuple[float, ...] = ()
    named: bool = False

    @property
    def pages(self) -> tuple[int, int]:
        """First and last page, both included."""
        first, last = self.document.page_range(self.chunk.span)
        return first.number, last.number

    @property
    def whole_text(self) -> str:
        """What it says with all that stands above it: headings, context and text."""
        return f"{self.above} {self.chunk.text}"

    @property
    def above(self) -> str:
        """What stands above it: headings and context."""
        return " ".join((*self.chunk.headings, self.chunk.context))


def page_url(document_id: str, page: int) -> str:
    """Where this server shows a document's PDF at a page."""
    return f"/documents/{document_id}.pdf#page={page}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote found verbatim on the page it names. Only `assistant.citing` makes one."""

    number: int
    document_id: str
    document: str
    title: str
    page: int
    label: str
    headings: tuple[str, ...]
    quote: str
    boxes: tuple[Box, ...] = ()

    @property
    def url(self) -> str:
        """Where this server shows the PDF at that page."""
        return page_url(self.document_id, self.page)


class NoteKind(StrEnum):
    """What a note is about; the window shows each kind in its own way."""

    ASSUMED = "assumed"
    LEFT_OUT = "left_out"
    OLDER_EDITION = "older_edition"
    EDITION_DIFFERS = "edition_differs"
    DEADLINE_MAY_MOVE = "deadline_may_move"
    DEADLINE_PASSED = "deadline_passed"
    ENGLISH_PREVAILS = "english_prevails"
    UNOFFICIAL = "unofficial"
    INCOMPLETE = "incomplete"
    GENERATED = "generated"
    MODEL_FAILED = "model_failed"


class Note(str):
    """A sentence beside the answer, in the asker's language. It is its text, and has a kind."""

    __slots__ = ("kind",)
    kind: NoteKind

    def __new__(cls, text: str, kind: NoteKind = NoteKind.ASSUMED) -> Note:
        """A note of a kind."""
        note = super().__new__(cls, text)
        note.kind = kind
        return note


class Met(StrEnum):
    """Whether what the asker said meets a condition."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition of the guide, held against what the asker said.

    Attributes:
        text: the guide's words. citation: number of the citation that quotes them.
        said: the asker's words it was judged by; "" where it is unknown.
    """

    text: str
    citation: int
    met: Met = Met.UNKNOWN
    said: str = ""


Operator = Literal["x", "/", "+"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One number of a calculation.

    Attributes:
        citation: None where the asker gave it.
        operator: between the number before it and this one: "x", "/" or "+", as in school.
    """

    value: str
    label: str
    citation: int | None = None
    operator: Operator = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """Factors and what comes of them: "417 EUR x 4 participants = 1 668 EUR"."""

    factors: tuple[Factor, ...]
    result: str

    @property
    def working(self) -> str:
        """The whole sum in one line."""
        first, *more = self.factors
        shown = [f"{first.value} {first.label}".strip()]
        shown += [f"{f.operator} {f.value} {f.label}".strip() for f in more]
        return f"{' '.join(shown)} = {self.result}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A date of the guide as data.

    Attributes:
        moment: with its zone (Brussels time where the guide says so).
        local: the same in the asker's zone, None where that is not known.
        timed: whether the guide names an hour.
        days: from today; negative where it has passed.
        what: the guide's words for the round, projects or action it is for; "" where it does not
            say. citation: what quotes it.
    """

    moment: datetime
    what: str
    citation: int
    days: int
    timed: bool = True
    local: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A place in a guide worth reading, for an abstention."""

    document_id: str
    title: str
    headings: tuple[str, ...]
    page: int

    @property
    def url(self) -> str:
        """Where this server shows the PDF at that page."""
        return page_url(self.document_id, self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is shown. Cites or abstains: never both, never neither.

    Attributes:
        text: with `[n]` markers that refer to `citations`.
        edition: the edition that answers, with its document id; None when none was consulted.
        notes: sentences of a kind (`Note`) beside the answer.
        contact: who can say instead, where the guides cannot.
        choices: questions to ask instead, where the status is "clarify".
        sections: the nearest places, where it abstains.
        differences: what other editions say in the same place, with other figures.
        conditions, calculation, deadlines: what the citations say, as data.
        suggestions: questions that the guide can answer next.
        removed: pieces dropped by verification, by reason.
        generated_by: the language model that worded it; None where the guide's own words answer.
        model_failure: why the language model did not word it though one is set, in one word.
        timings_ms: by stage ("understand", "retrieve", "rerank", "answer", "total").
    """

    question: str
    status: Status
    text: str
    language: str
    edition: tuple[str, Edition] | None = None
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    notes: tuple[Note, ...] = ()
    contact: str | None = None
    choices: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    differences: tuple[Citation, ...] = ()
    conditions: tuple[Condition, ...] = ()
    calculation: Calculation | None = None
    deadlines: tuple[Deadline, ...] = ()
    suggestions: tuple[str, ...] = ()
    searched: str = ""
    removed: Mapping[str, int] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    generated_by: str | None = None
    model_failure: str = ""

    def __post_init__(self) -> None:
        if self.status.cites != bool(self.citations):
            raise ValueError(f"an answer cites or abstains: {self.status}, {self.citations}")
