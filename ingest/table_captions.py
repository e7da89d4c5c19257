"""The lines above a table that name or introduce it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.drawn import RawPage, Word
from ingest.table_joining import MARGIN, NOTE_SIZE, Part, body_end
from ingest.table_words import joined_label

MAX_GAP_PT = 40.0
"""Lines farther above a table do not belong to it."""

MAX_CAPTION_WORDS = 40
"""A longer paragraph is no caption."""

MAX_LINES = 3

_NAMED = re.compile(
    r"(table|tableau|tabelle|tabla|tabella|tabela|tabel|tabell|taulukko|tabulka|tabuľka|táblázat"
    r"|πίνακας|таблица|lentelė|tabula)\b",
    re.IGNORECASE,
)


def caption_above(part: Part, parts: Sequence[Sequence[Part]], pages: Sequence[RawPage]) -> str:
    """The caption of a table; "" where there is none.

    A caption is the paragraph right above that begins with "Table" or ends with a colon. The
    one of a table that begins its page may end the page before.

    Args:
        part: the first part of the table.
        parts: the grids of all pages; their text is no caption.
        pages: as many.
    """
    page, end = pages[part.page], part.grid.box.top
    lines = _lines(page, parts[part.page], MARGIN * page.height, end)
    if not lines and part.page > 0 and part.inside is None:
        page, here = pages[part.page - 1], parts[part.page - 1]
        bottoms = [other.grid.box.bottom for other in here if other.is_grid]
        start = max(bottoms, default=MARGIN * page.height)
        lines = _lines(page, here, start, body_end(page, start))
        end = max((word.box.bottom for line in lines for word in line), default=0.0)
    text = _last_paragraph(lines, end)
    return text if _NAMED.match(text) or text.endswith(":") else ""


def _last_paragraph(lines: list[list[Word]], top: float) -> str:
    """The text of the last lines that hang together above y = `top`; "" if it is long."""
    paragraph: list[Word] = []
    for line in reversed(lines[-MAX_LINES:]):
        bottom = max(word.box.bottom for word in line)
        height = bottom - min(word.box.top for word in line)
        if top - bottom > (0.6 * height if paragraph else MAX_GAP_PT):
            break
        paragraph = line + paragraph
        top = min(word.box.top for word in line)
    return joined_label(paragraph) if len(paragraph) <= MAX_CAPTION_WORDS else ""


def _lines(page: RawPage, parts: Iterable[Part], start: float, end: float) -> list[list[Word]]:
    """The lines between two heights, from top to bottom, without tables and footnotes."""
    boxes = [part.grid.box for part in parts if part.is_grid]
    words = [
        word
        for word in page.words
        if word.box.top >= start - 2
        and word.box.bottom <= end + 2
        and not any(
            box.x0 <= word.box.x0 <= box.x1 and box.top <= word.box.top <= box.bottom
            for box in boxes
        )
    ]
    sizes = sorted(word.size for word in page.words)
    smallest = NOTE_SIZE * sizes[len(sizes) // 2] if sizes else 0.0
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.box.bottom, word.box.x0)):
        if lines and abs(word.box.bottom - lines[-1][0].box.bottom) <= 0.5 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [
        sorted(line, key=lambda word: word.box.x0)
        for line in lines
        if max(word.size for word in line) >= smallest
    ]
