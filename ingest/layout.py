"""From drawn words to lines of text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Box
from ingest.cleaning import clean_word, superscript
from ingest.drawn import Word

_SUPERSCRIPT = re.compile(r"[(\[]?\d{1,4}[)\],.]?(?:,\d{1,4})*\Z")
_SMALL = 0.8
"""A superscript is set at most this large, relative to its line."""

_RAISED = 0.12
"""... and its base line is at least this much higher, in sizes of its line."""

_SAME_LINE = 0.3
"""Base lines nearer than this (in font sizes) are one line."""

_CLOSE_UP = 0.14
"""Gaps narrower than this (in font sizes) are no white space."""

_OTHER_SIZE_PT = 1.0
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
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
    """Whether a word stands on the base line of those before it, next to them."""
    last = group[-1]
    size = max(last.size, word.size, 1.0)
    gap = word.box.x0 - last.box.x1
    if word.line == last.line and not word.is_upright and not last.is_upright:
        return True
    level = abs(word.base - last.base) < _SAME_LINE * size
    if not level and abs(word.size - last.size) > _OTHER_SIZE_PT:
        # A superscript, or what follows it.
        overlap = min(last.box.bottom, word.box.bottom) - max(last.box.top, word.box.top)
        smaller = min(last.box.bottom - last.box.top, word.box.bottom - word.box.top)
        level = overlap > 0.5 * smaller
    if not level:
        return False
    if word.line != last.line:
        return -0.3 * size <= gap < 2 * size
    if gap < -0.3 * size and word.box.x0 < last.box.x0:
        return bool(_RIGHT_TO_LEFT.search(word.text)) or bool(_RIGHT_TO_LEFT.search(last.text))
    return True


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
