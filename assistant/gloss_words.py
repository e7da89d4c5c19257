"""The closed vocabulary of statements in other languages, from `assistant/data/gloss.toml`."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assistant.lexicon import fold
from assistant.number_words import numbers_of
from corpus.countries import load_countries

NUMBER, COUNTRY, ACTION = "#", "%", "@"
"""In a phrase: any number, any country, any action."""
START = "^"
"""Before the first word."""
PEOPLE = "people "
"""Before the code of a country: its adjective."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a language, some of them slots, and the English that they stand for."""

    words: tuple[str, ...]
    english: str


@dataclass(frozen=True, slots=True)
class Table:
    """What is read in one language: phrases by their first word, folded; names of countries."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    countries: Mapping[tuple[str, ...], str]
    numbers: Mapping[str, int]
    articles: bool


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Table]:
    """Reads the vocabulary that comes with the package."""
    raw = tomllib.loads(files("assistant").joinpath("data/gloss.toml").read_text("utf-8"))
    return {language: _table(language, entries) for language, entries in raw.items()}


def _table(language: str, entries: Mapping[str, Mapping[str, str]]) -> Table:
    phrases: dict[str, list[Phrase]] = {}
    numbers = dict(numbers_of(language))
    countries = {
        tuple(_words(fold(form))): code
        for code, names in load_countries().names.items()
        for form in names[language]
    }
    for english, listed in entries["words"].items():
        for form in _forms(listed):
            if english == "one" or english.isdecimal():
                numbers[fold(form)] = 1 if english == "one" else int(english)
                continue
            words = tuple(_words(form))
            phrases.setdefault(fold(words[0]), []).append(Phrase(words, english))
    for code, listed in entries["people"].items():
        for form in _forms(listed):
            words = tuple(_words(form))
            phrases.setdefault(fold(words[0]), []).append(Phrase(words, f"{PEOPLE}{code}"))
    for name, listed in entries.get("countries", {}).items():
        countries |= {tuple(_words(fold(form))): name for form in _forms(listed)}
    by_word = {key: tuple(listed) for key, listed in phrases.items()}
    return Table(by_word, countries, numbers, articles="no_article" not in entries)


def _words(form: str) -> list[str]:
    return re.findall(r"[^\W_]+['+]?|[^\w\s]", form.casefold())


def _forms(listed: str) -> Iterator[str]:
    """What an entry lists, parted by "/"; "gut|,e,er" in it is "gut", "gute" and "guter"."""
    for form in listed.split("/"):
        choices = []
        for word in form.split():
            stem, bar, ends = word.partition("|")
            choices.append([stem + end for end in ends.split(",")] if bar else [word])
        yield from (" ".join(words) for words in itertools.product(*choices))
