"""The window's sentences and starting points, read from the files in `assistant/data/ui`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.ui_escape import with_signs

DATA = Path(__file__).parent / "data" / "ui"
STATIC = DATA / "static"
"""Style, scripts and icon of the window: the only files that are served as they lie."""
FALLBACK = "en"
"""The language of whoever asks for none that we have, and of sentences a file lacks."""

_WANTED = re.compile(r"\s*([a-zA-Z]{2,3})[\w-]*\s*(?:;\s*q=\s*([01](?:\.\d{0,3})?)\s*)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question to start with, for libraries that hold a guide of this programme.

    Attributes:
        asker: kind of asker, a name of the messages (`askers.<asker>`).
        questions: by language; English is always there.
        chapter: where the question names no action: words one of which must stand in a heading.
    """

    programme: str
    asker: str
    questions: Mapping[str, str]
    chapter: Sequence[str] = ()

    def question(self, language: str) -> str:
        """In a language, in English where it is not there."""
        return self.questions.get(language) or self.questions[FALLBACK]


def languages() -> tuple[str, ...]:
    """The languages that the window speaks."""
    return tuple(sorted(path.name.split(".")[1] for path in DATA.glob("messages.*.toml")))


def load_messages(language: str = FALLBACK) -> Mapping[str, str]:
    """All sentences in one language, by dotted name ("ask", "status.answered").

    The files have plain spaces before signs; in the window no sign begins a line.
    """
    sentences = {"language": language}
    for name in dict.fromkeys((FALLBACK, language)):
        with (DATA / f"messages.{name}.toml").open("rb") as file:
            sentences |= _flat(tomllib.load(file))
    return {name: with_signs(sentence) for name, sentence in sentences.items()}


@cache
def load_every_language() -> Mapping[str, Mapping[str, str]]:
    """The sentences of each language that the window speaks."""
    return {language: load_messages(language) for language in languages()}


def language_for(accept_language: str, spoken: Iterable[str]) -> str:
    """The language of a browser's wish list (RFC 9110, 12.5.4) that is spoken, best first."""
    wishes = filter(None, map(_WANTED.match, accept_language.split(",")))
    best = sorted(wishes, key=lambda wish: -float(wish[2] or 1))
    held = set(spoken)
    return next((w[1].lower() for w in best if w[1].lower() in held), FALLBACK)


def number_name(number: int, messages: Mapping[str, str]) -> str:
    """A whole number, grouped as the language of the messages does it.

    Their example says how: some languages do not part a number of four digits.
    """
    example = messages["numbers.example"]
    between = example.strip("0123456789")
    if len(str(number)) < len(example) - len(between):
        return str(number)
    return f"{number:,}".replace(",", between)


def form_for(number: int, sentence: str) -> str:
    """The form of a sentence for a number; before "|" stands the one for 2-4, 22-24, ..."""
    few, *others = sentence.split("|")
    is_few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
    return few if is_few or not others else others[0]


def load_examples() -> tuple[Example, ...]:
    """All starting points, in the order of the file."""
    with (DATA / "examples.toml").open("rb") as file:
        return tuple(Example(**entry) for entry in tomllib.load(file)["examples"])


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    pairs: dict[str, str] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            pairs |= _flat(value, f"{prefix}{name}.")
        else:
            pairs[prefix + name] = str(value)
    return pairs
