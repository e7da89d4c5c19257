"""Pages with ruled tables, drawn from text, for the tests of tables.

A table is written as rows of texts: "*" before a text makes it bold, "#" bold on grey; "<" goes
on from the cell at its left, "^" from the one above; None is a cell that is not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Box
from ingest.drawn import RawPage, Word
from ingest.tables import RawTable, find_tables
from tests.table_rows import text_in

LINE_PT = 12.0
RULE_PT = 0.5
XS = (50.0, 150.0, 300.0, 400.0, 500.0)
"""Column borders of a table, as many as it needs."""


@dataclass(slots=True)
class Sheet:
    """A page being drawn."""

    width: float = 600.0
    height: float = 800.0
    words: list[Word] = field(default_factory=list)
    rulings: list[Box] = field(default_factory=list)
    shades: list[Box] = field(default_factory=list)

    def text(
        self, x: float, top: float, text: str, *, bold: bool = False, size: float = 10.0,
        width: float = 1000.0, glued: bool = False,
    ) -> None:  # fmt: skip
        """Words from a point on, wrapped at a width."""
        left = x
        for string in text.split():
            wide = 0.5 * size * len(string)
            if x > left and x + wide > left + width:
                x, top = left, top + LINE_PT
            box = Box(x, top, x + wide, top + size)
            self.words.append(
                Word(text=string, box=box, base=top + size, size=size, bold=bold, glued=glued)
            )
            x += wide + 0.3 * size

    def rule(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """A line as thin rectangle."""
        self.rulings.append(Box(x0, top, max(x1, x0 + RULE_PT), max(bottom, top + RULE_PT)))

    def box(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """The four sides of a rectangle."""
        for y in (top, bottom):
            self.rule(x0, y, x1, y)
        for x in (x0, x1):
            self.rule(x, top, x, bottom)

    def table(
        self, top: float, xs: Sequence[float], rows: Sequence[Sequence[str | None]],
        *, height: float = 40.0,
    ) -> float:  # fmt: skip
        """Draw a table with column borders `xs` and rows of equal height; returns its bottom."""
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text in (None, "<", "^"):
                    continue
                right, below = c + 1, r + 1
                while right < len(row) and row[right] == "<":
                    right += 1
                while below < len(rows) and rows[below][c] == "^":
                    below += 1
                assert text is not None
                x0, x1 = xs[c], xs[right]
                y0, y1 = top + r * height, top + below * height
                self.box(x0, y0, x1, y1)
                if text.startswith("#"):
                    self.shades.append(Box(x0, y0, x1, y1))
                words = text.removeprefix("#").removeprefix("*")
                self.text(x0 + 4, y0 + 4, words, bold=words != text, width=x1 - x0 - 8)
        return top + len(rows) * height

    def page(self, number: int = 1) -> RawPage:
        """The page as drawn."""
        return RawPage(
            number=number,
            width=self.width,
            height=self.height,
            words=tuple(self.words),
            rulings=tuple(self.rulings),
            shades=tuple(self.shades),
        )


def ruled(*rows: list[str | None], xs: tuple[float, ...] = XS, top: float = 100.0) -> Sheet:
    """A page with one table."""
    sheet = Sheet()
    sheet.table(top, xs, rows)
    return sheet


def at_foot(*rows: list[str | None], xs: tuple[float, ...] = XS) -> Sheet:
    """A page that ends with a table."""
    return ruled(*rows, xs=xs, top=720.0 - 40 * len(rows))


def at_top(*rows: list[str | None], xs: tuple[float, ...] = XS) -> Sheet:
    """A page that begins with a table."""
    return ruled(*rows, xs=xs, top=75.0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a test wants to know of a cell."""

    row_headers: tuple[str, ...]
    column_headers: tuple[str, ...]
    header: bool
    prose: bool


def tables_of(*sheets: Sheet) -> list[list[RawTable]]:
    """The tables of consecutive pages."""
    return [list(tables) for tables in find_tables([_page(n, s) for n, s in enumerate(sheets)])]


def _page(index: int, sheet: Sheet) -> RawPage:
    return replace(sheet.page(), number=index + 1)


def cells_of(*sheets: Sheet) -> dict[str, Seen]:
    """All cells with text of all tables of consecutive pages, by their text."""
    seen: dict[str, Seen] = {}
    for sheet, tables in zip(sheets, tables_of(*sheets), strict=True):
        for table in tables:
            for cell in table.cells:
                text = text_in(cell.box, sheet.page())
                if text:
                    assert text not in seen, f"{text!r} stands twice: choose other texts"
                    seen[text] = Seen(
                        cell.row_headers, cell.column_headers, cell.header, cell.prose
                    )
    return seen
