"""A passage cut into what can be quoted on its own: sentences, list items, table rows.

Pure functions over text; offsets are those of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from corpus.model import CELL_SEPARATOR, Chunk, ChunkKind, Span

_CLOSES = r"[\"'”’»)⁰¹²³⁴⁵⁶⁷⁸⁹]*\s+"
_OPENS = r"[\"'“‘«(\[]?[A-ZÀ-ÖØ-ÞΑ-ΩΆ-ΏА-Я¿¡"
_SENTENCE_END = re.compile(rf"(?<=[.!?…]){_CLOSES}(?={_OPENS}\d])|(?<=;){_CLOSES}(?={_OPENS}])")
"""A semicolon before a figure ends nothing: "350 EUR; 200 EUR after one hundred participants"."""
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|cf|art|no|nr|vol|pp?|par|ca|approx|incl|max|min|z\.b|bzw|ggf|"
    r"p\.ej|par ex|np|π\.χ|βλ|αριθ)\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[•▪◦‣⁃·–—-]|\(?(?:[a-z0-9]{1,3}|[α-ω]{1,2})[.)])\s+\S", re.IGNORECASE)


_LABEL_WORDS = 12
"""A line that ends in a colon and has no more words is a label of what follows."""


class UnitKind(StrEnum):
    """What a unit is."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"
    LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One quotable stretch.

    Attributes:
        span: its offsets in the document.
        text: exactly the document's text there.
        lead: what introduces it: the sentence above its list, the label on the line above.
    """

    kind: UnitKind
    span: Span
    text: str
    lead: Span | None = None


@lru_cache(maxsize=20_480)
def split_units(text: str, *, offset: int = 0) -> tuple[Unit, ...]:
    """Units of a text in order; together they hold every visible character of it.

    Args:
        text: a chunk's text.
        offset: where it starts in the document.
    """
    units: list[Unit] = []
    lead: Span | None = None
    labelled = False
    for start, line in _lines(text):
        kind = _kind(line)
        if kind is UnitKind.SENTENCE:
            label = lead if labelled else None
            for s, e in _sentences(line):
                span = Span(offset + start + s, offset + start + e)
                units.append(Unit(kind=kind, span=span, text=line[s:e], lead=label))
                label = None
            leads = line.rstrip().endswith(":")
            lead = units[-1].span if leads else None
            labelled = leads and len(line.split()) <= _LABEL_WORDS
        else:
            stripped = line.strip()
            s = line.index(stripped)
            span = Span(offset + start + s, offset + start + s + len(stripped))
            lead_here = lead if kind is UnitKind.ITEM else None
            units.append(Unit(kind=kind, span=span, text=stripped, lead=lead_here))
            labelled = False  # it was the sentence above a list
    return tuple(units)


def units_of(chunk: Chunk) -> tuple[Unit, ...]:
    """Units of a passage's text, see `split_units`."""
    return split_units(chunk.text, offset=chunk.span.start)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


def _kind(line: str) -> UnitKind:
    if CELL_SEPARATOR in line:
        return UnitKind.ROW
    return UnitKind.ITEM if _ITEM.match(line) else UnitKind.SENTENCE


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(line):
        before = line[start : match.start() + 1].rstrip()
        if _ABBREVIATION.search(before):
            continue
        yield from _trimmed(line, start, match.end())
        start = match.end()
    yield from _trimmed(line, start, len(line))


def _trimmed(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = line[start:end]
    if piece.strip():
        left = start + len(piece) - len(piece.lstrip())
        yield left, left + len(piece.strip())


def defines(unit: Unit, chunk: Chunk) -> bool:
    """Whether a unit is the first that an entry of a glossary says of its term."""
    if chunk.kind is not ChunkKind.DEFINITION:
        return False
    before = chunk.text[: unit.span.start - chunk.span.start].strip()
    return not before or before in chunk.headings
