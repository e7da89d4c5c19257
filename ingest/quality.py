"""Whether the text of a page can be read: is there any, and are its letters the ones drawn?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from ingest.drawn import RawPage, Word

_FEW_CHARS = 100
"""A page that is mostly a picture and has fewer characters of text is a scan."""

_PICTURE_SHARE = 0.25
"""Share of the page that its pictures cover for it to count as one."""

_STRETCHES = 3

_ODD_SHARE = 0.25
"""Share of letters in impossible words from which on a text counts as unreadable."""

_MIN_LETTERS = 12
_WORD = re.compile(r"\S{3,}")
_LETTER = re.compile(r"[^\W\d_]")
_INSIDE = re.compile(r"[^\W\d_][\\~^|<>{}\[\]`þÿ¤¬¦#$%&*+=@][^\W\d_]")
_CASE = re.compile(r"[a-zà-öø-ÿα-ωа-я][A-ZÀ-ÖØ-ÞΑ-ΩА-Я]")
_FINAL_SIGMA = re.compile(r"ς(?=[α-ωά-ώ])|σ(?![α-ωά-ώϊϋΐΰ'’-])")


class TextLayer(StrEnum):
    """What text a page has."""

    FULL = "full"
    """Enough, or the page has no pictures that could hold more."""
    SPARSE = "sparse"
    """A few separate words on a picture: something was written over a scan."""
    MISSING = "missing"
    """None, or one short stretch (a stamp, a page number) on a picture."""


def text_layer(page: RawPage) -> TextLayer:
    """Whether a page has text of its own or is only a picture of a page. Blank pages are full."""
    characters = sum(len(word.text) for word in page.words)
    if characters >= _FEW_CHARS or (characters == 0 and not page.images):
        return TextLayer.FULL
    if characters and _picture_share(page) < _PICTURE_SHARE:
        return TextLayer.FULL
    return TextLayer.SPARSE if _stretches(page.words) >= _STRETCHES else TextLayer.MISSING


def _stretches(words: Sequence[Word]) -> int:
    """Stretches of words with gaps of two letters' width or a line end between them."""
    return sum(
        before is None
        or word.line != before.line
        or word.box.x0 - before.box.x1 > 2 * max(word.size, 1.0)
        for before, word in zip([None, *words], words, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of some words, and how many of them stand in impossible words."""

    count: int = 0
    odd: int = 0

    def __add__(self, other: Letters) -> Letters:
        return Letters(self.count + other.count, self.odd + other.odd)

    @property
    def are_readable(self) -> bool:
        """Whether so few are odd that the words can be read."""
        return self.count < _MIN_LETTERS or self.odd < _ODD_SHARE * self.count


def judge_letters(texts: Iterable[str]) -> Letters:
    """Whether words look like words; wrong character maps give impossible ones.

    A word is impossible where it has characters that do not exist in Unicode or replacement
    characters, signs between its letters, capitals after small letters more than once, or the
    two forms of the Greek sigma in the wrong places.
    """
    count = odd = 0
    for text in texts:
        for word in _WORD.findall(text):
            letters, impossible = _judge(word)
            count += letters
            odd += letters if impossible else 0
    return Letters(count, odd)


@lru_cache(maxsize=65536)
def _judge(word: str) -> tuple[int, bool]:
    """Letters of a word (with those that do not exist), and whether it is impossible."""
    missing = sum(map(_is_missing, word.strip(_private(word))))
    count = len(_LETTER.findall(word)) + missing
    if not count or "://" in word or "@" in word:
        return count, False
    return count, (
        missing > 0
        or bool(_INSIDE.search(word))
        or len(_CASE.findall(word)) > 1
        or bool(_FINAL_SIGMA.search(word.rstrip(".,;:)»”’·")))
    )


def _private(word: str) -> str:
    """Bullets of symbol fonts, which may stand at either end of a word."""
    return "".join(character for character in word if "\ue000" <= character <= "\uf8ff")


def _is_missing(character: str) -> bool:
    if character < "\u0370":
        return "\x7f" <= character <= "\x9f"
    return character == "\ufffd" or unicodedata.category(character) in ("Cn", "Co")


def _picture_share(page: RawPage) -> float:
    area = page.width * page.height
    covered = sum(box.area for box in page.images)
    return covered / area if area else 0.0
