"""The part of the OpenAI chat interface that this server speaks, as its clients send it.

Clients send many fields that steer a language model; there is none here, so they are let pass
and change nothing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.api_schema import MAX_HISTORY, CitationOut, EditionOut
from assistant.model import Filters, Status, Turn

GUIDES = "programme-guides"
"""The model that answers from the whole library; any document's id is one, too."""
MAX_MESSAGES = 500
MAX_CHARS = 100_000


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Part(_Lenient):
    """A piece of a message; only text is read."""

    type: str = Field(max_length=100)
    text: str = Field(default="", max_length=MAX_CHARS)


class ChatMessage(_Lenient):
    """One message; system messages steer nothing here."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: (
        Annotated[str, Field(max_length=MAX_CHARS)]
        | Annotated[list[Part], Field(max_length=100)]
        | None
    ) = None

    @property
    def text(self) -> str:
        """The text of all pieces."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatRequest(_Lenient):
    """A conversation whose last message of the user is the question."""

    model: str = Field(
        default=GUIDES,
        max_length=200,
        examples=[GUIDES],
        description="`programme-guides`, or the id of one document.",
    )
    messages: list[ChatMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = None
    n: Annotated[int, Field(ge=1, le=1)] | None = None

    @property
    def question(self) -> str:
        """The last message of the user; "" where there is none."""
        return next((m.text for m in reversed(self.messages) if m.role == "user"), "")

    def turns(self) -> tuple[Turn, ...]:
        """What was said before the question, oldest first; the latest where it is long."""
        last = max((i for i, m in enumerate(self.messages) if m.role == "user"), default=0)
        turns = [
            Turn(role=message.role, content=message.text)
            for message in self.messages[:last]
            if message.role in ("user", "assistant")
        ]
        return tuple(turns[-MAX_HISTORY:])

    def filters(self) -> Filters:
        """One document where the model names it."""
        return Filters(document_id=None if self.model == GUIDES else self.model)


class _Sent(BaseModel):
    model_config = ConfigDict(extra="allow")


class GuideExtension(_Sent):
    """What the chat interface has no place for."""

    id: str = Field(description="For `GET /api/v1/answers/{id}` and feedback.")
    status: Status
    edition: EditionOut | None
    citations: list[CitationOut]
    notes: list[str]


class ChatMessageOut(_Sent):
    """The answer with its sources as text."""

    role: Literal["assistant"]
    content: str


class ChatChoice(_Sent):
    """The only choice there is."""

    index: int
    message: ChatMessageOut
    finish_reason: Literal["stop"]


class ChatCompletionOut(_Sent):
    """A chat completion; `guide` holds the citations as data."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    guide: GuideExtension


class ModelOut(_Sent):
    """Something that can be asked."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(_Sent):
    """The whole library, and each document of it."""

    object: Literal["list"]
    data: list[ModelOut]
