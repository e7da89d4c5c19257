"""Rows that no rule divides: a ruled row of figures with several lines is several rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.model import Box
from ingest.drawn import Word
from ingest.table_grid import Grid, GridCell

MIN_LINES = 3
"""Fewer lines may be one wrapped text."""

MIN_CELLS = 3
"""Fewer cells side by side may be level by chance."""

LEVEL_PT = 3.0
"""Lines of neighbouring cells nearer than this are level."""


def split_rows(grid: Grid, words: Sequence[Sequence[Word]]) -> Grid:
    """Divide the rows whose cells hold level lines: words in the first, figures in the others.

    Args:
        grid: as ruled.
        words: the words in each of its cells.
    """
    lines = [_lines(here) for here in words]
    cuts = {
        row: found
        for row in range(len(grid.ys) - 1)
        if (
            found := _cuts([c for c, cell in enumerate(grid.cells) if cell.row == row], grid, lines)
        )
    }
    if not cuts:
        return grid
    first = [row + sum(len(cuts[r]) for r in cuts if r < row) for row in range(len(grid.ys))]
    cells: list[GridCell] = []
    for cell in grid.cells:
        top, below = first[cell.row], first[cell.row + cell.row_span]
        if cell.row not in cuts:
            cells.append(replace(cell, row=top, row_span=below - top))
            continue
        borders = [cell.box.top, *cuts[cell.row], cell.box.bottom]
        for number, (y0, y1) in enumerate(pairwise(borders)):
            box = Box(cell.box.x0, y0, cell.box.x1, y1)
            cells.append(replace(cell, box=box, row=top + number, row_span=1))
    return replace(
        grid,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        ys=tuple(sorted((*grid.ys, *(y for found in cuts.values() for y in found)))),
    )


def _cuts(row: list[int], grid: Grid, lines: Sequence[list[list[Word]]]) -> list[float]:
    """Where one row is to be divided; empty if it is one row."""
    filled = [index for index in row if lines[index]]
    if len(filled) < MIN_CELLS or any(grid.cells[index].row_span > 1 for index in row):
        return []
    labels = [_middle(line) for line in lines[filled[0]]]
    starts: set[int] = set()
    for index in filled[1:]:
        here = {_level(labels, line) for line in lines[index] if _is_figure(line)} - {None}
        if len(here) < len(lines[index]) or len(here) <= 0.5 * len(labels):
            return []
        starts |= {number for number in here if number is not None}
    if len(starts) < MIN_LINES or 0 not in starts:
        return []
    return [(labels[number - 1] + labels[number]) / 2 for number in sorted(starts) if number]


def _level(labels: Sequence[float], line: Sequence[Word]) -> int | None:
    """The label line that a line stands beside."""
    y = _middle(line)
    return next((n for n, label in enumerate(labels) if abs(label - y) <= LEVEL_PT), None)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words of one cell, line by line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.top):
        if lines and abs(_middle([word]) - _middle(lines[-1][:1])) <= LEVEL_PT:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _middle(line: Sequence[Word]) -> float:
    return (line[0].box.top + line[0].box.bottom) / 2


def _is_figure(line: Sequence[Word]) -> bool:
    """Whether a line is a number, perhaps with a unit."""
    text = "".join(word.text for word in line)
    digits = sum(character.isdigit() for character in text)
    return digits > 0 and sum(character.isalpha() for character in text) <= max(digits, 3)
