"""In which country the cities lie that a text names, in the languages of the interface.

The names stand in `cities.toml`. A short name counts where it is written with a capital letter or
follows a word for a place ("in graz"): many are words of some language as well. Those that are
words of a language of the interface need both.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.accents import unaccented
from corpus.phrases import Phrases

_PLACED = re.compile(
    r"(?<!\w)(?:in|to|from|near|between|at|of|nach|aus|bei|à|en|vers|para|em|w|z|ze|din|σε|στη|στην|στο|στα|στον|"
    r"από)\s+\Z"
)
_LONG_ENOUGH = 6
"""Longer names count as they are: "daily rate copenhagen"."""


@dataclass(frozen=True, slots=True)
class _Cities:
    """Names of cities.

    Attributes:
        of: codes by folded name. names: finds these.
        words: names that are words as well.
    """

    of: Mapping[str, str]
    names: Phrases
    words: frozenset[str]


@lru_cache(maxsize=1)
def _cities() -> _Cities:
    data = tomllib.loads(files("corpus").joinpath("cities.toml").read_text("utf-8"))
    of, words = (
        {
            fold_letters(name): code
            for code, names in data[table].items()
            for name in names.split("/")
        }
        for table in ("cities", "words")
    )
    return _Cities(of | words, Phrases(of | words), frozenset(words))


@lru_cache(maxsize=4096)
def countries_of_cities(text: str) -> frozenset[str]:
    """ISO 3166-1 codes of the countries in which the cities lie that a text names."""
    cities = _cities()
    found = set()
    for name in cities.names.find(fold_letters(text)):
        capital = text[name.start].isupper()
        placed = _PLACED.search(text[: name.start].lower()) is not None
        if name.phrase in cities.words:
            counts = capital and placed
        else:
            counts = capital or placed or len(name.phrase) >= _LONG_ENOUGH
        if counts:
            found.add(cities.of[name.phrase])
    return frozenset(found)


def fold_letters(text: str) -> str:
    """A text without case and accents, letter for letter."""
    return "".join(map(_fold_letter, text))


@lru_cache(maxsize=2048)
def _fold_letter(letter: str) -> str:
    """One letter for one letter, so that places stay."""
    plain = unaccented(letter.casefold(), "NFKD")
    return plain if len(plain) == 1 else letter.lower()[:1] or letter
