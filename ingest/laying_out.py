"""All pages of a document as blocks: running heads left out, paragraphs joined over page breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.blocks import Block, Layout, Role
from ingest.drawn import RawPage
from ingest.margins import PageLines, find_margins
from ingest.page_flow import PageFlow
from ingest.paragraphs import Paragraph, usual_leading
from ingest.tables import RawTable


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
            laid_out[-1], blocks = _join_over_break(laid_out, blocks)
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
    laid_out: list[tuple[Block, ...]], blocks: list[Block]
) -> tuple[tuple[Block, ...], list[Block]]:
    """Marks a paragraph that runs over the page break, and moves footnotes out of its way."""
    before = laid_out[-1]
    first = next((i for i, b in enumerate(blocks) if b.role is not Role.FOOTNOTE), None)
    last = next((i for i in range(len(before) - 1, -1, -1) if before[i].role is Role.TEXT), None)
    if first is None or last is None:
        return before, blocks
    a, b = before[last], blocks[first]
    if b.role is not Role.TEXT or (a.table is None) != (b.table is None) or first != 0:
        return before, blocks
    if any(block.role is Role.ROW for block in before[last + 1 :]) or b.marker:
        return before, blocks
    end, start = a.lines[-1], b.lines[0]
    ends = Paragraph(lines=a.lines).is_finished
    same_style = abs(end.size - start.size) < 0.6 and end.words[-1].bold == start.words[0].bold
    goes_on = start.text[:1].islower() or not start.text[:1].isalpha() or len(end.text) > 40
    if ends or not same_style or not goes_on:
        return before, blocks
    notes = before[last + 1 :]
    moved = (*before[:last], *notes, a) if not a.runs_on or last > 0 else before
    if moved is before and notes:
        return before, blocks
    return moved, [replace(b, runs_on=True), *blocks[1:]]
