"""What the stream of an answer gives."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.model import Answer, Passage, Query


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage that has begun, with what those before it gave.

    Attributes:
        stage: "understand", "retrieve", "rerank" or "answer".
        query: the question as understood; from "retrieve" on.
        passages: with "rerank" those that will be read; with "answer" the best, as in the answer.
    """

    stage: str
    query: Query | None = None
    passages: tuple[Passage, ...] = ()


Event = Progress | str | Answer
"""What a stream gives: stages, then pieces of the answer's text, and the answer last."""
