"""Follow-ups made into stand-alone questions by a language model, where one is set.

`assistant.understanding` makes one without a model. That is what holds unless the model's question
keeps to what was said, and it is what the model's question is held against.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.cues import Cues
from assistant.generation import LanguageModel
from assistant.lexicon import Lexicon
from assistant.model import Query, Turn
from assistant.number_words import number_words
from assistant.prompt import rewrite_messages, shown_turns
from assistant.sentences import foreign
from corpus.accents import without_format_signs
from corpus.errors import LanguageModelError
from corpus.settings import LlmSettings

MAX_CHARS = 400
"""A longer line is no question."""
TIMEOUT_S = 8.0
"""Longest time for a stand-alone question; one without the model costs none."""
MAX_TOKENS = 150

_NUMBER = re.compile(r"(?<![^\W_])(?:\d{1,3}(?:[.,\u00a0\u202f ]\d{3}(?!\d))+|\d+)")
"""Not the digits of codes like KA220: those are actions."""
_LABEL = re.compile(r"^(?:(?:stand-?alone |rewritten )?question|q)\s*:\s*", re.IGNORECASE)
_QUOTES = "\"'\u201c\u201d\u201e\u00ab\u00bb` "
_LOG = logging.getLogger("guide.model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rephraser:
    """Asks a model for stand-alone questions, and believes only what it can check."""

    model: LanguageModel
    lexicon: Lexicon
    cues: Cues

    def better(
        self, query: Query, history: Sequence[Turn], understand: Callable[[str], Query]
    ) -> Query:
        """A follow-up as the model words it, or as it was where that does not stand.

        Args:
            query: a follow-up as understood without a model.
            history: earlier turns, oldest first.
            understand: reads a question that stands alone.
        """
        text = self._worded(query, history)
        said = (*shown_turns(history), query.question)
        if not text or foreign(text, said):
            return query
        alone = understand(text)
        why = self._unsaid(text, said, query.language) or self._lost(alone, query)
        if why:
            _LOG.info("The stand-alone question of the model is not used: %s.", why)
            return query
        return replace(alone, question=query.question, typed=query.typed, follow_up=True)

    def _worded(self, query: Query, history: Sequence[Turn]) -> str:
        """One line of the model; blank where it gives none that could be a question."""
        said = ""
        try:
            with closing(self.model.stream(rewrite_messages(query.question, history))) as pieces:
                for piece in pieces:
                    said += piece
                    if len(said) > 2 * MAX_CHARS:
                        return ""
        except LanguageModelError as error:
            _LOG.warning("%s", error)
            return ""
        seen = without_format_signs(said)
        lines = [line.strip() for line in seen.splitlines() if line.strip()]
        if len(lines) != 1:
            return ""
        text = _LABEL.sub("", lines[0].strip(_QUOTES)).strip(_QUOTES)
        return "" if len(text) > MAX_CHARS or self.cues.is_instruction(text) else text

    def _unsaid(self, text: str, said: Sequence[str], language: str) -> str:
        """What kind of thing a question names that was not said; "" for none."""
        if self._named(text) - frozenset[tuple[str, str]]().union(*map(self._named, said)):
            return "it names another action or field"
        if _numbers(text, language) - _numbers("\n".join(said), language):
            return "it names another number"
        return ""

    def _lost(self, alone: Query, query: Query) -> str:
        """What is missing of the follow-up, or of what it stands on; "" for nothing."""
        if alone.language != query.language:
            return "it is in another language"
        if not self._named(query.question) <= self._named(alone.question):
            return "it leaves out an action or field that was asked about"
        asked = _numbers(query.question, query.language)
        if not asked <= _numbers(alone.question, query.language):
            return "it leaves out a number that was asked about"
        if (query.actions and not alone.actions) or (query.years and not alone.years):
            return "it does not say which action or year is meant"
        return ""

    def _named(self, text: str) -> frozenset[tuple[str, str]]:
        found = self.lexicon.find(text)
        return frozenset((m.kind, m.key) for m in found if m.kind in ("action", "field"))


def open_rephraser(settings: LlmSettings, lexicon: Lexicon, cues: Cues) -> Rephraser | None:
    """One with the model that the settings name; None where they name none.

    Raises:
        LanguageModelError: if the model needs a key and has none.
    """
    if not settings.model:
        return None
    brief = {
        "timeout_s": min(TIMEOUT_S, settings.timeout_s),
        "max_tokens": min(MAX_TOKENS, settings.max_tokens),
        "retries": 0,
    }
    model = LanguageModel(settings.model_copy(update=brief))
    return Rephraser(model=model, lexicon=lexicon, cues=cues)


def _numbers(text: str, language: str) -> frozenset[str]:
    """Numbers of a text, however their thousands are set apart, in digits or in words."""
    digits = (re.sub(r"\D", "", found) for found in _NUMBER.findall(text))
    return frozenset(digits) | frozenset(map(str, number_words(text, language)))
