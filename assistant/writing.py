"""An answer worded by a language model: asked for, checked as it comes, given on when it stands."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from assistant.cues import load_cues
from assistant.extractive import Draft, by_edition
from assistant.generation import LanguageModel
from assistant.grounding import Grounding
from assistant.lexicon import Lexicon
from assistant.messages import Messages
from assistant.model import Note, NoteKind, Passage, Query, Turn
from assistant.prompt import NOT_FOUND, answer_messages
from assistant.sentences import lines_of, sentences_of
from assistant.worth import Stems
from corpus.errors import LanguageModelError
from corpus.settings import Settings

MAX_SENTENCES = 6
MAX_LINE_CHARS = 4000
"""A longer line is no sentence; the model is not listened to any more."""
NOTHING_STOOD = "nothing_stood"
"""Failure of a model that answered, but no sentence of it stood the checks."""

_LOG = logging.getLogger("guide.model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What came of asking the model.

    Attributes:
        draft: the answer, of sentences that stand; None where none does.
        text: the same as given on in pieces.
        silent: the model says that the passages do not answer.
        failure: why it failed, in one word; with an answer: why that broke off.
        removed: pieces that did not stand, by reason.
    """

    draft: Draft | None = None
    text: str = ""
    silent: bool = False
    failure: str = ""
    removed: Mapping[str, int] = field(default_factory=dict)

    @property
    def broken(self) -> bool:
        """Whether the model broke off after some of the answer."""
        return self.draft is not None and bool(self.failure)

    def notes(self, messages: Messages, language: str) -> tuple[Note, ...]:
        """What the asker should know of it."""
        if self.draft is None:
            failed = Note(messages.say("model_failed", language), NoteKind.MODEL_FAILED)
            return (failed,) if self.failure else ()
        notes = [Note(messages.say("generated", language), NoteKind.GENERATED)]
        if self.broken:
            notes.append(Note(messages.say("broke_off", language), NoteKind.INCOMPLETE))
        return tuple(notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Words answers with a model. Safe to call from several threads."""

    model: LanguageModel
    stems: Stems
    lexicon: Lexicon
    settings: Settings

    def write(
        self, query: Query, passages: Sequence[Passage], history: Sequence[Turn]
    ) -> Generator[str, None, Written]:
        """Lines of the answer as they come, each checked; in the end what came of it.

        Joined, the pieces are the text of the answer.

        Args:
            query: as understood.
            passages: that may answer, best first.
            history: earlier turns, oldest first.
        """
        evidence = self._evidence(query, passages)
        if not evidence:
            return Written()
        limits = self.settings.answer
        grounding = Grounding(
            query, evidence, stems=self.stems, lexicon=self.lexicon, settings=limits
        )
        messages = answer_messages(
            query.told,
            evidence,
            language=query.language,
            history=history,
            max_words=limits.max_words,
            max_sentences=MAX_SENTENCES,
        )
        kept: list[str] = []
        silent, failure = False, ""
        try:
            with closing(self.model.stream(messages)) as pieces:
                for line in lines_of(pieces, longest=MAX_LINE_CHARS):
                    silent = silent or NOT_FOUND in line
                    for sentence in sentences_of(line.replace(NOT_FOUND, "")):
                        text = grounding.add(sentence)
                        if text is not None:
                            kept.append(f"\n{text}" if kept else text)
                            yield kept[-1]
                    if len(kept) >= MAX_SENTENCES or grounding.words >= limits.max_words:
                        break
        except LanguageModelError as error:
            _LOG.warning("%s", error)
            failure = error.reason
        if kept:
            return Written(
                draft=grounding.draft(),
                text="".join(kept),
                failure=failure,
                removed=grounding.removed,
            )
        if not failure and not silent:
            failure = NOTHING_STOOD
        silent = silent and not failure
        return Written(silent=silent, failure=failure, removed=grounding.removed)

    def _evidence(self, query: Query, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """The best passages, an equal share of each edition that is compared."""
        cues = load_cues()
        usable = [p for p in passages if not cues.is_instruction(p.chunk.text)]
        parts = by_edition(query, usable)
        share = max(1, self.settings.llm.passages // len(parts))
        return tuple(p for part in parts for p in part[:share])
