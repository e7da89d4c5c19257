"""Tables that passages refer to by their code ("table A1.2 per day"), for the country asked about.

A rate that depends on the country stands in a table of its own, often on a later page, under
headings that say nothing of what is asked; what is asked is said where the table is referred to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.budget_lines import line_asked
from assistant.model import Passage, Query
from assistant.outline import CHAPTER
from assistant.peoples import countries_asked, names_asked_country
from corpus.model import Chunk

READ = 6
"""Passages whose references are followed."""
AHEAD = 60
"""Chunks after a passage among which a table is looked for."""
LONG = 5
"""Chunks that a table goes over at most."""
_REFERENCE = re.compile(
    r"\b(?:tab(?:le|leau|elle|la|ella|ela|elul)|πίνακα\w*)\s+([A-ZΑ-Ω]\d{0,2}(?:\.\d{1,2})?)(?![\w.]*\w)",
    re.IGNORECASE,
)


def tables_referred_to(query: Query, passages: Sequence[Passage]) -> list[Passage]:
    """Passages of tables that the best passages refer to, where a row names a country asked about.

    Args:
        query: as understood.
        passages: best first. Tables among them are not given again.

    Returns:
        Passages with the first one's rank and score: they were named, not found by their words.
    """
    if not countries_asked(query):
        return []
    names = names_asked_country(query)
    known = {passage.chunk.id for passage in passages}
    found: dict[str, Passage] = {}
    for passage in passages[:READ]:
        for code in _codes(passage.chunk):
            for chunk in _table(passage, code):
                if chunk.id not in known and _has_row(chunk, names):
                    found.setdefault(
                        chunk.id,
                        replace(passage, chunk=chunk, rank=1, score=passages[0].score, alike=()),
                    )
    return list(found.values())


def rows_of_line(query: Query, passages: Sequence[Passage]) -> list[Passage]:
    """Rows of the line of the budget that a question names, where none was found.

    "Is travel support given to long-term students?": the row says nothing of students, and what
    does say it is of other money. It is looked for in the chapter of the best passage.

    Args:
        query: as understood.
        passages: best first.

    Returns:
        Passages with the first one's rank and score, as of tables that are referred to.
    """
    label = line_asked(query)
    if label is None or not passages or any(label.search(p.chunk.text) for p in passages):
        return []
    best = passages[0]
    chapter = best.chunk.headings[:CHAPTER]
    if len(chapter) < CHAPTER:
        return []
    return [
        replace(best, chunk=chunk, rank=1, alike=())
        for chunk in best.document.chunks
        if chunk.headings[:CHAPTER] == chapter and label.search(chunk.text)
    ]


def _codes(chunk: Chunk) -> dict[str, None]:
    """The tables that a passage refers to, in order."""
    return dict.fromkeys(match[1] for match in _REFERENCE.finditer(chunk.text))


def _table(passage: Passage, code: str) -> Iterator[Chunk]:
    """The chunks of the nearest table of that code after a passage."""
    chunks = passage.document.chunks
    named = re.compile(rf"(?<![\w.]){re.escape(code)}(?![\w.]*\w)")
    first = passage.chunk.ordinal + 1
    for start in range(first, min(first + AHEAD, len(chunks))):
        chunk = chunks[start]
        says = named.search(chunk.text) or named.search(chunk.context)
        titled = any(line.lstrip().startswith(f"Table {code}") for line in _lines(chunk))
        if titled or (says and code not in _codes(chunk)):
            yield from chunks[start : start + LONG]
            return


def _lines(chunk: Chunk) -> list[str]:
    return [*chunk.headings[-1:], *chunk.context.splitlines(), *chunk.text.splitlines()]


def _has_row(chunk: Chunk, names: Callable[[str], bool]) -> bool:
    return any(names(line) and any(map(str.isdigit, line)) for line in chunk.text.splitlines())
