"""What the API takes and gives, as its OpenAPI document says it.

The JSON itself is made by `assistant.output`, the one contract of command line and API; the
models here describe it and let further fields pass.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.model import Filters, Status, Turn

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


class EditionOut(_Response):
    """The edition that answered."""

    document_id: str
    programme: str | None
    year: int | None
    version: str | None
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
    document: str
    pages: tuple[int, int] = Field(description="First and last page.")
    headings: list[str]
    text: str


class AnswerOut(_Response):
    """An answer: it cites, or it abstains and says why."""

    question: str
    status: Status
    text: str
    language: str
    edition: EditionOut | None
    citations: list[CitationOut]
    passages: list[PassageOut]
    notes: list[str]
    contact: str | None
    timings_ms: dict[str, float]


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
    """All documents of the library."""

    documents: list[DocumentOut]


class Problem(_Response):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
