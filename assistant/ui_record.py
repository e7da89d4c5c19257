"""Answers as the browser keeps them, and back again.

The browser holds the history of conversations; what comes back from it is checked like any other
input. The form is that of `assistant.output.answer_json` without passages and timings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import date as Day  # noqa: N812 - a field has that name
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.model import (
    Answer,
    Calculation,
    Citation,
    Condition,
    Deadline,
    Factor,
    Met,
    Note,
    NoteKind,
    Operator,
    Section,
    Status,
)
from assistant.output import answer_json
from corpus.errors import QuestionError
from corpus.model import Edition
from corpus.records import timestamp

MOST_EXCHANGES = 200
"""Longest conversation that is taken back or exported, in questions."""
LONGEST = 100_000
LONGEST_NOTICE = 2000

_UNREADABLE = (
    "This conversation cannot be read: it was changed or kept by another version. Start a new one."
)

Text = Annotated[str, Field(max_length=LONGEST)]
Record = dict[str, Any]
Exchanges = list[tuple[Answer | None, Record]]


class _Part(BaseModel):
    # Built when a browser first brings a conversation back, not at the start of the server.
    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)


class _Edition(_Part):
    document_id: Text
    title: Text
    programme: Text | None = None
    year: int | None = None
    version: Text | None = None
    date: Day | None = None
    language: Text


class _Place(_Part):
    document_id: Annotated[str, Field(pattern=r"^[\w.-]{1,200}$")]
    title: Text
    page: Annotated[int, Field(ge=1, le=100_000)]
    headings: tuple[Text, ...] = ()


class _Citation(_Place):
    number: Annotated[int, Field(ge=1, le=999)]
    document: Text
    label: Text
    quote: Text


class _Condition(_Part):
    text: Text
    citation: int
    met: Met
    said: Text = ""


class _Factor(_Part):
    value: Text
    label: Text
    citation: int | None = None
    operator: Operator = "x"


class _Calculation(_Part):
    factors: tuple[_Factor, ...]
    result: Text


class _Deadline(_Part):
    moment: Annotated[str, Field(max_length=40)]
    what: Text
    citation: int

    def deadline(self) -> Deadline:
        """With the days counted from today."""
        moment = datetime.fromisoformat(self.moment)
        timed = "T" in self.moment
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        today = datetime.now(moment.tzinfo).date()
        days = (moment.date() - today).days
        return Deadline(
            moment=moment, what=self.what, citation=self.citation, days=days, timed=timed
        )


class _Record(_Part):
    id: Annotated[str, Field(pattern=r"^[\w-]{0,100}$")] = ""
    asked_at: Annotated[str, Field(max_length=40)] = ""
    question: Text
    status: Status
    text: Text
    language: Annotated[str, Field(max_length=20)]
    edition: _Edition | None = None
    citations: Annotated[tuple[_Citation, ...], Field(max_length=100)] = ()
    notes: tuple[Text, ...] = ()
    note_kinds: tuple[NoteKind, ...] = ()
    contact: Text | None = None
    choices: tuple[Text, ...] = ()
    sections: tuple[_Place, ...] = ()
    differences: Annotated[tuple[_Citation, ...], Field(max_length=20)] = ()
    conditions: tuple[_Condition, ...] = ()
    calculation: _Calculation | None = None
    deadlines: tuple[_Deadline, ...] = ()
    suggestions: tuple[Text, ...] = ()
    searched: Text = ""

    def answer(self) -> Answer:
        """As the window shows it."""
        kinds = (*self.note_kinds, *(NoteKind.ASSUMED for _ in self.notes))
        edition = self.edition
        return Answer(
            question=self.question,
            status=self.status,
            text=self.text,
            language=self.language,
            edition=(
                (edition.document_id, Edition(**edition.model_dump(exclude={"document_id"})))
                if edition
                else None
            ),
            citations=tuple(Citation(**c.model_dump()) for c in self.citations),
            notes=tuple(Note(n, kind) for n, kind in zip(self.notes, kinds, strict=False)),
            contact=self.contact,
            choices=self.choices,
            sections=tuple(Section(**s.model_dump()) for s in self.sections),
            differences=tuple(Citation(**c.model_dump()) for c in self.differences),
            conditions=tuple(Condition(**c.model_dump()) for c in self.conditions),
            calculation=(
                Calculation(
                    factors=tuple(Factor(**f.model_dump()) for f in self.calculation.factors),
                    result=self.calculation.result,
                )
                if self.calculation
                else None
            ),
            deadlines=tuple(d.deadline() for d in self.deadlines),
            suggestions=self.suggestions,
            searched=self.searched,
        )


class _Stopped(_Part):
    stopped: Literal[True]
    asked_at: Annotated[str, Field(max_length=40)] = ""
    question: Text
    text: Text = ""


_Records = Annotated[tuple[_Stopped | _Record, ...], Field(min_length=1, max_length=MOST_EXCHANGES)]


class _Talk(_Part):
    records: _Records
    edited: bool = False
    said: Annotated[str, Field(max_length=LONGEST_NOTICE)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation as the window's script brings it back.

    Attributes:
        exchanges: each answer, and its record as checked; see `exchanges_of`.
        edited: the last question is being changed.
        said: what the window said of that; "" where it has yet to say it.
    """

    exchanges: Exchanges
    edited: bool = False
    said: str = ""


@cache
def _conversation() -> TypeAdapter[tuple[_Stopped | _Record, ...]]:
    return TypeAdapter(_Records)


def record_of(answer: Answer, *, answer_id: str = "", asked_at: datetime | None = None) -> Record:
    """An answer as the browser keeps it; `answer_id` is that of the server's kept record."""
    whole = answer_json(answer)
    for name in ("passages", "timings_ms", "removed"):
        whole.pop(name, None)
    return {"id": answer_id, "asked_at": timestamp(asked_at), **whole}


def stopped_record(question: str, text: str, *, asked_at: str = "") -> Record:
    """A question whose answer was stopped, with what was there of it, as the browser keeps it."""
    moment = asked_at or timestamp()
    return {"id": "", "asked_at": moment, "question": question, "text": text, "stopped": True}


def exchanges_of(json_text: str | bytes) -> Exchanges:
    """A conversation as it comes from a browser: each answer, and its record as checked.

    An answer that was stopped is None; its record says how far it had come.

    Raises:
        QuestionError: if it is not a conversation as this window keeps it.
    """
    with _readable():
        return [_exchange(record) for record in _conversation().validate_json(json_text)]


def talk_of(json_text: str) -> Talk:
    """A conversation as the window's script brings it back.

    Raises:
        QuestionError: if it is not one.
    """
    with _readable():
        talk = _Talk.model_validate_json(json_text)
        exchanges = [_exchange(record) for record in talk.records]
        return Talk(exchanges=exchanges, edited=talk.edited, said=talk.said)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (ValidationError, ValueError) as error:
        raise QuestionError(_UNREADABLE) from error


def answers_of(json_text: str | bytes) -> list[tuple[Answer, Record]]:
    """The same without what was stopped.

    Raises:
        QuestionError: also if nothing is left then.
    """
    answers = [(answer, record) for answer, record in exchanges_of(json_text) if answer]
    if not answers:
        raise QuestionError(_UNREADABLE)
    return answers


def _exchange(record: _Stopped | _Record) -> tuple[Answer | None, Record]:
    if isinstance(record, _Stopped):
        return None, stopped_record(record.question, record.text, asked_at=record.asked_at)
    answer = record.answer()
    return answer, record_of(answer) | {"id": record.id, "asked_at": record.asked_at}
