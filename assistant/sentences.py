"""What a language model writes, taken apart: sentences, the passages they name, what is no text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.units import split_units
from corpus.accents import without_format_signs

_NUMBERS = r"\^?\d{1,3}(?:\s*[,;]\s*\^?\d{1,3})*"
_MARKERS = re.compile(rf"\s*[\[【]\s*(?:passages?\s+|sources?\s+)?({_NUMBERS})\s*[\]】]", re.I)
_AFTER_STOP = re.compile(
    rf"([.!?;])((?:\s*[\[【]\s*(?:passages?\s+|sources?\s+)?{_NUMBERS}\s*[\]】])+)"
)
_LEADING = re.compile(r"^\s*(?:[-*•>#]+\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_BEFORE_STOP = re.compile(r"\s+([.,;])")
_FOREIGN = re.compile(
    r"""
    <\s*/?\s*[a-z!]                    # HTML
    |\]\s*\(|!\[                       # links and pictures of Markdown
    |\b[a-z][a-z0-9+.-]*://|\b(?:javascript|data|mailto):   # addresses with a scheme
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+(?:[a-z]{2,})\b(?:/[^\s\])]*)?|[\w.+-]+@[\w-]+\.[\w.]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: its text without markers, and the numbers of passages that it names."""

    text: str
    passages: tuple[int, ...]


def lines_of(pieces: Iterable[str], *, longest: int) -> Iterator[str]:
    """Whole lines of a stream, each as soon as it is complete; blank ones are left out.

    Ends at a line of more than `longest` characters, which is left out too.
    """
    waiting = ""
    for piece in pieces:
        *complete, waiting = (waiting + piece).split("\n")
        yield from (line for line in complete if line.strip())
        if len(waiting) > longest:
            return
    if waiting.strip():
        yield waiting


def sentences_of(line: str) -> tuple[Sentence, ...]:
    """The sentences of a line, invisible signs left out.

    Markers may stand before the full stop or after it.
    """
    plain = _EMPHASIS.sub("", _LEADING.sub("", without_format_signs(line))).strip()
    inside = _AFTER_STOP.sub(r"\2\1", plain)
    return tuple(_sentence(unit.text) for unit in split_units(inside))


def foreign(text: str, quotes: Iterable[str]) -> bool:
    """Whether a text holds HTML, a link, or an address that no quote holds."""
    if _FOREIGN.search(text):
        return True
    quoted = " ".join(quotes).casefold()
    return any(found[0].casefold() not in quoted for found in _ADDRESS.finditer(text))


def _sentence(text: str) -> Sentence:
    numbers = [int(n) for m in _MARKERS.finditer(text) for n in re.findall(r"\d+", m[1])]
    words = _BEFORE_STOP.sub(r"\1", _MARKERS.sub("", text))
    return Sentence(text=" ".join(words.split()), passages=tuple(dict.fromkeys(numbers)))
