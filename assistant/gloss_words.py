"""The closed vocabulary of statements in other languages, from `assistant/data/gloss.toml`.

And what a statement is cut into to be looked up there: words, signs, and what fills slots.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from assistant.glossed import Piece
from assistant.lexicon import Lexicon, fold
from assistant.number_words import numbers_of
from corpus.countries import load_countries
from corpus.language import DEFAULT

NUMBER, COUNTRY, ACTION = "#", "%", "@"
"""In a phrase: any number, any country, any action."""
START = "^"
"""Before the first word."""
PEOPLE = "people "
"""Before the code of a country: its adjective."""

_TOKEN = re.compile(r"[^\W_]+(?:'(?=\w)|\+)?|[^\w\s]|_")
_NO_NUMBER = re.compile(r"\d[.,/:]\d|\d[^\W\d_]|[^\W\d_]\d")
"""Numbers of a kind that is not read: decimals, dates, times; action codes are blanked before."""
_COMMAS = {ord(cedilla): comma for cedilla, comma in zip("şţ", "șț", strict=True)}
"""Romanian letters as old keyboards write them."""


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


def tokens_of(source: str, table: Table, lexicon: Lexicon) -> list[Piece] | None:
    """Words, signs and what fills slots; None where a number is not read."""
    actions = _actions(source, lexicon)
    blank = source
    for action in actions:
        blank = blank[: action.start] + "_" * (action.end - action.start) + blank[action.end :]
    if _NO_NUMBER.search(blank):
        return None
    tokens = [Piece("", 0, 0, word=START)]
    by_start = {action.start: action for action in actions}
    for match in _TOKEN.finditer(blank.replace("’", "'")):
        if match[0] == "_":
            if match.start() in by_start:
                tokens.append(by_start[match.start()])
            continue
        word = match[0].casefold().translate(_COMMAS)
        value = int(word) if word.isdecimal() else table.numbers.get(fold(word), 0)
        number = "one" if value == 1 else str(value)
        kind = NUMBER if value else ""
        tokens.append(Piece(number if value else "", match.start(), match.end(), kind, word))
    return list(_with_countries(tokens, source, table))


def _actions(source: str, lexicon: Lexicon) -> list[Piece]:
    """The actions that are named, each by its code or as the partnership or project it is."""
    letters = [(fold(c) or (" " if c == " " else ""), at) for at, c in enumerate(source)]
    folded = "".join(letter for letter, _ in letters)
    at = [place for letter, place in letters for _ in letter]
    if folded != fold(source):
        return []
    found = []
    for match in sorted(lexicon.find_written(source), key=lambda match: match.start):
        if match.kind == "action":
            start, end = at[match.start], at[match.end - 1] + 1
            action = lexicon.actions[match.key]
            coded = any(char.isdigit() for char in source[start:end])
            name = "partnership" if "Partnership" in action.name(DEFAULT) and not coded else ""
            english = name or next(iter(action.codes), action.name(DEFAULT))
            found.append(Piece(english, start, end, ACTION))
    return found


def _with_countries(tokens: Sequence[Piece], source: str, table: Table) -> Iterator[Piece]:
    """The same with the names of countries as one piece each; they begin with a capital."""
    longest = max(map(len, table.countries))
    at = 0
    while at < len(tokens):
        for count in range(min(longest, len(tokens) - at), 0, -1):
            name = tokens[at : at + count]
            code = table.countries.get(tuple(fold(t.word) for t in name))
            if code is not None and source[name[0].start].isupper():
                country = load_countries().names[code][DEFAULT][0] if len(code) == 2 else code
                word = name[0].word if count == 1 else ""
                yield Piece(country, name[0].start, name[-1].end, COUNTRY, word)
                at += count
                break
        else:
            yield tokens[at]
            at += 1
