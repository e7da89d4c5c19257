"""A table row read alone: its label, and each cell with the head of its column.

"500 – 1999 km | 417 EUR | 309 EUR" under "Travel distance | Green travel | Non-Green travel" reads
"500 – 1999 km: Green travel: 417 EUR; Non-Green travel: 309 EUR", and the quote holds the heads
where they stand on the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from corpus.model import Cell, Document, Span, Table

LONG_ROW_WORDS = 45
"""Longer rows show only the cells worth most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as shown: its text, and what must be quoted for it."""

    text: str
    spans: tuple[Span, ...]


def is_head(document: Document, span: Span) -> bool:
    """Whether a row of a table is nothing but heads of columns below it."""
    table = _table_at(document, span)
    if table is None:
        return False
    heads = _heads_of(table)
    cells = [c for c in table.cells if len(c.span) and span.contains(c.span)]
    return bool(cells) and all(_text(document, c.span) in heads for c in cells)


def read_row(document: Document, span: Span, worth: Callable[[str], float]) -> Row | None:
    """The row of a table at a span of the document.

    Args:
        document: where the row stands.
        span: of the row's line.
        worth: how much a cell's text tells of what is asked for; decides in long rows.

    Returns:
        None where no table of the document has cells there, or no data cell has text.
    """
    table = _table_at(document, span)
    if table is None:
        return None
    cells = [c for c in table.cells if len(c.span) and span.contains(c.span)]
    heads_below = _heads_of(table)
    cells = [c for c in cells if _text(document, c.span) not in heads_below]
    labels = [c for c in cells if not c.row_headers]
    data = [c for c in cells if c.row_headers]
    if not data:
        return None
    data = _most_worth(document, data, worth)
    heads = [_head(document, table, cell) for cell in data]
    parts = []
    for cell, head in zip(data, heads, strict=True):
        name = cell.column_headers[-1] if cell.column_headers and len(data) > 1 else ""
        text = _text(document, cell.span)
        parts.append(f"{name}: {text}" if name and head is not None else text)
    label = ", ".join(_text(document, c.span) for c in labels)
    spans = (*(h for h in heads if h is not None), *(c.span for c in labels + data))
    text = f"{label}: {'; '.join(parts)}" if label else "; ".join(parts)
    return Row(text=text, spans=tuple(dict.fromkeys(spans)))


def _heads_of(table: Table) -> frozenset[str]:
    return frozenset(head for cell in table.cells for head in cell.column_headers)


def _table_at(document: Document, span: Span) -> Table | None:
    return next((t for t in document.tables if t.span.overlaps(span)), None)


def _most_worth(document: Document, cells: list[Cell], worth: Callable[[str], float]) -> list[Cell]:
    texts = [_text(document, cell.span) for cell in cells]
    if sum(len(text.split()) for text in texts) <= LONG_ROW_WORDS:
        return cells
    ranked = sorted(range(len(cells)), key=lambda i: (-worth(texts[i]), i))
    return [cells[i] for i in sorted(ranked[:1])]


def _head(document: Document, table: Table, cell: Cell) -> Span | None:
    """Where the head of a cell's column stands on the cell's page; None where it does not."""
    if not cell.column_headers:
        return None
    page = document.page_at(cell.span.start)
    for other in table.cells:
        if (
            other.row < cell.row
            and _text(document, other.span) == cell.column_headers[-1]
            and page.span.contains(other.span)
        ):
            return other.span
    return None


def _text(document: Document, span: Span) -> str:
    return " ".join(document.text[span.start : span.end].split())
