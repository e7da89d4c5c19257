"""From lines to paragraphs: where one ends and the next begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.layout import Line

_BULLETS = frozenset("•▪◦‣⁃∙●○■□▫◆◇–—-*✓✔➢►▶·§→o")
_NUMBERED = re.compile(
    r"(?:\(?\d{1,2}[.)]|\(?[^\W\d_][.)]|\(?[ivx]{1,5}[.)]|\(\d{1,2}\)|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\Z",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?:;…][\"'”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*\Z")
_MIN_GAP = 1.22
"""A distance of base lines above this many usual ones begins a paragraph."""

_MAX_GAP = 1.9
"""... unless a sentence goes on, up to this many."""

_INDENT_PT = 4.0
"""Left edges nearer than this are the same (ink of letters differs by a point or two)."""

_SHORT = 0.16
"""A line that ends this share of the column's width before its right edge is short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that belong together, on one page.

    Attributes:
        marker: the bullet or number that it begins with; "" where it has none.
        indent: left edge of its text (after the marker).
    """

    lines: tuple[Line, ...]
    marker: str = ""
    indent: float = 0.0


def is_finished(lines: Sequence[Line]) -> bool:
    """Whether lines end as a sentence or a list item ends."""
    return bool(_TERMINAL.search(lines[-1].text))


def usual_leading(pages: Sequence[Sequence[Line]]) -> float:
    """Distance of base lines within paragraphs of a document, in font sizes."""
    seen: Counter[float] = Counter()
    for lines in pages:
        for a, b in pairwise(lines):
            distance = b.base - a.base
            if abs(a.size - b.size) < 0.3 and a.size > 0 and 0.9 < distance / a.size < 2.2:
                seen[round(distance / a.size, 1)] += 1
    if not seen:
        return 1.2
    common = max(seen.values())
    return min(leading for leading, count in seen.items() if count > 0.35 * common)


def paragraphs_of(lines: Sequence[Line], leading: float) -> list[Paragraph]:
    """Groups the lines of one column (a page without its margins, or a table cell).

    Args:
        lines: in reading order.
        leading: see `usual_leading`.
    """
    groups: list[list[Line]] = []
    right = max((line.box.x1 for line in lines), default=0.0)
    left = min((line.box.x0 for line in lines), default=0.0)
    for line in lines:
        if groups and not _begins(groups[-1], line, leading, left, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Paragraph(lines=tuple(group), marker=marker_of(group[0]), indent=_indent(group[0]))
        for group in groups
    ]


def marker_of(line: Line) -> str:
    """The bullet or number at the start of a line, "" where there is none."""
    first = line.text.split(None, 1)[0]
    if len(line.words) < 2 or first == line.text:
        return ""
    if first in _BULLETS:
        # A letter or a dash is a bullet only where the text hangs after it.
        gap = line.words[1].box.x0 - line.words[0].box.x1
        return first if first not in "o–—-*" or gap > 0.4 * line.size else ""
    return first if _NUMBERED.match(first) else ""


def _indent(line: Line) -> float:
    return line.words[1].box.x0 if marker_of(line) else line.box.x0


def _begins(group: list[Line], line: Line, leading: float, left: float, right: float) -> bool:
    """Whether a line begins a new paragraph after the lines of `group`."""
    first, last = group[0], group[-1]
    size = max(line.size, last.size)
    distance = line.base - last.base
    finished = is_finished(group)
    if marker_of(line) and not (line.text[0].isalnum() and not finished and distance < 0):
        return True
    capitals = line.caps and last.caps and line.bold == last.bold
    if abs(line.size - last.size) > (0.25 * size if capitals else 0.6):
        return True
    inside = len(group) > 1 and not finished and line.text[:1].islower()
    if not inside and _style_breaks(last, line, finished):
        return True
    if distance < 0.5 * size:  # a new column, or beside the last line
        return finished or not line.text[:1].islower()
    if distance > _MIN_GAP * leading * size:
        # A sentence goes on over a wider gap (a picture in the line, a stretched page).
        goes_on = not finished and line.text[:1].islower() and last.bold == line.bold
        return not goes_on or distance > _MAX_GAP * leading * size
    hanging = _indent(first)
    if marker_of(first):
        # Items hang under their text; what stands further left or right is something else.
        return abs(line.box.x0 - hanging) > _INDENT_PT and finished
    if len(group) > 1 and line.box.x0 > group[-1].box.x0 + _INDENT_PT and finished:
        return True  # first line indented
    if line.box.x0 < group[-1].box.x0 - _INDENT_PT and len(group) > 1 and finished:
        return True
    short = last.box.x1 < right - _SHORT * (right - left)
    return short and finished and not line.text[:1].islower()


def _style_breaks(last: Line, line: Line, finished: bool) -> bool:
    before, after = last.words[-1], line.words[0]
    if before.bold == after.bold and before.italic == after.italic:
        return last.caps != line.caps and (last.caps or finished) and last.bold and line.bold
    if last.bold and not after.bold:
        return True
    return line.bold and not before.bold and finished
