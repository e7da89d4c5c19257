"""A table row read alone: its label, and each cell with the head of its column.

"500 – 1999 km | 417 EUR | 309 EUR" under "Travel distance | Green travel | Non-Green travel" reads
"500 – 1999 km: Green travel: 417 EUR; Non-Green travel: 309 EUR", and the quote holds the heads
where they stand on the same page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.facts import CURRENCY
from assistant.lasting import of_funds
from corpus.model import CELL_SEPARATOR, Cell, Chunk, Document, Span, Table

LONG_ROW_WORDS = 45
"""Longer rows, heads included, show only the cell that is worth most, where one is."""
BARE_WORDS = 3
"""A cell with so few words says nothing without the head of its column: "58" of what?"""

_IN_BRACKETS = re.compile(r"\([^()\d]*\)")
_CODE = re.compile(r"(?=\S*\d)\S+")
"""A head like "A1.2", which says nothing without the one above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as shown: its text, and what must be quoted for it."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class RowReader:
    """Reads rows of documents for one question; the heads of a table are looked up once.

    Attributes:
        worth: how much a text tells of what is asked for; decides in long rows.
        named: whether a text names what the question names (its country): then the other cells
            of a row are left out.
        funds: that the question names; of a cell that says of each, only theirs is shown.
    """

    worth: Callable[[str], float]
    named: Callable[[str], bool]
    funds: frozenset[str] = frozenset()
    _heads: dict[tuple[str, Span], frozenset[str]] = field(default_factory=dict)

    def is_head(self, document: Document, span: Span) -> bool:
        """Whether a row of a table is nothing but heads of columns below it."""
        table = _table_at(document, span)
        if table is None:
            return False
        heads = self._heads_of(document, table)
        cells = [c for c in table.cells if len(c.span) and span.contains(c.span)]
        # A head over several lines is sometimes drawn as several rows.
        texts = [in_one_line(document, c.span).rstrip(",") for c in cells]
        return bool(texts) and all(any(text in head for head in heads) for text in texts)

    def read(self, document: Document, at: Span) -> Row | None:
        """The row of a table at a span of the document.

        Returns:
            None where no table of the document has cells there, or no data cell has text.
        """
        table = _table_at(document, at)
        if table is None:
            return None
        cells = [c for c in table.cells if len(c.span) and at.contains(c.span)]
        heads_below = self._heads_of(document, table)
        cells = [c for c in cells if in_one_line(document, c.span) not in heads_below]
        labels = [c for c in cells if not c.row_headers]
        data = [c for c in cells if c.row_headers]
        if not data:
            return None
        data = self._most_worth(document, data)
        heads: list[Span] = []
        parts = []
        shown = [self._of_funds(document, cell) for cell in data]
        for cell, span in zip(data, shown, strict=True):
            text = in_one_line(document, span)
            bare = len(text.split()) <= BARE_WORDS
            name, found = _name(document, table, cell)
            heads += found
            # A head on an earlier page cannot be quoted with the cell; its figures are not shown.
            known = bool(found) or not any(c.isdigit() for c in name)
            named = name and known and (bare or len(data) > 1)
            parts.append(f"{name}: {text}" if named else text)
        label = ", ".join(in_one_line(document, c.span).rstrip(": .") for c in labels)
        colon = "" if label.endswith("?") else ":"
        text = f"{label}{colon} {'; '.join(parts)}" if label else "; ".join(parts)
        spans = (*heads, *(c.span for c in labels), *shown)
        if any(map(str.isdigit, "".join(parts))) and not CURRENCY.search(text):
            text = f"{text} {_currency(document, table)}".rstrip()
        return Row(text=text, spans=tuple(dict.fromkeys(spans)))

    def _of_funds(self, document: Document, cell: Cell) -> Span:
        text = document.text_at(cell.span)
        start, end = of_funds(text, self.funds)
        return Span(cell.span.start + start, cell.span.start + end)

    def _heads_of(self, document: Document, table: Table) -> frozenset[str]:
        key = (document.id, table.span)
        if key not in self._heads:
            heads = frozenset(head for cell in table.cells for head in cell.column_headers)
            self._heads[key] = heads
        return self._heads[key]

    def _most_worth(self, document: Document, cells: list[Cell]) -> list[Cell]:
        heads = [" ".join(cell.column_headers) for cell in cells]
        texts = [in_one_line(document, cell.span) for cell in cells]
        named = [cell for cell, head in zip(cells, heads, strict=True) if self.named(head)]
        if named:
            return named
        if sum(len(text.split()) for text in (*texts, *heads)) <= LONG_ROW_WORDS:
            return cells
        worth = [self.worth(f"{h} {t}") for h, t in zip(heads, texts, strict=True)]
        best = max(worth)
        chosen = [cell for cell, value in zip(cells, worth, strict=True) if value == best]
        # Which of several is meant is not ours to say; the bands that they stand in belong to them.
        of = {header for cell in chosen for header in cell.row_headers}
        return [
            cell for cell, text in zip(cells, texts, strict=True) if cell in chosen or text in of
        ]


def heads_above(row: str, chunk: Chunk) -> str:
    """What stands above a row of a passage: its context, else the first row.

    That is no head where it has the label of the row, as the row itself has.
    """
    first = chunk.text.split("\n", 1)[0]
    labelled = first_cell(first).strip() == first_cell(row).strip()
    return chunk.context or ("" if labelled else first)


def first_cell(row: str) -> str:
    """What stands before the first separator of cells."""
    return row.split(CELL_SEPARATOR.strip(), 1)[0]


def _table_at(document: Document, span: Span) -> Table | None:
    return next((t for t in document.tables if t.span.overlaps(span)), None)


def _name(document: Document, table: Table, cell: Cell) -> tuple[str, list[Span]]:
    """How a cell's column is called, and where that stands on the cell's page, if it does.

    A code alone ("A1.2") goes with the head above it ("Amount (per day), A1.2").
    """
    names = cell.column_headers[-1:]
    if names and _CODE.fullmatch(names[0]):
        names = cell.column_headers[-2:]
    found = [_head(document, table, cell, name) for name in names]
    if None in found:
        names, found = names[-1:], found[-1:]
    return ", ".join(names), [span for span in found if span is not None]


def _head(document: Document, table: Table, cell: Cell, name: str) -> Span | None:
    """Where a head of a cell's column stands on the cell's page; None where it does not.

    Where it is repeated it may break elsewhere: "Non- Green travel" is "Non-Green travel".
    """
    wanted = "".join(name.split())
    page = document.page_at(cell.span.start)
    for other in table.cells:
        if (
            other.row < cell.row
            and "".join(in_one_line(document, other.span).split()) == wanted
            and page.span.contains(other.span)
        ):
            return other.span
    return None


def _currency(document: Document, table: Table) -> str:
    """What the heading above a table says in brackets of its amounts: "(amounts in euro per day)".

    It may stand a page before, and is shown with the source in any case.
    """
    section = next((s for s in document.sections if s.span.contains(table.span)), None)
    title = " ".join(section.headings[-1:]) if section else ""
    return next((m[0] for m in _IN_BRACKETS.finditer(title) if CURRENCY.search(m[0])), "")


def in_one_line(document: Document, span: Span) -> str:
    """The words that stand there, with single blanks."""
    return " ".join(document.text_at(span).split())
