"""In which country the cities lie that a text names, in the languages of the interface.

The names stand in `cities.toml`. A name counts where it is written with a capital letter or
follows a word for a place ("in krakow"): many are words of some language as well.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from corpus.accents import unaccented
from corpus.phrases import Phrases

_PLACED = re.compile(
    r"(?<!\w)(?:in|to|from|near|nach|aus|bei|à|en|vers|para|em|w|z|ze|din|σε|στη|στην|στο|στα|στον|"
    r"από)\s+\Z"
)


@lru_cache(maxsize=1)
def _cities() -> tuple[dict[str, str], Phrases]:
    data = tomllib.loads(files("corpus").joinpath("cities.toml").read_text("utf-8"))
    of = {
        fold_letters(name): code
        for code, names in data["cities"].items()
        for name in names.split("/")
    }
    return of, Phrases(of)


@lru_cache(maxsize=4096)
def countries_of_cities(text: str) -> frozenset[str]:
    """ISO 3166-1 codes of the countries in which the cities lie that a text names."""
    of, phrases = _cities()
    found = set()
    for name in phrases.find(fold_letters(text)):
        if text[name.start].isupper() or _PLACED.search(text[: name.start].lower()):
            found.add(of[name.phrase])
    return frozenset(found)


def fold_letters(text: str) -> str:
    """A text without case and accents, letter for letter."""
    return "".join(map(_fold_letter, text))


@lru_cache(maxsize=2048)
def _fold_letter(letter: str) -> str:
    """One letter for one letter, so that places stay."""
    plain = unaccented(letter.casefold(), "NFKD")
    return plain if len(plain) == 1 else letter.lower()[:1] or letter
