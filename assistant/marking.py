"""Where on its page a quote stands.

Taken from the text that the quote was verified against, and from the boxes that were recorded
when the page was read. What cannot be placed is not marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.matching import comparable, find_piece, pieces
from corpus.model import Box, Document, Span, TextBox

_HYPHENS = ("-", "\u2010", "\u2011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is marked on a page: the quote, and the table heads that it is read with."""

    quote: tuple[Box, ...] = ()
    headers: tuple[Box, ...] = ()


def find_marks(document: Document, boxes: Sequence[TextBox], page: int, quote: str) -> Marks:
    """Where a quote stands on a page; no boxes where a piece of it cannot be placed.

    Pieces are looked for one after the other, so that words which occur twice are marked at the
    place that fits the order of the quote, nearest to what follows them.
    """
    spans = _places(document, page, quote)
    marked = _boxes_of(spans, boxes, document.text)
    if not marked:
        return Marks()
    heads = _head_spans(document, page, spans)
    return Marks(quote=marked, headers=_boxes_of(heads, boxes, document.text))


def _places(document: Document, page: int, quote: str) -> list[Span]:
    base = document.page(page).span.start
    text = document.page_text(page)
    spans: list[Span] = []
    position = 0
    quoted = pieces(quote)
    for piece in quoted:
        found = find_piece(piece, text[position:])
        if found is not None:
            found = Span(found.start + position, found.end + position)
        else:
            found = find_piece(piece, text)
        if found is None:
            return []
        position = found.end
        spans.append(found)
    # The first place of a head may be far above its table: each piece goes next to what follows.
    for index in range(len(spans) - 2, -1, -1):
        spans[index] = _last_place(quoted[index], text, spans[index], spans[index + 1].start)
    return [Span(base + span.start, base + span.end) for span in spans]


def _last_place(piece: str, text: str, known: Span, before: int) -> Span:
    """The last place of a piece that ends before an offset, from a known place on.

    Places within longer words ("Non-Green travel") do not count.
    """
    position = known.end
    while found := find_piece(piece, text[position:before]):
        found = Span(position + found.start, position + found.end)
        position = found.end
        ahead, behind = text[: found.start], text[found.end : found.end + 1]
        if not (ahead[-1:].isalpha() or ahead.rstrip().endswith(_HYPHENS) or behind.isalpha()):
            known = found
    return known


def _head_spans(document: Document, page: int, spans: Sequence[Span]) -> list[Span]:
    """The head cells, on this page, of the table cells that hold the spans, but not themselves."""
    on_page = document.page(page).span
    heads = []
    for table in document.tables:
        if not any(table.span.overlaps(span) for span in spans):
            continue
        texts = {
            comparable(head)
            for cell in table.cells
            if any(cell.span.overlaps(span) for span in spans)
            for head in (*cell.row_headers, *cell.column_headers)
        }
        heads += [
            cell.span
            for cell in table.cells
            if on_page.contains(cell.span)
            and not any(cell.span.overlaps(span) for span in spans)
            and comparable(document.text_at(cell.span)) in texts - {""}
        ]
    return heads


def _boxes_of(spans: Iterable[Span], boxes: Sequence[TextBox], text: str) -> tuple[Box, ...]:
    """The parts of the boxes that the spans cover."""
    return tuple(
        _part(text_box, span, text)
        for span in spans
        for text_box in boxes
        if text_box.span.overlaps(span) and len(text_box.span)
    )


def _part(text_box: TextBox, span: Span, text: str) -> Box:
    """The stretch of a line's box that a span takes, by its share of the line's letters."""
    line, box = text_box.span, text_box.box
    if any(character >= "\u0590" for character in text[line.start : line.end]):
        return box  # other scripts may run from the right, or mix widths
    width = (box.x1 - box.x0) / len(line)
    start = max(span.start, line.start) - line.start
    end = min(span.end, line.end) - line.start
    # Letters differ in width: half a letter more at a cut than half a letter less.
    x0 = box.x0 + max(0, start - 0.5) * width
    x1 = box.x0 + min(len(line), end + 0.5) * width
    return Box(x0, box.top, x1, box.bottom)
