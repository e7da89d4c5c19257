"""What a PDF page draws, as plain data: words with boxes and fonts, rulings, shaded areas.

A page is read in **reading orientation**: turned so that most of its text stands upright, which
is not always how it is displayed (a table printed sideways on an upright page, a page scanned
on its side). `RawPage.displayed` maps a box back to the page as displayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.model import Box

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f as in PDF: x' = ax + cy + e, y' = bx + dy + f."""

ASCENT, DESCENT = 0.75, 0.22
"""Reach of a line of text above and below its base line, in font sizes."""

THIN_PT = 2.5
"""A filled rectangle thinner than this is a ruling."""


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of characters without white space, in one font size, as drawn.

    Attributes:
        text: as PDFium gives it, not cleaned.
        box: in reading orientation; upright words reach from ascent to descent of their font,
            whatever letters they have.
        base: y of the base line.
        size: of the font in points, scaling applied.
        line: counts the lines of the content stream; equal for words that follow each other on
            one base line.
        glued: no white space between this word and the one before it.
    """

    text: str
    box: Box
    base: float
    size: float
    bold: bool = False
    italic: bool = False
    line: int = 0
    glued: bool = False

    @property
    def is_upright(self) -> bool:
        """Whether its letters stand upright in reading orientation."""
        return self.base < self.box.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """One page as drawn.

    Attributes:
        number: 1-based.
        width: in points, in reading orientation (as `height` and all boxes).
        words: in the order of the content stream.
        rulings: visible strokes and thin filled rectangles, parallel to an axis.
        shades: larger filled rectangles that are not white.
        quarter_turns: clockwise quarter turns from reading to displayed orientation.
        images: where pictures are drawn.
        readable: False where PDFium could not load the page; it has no words then.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    rulings: tuple[Box, ...] = ()
    shades: tuple[Box, ...] = ()
    quarter_turns: int = 0
    images: tuple[Box, ...] = ()
    readable: bool = True

    def displayed(self, box: Box) -> Box:
        """A box of this page in the coordinates of the page as displayed."""
        w, h = self.width, self.height
        match self.quarter_turns % 4:
            case 1:
                return Box(h - box.bottom, box.x0, h - box.top, box.x1)
            case 2:
                return Box(w - box.x1, h - box.bottom, w - box.x0, h - box.top)
            case 3:
                return Box(box.top, w - box.x1, box.bottom, w - box.x0)
            case _:
                return box

    @property
    def displayed_size(self) -> tuple[float, float]:
        """Width and height of the page as displayed."""
        return (self.height, self.width) if self.quarter_turns % 2 else (self.width, self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """An entry of the PDF's outline; level 0 is outermost, page is None where it leads nowhere."""

    title: str
    level: int
    page: int | None


class Placing:
    """From PDF user space to a page turned by some quarter turns, origin top left.

    Args:
        bounds: left, bottom, right, top of the page in user space.
        turns: clockwise quarter turns.
    """

    def __init__(self, bounds: tuple[float, float, float, float], turns: int) -> None:
        self._x0, self._y0, self._x1, self._y1 = bounds
        self._turns = turns
        width, height = self._x1 - self._x0, self._y1 - self._y0
        self.width, self.height = (height, width) if turns % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of user space lies on the page."""
        match self._turns:
            case 1:
                return y - self._y0, x - self._x0
            case 2:
                return self._x1 - x, y - self._y0
            case 3:
                return self._y1 - y, self._x1 - x
            case _:
                return x - self._x0, self._y1 - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Where a rectangle of user space lies on the page."""
        if self._turns == 0:
            return Box(left - self._x0, self._y1 - top, right - self._x0, self._y1 - bottom)
        xa, ya = self.point(left, bottom)
        xb, yb = self.point(right, top)
        return Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


@dataclass(slots=True)
class Shapes:
    """Collects the rulings, shades and pictures of a page, subpath by subpath."""

    rulings: list[Box] = field(default_factory=list)
    shades: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)

    def add_subpath(
        self, points: Sequence[tuple[float, float]], *, closed: bool, filled: bool, stroked: bool
    ) -> None:
        """Takes in one subpath that is visible where `filled` or `stroked`."""
        if len(points) < 2:
            return
        if filled:
            box = around(points)
            thin = min(box.x1 - box.x0, box.bottom - box.top) < THIN_PT
            (self.rulings if thin else self.shades).append(box)
        if stroked:
            for a, b in pairwise([*points, points[0]] if closed else points):
                if a != b and (abs(a[0] - b[0]) < 0.5 or abs(a[1] - b[1]) < 0.5):
                    self.rulings.append(around((a, b)))


def around(points: Sequence[tuple[float, float]]) -> Box:
    """The smallest box that holds all points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    k, m, n, p, q, r = then
    return (
        a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p, e * k + f * n + q,
        e * m + f * p + r,
    )  # fmt: skip


def transform(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point after a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def insert_value(words: Sequence[Word], value: str, box: Box) -> list[Word]:
    """Puts the value of a form field after the label to the left of it or, else, at the end."""
    middle = (box.top + box.bottom) / 2
    label = max(
        (i for i, w in enumerate(words) if w.box.top < middle < w.box.bottom and w.box.x0 < box.x0),
        key=lambda i: words[i].box.x1,
        default=len(words) - 1,
    )
    near = words[label] if words else None
    beside = near is not None and near.box.top < middle < near.box.bottom
    size = near.size if near is not None else 10.0
    base = near.base if near is not None and beside else middle + 0.3 * size
    line = near.line if near is not None and beside else max((w.line for w in words), default=0) + 1
    filled = [
        Word(
            text, Box(box.x0 + i, base - ASCENT * size, box.x0 + i + 1, base + DESCENT * size),
            base, size, line=line,
        )
        for i, text in enumerate(value.split())
    ]  # fmt: skip
    return [*words[: label + 1], *filled, *words[label + 1 :]]
