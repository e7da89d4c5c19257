"""Whether the text of a page can be read: is there any, and are its letters the ones drawn?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ingest.drawn import RawPage

_FEW_CHARS = 100
"""A page that is mostly a picture and has fewer characters of text is a scan."""

_PICTURE_SHARE = 0.5
"""Share of the page that its pictures cover for it to count as one."""

_ODD_SHARE = 0.25
"""Share of letters in impossible words from which on a text counts as unreadable."""

_MIN_LETTERS = 12
_WORD = re.compile(r"\S{3,}")
_LETTER = re.compile(r"[^\W\d_]")
_INSIDE = re.compile(r"[^\W\d_][\\~^|<>{}\[\]`þÿ¤¬¦#$%&*+=@][^\W\d_]")
_CASE = re.compile(r"[a-zà-öø-ÿα-ωа-я][A-ZÀ-ÖØ-ÞΑ-ΩА-Я]")
_FINAL_SIGMA = re.compile(r"ς(?=[α-ωά-ώ])|σ(?![α-ωά-ώϊϋΐΰ'’-])")


def has_text(page: RawPage) -> bool:
    """Whether the page has text of its own, or is blank; False where it is only a picture."""
    characters = sum(len(word.text) for word in page.words)
    if not page.readable:
        return False
    if characters == 0:
        return not page.images
    return characters >= _FEW_CHARS or _picture_share(page) < _PICTURE_SHARE


def is_readable(texts: Sequence[str]) -> bool:
    """Whether words look like words; wrong character maps give impossible ones.

    A word is impossible where it has characters that do not exist in Unicode or replacement
    characters, signs between its letters, capitals after small letters more than once, or the
    two forms of the Greek sigma in the wrong places.
    """
    letters = odd = 0
    for text in texts:
        for word in _WORD.findall(text):
            count = len(_LETTER.findall(word)) + sum(_is_missing(c) for c in word)
            letters += count
            if count and "://" not in word and "@" not in word and _is_impossible(word):
                odd += count
    return letters < _MIN_LETTERS or odd < _ODD_SHARE * letters


def _is_missing(character: str) -> bool:
    if character < "\u0370":
        return "\x7f" <= character <= "\x9f"
    return character == "\ufffd" or unicodedata.category(character) in ("Cn", "Co")


def _is_impossible(word: str) -> bool:
    return (
        any(map(_is_missing, word.strip("".join(c for c in word if "\ue000" <= c <= "\uf8ff"))))
        or bool(_INSIDE.search(word))
        or len(_CASE.findall(word)) > 1
        or bool(_FINAL_SIGMA.search(word.rstrip(".,;:)»”’·")))
    )


def _picture_share(page: RawPage) -> float:
    area = page.width * page.height
    covered = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in page.images)
    return covered / area if area else 0.0
