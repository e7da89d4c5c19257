"""The order in which the lines of a page are read.

The order of the content stream is the reading order in files made by word processors and by most
typesetting programs, columns included. It is kept, but on two kinds of pages: where the stream
runs across columns (lines on one height are drawn one after the other, though a gutter parts
them), and where it jumps upwards inside a column. There the page is cut at its gutters and white
bands (XY-cut, with lines that run over several columns as borders).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

from corpus.model import Box
from ingest.layout import Line, make_line

T = TypeVar("T")

_GAP = 1.0
"""White space between words wider than this (in font sizes) may be a gutter."""

_MIN_LINES = 8
"""A gutter parts at least this many lines."""

_MAX_CROSSING = 0.35
"""Lines that run across a gutter, at most, for each that it parts."""

_MIN_WORDS = 3
"""Lines of a text column have this many words (a column of labels has fewer)."""

_MAX_GUTTERS = 4
_MAX_BORDERS = 0.34
"""Share of lines that run over all columns of a region, at most."""

_DENSE = 0.35
"""Share of a column's height that its lines fill."""

_GUTTER_PT = 6.0


def split_at_gutters(lines: Sequence[Line]) -> list[Line] | None:
    """Cuts lines that run across text columns at the gutters.

    Returns:
        The shorter lines, in stream order; None where the page has no such columns.
    """
    rows = _rows(lines)
    gutters = _find_gutters(rows)
    if not gutters:
        return None
    parts: list[Line] = []
    for row in rows:
        begin = 0
        for index, (a, b) in enumerate(pairwise(row.words), 1):
            if any(a.box.x1 - 1 <= x <= b.box.x0 + 1 for x in gutters):
                parts.append(make_line(row.words[begin:index], row.page))
                begin = index
        parts.append(make_line(row.words[begin:], row.page) if begin else row)
    return [part for part in parts if part.text]


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Lines that follow each other on one base line, from left to right, as one."""
    rows: list[Line] = []
    for line in lines:
        last = rows[-1] if rows else None
        if (
            last is not None
            and abs(last.base - line.base) < 0.3 * min(last.size, line.size)
            and line.box.x0 > last.box.x1
        ):
            rows[-1] = make_line([*last.words, *line.words], line.page)
        else:
            rows.append(line)
    return rows


def _find_gutters(lines: Sequence[Line]) -> list[float]:
    gaps = [
        (line, index, a.box.x1, b.box.x0)
        for line in lines
        for index, (a, b) in enumerate(pairwise(line.words), 1)
        if b.box.x0 - a.box.x1 > _GAP * line.size
    ]
    gutters: list[float] = []
    while len(gaps) >= _MIN_LINES and len(gutters) < _MAX_GUTTERS:
        x = _most_parted([(start, end) for _, _, start, end in gaps])
        parted = [gap for gap in gaps if gap[2] <= x <= gap[3]]
        if len(parted) < _MIN_LINES:
            break
        if _parts_columns(lines, parted, x):
            gutters.append(x)
        gaps = [gap for gap in gaps if not gap[2] <= x <= gap[3]]
    return sorted(gutters)


def _most_parted(gaps: Sequence[tuple[float, float]]) -> float:
    """The x that lies in most of the gaps."""
    events = sorted([(start, 1) for start, _ in gaps] + [(end, -1) for _, end in gaps])
    depth = most = 0
    best = events[0][0]
    for (x, step), (following, _) in pairwise(events):
        depth += step
        if depth > most:
            most, best = depth, (x + following) / 2
    return best


def _parts_columns(
    lines: Sequence[Line], parted: Sequence[tuple[Line, int, float, float]], x: float
) -> bool:
    """Whether text stands on both sides, and few lines run across."""
    crossing = sum(
        line.box.x0 < x - 20
        and line.box.x1 > x + 20
        and any(word.box.x0 < x < word.box.x1 for word in line.words)
        for line in lines
    )
    if crossing > _MAX_CROSSING * len(parted):
        return False
    before = median(index for _, index, *_ in parted)
    after = median(len(line.words) - index for line, index, *_ in parted)
    if min(before, after) < _MIN_WORDS:
        return False
    # Lines of a text column end near its right edge; labels end anywhere.
    ends = sorted(start for _, _, start, _ in parted)
    left = min(line.box.x0 for line, *_ in parted)
    return ends[-1] - median(ends) < 0.25 * (ends[-1] - left)


def in_reading_order(items: Sequence[T], boxes: Sequence[Box], *, columns: bool = False) -> list[T]:
    """Lines (and tables) of one page in the order in which a person reads them.

    Args:
        items: in the order of the content stream.
        boxes: of each item.
        columns: whether the stream is known to run across columns.
    """
    if not columns and not any(_jumps_up(a, b) for a, b in pairwise(boxes)):
        return list(items)
    return [items[index] for index in _cut(boxes, range(len(items)))]


def _jumps_up(a: Box, b: Box) -> bool:
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    narrower = min(a.x1 - a.x0, b.x1 - b.x0)
    return b.bottom < a.top + 1 and across > 0.5 * narrower


def _cut(boxes: Sequence[Box], members: Sequence[int]) -> list[int]:
    """Orders boxes: columns from left to right, between lines that run over several of them."""
    if len(members) < 2:
        return list(members)
    columns = _split(members, lambda i: (boxes[i].x0, boxes[i].x1), _GUTTER_PT)
    if len(columns) > 1 and sum(_is_dense(boxes, column) for column in columns) > 1:
        return [index for column in columns for index in _cut(boxes, column)]
    borders = _borders(boxes, members) if len(columns) == 1 else set()
    if not borders:
        return sorted(members, key=lambda i: (round(boxes[i].top), boxes[i].x0))
    ordered: list[int] = []
    rest = [i for i in members if i not in borders]
    for border in sorted(borders, key=lambda i: boxes[i].top):
        above = [i for i in rest if boxes[i].top < boxes[border].top - 1]
        rest = [i for i in rest if i not in above]
        ordered += [*_cut(boxes, above), border]
    return [*ordered, *_cut(boxes, rest)]


def _is_dense(boxes: Sequence[Box], column: Sequence[int]) -> bool:
    """Whether boxes fill their column as text does; labels of a form stand far apart."""
    top, bottom = min(boxes[i].top for i in column), max(boxes[i].bottom for i in column)
    filled = sum(boxes[i].bottom - boxes[i].top for i in column)
    return filled >= _DENSE * (bottom - top)


def _borders(boxes: Sequence[Box], members: Sequence[int]) -> set[int]:
    """The few boxes that run over a gutter, where leaving them out would part two columns."""
    best: set[int] = set()
    for x in {boxes[i].x1 + 1 for i in members}:
        crossing = {i for i in members if boxes[i].x0 < x <= boxes[i].x1}
        if not crossing or (best and len(crossing) >= len(best)):
            continue
        sides = ([i for i in members if boxes[i].x1 < x], [i for i in members if boxes[i].x0 >= x])
        if all(len(side) > 1 and _is_dense(boxes, side) for side in sides):
            best = crossing
    return best if len(best) <= _MAX_BORDERS * len(members) else set()


def _split(
    members: Sequence[int], interval: Callable[[int], tuple[float, float]], gap: float
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
