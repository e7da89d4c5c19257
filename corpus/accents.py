"""Letters without their accents, which capitals lose in some languages and askers leave out."""

from __future__ import annotations

import unicodedata
from typing import Literal


def unaccented(text: str, form: Literal["NFD", "NFKD"] = "NFD") -> str:
    """A text without combining marks; with NFKD its compatibility forms become plain ones too."""
    letters = unicodedata.normalize(form, text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
