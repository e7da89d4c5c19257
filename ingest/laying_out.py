"""All pages of a document as blocks: running heads left out, paragraphs joined over page breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.blocks import Block, Layout, Role
from ingest.drawn import RawPage
from ingest.layout import Line
from ingest.margins import PageLines, find_margins
from ingest.page_flow import PageFlow
from ingest.paragraphs import is_finished, usual_leading
from ingest.tables import RawTable

_FULL_CHARS = 80
"""A paragraph of one line with more characters may go on, whatever the width of its column."""


def lay_out(pages: Sequence[RawPage], tables: Sequence[Sequence[RawTable]]) -> Layout:
    """Brings the words of all pages in order.

    Args:
        pages: of one document, in order.
        tables: of each page, from `ingest.tables.find_tables`.
    """
    placed = [PageFlow(page, of_page) for page, of_page in zip(pages, tables, strict=True)]
    free = [page.free_lines() for page in placed]
    margins = find_margins(
        [
            PageLines(number=p.number, width=p.width, height=p.height, lines=tuple(lines))
            for p, lines in zip(pages, free, strict=True)
        ]
    )
    sizes: Counter[float] = Counter()
    for lines in free:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 0.0
    leading = usual_leading(free)
    running = Counter(
        lines[index].text
        for lines, found in zip(free, margins, strict=True)
        for index in found.dropped
    )
    numbers = _table_numbers(tables)
    laid_out: list[tuple[Block, ...]] = []
    for page, found, of_page in zip(placed, margins, numbers, strict=True):
        blocks = page.blocks(found, of_page, body_size, leading)
        if laid_out:
            laid_out[-1], blocks = _join_over_break(laid_out[-1], blocks)
        laid_out.append(tuple(blocks))
    return Layout(
        pages=tuple(laid_out),
        labels=tuple(found.label for found in margins),
        body_size=body_size,
        running=tuple(text for text, _ in running.most_common()),
        tables=tuple(
            tuple(zip(of_page, parts, strict=True))
            for of_page, parts in zip(numbers, tables, strict=True)
        ),
    )


def _table_numbers(tables: Sequence[Sequence[RawTable]]) -> list[list[int]]:
    """Counts joined tables over the document: a part that continues keeps its number."""
    numbers: list[list[int]] = []
    count = 0
    for of_page in tables:
        previous = numbers[-1][-1:] if numbers else []
        chosen = []
        for table in of_page:
            if table.continues and previous:
                chosen.append(previous[0])
            else:
                chosen.append(count)
                count += 1
        numbers.append(chosen)
    return numbers


def _join_over_break(
    before: tuple[Block, ...], blocks: list[Block]
) -> tuple[tuple[Block, ...], list[Block]]:
    """Marks a paragraph that runs over the page break, and moves footnotes out of its way."""
    last = next((i for i in range(len(before) - 1, -1, -1) if before[i].role is Role.TEXT), None)
    if last is None or not blocks:
        return before, blocks
    paragraph, notes = before[last], before[last + 1 :]
    if any(note.role is Role.ROW for note in notes) or not _runs_on(paragraph, blocks[0]):
        return before, blocks
    if notes and last == 0 and paragraph.runs_on:
        return before, blocks  # it fills the page: its notes can stand nowhere else
    return (*before[:last], *notes, paragraph), [replace(blocks[0], runs_on=True), *blocks[1:]]


def _runs_on(paragraph: Block, following: Block) -> bool:
    """Whether a block goes on with the paragraph on the page before."""
    if following.role is not Role.TEXT or following.marker or is_finished(paragraph.lines):
        return False
    if (paragraph.table, paragraph.label) != (following.table, following.label):
        return False
    end, start = paragraph.lines[-1], following.lines[0]
    if abs(end.size - start.size) > 0.6 or end.words[-1].bold != start.words[0].bold:
        return False
    return not start.text[:1].isupper() or _is_full(paragraph.lines)


def _is_full(lines: Sequence[Line]) -> bool:
    """Whether the last line reaches as far as those before it, so that more may follow."""
    right = max(line.box.x1 for line in lines)
    last = lines[-1]
    if len(lines) == 1:
        return len(last.text) > _FULL_CHARS
    return last.box.x1 > right - 0.12 * (right - last.box.x0)
