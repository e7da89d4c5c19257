"""Where sentences end, in the languages of the guides."""

from __future__ import annotations

import re

from corpus.model import Span

_SENTENCE_END = re.compile(
    r"(?<=[.!?;…])[\"'”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*\s+(?=[\"'“‘«(\[]*[^\W\d_a-zα-ωа-я]|\d|[•▪])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|no|nos|art|arts|fig|approx|incl|max|min|resp|p|pp|vol|ch|par"
    r"|para|Dr|Mr|Mrs|Ms|Prof|St|δηλ|π\.χ|κ\.λπ|κ\.ά|αρ|σελ|z\.B|bzw|ca|Nr|Abs|Art|p\.ex|ex|ej)"
    r"|\b[^\W\d_]\.\s?[^\W\d_])\.\Z",
    re.IGNORECASE,
)


def sentences(text: str) -> list[Span]:
    """Sentences of a paragraph; they cover it but for white space between them."""
    spans: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.start() + len(match[0].rstrip())
        if _ABBREVIATION.search(text, start, match.start()):
            continue
        spans.append(Span(start, end))
        start = match.end()
    if start < len(text):
        spans.append(Span(start, len(text)))
    return spans
