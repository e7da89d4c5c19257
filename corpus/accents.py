"""Texts without what is not seen of them, or left out: accents, signs of format."""

from __future__ import annotations

import unicodedata
from itertools import filterfalse
from typing import Literal


def unaccented(text: str, form: Literal["NFD", "NFKD"] = "NFD") -> str:
    """A text without combining marks; with NFKD its compatibility forms become plain ones too."""
    if text.isascii():
        return text
    letters = unicodedata.normalize(form, text)
    return "".join(filterfalse(unicodedata.combining, letters))


def without_format_signs(text: str) -> str:
    """A text without signs that are not seen: zero-width ones, marks of direction, soft hyphens."""
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
