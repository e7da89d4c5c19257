"""The cells that the rulings of a page draw: pure geometry, no text.

The lines are cut into connected networks; in each, the areas that lines enclose are the cells.
A merged cell is an area that no line divides, so row and column spans come out by themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Box
from ingest.table_rules import JOIN_PT, Line, find_lines

MAX_BOX_SHARE = 0.2
"""A box inside a cell that takes up more of it is a cell of its own."""

COVERED = 0.9
"""Share of a cell's side that must be ruled."""

MAX_FIELDS = 20_000
"""Crossing lines that make more fields are a drawing, not a table."""

_Field = tuple[int, int]
"""Row and column between neighbouring lines of a network."""

_Rectangle = tuple[int, int, int, int]
"""First row, first column, row after the last, column after the last."""


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


class CellFinder:
    """Finds the cell of a grid that a point lies in."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._cells = {
            (row, column): index
            for index, cell in enumerate(grid.cells)
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }

    def at(self, x: float, y: float) -> int | None:
        """The index of the cell at a point; None if there is none."""
        place = bisect_right(self._grid.ys, y) - 1, bisect_right(self._grid.xs, x) - 1
        return self._cells.get(place)


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
    networks = _networks(*find_lines(rulings, shades))
    grids = [grid for rows, columns in networks if (grid := _grid(rows, columns)) is not None]
    return tuple(sorted(grids, key=lambda grid: (grid.box.top, grid.box.x0)))


def _networks(horizontal: list[Line], vertical: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Lines that hang together by their crossings."""
    networks: list[tuple[list[Line], list[Line]]] = []
    rows_left, columns_left = horizontal, vertical
    while rows_left:
        rows, columns, new_rows = [], list[Line](), [rows_left[0]]
        rows_left = rows_left[1:]
        while new_rows:
            rows += new_rows
            new_columns, columns_left = _split(columns_left, new_rows)
            columns += new_columns
            new_rows, rows_left = _split(rows_left, new_columns)
        if len(rows) >= 2 and len(columns) >= 2:
            networks.append((rows, columns))
    return networks


def _split(lines: list[Line], across: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that meet one of those across, and the others."""
    meeting: list[Line] = []
    others: list[Line] = []
    for line in lines:
        (meeting if any(line.meets(other) for other in across) else others).append(line)
    return meeting, others


def _grid(rows: list[Line], columns: list[Line]) -> Grid | None:
    """The enclosed areas of one network."""
    ys, xs = sorted({line.at for line in rows}), sorted({line.at for line in columns})
    if len(ys) < 2 or len(xs) < 2 or len(ys) * len(xs) > MAX_FIELDS:
        return None
    areas = _areas(_drawn(rows, ys, xs), _drawn(columns, xs, ys))
    rectangles = [rectangle for area in _filled(areas, xs, ys) for rectangle in _rectangles(area)]
    return _numbered(rectangles, xs, ys) if rectangles else None


def _drawn(lines: list[Line], ats: list[float], stops: list[float]) -> list[list[bool]]:
    """For each line position, which pieces between neighbouring stops are drawn."""
    pieces: dict[float, list[Line]] = {at: [] for at in ats}
    for line in lines:
        pieces[line.at].append(line)
    return [
        [
            sum(
                max(0.0, min(line.end + JOIN_PT, end) - max(line.start - JOIN_PT, start))
                for line in pieces[at]
            )
            >= COVERED * (end - start)
            for start, end in pairwise(stops)
        ]
        for at in ats
    ]


def _areas(above: list[list[bool]], left: list[list[bool]]) -> list[set[_Field]]:
    """Fields grouped where no line divides them, without what is open to the outside.

    Args:
        above: for each horizontal line, which of its pieces between columns are drawn.
        left: for each vertical line, which of its pieces between rows are drawn.
    """
    down, across = len(above) - 1, len(left) - 1
    seen: set[_Field] = set()
    areas: list[set[_Field]] = []
    for first in ((row, column) for row in range(down) for column in range(across)):
        if first in seen:
            continue
        area, is_open, todo = {first}, False, [first]
        while todo:
            row, column = todo.pop()
            for ruled, neighbour in (
                (above[row][column], (row - 1, column)),
                (above[row + 1][column], (row + 1, column)),
                (left[column][row], (row, column - 1)),
                (left[column + 1][row], (row, column + 1)),
            ):
                if ruled or neighbour in area:
                    continue
                if not (0 <= neighbour[0] < down and 0 <= neighbour[1] < across):
                    is_open = True
                    continue
                area.add(neighbour)
                todo.append(neighbour)
        seen |= area
        if not is_open:
            areas.append(area)
    return areas


def _filled(
    areas: list[set[_Field]], xs: Sequence[float], ys: Sequence[float]
) -> list[set[_Field]]:
    """Give a small box that leans on a rule ("see [A1]") to the cell that it stands in."""

    def size(area: Iterable[_Field]) -> float:
        return sum((xs[c + 1] - xs[c]) * (ys[r + 1] - ys[r]) for r, c in area)

    owner = {field: index for index, area in enumerate(areas) for field in area}
    taken: set[int] = set()
    for index in sorted(range(len(areas)), key=lambda index: -size(areas[index])):
        hull = _hull(areas[index])
        if len(hull) == len(areas[index]) or index in taken:
            continue
        inside = {owner[field] for field in hull if field in owner} - {index}
        if inside & taken:
            continue
        notches = [areas[other] for other in inside]
        if hull == areas[index].union(*notches) and sum(map(size, notches)) <= MAX_BOX_SHARE * size(
            hull
        ):
            areas[index] = hull
            taken |= inside
    return [area for index, area in enumerate(areas) if index not in taken]


def _hull(area: set[_Field]) -> set[_Field]:
    """The smallest rectangle of fields around an area."""
    rows, columns = [row for row, _ in area], [column for _, column in area]
    return {
        (row, column)
        for row in range(min(rows), max(rows) + 1)
        for column in range(min(columns), max(columns) + 1)
    }


def _rectangles(area: set[_Field]) -> list[_Rectangle]:
    """An area as rectangles: one for a proper cell, several where a rule stops half-way."""
    left_over = set(area)
    rectangles: list[_Rectangle] = []
    for row, column in sorted(area):
        if (row, column) not in left_over:
            continue
        end = column
        while (row, end) in left_over:
            end += 1
        below = row + 1
        while all((below, c) in left_over for c in range(column, end)):
            below += 1
        rectangles.append((row, column, below, end))
        left_over -= {(r, c) for r in range(row, below) for c in range(column, end)}
    return rectangles


def _numbered(rectangles: Sequence[_Rectangle], xs: Sequence[float], ys: Sequence[float]) -> Grid:
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
