"""Programmes whose guides the library does not hold, and how questions and passages name them.

An amount of one programme is no answer to a question about another, however alike the question
and the passage are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assistant.lexicon import fold
from assistant.model import Passage

COMMON_WORDS = frozenset({"europe", "european", "programme", "eu", "the", "of", "and", "for"})
"""Words of the names of programmes that name none."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme, or a part of one, and the patterns of its names.

    Attributes:
        asked_of: who answers questions about it, as in the data file; "" where that is not certain.
    """

    name: str
    part_of: str
    words: re.Pattern[str]
    acronyms: re.Pattern[str] | None
    asked_of: str = ""

    def is_named_in(self, text: str) -> bool:
        """Whether a text names it."""
        found = self.acronyms is not None and self.acronyms.search(text)
        return bool(found) or self.words.search(fold(text)) is not None


def programmes_asked(question: str, held: Collection[str]) -> tuple[Programme, ...]:
    """The programmes that a question names and the library holds no guide of.

    A part of a programme that is held counts: its own rules stand in few passages.

    Args:
        question: as typed.
        held: programmes of the library's editions.
    """
    return tuple(
        programme
        for name, programme in known_programmes().items()
        if name not in held and programme.is_named_in(question)
    )


def about(passages: Sequence[Passage], programme: Programme) -> tuple[Passage, ...]:
    """The passages that name a programme, in their text, their headings or their title."""
    return tuple(p for p in passages if programme.is_named_in(_told(p)))


def _told(passage: Passage) -> str:
    return f"{passage.document.edition.title} {passage.whole_text}"


@lru_cache(maxsize=1)
def known_programmes() -> dict[str, Programme]:
    """By name, as the data file that comes with the package has them."""
    raw = tomllib.loads(files("assistant").joinpath("data/programmes.toml").read_text("utf-8"))
    return {entry["name"]: _read(entry) for entry in raw["programme"]}


def _read(entry: Mapping[str, Any]) -> Programme:
    names: list[str] = entry["names"]
    acronyms = [name for name in names if name.isupper()]
    words = [fold(name) for name in names if not name.isupper()]
    words += [fold(f"{name} {what}") for name in acronyms for what in ("programme", "program")]
    return Programme(
        name=entry["name"],
        part_of=entry.get("part_of", ""),
        words=_any_of(words),
        acronyms=_any_of(acronyms) if acronyms else None,
        asked_of=entry.get("asked_of", ""),
    )


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    joined = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{joined})(?![\w+])")
