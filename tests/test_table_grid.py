"""Cells from rulings: against drawn grids, and against pdfplumber on real pages."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Box
from ingest.pdf import open_pdf
from ingest.table_grid import Grid, find_grids

Cell = tuple[float, float, float, float]


def _sides(x0: float, top: float, x1: float, bottom: float) -> list[Box]:
    return [
        Box(x0, top, x1, top), Box(x0, bottom, x1, bottom),
        Box(x0, top, x0, bottom), Box(x1, top, x1, bottom),
    ]  # fmt: skip


def _cells(grids: tuple[Grid, ...]) -> list[Cell]:
    return [(c.box.x0, c.box.top, c.box.x1, c.box.bottom) for g in grids for c in g.cells]


@st.composite
def _partitions(draw: st.DrawFn) -> list[Cell]:
    """Rectangles that tile a rectangle: split again and again, as merged cells do."""
    cells = [(50.0, 50.0, 450.0, 450.0)]
    for _ in range(draw(st.integers(1, 8))):
        index = draw(st.integers(0, len(cells) - 1))
        x0, top, x1, bottom = cells[index]
        upright = draw(st.booleans())
        room = (x1 - x0) if upright else (bottom - top)
        if room < 40:
            continue
        at = draw(st.integers(1, int(room // 20) - 1)) * 20.0
        cells[index : index + 1] = (
            [(x0, top, x0 + at, bottom), (x0 + at, top, x1, bottom)]
            if upright
            else [(x0, top, x1, top + at), (x0, top + at, x1, bottom)]
        )
    return cells


@given(_partitions(), st.randoms(use_true_random=False))
def test_any_tiling_is_found_whatever_the_order_of_its_rules(
    cells: list[Cell], order: random.Random
) -> None:
    rules = [side for cell in cells for side in _sides(*cell)]
    order.shuffle(rules)
    (grid,) = find_grids(rules)
    assert sorted(_cells((grid,))) == sorted(cells)
    assert {(c.row, c.column) for c in grid.cells} == {
        (grid.ys.index(c.box.top), grid.xs.index(c.box.x0)) for c in grid.cells
    }
    for cell in grid.cells:
        assert grid.ys[cell.row + cell.row_span] == cell.box.bottom
        assert grid.xs[cell.column + cell.column_span] == cell.box.x1


@given(_partitions(), st.floats(-0.9, 0.9), st.floats(0.3, 1.4))
def test_thick_rules_with_gaps_and_corner_dots_make_the_same_cells(
    cells: list[Cell], shift: float, thickness: float
) -> None:
    rules: list[Box] = []
    for x0, top, x1, bottom in cells:
        for side in _sides(x0, top, x1, bottom):
            flat = side.top == side.bottom
            middle = (side.x0 + side.x1) / 2 if flat else (side.top + side.bottom) / 2
            rules += (
                [Box(side.x0 + 1, side.top, middle - 1, side.top + thickness),
                 Box(middle, side.top + shift, side.x1 - 1, side.top + shift + thickness)]
                if flat
                else [Box(side.x0, side.top + 1, side.x0 + thickness, side.bottom - 1)]
            )  # fmt: skip
        rules.append(Box(x0, top, x0 + 0.5, top + 0.5))
    (grid,) = find_grids(rules)
    assert len(grid.cells) == len(cells)
    assert all(any(_near(cell, other) for other in _cells((grid,))) for cell in cells)


def test_dotted_rules_are_rules() -> None:
    dots = [Box(x, y, x + 0.5, y + 0.5) for y in (50, 100) for x in range(50, 151, 2)]
    dots += [Box(x, y, x + 0.5, y + 0.5) for x in (50, 100, 150) for y in range(50, 101, 2)]
    (grid,) = find_grids(dots)
    assert len(grid.cells) == 2


def test_rules_that_end_in_the_air_divide_nothing() -> None:
    rules = [*_sides(50, 50, 250, 150), Box(50, 100, 150, 100), Box(80, 60, 120, 60)]
    assert _cells(find_grids(rules)) == [(50, 50, 250, 150)]


def test_a_row_left_open_by_the_page_break_is_closed() -> None:
    below = [Box(x, 60, x, 200) for x in (50, 150, 300)]
    rules = [*below, Box(50, 120, 300, 120), Box(50, 200, 300, 200)]
    assert sorted(_cells(find_grids(rules)))[:2] == [(50, 60, 150, 120), (50, 120, 150, 200)]
    corner = [*_sides(150, 60, 300, 120), *_sides(50, 120, 300, 200), Box(50, 60, 50, 200)]
    assert (50, 60, 150, 120) in _cells(find_grids(corner))


def test_a_table_without_outer_rules_is_closed() -> None:
    rules = [Box(50, y, 350, y) for y in (50, 80)] + [Box(x, 50, x, 140) for x in (150, 250)]
    cells = [(x, y, x + 100, y1) for y, y1 in ((50, 80), (80, 140)) for x in (50, 150, 250)]
    assert sorted(_cells(find_grids(rules))) == sorted(cells)


def test_a_small_box_leaning_on_a_rule_belongs_to_its_cell() -> None:
    rules = [*_sides(50, 50, 200, 120), *_sides(200, 50, 350, 120), *_sides(80, 50.5, 100, 64)]
    left, right = _cells(find_grids(rules))
    assert _near(left, (50, 50, 200, 120))
    assert _near(right, (200, 50, 350, 120))


def test_shaded_cells_stand_in_for_missing_rules() -> None:
    # Only the outer border and short marks where the columns meet; the labels are shaded.
    rules = [*_sides(50, 50, 300, 140), Box(50, 80, 300, 80), Box(50, 110, 300, 110)]
    rules += [Box(200, y, 200.5, y + 0.5) for y in (50, 80, 110, 140)]
    assert len(_cells(find_grids(rules))) == 3
    shades = [Box(50, y, 200, y + 30) for y in (50, 80, 110)]
    assert len(_cells(find_grids(rules, shades))) == 6


def test_shaded_cells_that_meet_are_rows() -> None:
    frame = [*_sides(50, 50, 300, 140), Box(150, 139.8, 150.5, 140.2)]
    shades = [Box(x, y, x1, y + 30) for y in (50, 80, 110) for x, x1 in ((50, 150), (150, 300))]
    inner = [Box(shade.x0 + 5, shade.top, shade.x1 - 5, shade.bottom) for shade in shades]
    assert len(_cells(find_grids(frame, [*shades, *inner]))) == 6


def test_shading_alone_makes_no_grid() -> None:
    assert find_grids([], [Box(50, y, 300, y + 14) for y in range(50, 120, 14)]) == ()
    assert find_grids([Box(50, 40, 300, 40)] * 3, [Box(50, 50, 300, 80)]) == ()


def test_a_table_inside_a_cell_is_a_grid_of_its_own() -> None:
    outer, inner = _sides(50, 50, 500, 300), _sides(100, 100, 300, 200)
    grids = find_grids([*outer, Box(250, 200, 250, 250), *inner, Box(200, 100, 200, 200)])
    assert [len(grid.cells) for grid in grids] == [1, 2]


def test_areas_cut_half_way_come_as_rectangles() -> None:
    # A big notch is a cell of its own; what is left of its neighbour is no rectangle.
    rules = [*_sides(50, 50, 250, 250), *_sides(50, 50, 150, 150)]
    assert sorted(_cells(find_grids(rules))) == [
        (50, 50, 150, 150), (50, 150, 150, 250), (150, 50, 250, 250),
    ]  # fmt: skip


def test_overlapping_boxes_share_no_field() -> None:
    cells = _cells(find_grids([*_sides(0, 20, 40, 80), *_sides(20, 0, 80, 40)]))
    assert sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in cells) == 40 * 60 + 60 * 40 - 20 * 20


def test_drawings_are_left_alone() -> None:
    mesh = [Box(0, y, 600, y) for y in range(0, 800, 4)]
    mesh += [Box(x, 0, x, 800) for x in range(0, 600, 4)]
    assert find_grids(mesh) == ()
    hatching = [Box(x, y, x + 2.5, y) for y in range(0, 800, 4) for x in range(0, 600, 6)]
    assert find_grids([*hatching, *_sides(50, 50, 200, 120)]) == ()
    shades = [Box(x, y, x + 3, y + 3) for y in range(0, 800, 20) for x in range(0, 600, 10)]
    assert len(_cells(find_grids(_sides(50, 50, 200, 120), shades))) == 1


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("erasmus-plus-programme-guide-2026_en", (63, 70, 71, 89, 99, 164, 192, 361, 388)),
        ("erasmus-plus-programme-guide-2023-v3_en", (75, 101, 155)),
        ("erasmus-plus-programme-guide-2021-v2_el", (77, 136, 222)),
        ("horizon-europe-programme-guide_en", (28, 52)),
        ("how-to-manage-your-lump-sum-grants_en", (3,)),
    ],
)
def test_cells_are_those_of_pdfplumber(guides: Path, name: str, pages: tuple[int, ...]) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")

    def is_visible_rule(item: dict[str, object]) -> bool:
        """White fills are paragraph shading: pdfplumber would take them for rules."""
        if item["object_type"] != "rect":
            return item["object_type"] != "char"
        colour = item["non_stroking_color"]
        white = colour in ((1,), (1, 1, 1), 1)
        return not white and min(float(str(item["width"])), float(str(item["height"]))) < 2.5

    path = guides / f"{name}.pdf"
    with pdfplumber.open(path, pages=list(pages)) as oracle, open_pdf(path) as pdf:
        for other in oracle.pages:
            tables = other.filter(is_visible_rule).find_tables()
            number = other.page_number
            page = pdf.page(number)
            found = _cells(
                tuple(g for g in find_grids(page.rulings, page.shades) if len(g.cells) > 1)
            )
            for cell in (cell for table in tables for cell in table.cells):
                assert any(_near(cell, other) for other in found), (number, cell)


def _near(cell: Cell, other: Cell) -> bool:
    return all(abs(a - b) < 3 for a, b in zip(cell, other, strict=True))
