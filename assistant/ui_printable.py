"""Text as a face of letters can print it, for PDF files."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from unicodedata import bidirectional, category

LEFT_OUT = "[…]"
"""Stands for letters that cannot be printed."""

_GONE = "\0"
_RUN = re.compile(r"\0(?:[\0\W]*\0)?")
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_LETTERS = "LMN"


def printable(text: str, face: Container[int]) -> str:
    """Text without what would come out as boxes, or as letters unjoined and the wrong way round.

    Letters that the face lacks, or that are written from right to left, give way to `LEFT_OUT`;
    pictures that it lacks are dropped.

    Args:
        text: any.
        face: the code points that the face has.
    """
    return _RUN.sub(LEFT_OUT, "".join(_signs(text, face)))


def all_printable(text: str, face: Container[int]) -> bool:
    """Whether nothing is left out but pictures."""
    return _GONE not in _signs(text, face)


def _signs(text: str, face: Container[int]) -> Iterator[str]:
    gone = False
    for sign in text:
        kind = category(sign)[0]
        known = ord(sign) in face
        if bidirectional(sign) in _RIGHT_TO_LEFT or (kind in _LETTERS and not known):
            gone = True
        elif kind != "M":  # an accent goes with its letter
            gone = False
        if gone:
            yield _GONE
        elif known or sign.isspace():
            yield sign
