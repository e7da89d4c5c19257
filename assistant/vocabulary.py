"""English words for what a question in another language asks about.

A small table of the trade (`assistant/data/vocabulary.toml`), not a translator: it gives the
English guide's words something to match where question and guide differ in language.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assistant.lexicon import fold

Patterns = tuple[tuple[str, re.Pattern[str]], ...]
"""(English words, what stands for them) over folded text."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words for which English ones are known.

    Attributes:
        anywhere: whatever the question's language.
        of: of one language each, by its code.
    """

    anywhere: Patterns
    of: Mapping[str, Patterns]

    def english(self, text: str, language: str) -> tuple[str, ...]:
        """English words for those of a text that the table knows, in the order of the text."""
        folded = fold(text)
        found = [
            (match.start(), words)
            for words, pattern in (*self.anywhere, *self.of.get(language, ()))
            if (match := pattern.search(folded))
        ]
        return tuple(words for _, words in sorted(found))


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Reads the table that comes with the package."""
    raw = tomllib.loads(files("assistant").joinpath("data/vocabulary.toml").read_text("utf-8"))
    of: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
    for words, languages in raw["words_of"].items():
        for language, others in languages.items():
            of[language].append((words, _any_of(others)))
    return Vocabulary(
        anywhere=tuple((words, _any_of(others)) for words, others in raw["words"].items()),
        of={language: tuple(patterns) for language, patterns in of.items()},
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    forms = (re.escape(fold(word)).replace(r"\*", r"\w*").replace(r"\ ", r"\s") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
