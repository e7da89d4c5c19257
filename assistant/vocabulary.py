"""Words of English guides for what a question in another language, or everyday English, asks about.

Two tables of the trade, no translator: single words (`assistant/data/vocabulary.toml`) and turns of
phrase (`assistant/data/turns.toml`). They give the English guide's words something to match where
question and guide differ in language. Who asks in English has turns alone: "how quick does the
first money arrive" shares no word with the pre-financing that it is about.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assistant.lexicon import fold
from corpus.language import DEFAULT
from corpus.word_forms import any_of

Patterns = tuple[tuple[str, re.Pattern[str]], ...]
"""(English words, what stands for them) over folded text."""

Turns = tuple[tuple[str, tuple[str, ...]], ...]
"""(English words, forms of phrases that mean them) in the notation of `corpus.word_forms`."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words for which English ones are known.

    Attributes:
        anywhere: whatever the question's language.
        of: of one language each, by its code.
        turns: phrases of one language each, English among them.
    """

    anywhere: Patterns
    of: Mapping[str, Patterns]
    turns: Mapping[str, Turns]

    def english(self, text: str, language: str) -> tuple[str, ...]:
        """English words for those of a text that the tables know, in the order of the text.

        Of an English text its turns of phrase alone: its words are English already.
        """
        folded = fold(text)
        single = () if language == DEFAULT else (*self.anywhere, *self.of.get(language, ()))
        found = [
            (match.start(), words) for words, pattern in single if (match := pattern.search(folded))
        ]
        for words, forms in self.turns.get(language, ()):
            places = [place for form in forms if (place := _place(form, folded)) is not None]
            if places:
                found.append((min(places), words))
        return tuple(dict.fromkeys(words for _, words in sorted(found)))


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Reads the table that comes with the package."""
    raw = _table("vocabulary")
    of: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    for words, languages in raw["words_of"].items():
        for language, others in languages.items():
            of[language].append((words, _any_of(others)))
    turns: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for words, languages in _table("turns")["turns_of"].items():
        for language, forms in languages.items():
            turns[language].append((words, tuple(forms)))
    return Vocabulary(
        anywhere=tuple((words, _any_of(others)) for words, others in raw["words"].items()),
        of={language: tuple(patterns) for language, patterns in of.items()},
        turns={language: tuple(known) for language, known in turns.items()},
    )


def said_in_guides(terms: Sequence[str], language: str) -> tuple[str, ...]:
    """What guides in a language write for English terms; nothing where that is not known."""
    if language == DEFAULT:
        return tuple(terms)
    known = guide_terms().get(language, {})
    return tuple(known[term] for term in terms if term in known)


@lru_cache(maxsize=1)
def guide_terms() -> Mapping[str, Mapping[str, str]]:
    """What guides in other languages than English write for English words, by language."""
    return _table("guide_terms")


def _table(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("assistant").joinpath(f"data/{name}.toml").read_text("utf-8"))


def _place(form: str, folded: str) -> int | None:
    """Where a form begins in a text. Most begin with no word of it, and are never compiled."""
    if not any(word.rstrip("*") in folded for word in form.split(maxsplit=1)[0].split("|")):
        return None
    found = _compiled(form).search(folded)
    return None if found is None else found.start()


@lru_cache(maxsize=16_384)
def _compiled(form: str) -> re.Pattern[str]:
    return any_of((form,), {})


def _any_of(words: list[str]) -> re.Pattern[str]:
    forms = (re.escape(fold(word)).replace(r"\*", r"\w*").replace(r"\ ", r"\s") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
