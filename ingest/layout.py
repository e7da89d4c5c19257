"""From drawn words to lines of text in reading order.

The order of the content stream is the reading order in files made by word processors and
typesetting programs, columns included. It is kept, except on pages where it jumps upwards inside
a column: there the lines are ordered by cutting the page at its white bands (XY-cut).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from corpus.model import Box
from ingest.cleaning import clean_word, superscript
from ingest.drawn import Word

T = TypeVar("T")

_SUPERSCRIPT = re.compile(r"[(\[]?\d{1,4}[)\],.]?(?:,\d{1,4})*\Z")
_SMALL = 0.8
"""A superscript is set at most this large, relative to its line."""

_RAISED = 0.12
"""... and its base line is at least this much higher, in sizes of its line."""

_SAME_LINE = 0.3
"""Base lines nearer than this (in font sizes) are one line."""

_CLOSE_UP = 0.14
"""Gaps narrower than this (in font sizes) are no white space."""

_WIDE_GAP = 8.0
"""Gaps wider than this (in font sizes) separate two lines on one base line."""

_CLOSING = frozenset(".,;:!?)]}»”’%")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text.

    Attributes:
        page: 1-based.
        words: in reading order, as drawn.
        text: cleaned, one space between words, superscript digits for raised small ones.
        size: the font size that most of its characters have. base: their base line.
        bold, italic, caps: whether all its letters are.
    """

    page: int
    words: tuple[Word, ...]
    text: str
    box: Box
    base: float
    size: float
    bold: bool
    italic: bool
    caps: bool

    @property
    def starts_raised(self) -> bool:
        """Whether it begins with a superscript number, as a footnote does."""
        return self.text[:1] in "⁰¹²³⁴⁵⁶⁷⁸⁹" and self.text[:1] != ""


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """The lines that words of one page make, in the order of the words."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and _continues(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    lines = (make_line(group, page) for group in groups)
    return [line for line in lines if line.text]


def _continues(group: list[Word], word: Word) -> bool:
    """Whether a word stands on the base line of those before it, to their right."""
    last = group[-1]
    size = max(last.size, word.size, 1.0)
    gap = word.box.x0 - last.box.x1
    if word.line == last.line:
        return -3 * size < gap < _WIDE_GAP * size or gap < -20 * size
    if not -0.3 * size <= gap < 2 * size:
        return False
    overlap = min(last.box.bottom, word.box.bottom) - max(last.box.top, word.box.top)
    smaller = min(last.box.bottom - last.box.top, word.box.bottom - word.box.top)
    return overlap > 0.5 * smaller and (
        abs(word.base - last.base) < _SAME_LINE * size or abs(word.size - last.size) > 1
    )


def make_line(words: Sequence[Word], page: int) -> Line:
    """One line from its words."""
    sizes: Counter[float] = Counter()
    lettered: set[float] = set()
    letters = bold = italic = upper = 0
    for word in words:
        sizes[word.size] += len(word.text)
        if any(map(str.isalpha, word.text)):
            letters += 1
            lettered.add(word.size)
            bold += word.bold
            italic += word.italic
            upper += word.text.upper() == word.text
    caps = letters > 0 and upper == letters
    size = max(lettered) if caps else sizes.most_common(1)[0][0]  # small capitals count as large
    base = next(word.base for word in words if word.size == size)
    parts: list[str] = []
    previous: Word | None = None
    for word in words:
        text = clean_word(word.text)
        if not text:
            continue
        if (
            word.size < _SMALL * size
            and base - word.base > _RAISED * size
            and _SUPERSCRIPT.match(text)
        ):
            text = superscript(text)
        if previous is not None and not _closed_up(previous, word, text):
            parts.append(" ")
        parts.append(text)
        previous = word
    return Line(
        page=page,
        words=tuple(words),
        text="".join(parts),
        box=Box(
            min(word.box.x0 for word in words),
            min(word.box.top for word in words),
            max(word.box.x1 for word in words),
            max(word.box.bottom for word in words),
        ),
        base=base,
        size=size,
        bold=letters > 0 and bold == letters,
        italic=letters > 0 and italic == letters,
        caps=caps,
    )


def _closed_up(previous: Word, word: Word, text: str) -> bool:
    if word.glued:
        return True
    if word.line == previous.line:
        return False
    gap = word.box.x0 - previous.box.x1
    size = max(word.size, previous.size)
    return gap < _CLOSE_UP * size or (text[0] in _CLOSING and gap < 0.35 * size)


def in_reading_order(items: Sequence[T], boxes: Sequence[Box]) -> list[T]:
    """Lines (and tables) of one page in the order in which a person reads them.

    Args:
        items: in the order of the content stream.
        boxes: of each item.
    """
    if not any(_jumps_up(a, b) for a, b in pairwise(boxes)):
        return list(items)
    return [items[index] for index in _cut(boxes, range(len(items)))]


def _jumps_up(a: Box, b: Box) -> bool:
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    narrower = min(a.x1 - a.x0, b.x1 - b.x0)
    return b.bottom < a.top + 1 and across > 0.5 * narrower


def _cut(boxes: Sequence[Box], chosen: Iterable[int]) -> list[int]:
    """Orders boxes by recursive cuts: at the widest column gap, else at every white band."""
    members = list(chosen)
    if len(members) < 2:
        return members
    columns = _split(members, lambda i: (boxes[i].x0, boxes[i].x1), 6.0)
    bands = _split(members, lambda i: (boxes[i].top, boxes[i].bottom), 0.0)
    parts = columns if len(columns) > 1 else bands
    if len(parts) < 2:
        return sorted(members, key=lambda i: (round(boxes[i].top), boxes[i].x0))
    return [index for part in parts for index in _cut(boxes, part)]


def _split(
    members: list[int], interval: Callable[[int], tuple[float, float]], gap: float
) -> list[list[int]]:
    parts: list[list[int]] = []
    reach = 0.0
    for index in sorted(members, key=lambda i: interval(i)[0]):
        start, end = interval(index)
        if parts and start <= reach + gap:
            parts[-1].append(index)
            reach = max(reach, end)
        else:
            parts.append([index])
            reach = end
    return parts
