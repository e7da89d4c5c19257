"""All countries of the world that a text names, and the regions of third countries.

The names of neighbours stand in `countries.toml`, the others and the regions in `world.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from corpus.cities import fold_letters
from corpus.countries import countries_in
from corpus.phrases import Phrases

_NUMBERED = re.compile(
    r"\b(?:regions?|περιφερει\w+)\s+((?:\d{1,2}[ab]?(?:\s*(?:,|to|and|or|-|–|εωσ|και|ή)\s*)?)+)"
)
_RANGE = re.compile(r"(\d{1,2})[ab]?(?:\s*(?:to|-|–|εωσ)\s*(\d{1,2}))?")
_LONG_ENOUGH = 5
"""Shorter names ("Mali", "Oman") are words of other languages, too: those want a capital letter."""
_ALSO_WORDS = frozenset({"jordan", "jordania", "china", "chile", "chine", "niger", "guinea"})


@lru_cache(maxsize=1)
def _world() -> tuple[dict[str, str], Phrases, dict[str, frozenset[str]], re.Pattern[str]]:
    """Codes by name, the names, countries by region, and an expression of the regions' names."""
    data = tomllib.loads(files("corpus").joinpath("world.toml").read_text("utf-8"))
    of = {name: code for code, names in data["names"].items() for name in names.split("/")}
    regions = {
        number: frozenset(region["countries"].split()) for number, region in data["regions"].items()
    }
    named = "|".join(
        f"(?P<r{number}>{re.escape(fold_letters(region['name']))})"
        for number, region in data["regions"].items()
    )
    return of, Phrases(of), regions, re.compile(rf"\b(?:{named})\b")


@lru_cache(maxsize=65_536)
def world_in(text: str) -> frozenset[str]:
    """The ISO codes of all countries that a text names, those far away included."""
    of, phrases, _, _ = _world()
    far = {
        of[name.phrase]
        for name in phrases.find(fold_letters(text))
        if text[name.start].isupper()
        or (len(name.phrase) >= _LONG_ENOUGH and name.phrase not in _ALSO_WORDS)
    }
    return countries_in(text) | far


def far_countries() -> frozenset[str]:
    """The ISO codes of the countries that `world.toml` names."""
    return frozenset(_world()[0].values())


def regions_of(countries: frozenset[str]) -> frozenset[str]:
    """The regions ("9") in which guides list these countries, where they are third countries."""
    return frozenset(number for number, codes in _world()[2].items() if codes & countries)


@lru_cache(maxsize=65_536)
def regions_in(text: str) -> frozenset[str]:
    """The regions that a text names: "Region 9", "Regions 1 to 3", "Sub-Saharan Africa"."""
    folded = fold_letters(text)
    numbers = {
        str(number)
        for listed in _NUMBERED.findall(folded)
        for first, last in _RANGE.findall(listed)
        for number in range(int(first), int(last or first) + 1)
    }
    return frozenset(
        numbers | {found.lastgroup[1:] for found in _world()[3].finditer(folded) if found.lastgroup}
    )
