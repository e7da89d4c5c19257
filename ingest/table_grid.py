"""The cells that the rulings of a page draw: pure geometry, no text.

Word draws a table rule as many thin rectangles (one per cell side, with dots at the corners).
They are snapped to common lines, joined, and cut into connected networks; in each network the
areas that rules enclose are the cells. A merged cell is an area that no rule divides, so row
and column spans come out by themselves. The tolerances are those of pdfplumber, whose tables
serve as the oracle in the tests.
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

MAX_BOX_SHARE = 0.2
"""A box inside a cell that takes up more of it is a cell of its own."""

COVERED = 0.9
"""Share of a cell's side that must be ruled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """An enclosed area: `row` and `column` (0-based) of its top left, and how many it spans."""

    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of one connected network of rules, row by row.

    Attributes:
        xs: the column borders from left to right (one more than columns).
        ys: the row borders from top to bottom.
    """

    box: Box
    cells: tuple[GridCell, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(slots=True)
class _Line:
    """A rule: `at` is its y (horizontal) or x (vertical), from `start` to `end` along it."""

    at: float
    start: float
    end: float


def find_grids(rulings: Sequence[Box], shades: Sequence[Box] = ()) -> tuple[Grid, ...]:
    """Find the tables that rulings draw on one page.

    Args:
        rulings: visible strokes and thin filled rectangles, with their thickness, in any order.
        shades: visible larger fills. Their sides stand in for rules that are not drawn, but
            only along lines where something else is ruled: shading alone makes no table.

    Returns:
        The grids from top to bottom, also those of one cell (frames). A grid inside a cell of
        another (a nested table) is a grid of its own.
    """
    if len(rulings) < 3:
        return ()
    horizontal, vertical = _lines((*rulings, *_shade_sides(rulings, shades)))
    if not horizontal or not vertical:
        return ()
    horizontal += _closings(vertical, horizontal)
    vertical += _closings(horizontal, vertical)
    grids = [
        grid
        for rows, columns in _networks(_joined(horizontal), _joined(vertical))
        if (grid := _grid(rows, columns)) is not None
    ]
    return tuple(sorted(grids, key=lambda grid: (grid.box.top, grid.box.x0)))


def _shade_sides(rulings: Sequence[Box], shades: Sequence[Box]) -> list[Box]:
    """The sides of shaded cells that stand in for rules.

    Those on a ruled line count; and, where shaded cells stand one below the other between ruled
    lines, also the sides where they meet. Shading of text inside a cell is none.
    """
    outer = [shade for shade in shades if not any(_inside(shade, other) for other in shades)]
    xs = sorted((box.x0 + box.x1) / 2 for box in rulings if box.x1 - box.x0 < THICK_PT)
    ys = sorted((b.top + b.bottom) / 2 for b in rulings if b.bottom - b.top < THICK_PT)
    upright = [s for s in outer if _near(xs, s.x0) and _near(xs, s.x1)]
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


def _lines(rulings: Iterable[Box]) -> tuple[list[_Line], list[_Line]]:
    """Horizontal and vertical rules, snapped and joined."""
    horizontal: list[_Line] = []
    vertical: list[_Line] = []
    dots: list[tuple[float, float]] = []
    for box in rulings:
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        width, height = box.x1 - box.x0, box.bottom - box.top
        if min(width, height) >= THICK_PT:
            continue
        if width >= 2 * height:
            horizontal.append(_Line(y, box.x0, box.x1))
        elif height >= 2 * width:
            vertical.append(_Line(x, box.top, box.bottom))
        else:
            dots.append((x, y))
    horizontal += _dotted((y, x) for x, y in dots)
    vertical += _dotted(dots)
    return _joined(horizontal), _joined(vertical)


def _dotted(dots: Iterable[tuple[float, float]]) -> list[_Line]:
    """Lines of dots, each given as (across the line, along it); single dots make none."""
    lines: list[_Line] = []
    for at, along in sorted((round(at, 1), along) for at, along in dots):
        if lines and lines[-1].at == at and along <= lines[-1].end + JOIN_PT:
            lines[-1].end = along
        else:
            lines.append(_Line(at, along, along))
    return [line for line in lines if line.end - line.start > JOIN_PT]


def _joined(lines: list[_Line]) -> list[_Line]:
    """Snap parallel lines to their mean and join the pieces of each."""
    result: list[_Line] = []
    for group in _clusters(lines):
        at = sum(line.at for line in group) / len(group)
        pieces: list[_Line] = []
        for line in sorted(group, key=lambda line: line.start):
            if pieces and line.start <= pieces[-1].end + JOIN_PT:
                pieces[-1].end = max(pieces[-1].end, line.end)
            else:
                pieces.append(_Line(at, line.start, line.end))
        result += pieces
    return result


def _clusters(lines: list[_Line]) -> list[list[_Line]]:
    groups: list[list[_Line]] = []
    for line in sorted(lines, key=lambda line: line.at):
        if groups and line.at <= groups[-1][-1].at + SNAP_PT:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _closings(sticking: list[_Line], across: list[_Line]) -> list[_Line]:
    """Rules missing at the end of a table.

    Where a rule goes on beyond the last rule across it and a parallel one ends level with it
    (a page break in the middle of a row), a rule between their ends is understood.
    """
    found: list[_Line] = []
    for end in (False, True):
        tips = [(line.end if end else line.start, line) for line in sticking]
        for tip, line in tips:
            reach = _reach(line, across, end=end)
            if reach is None or reach < OPEN_ROW_PT:
                continue
            level = [other for at, other in tips if other is not line and abs(at - tip) <= SNAP_PT]
            if level:
                nearest = min(level, key=lambda other: abs(other.at - line.at))
                found.append(_Line(tip, *sorted((line.at, nearest.at))))
    return found


def _reach(line: _Line, across: list[_Line], *, end: bool) -> float | None:
    """How far a line goes on beyond the last rule that crosses it; None if none does."""
    crossed = [other.at for other in across if _meet(line, other)]
    if not crossed:
        return None
    return line.end - max(crossed) if end else min(crossed) - line.start


def _meet(line: _Line, other: _Line) -> bool:
    return (
        line.start - JOIN_PT <= other.at <= line.end + JOIN_PT
        and other.start - JOIN_PT <= line.at <= other.end + JOIN_PT
    )


def _networks(
    horizontal: list[_Line], vertical: list[_Line]
) -> list[tuple[list[_Line], list[_Line]]]:
    """Rules that hang together by their crossings."""
    networks: list[tuple[list[_Line], list[_Line]]] = []
    rows_left, columns_left = list(horizontal), list(vertical)
    while rows_left:
        rows, columns = [rows_left.pop()], list[_Line]()
        grew = True
        while grew:
            new_columns = [c for c in columns_left if any(_meet(c, r) for r in rows)]
            columns_left = [c for c in columns_left if c not in new_columns]
            columns += new_columns
            new_rows = [r for r in rows_left if any(_meet(r, c) for c in columns)]
            rows_left = [r for r in rows_left if r not in new_rows]
            rows += new_rows
            grew = bool(new_rows or new_columns)
        if len(rows) >= 2 and len(columns) >= 2:
            networks.append((rows, columns))
    return networks


def _grid(rows: list[_Line], columns: list[_Line]) -> Grid | None:
    """The enclosed areas of one network."""
    ys = sorted({line.at for line in rows})
    xs = sorted({line.at for line in columns})
    across, down = len(xs) - 1, len(ys) - 1
    if across < 1 or down < 1:
        return None
    # Whether the piece of rule above field (row, column), and the one left of it, is drawn.
    above = [[_covers(rows, y, xs[column], xs[column + 1]) for column in range(across)] for y in ys]
    left = [[_covers(columns, x, ys[row], ys[row + 1]) for x in xs] for row in range(down)]
    areas = _areas(above, left)
    rectangles = [rectangle for area in _filled(areas, xs, ys) for rectangle in _rectangles(area)]
    if not rectangles:
        return None
    return _numbered(rectangles, xs, ys)


def _covers(lines: list[_Line], at: float, start: float, end: float) -> bool:
    """Whether a side from `start` to `end` is ruled."""
    length = sum(
        max(0.0, min(line.end + JOIN_PT, end) - max(line.start - JOIN_PT, start))
        for line in lines
        if line.at == at
    )
    return length >= COVERED * (end - start)


def _areas(above: list[list[bool]], left: list[list[bool]]) -> list[set[tuple[int, int]]]:
    """Fields grouped where no rule divides them, without what is open to the outside."""
    down, across = len(left), len(above[0])
    seen: set[tuple[int, int]] = set()
    areas: list[set[tuple[int, int]]] = []
    for first in ((row, column) for row in range(down) for column in range(across)):
        if first in seen:
            continue
        area, open_, todo = {first}, False, [first]
        while todo:
            row, column = todo.pop()
            for ruled, neighbour in (
                (above[row][column], (row - 1, column)),
                (above[row + 1][column], (row + 1, column)),
                (left[row][column], (row, column - 1)),
                (left[row][column + 1], (row, column + 1)),
            ):
                if ruled or neighbour in area:
                    continue
                if not (0 <= neighbour[0] < down and 0 <= neighbour[1] < across):
                    open_ = True
                    continue
                area.add(neighbour)
                todo.append(neighbour)
        seen |= area
        if not open_:
            areas.append(area)
    return areas


def _filled(
    areas: list[set[tuple[int, int]]], xs: list[float], ys: list[float]
) -> list[set[tuple[int, int]]]:
    """Give a small box that leans on a rule ("see [A1]") to the cell that it stands in."""

    def size(area: set[tuple[int, int]]) -> float:
        return sum((xs[c + 1] - xs[c]) * (ys[r + 1] - ys[r]) for r, c in area)

    for area in sorted(areas, key=size, reverse=True):
        rows, columns = [r for r, _ in area], [c for _, c in area]
        hull = {
            (r, c)
            for r in range(min(rows), max(rows) + 1)
            for c in range(min(columns), max(columns) + 1)
        }
        if len(hull) == len(area):
            continue
        notched = [other for other in areas if other is not area and other <= hull]
        if sum(map(size, notched)) <= MAX_BOX_SHARE * size(hull) and hull == area.union(*notched):
            for other in notched:
                area |= other
                areas.remove(other)
    return areas


_Rectangle = tuple[int, int, int, int]
"""First row, first column, row after the last, column after the last."""


def _rectangles(area: set[tuple[int, int]]) -> list[_Rectangle]:
    """An area as rectangles: one for a proper cell, several where a rule stops half-way."""
    left_over = set(area)
    rectangles: list[_Rectangle] = []
    while left_over:
        row, column = min(left_over)
        end = column
        while (row, end) in left_over:
            end += 1
        below = row + 1
        while all((below, c) in left_over for c in range(column, end)):
            below += 1
        rectangles.append((row, column, below, end))
        left_over -= {(r, c) for r in range(row, below) for c in range(column, end)}
    return rectangles


def _numbered(rectangles: Sequence[_Rectangle], xs: list[float], ys: list[float]) -> Grid:
    """Give rows and columns numbers, leaving out borders that no cell has."""
    used_rows = sorted({row for r in rectangles for row in (r[0], r[2])})
    used_columns = sorted({column for r in rectangles for column in (r[1], r[3])})
    row_number = {row: number for number, row in enumerate(used_rows)}
    column_number = {column: number for number, column in enumerate(used_columns)}
    cells = tuple(
        GridCell(
            box=Box(xs[left], ys[top], xs[right], ys[bottom]),
            row=row_number[top],
            column=column_number[left],
            row_span=row_number[bottom] - row_number[top],
            column_span=column_number[right] - column_number[left],
        )
        for top, left, bottom, right in sorted(rectangles)
    )
    return Grid(
        box=Box(
            min(cell.box.x0 for cell in cells),
            min(cell.box.top for cell in cells),
            max(cell.box.x1 for cell in cells),
            max(cell.box.bottom for cell in cells),
        ),
        cells=cells,
        xs=tuple(xs[column] for column in used_columns),
        ys=tuple(ys[row] for row in used_rows),
    )
