"""From what is drawn to the lines of tables: pure geometry, no text.

Word draws a table rule as many thin rectangles (one per cell side, with dots at the corners),
shades cells and leaves rules out where a page breaks. Here the pieces are snapped to common
lines and joined, and what is understood is added. The tolerances are those of pdfplumber,
whose tables serve as the oracle in the tests.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.model import Box

SNAP_PT = 3.0
"""Parallel rules nearer than this are one rule (a double border, a rule drawn twice)."""

JOIN_PT = 3.0
"""Pieces of one line nearer than this are one piece; rules that miss by this much still meet."""

THICK_PT = 3.0
"""What is thicker in both directions is no rule."""

OPEN_ROW_PT = 8.0
"""Rules that stick out this far together enclose a row that the page break left open."""

MAX_LINES = 1000
"""More lines on a page are a drawing, not tables."""


@dataclass(slots=True)
class Line:
    """A rule: `at` is its y (horizontal) or x (vertical), from `start` to `end` along it."""

    at: float
    start: float
    end: float

    def meets(self, other: Line) -> bool:
        """Whether a line across touches it."""
        return (
            self.start - JOIN_PT <= other.at <= self.end + JOIN_PT
            and other.start - JOIN_PT <= self.at <= other.end + JOIN_PT
        )


def find_lines(rulings: Sequence[Box], shades: Sequence[Box] = ()) -> tuple[list[Line], list[Line]]:
    """The horizontal and the vertical lines that may border cells; none if there are too many.

    Args:
        rulings: visible strokes and thin filled rectangles, with their thickness, in any order.
        shades: visible larger fills.
    """
    if len(rulings) < 3:
        return [], []
    sides = _shade_sides(rulings, shades) if len(shades) <= MAX_LINES else []
    horizontal, vertical = _lines((*rulings, *sides))
    if not horizontal or not vertical or len(horizontal) + len(vertical) > MAX_LINES:
        return [], []
    horizontal += _closings(vertical, horizontal)
    vertical += _closings(horizontal, vertical)
    return _joined(horizontal), _joined(vertical)


def _shade_sides(rulings: Sequence[Box], shades: Sequence[Box]) -> list[Box]:
    """The sides of shaded cells that stand in for rules.

    Those on a ruled line count; and, where shaded cells stand one below the other between ruled
    lines, also the sides where they meet. Shading of text inside a cell is none.
    """
    outer = [shade for shade in shades if not any(_inside(shade, other) for other in shades)]
    xs = sorted((box.x0 + box.x1) / 2 for box in rulings if box.x1 - box.x0 < THICK_PT)
    ys = sorted((b.top + b.bottom) / 2 for b in rulings if b.bottom - b.top < THICK_PT)
    upright = {s for s in outer if _near(xs, s.x0) and _near(xs, s.x1)}
    tops, bottoms = sorted(s.top for s in upright), sorted(s.bottom for s in upright)
    sides: list[Box] = []
    for shade in outer:
        sides += [Box(x, shade.top, x, shade.bottom) for x in (shade.x0, shade.x1) if _near(xs, x)]
        for y, others in ((shade.top, bottoms), (shade.bottom, tops)):
            if _near(ys, y) or (shade in upright and _near(others, y, 1.0)):
                sides.append(Box(shade.x0, y, shade.x1, y))
    return sides


def _inside(box: Box, other: Box) -> bool:
    return (
        box != other
        and other.x0 - 1 <= box.x0
        and box.x1 <= other.x1 + 1
        and other.top - 1 <= box.top
        and box.bottom <= other.bottom + 1
    )


def _near(ats: list[float], at: float, tolerance: float = SNAP_PT) -> bool:
    """Whether a sorted list holds a value within the tolerance."""
    index = bisect_left(ats, at - tolerance)
    return index < len(ats) and ats[index] <= at + tolerance


def _lines(rulings: Iterable[Box]) -> tuple[list[Line], list[Line]]:
    """Horizontal and vertical rules, snapped and joined."""
    horizontal: list[Line] = []
    vertical: list[Line] = []
    dots: list[tuple[float, float]] = []
    for box in rulings:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        width, height = box.x1 - box.x0, box.bottom - box.top
        if min(width, height) >= THICK_PT:
            continue
        if width >= 2 * height:
            horizontal.append(Line(y, box.x0, box.x1))
        elif height >= 2 * width:
            vertical.append(Line(x, box.top, box.bottom))
        else:
            dots.append((x, y))
    horizontal += _dotted((y, x) for x, y in dots)
    vertical += _dotted(dots)
    return _joined(horizontal), _joined(vertical)


def _dotted(dots: Iterable[tuple[float, float]]) -> list[Line]:
    """Lines of dots, each given as (across the line, along it); single dots make none."""
    lines: list[Line] = []
    for at, along in sorted((round(at, 1), along) for at, along in dots):
        if lines and lines[-1].at == at and along <= lines[-1].end + JOIN_PT:
            lines[-1].end = along
        else:
            lines.append(Line(at, along, along))
    return [line for line in lines if line.end - line.start > JOIN_PT]


def _joined(lines: list[Line]) -> list[Line]:
    """Snap parallel lines to their mean and join the pieces of each."""
    result: list[Line] = []
    for group in _clusters(lines):
        at = sum(line.at for line in group) / len(group)
        pieces: list[Line] = []
        for line in sorted(group, key=lambda line: line.start):
            if pieces and line.start <= pieces[-1].end + JOIN_PT:
                pieces[-1].end = max(pieces[-1].end, line.end)
            else:
                pieces.append(Line(at, line.start, line.end))
        result += pieces
    return result


def _clusters(lines: list[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.at):
        if groups and line.at <= groups[-1][-1].at + SNAP_PT:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _closings(sticking: list[Line], across: list[Line]) -> list[Line]:
    """Rules missing at the end of a table.

    Where a rule goes on beyond the last rule across it and a parallel one ends level with it
    (a page break in the middle of a row), a rule as long as that last one is understood there.
    """
    found: list[Line] = []
    for end in (False, True):
        tips = [(line.end if end else line.start, line) for line in sticking]
        for tip, line in tips:
            last = _last_across(line, across, end=end)
            if last is None or abs(tip - last.at) < OPEN_ROW_PT:
                continue
            level = [other for at, other in tips if other is not line and abs(at - tip) <= SNAP_PT]
            if level:
                nearest = min(level, key=lambda other: abs(other.at - line.at))
                start, stop = sorted((line.at, nearest.at))
                if nearest.meets(last):
                    start, stop = min(start, last.start), max(stop, last.end)
                found.append(Line(tip, start, stop))
    return found


def _last_across(line: Line, across: list[Line], *, end: bool) -> Line | None:
    """The last rule that crosses a line towards one of its ends."""
    crossed = [other for other in across if line.meets(other)]
    pick = max if end else min
    return pick(crossed, key=lambda other: other.at, default=None)
