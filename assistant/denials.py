"""Whether a sentence turns round what a quote says. English only: elsewhere nothing is told."""

from __future__ import annotations

import re

_NEGATES = re.compile(r"\b(?:not|no|never|cannot|ineligible|excluded)\b|n[’']t\b", re.IGNORECASE)
_EXCEPTS = re.compile(r"\b(?:nor|neither|none|without|except|unless|only)\b", re.IGNORECASE)
_LIMITS = re.compile(
    r"\b(?:max(?:imum)?|up to|at most|at least|more|less|fewer|exceed\w*|limit\w*|min(?:imum)?)\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:cannot|(?:can|may|must|shall|is|are) not|ineligible|excluded|"
    r"not (?:eligible|allowed|possible))\b",
    re.IGNORECASE,
)


def turned_round(text: str, best: str, shown: str) -> bool:
    """Whether a sentence denies what nothing denies, or allows what its best quote forbids.

    Args:
        text: the sentence.
        best: what it rests on first.
        shown: all its quotes.
    """
    limits = bool(_LIMITS.search(text))
    if _NEGATES.search(text):
        # "cannot exceed" may stand for "at most".
        said = (
            _NEGATES.search(shown) or _EXCEPTS.search(shown) or (limits and _LIMITS.search(shown))
        )
        return not said
    return bool(_FORBIDS.search(best)) and not limits and not _EXCEPTS.search(text)
