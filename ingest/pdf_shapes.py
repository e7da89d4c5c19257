"""The lower half of `ingest.pdf` for rulings, areas, pictures; PDFium's functions are handed in."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.drawn import Matrix, Placing, Shapes, around, multiply, transform
from ingest.pdf_calls import Address, bind

_WHITE = 250
"""Colours this light in each of red, green and blue are not seen on paper."""

_MAX_DEPTH = 8
"""Of forms within forms."""


def read_shapes(c: Any, page: Any, place: Placing) -> Shapes:
    """The lines, areas and pictures of a page, through all nested form objects.

    Args:
        c: PDFium's functions (`pypdfium2.raw`).
        page: handle of the page.
        place: from user space to the page as read.
    """
    found = Shapes()
    of_path = _functions(c)
    x, y, fill, stroke = ctypes.c_float(), ctypes.c_float(), ctypes.c_int(), c.FPDF_BOOL()
    colour = [ctypes.c_uint() for _ in range(4)]
    x_at, y_at = ctypes.byref(x), ctypes.byref(y)
    matrix = c.FS_MATRIX()

    def visible(item: Any, get_colour: Any) -> bool:
        if not get_colour(item, *colour):
            return True  # a pattern
        red, green, blue, alpha = (value.value for value in colour)
        return alpha > 0 and min(red, green, blue) < _WHITE

    def placed(item: Any, outer: Matrix | None) -> Matrix:
        c.FPDFPageObj_GetMatrix(item, matrix)
        own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        return multiply(own, outer) if outer else own

    def visit_path(path: Any, outer: Matrix | None) -> None:
        c.FPDFPath_GetDrawMode(path, fill, stroke)
        filled = bool(fill.value) and visible(path, c.FPDFPageObj_GetFillColor)
        stroked = bool(stroke.value) and visible(path, c.FPDFPageObj_GetStrokeColor)
        if not filled and not stroked:
            return
        m = placed(path, outer)
        points: list[tuple[float, float]] = []
        closed = False
        for index in range(of_path.count(path)):
            segment = Address(of_path.segment(path, index))
            if of_path.kind(segment) == c.FPDF_SEGMENT_MOVETO:
                found.add_subpath(points, closed=closed, filled=filled, stroked=stroked)
                points, closed = [], False
            of_path.point(segment, x_at, y_at)
            points.append(place.point(*transform(m, x.value, y.value)))
            closed = closed or bool(of_path.closes(segment))
        found.add_subpath(points, closed=closed, filled=filled, stroked=stroked)

    def visit(holder: Any, count: Any, get: Any, outer: Matrix | None, depth: int) -> None:
        for index in range(count(holder)):
            item = get(holder, index)
            kind = c.FPDFPageObj_GetType(item)
            if kind == c.FPDF_PAGEOBJ_PATH:
                visit_path(item, outer)
            elif kind == c.FPDF_PAGEOBJ_IMAGE:
                m = placed(item, outer)  # a picture fills the unit square
                corners = ((0, 0), (1, 0), (0, 1), (1, 1))
                found.images.append(around([place.point(*transform(m, *xy)) for xy in corners]))
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                inner = placed(item, outer)
                visit(item, c.FPDFFormObj_CountObjects, c.FPDFFormObj_GetObject, inner, depth + 1)

    visit(page, c.FPDFPage_CountObjects, c.FPDFPage_GetObject, None, 0)
    return found


@dataclass(frozen=True, slots=True)
class _Functions:
    """PDFium's functions for a path, and for a segment of one."""

    count: Callable[[Any], int]
    segment: Callable[[Any, int], int | None]
    kind: Callable[[Address], int]
    closes: Callable[[Address], int]
    point: Callable[..., int]


@cache
def _functions(c: Any) -> _Functions:
    return _Functions(
        bind(c.FPDFPath_CountSegments, ctypes.c_int),
        bind(c.FPDFPath_GetPathSegment, Address),
        bind(c.FPDFPathSegment_GetType, ctypes.c_int),
        bind(c.FPDFPathSegment_GetClose, ctypes.c_int),
        bind(c.FPDFPathSegment_GetPoint, ctypes.c_int),
    )
