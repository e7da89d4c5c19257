"""What the API takes and gives, as its OpenAPI document says it.

The JSON itself is made by `assistant.output`, the one contract of command line and API; the
models here describe it and let further fields pass.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.kept import MAX_REASON_CHARS
from assistant.model import Filters, Met, NoteKind, Operator, Status, Turn

MAX_HISTORY = 50
"""Most earlier messages that a request may bring."""

ShortText = Annotated[str, Field(min_length=1, max_length=200)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Response(BaseModel):
    model_config = ConfigDict(extra="allow")


class Message(_Request):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)

    def turn(self) -> Turn:
        """As the assistant wants it."""
        return Turn(role=self.role, content=self.content)


class Question(_Request):
    """A question, and what narrows the search."""

    question: str = Field(
        max_length=100_000, examples=["How much can a Small-scale Partnership get?"]
    )
    document_id: ShortText | None = Field(default=None, description="One document only.")
    programme: ShortText | None = Field(default=None, examples=["Erasmus+"])
    year: int | None = Field(default=None, ge=1900, le=2999, description="The call year.")
    language: str | None = Field(
        default=None, pattern="^[a-z]{2,3}$", description="Language of the guide."
    )
    history: tuple[Message, ...] = Field(default=(), max_length=MAX_HISTORY)

    def filters(self) -> Filters:
        """What narrows the search."""
        return Filters(
            document_id=self.document_id,
            programme=self.programme,
            year=self.year,
            language=self.language,
        )

    def turns(self) -> tuple[Turn, ...]:
        """The earlier messages, oldest first."""
        return tuple(message.turn() for message in self.history)


class Search(Question):
    """A question whose passages are wanted."""

    top_k: int = Field(default=10, ge=1, le=100, description="Most passages.")


class FeedbackIn(_Request):
    """Whether an answer was good."""

    answer_id: str = Field(pattern="^[0-9a-f]{24}$", description="Id of the answer.")
    up: bool = Field(description="Whether it was good.")
    reason: str | None = Field(
        default=None,
        max_length=MAX_REASON_CHARS,
        description="Why. Without one, the reason that was given for the same word stays.",
    )


class EditionOut(_Response):
    """The edition that answered."""

    document_id: str
    title: str
    programme: str | None
    year: int | None
    version: str | None
    date: str | None
    language: str


class CitationOut(_Response):
    """A quote that stands verbatim on the page it names."""

    number: int
    document_id: str
    document: str
    title: str
    page: int = Field(description="Physical page of the PDF, 1-based.")
    label: str = Field(description="Number printed on the page; empty where there is none.")
    headings: list[str]
    quote: str
    url: str = Field(description="The PDF at that page, on this server.")


class PassageOut(_Response):
    """A passage as found."""

    rank: int
    score: float
    document_id: str
    document: str
    pages: tuple[int, int] = Field(description="First and last page.")
    headings: list[str]
    text: str


class SectionOut(_Response):
    """A place worth reading, where there is no answer."""

    document_id: str
    title: str
    headings: list[str]
    page: int
    url: str


class ConditionOut(_Response):
    """A condition of the guide, held against what the asker said."""

    text: str
    citation: int = Field(description="Number of the citation that quotes it.")
    met: Met
    said: str


class FactorOut(_Response):
    """One number of a calculation."""

    value: str
    label: str
    citation: int | None = Field(description="None where the asker gave it.")
    operator: Operator = Field(description="Between the number before it and this one.")


class CalculationOut(_Response):
    """A sum that was done with figures of the guide."""

    factors: list[FactorOut]
    result: str
    working: str


class DeadlineOut(_Response):
    """A date of the guide as data."""

    moment: str = Field(description="ISO 8601, with its zone where an hour is named.")
    local: str | None
    what: str
    citation: int
    days: int = Field(description="From today; negative where it has passed.")


class RecordOut(_Response):
    """An answer as it is kept: it cites, or it abstains and says why."""

    question: str
    status: Status
    text: str = Field(description="With `[n]` markers that refer to the citations.")
    language: str
    edition: EditionOut | None
    citations: list[CitationOut]
    notes: list[str]
    note_kinds: list[NoteKind] = Field(description="What each note is about, in their order.")
    contact: str | None
    choices: list[str] = Field(description="Questions to ask instead, to clarify.")
    sections: list[SectionOut]
    differences: list[CitationOut] = Field(
        description="What other editions say in the same place, with other figures."
    )
    conditions: list[ConditionOut]
    calculation: CalculationOut | None
    deadlines: list[DeadlineOut]
    suggestions: list[str] = Field(description="Questions the guide can answer next.")
    searched: str
    removed: dict[str, int] = Field(description="Pieces dropped by verification, by reason.")
    generated_by: str | None = Field(
        default=None,
        description="The language model that worded it; null where it is the guide's own words.",
    )


class AnswerOut(RecordOut):
    """An answer as it is given."""

    id: str = Field(description="For `GET /api/v1/answers/{id}` and feedback.")
    passages: list[PassageOut]
    timings_ms: dict[str, float]


class QuoteOut(_Response):
    """Whether a quote still stands on its page; `why` says why not."""

    number: int
    holds: bool
    why: str


class KeptAnswerOut(_Response):
    """An answer as it was given, held against the present library."""

    id: str
    asked_at: str
    fingerprint: str = Field(description="Of the library that gave it.")
    same_library: bool = Field(description="Whether the library is the same today.")
    holds: bool | None = Field(description="Every quote still stands; null where none was given.")
    quotes: list[QuoteOut]
    answer: RecordOut


class PassagesOut(_Response):
    """Ranked passages."""

    question: str
    passages: list[PassageOut]


class DocumentOut(_Response):
    """A document of the library."""

    document_id: str
    file: str
    title: str
    programme: str | None
    year: int | None
    version: str | None
    date: str | None
    language: str
    pages: int
    chunks: int
    status: str


class DocumentsOut(_Response):
    """Documents of the library, by id."""

    documents: list[DocumentOut]
    total: int
    next_offset: int | None = Field(description="Where the list goes on; null at its end.")


class HeadingOut(_Response):
    """A section: its heading path and the page where it begins."""

    headings: list[str]
    page: int


class DocumentDetailOut(DocumentOut):
    """A document with what is in it."""

    sha256: str
    saved_at: str
    warnings: list[str]
    pdf: str
    sections: list[HeadingOut]


class PageOut(_Response):
    """The text of a page."""

    document_id: str
    page: int
    pages: int
    label: str
    text: str


class JobOut(_Response):
    """A document that is to be added or removed, or was."""

    id: str
    kind: Literal["add", "remove", "again", "correct"]
    name: str = Field(description="Of the file to add, or id of the document to remove.")
    state: Literal["waiting", "running", "done", "failed"]
    document_id: str | None
    message: str = Field(description="What there is to say, such as why it failed or waits.")
    outcome: str = Field(
        description='How a file ended: "indexed", "unchanged", "needs password" and the like.'
    )
    created_at: str
    ended_at: str | None


class JobsOut(_Response):
    """Jobs, the newest first."""

    jobs: list[JobOut]


class Problem(_Response):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None = None
