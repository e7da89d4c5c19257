"""A unit as an answer shows it: with what leads to it, what it points back to, its whole list.

A part of a list would mislead, "This is possible only then" says nothing without the sentence
before it, and a table row is read with the heads of its columns (`rows`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.citing import readable
from assistant.model import Passage
from assistant.rows import RowReader
from assistant.units import Unit, UnitKind, units_of
from assistant.worth import Candidate
from corpus.model import CELL_SEPARATOR, Span

ITEM = "• "
"""Before each item of a list in a line of an answer, where one would run on into the next."""
LIST_WORDS = 60
"""Lists with more words are shown item by item."""
_LABEL_WORDS = 7

_POINTS_BACK = re.compile(
    r"(?:It|This|These|They|Those|Such|In this case|In these cases|In such cases|The latter|"
    r"In \d{4} (?:it|they)|However, (?:it|this|they|these))\b"
)
_IF_OPENED = re.compile(
    r"(?:For Round \d|(?:If|In case of) (?:an?|the) (?:additional|second) (?:round|deadline)|"
    r"Για τον \d+ο γύρο|Σε περίπτωση διοργάνωσης|Εάν διοργανωθεί)"
)
_MAY_BE_OPENED = re.compile(
    r"National Agenc(?:y|ies)\b.*?\b(?:may|can)\b|Εθνικοί Οργανισμοί (?:μπορούν|δύνανται)"
)
"""Says whether there is a second round at all: its date alone would promise one."""
_ENDS = re.compile(r"[.;:,!?…·](?:\s+\w{1,4})?$")
"""An item that is told from the next one, also by "; and"."""
_BARE = re.compile(
    r"(?:between|from|minimum|maximum|up to|at least|at most|no more than|"
    r"\d[\d .,]*(?:%|eur|euro|days|weeks|months|years)|από|έως|μεταξύ|τουλάχιστον|κατ’ ανώτατο)\b|"
    r"\d[\d .,]*%"
)
"""Begins a figure without a subject: "Between 6 and 24 months."."""
_HAS_VERB = re.compile(
    r"\b(?:is|are|was|were|be|must|can|cannot|may|will|should|shall|has|have|do|does|need|needs|"
    r"apply|applies|είναι|πρέπει|μπορεί|μπορούν|έχει|έχουν)\b|:"
)
_BARE_WORDS = 14
_ABOVE_CHARS = 2500
"""How far above a figure on its page its label is looked for."""
_BULLET = re.compile(r"^[\s•▪◦‣⁃·–—-]+(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A unit as the answer shows it, and what must be quoted for it.

    Attributes:
        lead: what leads to it, shown once. parts: sentences that the text is made of, if several.
    """

    candidate: Candidate
    text: str
    spans: tuple[Span, ...]
    page: tuple[str, int]
    lead: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Presenter:
    """Shows units of one question."""

    rows: RowReader

    def show(self, candidate: Candidate, taken: Collection[str]) -> Shown:
        """A candidate as shown.

        Args:
            candidate: what is shown.
            taken: texts that the answer shows already.
        """
        unit, passage = candidate.unit, candidate.passage
        page = page_of(candidate)
        if unit.kind is not UnitKind.ROW:
            text = readable(_BULLET.sub("", unit.text))
            before = self._what_it_means(candidate)
            meant = readable(before.text) if before is not None else ""
            if before is not None and meant not in taken:
                return Shown(
                    candidate=candidate,
                    text=f"{meant} {text}",
                    spans=(before.span, unit.span),
                    page=page,
                    parts=(meant, text),
                )
            if unit.lead is None or not _on_one_page(passage, unit.lead, unit.span):
                label = label_of(unit, passage) if is_bare(text) else None
                if label is None:
                    return Shown(candidate=candidate, text=text, spans=(unit.span,), page=page)
                lead = f"{readable(passage.document.text_at(label)).rstrip(' :.')}:"
                both = (label, unit.span)
                return Shown(candidate=candidate, text=text, lead=lead, spans=both, page=page)
            lead = readable(_BULLET.sub("", passage.document.text_at(unit.lead)))
            items = self._whole_list(candidate)
            if items:
                text = _as_one(items)
            spans = (unit.lead, *(item.span for item in items or [unit]))
            return Shown(candidate=candidate, text=text, lead=lead, spans=spans, page=page)
        row = self.rows.read(passage.document, unit.span)
        if row is not None:
            return Shown(candidate=candidate, text=readable(row.text), spans=row.spans, page=page)
        cells = (cell.strip() for cell in unit.text.split(CELL_SEPARATOR.strip()))
        text = readable("; ".join(cell for cell in cells if cell))
        return Shown(candidate=candidate, text=text, spans=(unit.span,), page=page)

    def _what_it_means(self, candidate: Candidate) -> Unit | None:
        """The sentence before one that begins with "It", "This" or "In this case".

        Of a round that may be opened, the sentence that says that it may.
        """
        unit, passage = candidate.unit, candidate.passage
        if unit.kind is not UnitKind.SENTENCE:
            return None
        before = [other for other in units_of(passage.chunk) if other.span.end <= unit.span.start]
        if _IF_OPENED.match(unit.text):
            before = [other for other in before if _MAY_BE_OPENED.search(other.text)]
        elif not _POINTS_BACK.match(unit.text):
            return None
        if not before or before[-1].kind is not UnitKind.SENTENCE:
            return None
        near = before[-1]
        fits = len(near.text.split()) <= LIST_WORDS and not self.is_label(near, passage)
        return near if fits and _on_one_page(passage, near.span, unit.span) else None

    def _whole_list(self, candidate: Candidate) -> list[Unit]:
        """All items of a short list that stands on one page; a part of a list would mislead."""
        unit, passage = candidate.unit, candidate.passage
        if unit.kind is not UnitKind.ITEM:
            return []
        items = [
            other
            for other in units_of(passage.chunk)
            if other.kind is UnitKind.ITEM and other.lead == unit.lead
        ]
        words = sum(len(item.text.split()) for item in items)
        whole = words <= LIST_WORDS and _on_one_page(passage, *(item.span for item in items))
        return items if whole else []

    def is_label(self, unit: Unit, passage: Passage) -> bool:
        """Whether a unit is a heading, a head of columns or a bare label: it says nothing alone."""
        if unit.kind is UnitKind.ROW:
            return self.rows.is_head(passage.document, unit.span)
        text = readable(unit.text)
        folded = text.casefold()
        if any(h.startswith(folded) or h.endswith(folded) for h in _folded(passage.chunk.headings)):
            return True  # also one of the lines that a heading is printed on
        if text.endswith(("?", ":")):
            return True  # a heading in the form of a question; what leads to a list or a line
        if unit.kind is UnitKind.ITEM or any(map(str.isdigit, text)):
            return False
        return len(text.split()) <= _LABEL_WORDS and not text.endswith((".", "!", ";"))


def is_bare(text: str) -> bool:
    """Whether a text is a figure that does not say of what: "From 2 to 60 days."."""
    folded = text.casefold()
    few = len(folded.split()) <= _BARE_WORDS
    return few and _BARE.match(folded) is not None and not _HAS_VERB.search(folded)


def label_of(unit: Unit, passage: Passage) -> Span | None:
    """Where the label of a unit's row or the heading above it stands, if on the same page.

    Headings in capitals or in the form of a question head too much to say what a figure is of.
    """
    chunk, document = passage.chunk, passage.document
    row = chunk.context.partition("\n")[0].partition(";")[0].strip()
    headings = [h for h in chunk.headings[-1:] if not (h.isupper() or h.endswith("?"))]
    lowest = max(document.page_at(unit.span.start).span.start, unit.span.start - _ABOVE_CHARS)
    for label in (row, *headings):
        if not label or CELL_SEPARATOR in label or len(label.split()) > 2 * _LABEL_WORDS:
            continue
        at = document.text.rfind(label, lowest, unit.span.start)
        if at >= 0:
            return Span(at, at + len(label))
    return None


@lru_cache(maxsize=2048)
def _folded(headings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(heading.casefold() for heading in headings)


def _as_one(items: Sequence[Unit]) -> str:
    """Items of a list in one line."""
    told = all(_ENDS.search(readable(item.text)) for item in items[:-1])
    return " ".join(readable(_BULLET.sub("" if told else ITEM, item.text)) for item in items)


def _on_one_page(passage: Passage, *spans: Span) -> bool:
    return len({passage.document.page_at(span.start).number for span in spans}) == 1


def page_of(candidate: Candidate) -> tuple[str, int]:
    """Document id and page on which a candidate begins."""
    document = candidate.passage.document
    return document.id, document.page_at(candidate.unit.span.start).number
