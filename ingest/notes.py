"""Which footnotes say something themselves, and which only point elsewhere."""

from __future__ import annotations

import re

_MARK = re.compile(r"\A[⁰¹²³⁴⁵⁶⁷⁸⁹]+\s*")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+(?:\s(?=\S*[/=?&%_])\S+)*|\b[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE
)
_SEE = re.compile(
    r"(?:please\s+)?(?:see|cf\.|ibid\b|consult|siehe|vgl\.|voir|véase|vid\.|ver|vedi|zie|viz|zob\."
    r"|βλ\.|βλέπε|se\b|katso|lásd|vezi|vidi|вж\.)\s",
    re.IGNORECASE,
)
_SHORT_CHARS = 120
_FEW_LETTERS = 3


def is_mere_reference(note: str) -> bool:
    """Whether a footnote is only an address, or short and only tells where to look.

    A named link ("List of National Agencies: https://...") is no mere one: it answers where
    something is. Nor is one that gives a figure besides.
    """
    text = _MARK.sub("", note)
    rest, addresses = _ADDRESS.subn(" ", text)
    if addresses and sum(map(str.isalpha, rest)) <= _FEW_LETTERS:
        return True
    return not addresses and len(text) <= _SHORT_CHARS and bool(_SEE.match(text))
