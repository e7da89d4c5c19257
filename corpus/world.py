"""All countries of the world that a text names, and the regions of third countries.

The names of neighbours stand in `countries.toml`, the others and the regions in `world.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.cities import fold_letters
from corpus.countries import countries_in
from corpus.phrases import Phrases

_NUMBERED = re.compile(
    r"\b(?:regions?|περιφερει\w+)\s+((?:\d{1,2}[ab]?(?:\s*(?:,|to|and|or|-|–|εωσ|και|ή)\s*)?)+)"
)
_NEIGHBOURING = re.compile(
    r"\bneighbouring (?:third |partner )?countr\w+|\bγειτονικ\w+ (?:τριτ\w+ )?χωρ\w+"
)
NEIGHBOURS = frozenset("1234")
"""The regions that guides call so ("countries neighbouring the EU", Part A)."""
_RANGE = re.compile(r"(\d{1,2})[ab]?(?:\s*(?:to|-|–|εωσ)\s*(\d{1,2}))?")
_LONG_ENOUGH = 5
"""Shorter names ("Mali", "Oman") are words of other languages, too: those want a capital letter."""
_ALSO_WORDS = frozenset({"jordan", "jordania", "china", "chile", "chine", "niger", "guinea"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Far countries and regions of third ones.

    Attributes:
        of: codes by name. names: finds these.
        regions: codes of the countries of each region. called: finds regions by their names.
    """

    of: Mapping[str, str]
    names: Phrases
    regions: Mapping[str, frozenset[str]]
    called: re.Pattern[str]


@lru_cache(maxsize=1)
def _world() -> _World:
    data = tomllib.loads(files("corpus").joinpath("world.toml").read_text("utf-8"))
    of = {name: code for code, names in data["names"].items() for name in names.split("/")}
    called = "|".join(
        f"(?P<r{number}>{re.escape(fold_letters(region['name']))})"
        for number, region in data["regions"].items()
    )
    return _World(
        of=of,
        names=Phrases(of),
        regions={
            number: frozenset(region["countries"].split())
            for number, region in data["regions"].items()
        },
        called=re.compile(rf"\b(?:{called})\b"),
    )


@lru_cache(maxsize=65_536)
def world_in(text: str) -> frozenset[str]:
    """The ISO codes of all countries that a text names, those far away included."""
    world = _world()
    far = {
        world.of[name.phrase]
        for name in world.names.find(fold_letters(text))
        if text[name.start].isupper()
        or (len(name.phrase) >= _LONG_ENOUGH and name.phrase not in _ALSO_WORDS)
    }
    return countries_in(text) | far


def far_countries() -> frozenset[str]:
    """The ISO codes of the countries that `world.toml` names."""
    return frozenset(_world().of.values())


def regions_of(countries: frozenset[str]) -> frozenset[str]:
    """The regions ("9") in which guides list these countries, where they are third countries."""
    return frozenset(number for number, codes in _world().regions.items() if codes & countries)


@lru_cache(maxsize=65_536)
def regions_in(text: str) -> frozenset[str]:
    """The regions that a text names: "Region 9", "Regions 1 to 3", "Sub-Saharan Africa".

    Of "neighbouring third countries" those are meant that lie around the Union.
    """
    folded = fold_letters(text)
    numbers = {
        str(number)
        for listed in _NUMBERED.findall(folded)
        for first, last in _RANGE.findall(listed)
        for number in range(int(first), int(last or first) + 1)
    }
    return frozenset(
        numbers
        | {found.lastgroup[1:] for found in _world().called.finditer(folded) if found.lastgroup}
        | (NEIGHBOURS if _NEIGHBOURING.search(folded) else frozenset())
    )
