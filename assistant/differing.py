"""Does another edition say something else? The same sentence or row, with other figures.

Editions repeat each other word by word and differ by one number. The counterpart of what leads an
answer is looked for in the neighbouring edition of the same programme and language: a sentence
with nearly the same words apart from figures, or the row with the same label under like headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.citing import cite
from assistant.facts import find_facts
from assistant.model import Citation
from assistant.retrieval import Library
from assistant.rows import RowReader
from assistant.units import Unit, UnitKind, split_units
from assistant.worth import Stems, in_common, wording
from corpus.model import CELL_SEPARATOR, Chunk, Document, Span
from corpus.records import DocumentRecord

ALIKE = 0.75
"""Share of words, figures left out, that two sentences must have in common."""
HEADINGS_ALIKE = 0.5
"""The same for the headings above them."""
_LOOKED_AT = 8


def neighbour(document: Document, records: Sequence[DocumentRecord]) -> str | None:
    """The edition nearest in time: same programme and language, another call year."""
    year = document.edition.year
    if year is None:
        return None
    others = [
        (abs(held - year), -held, record.id)
        for held, record in dated(document, records)
        if held != year
    ]
    return min(others)[2] if others else None


def dated(
    document: Document, records: Sequence[DocumentRecord]
) -> list[tuple[int, DocumentRecord]]:
    """The editions with a call year of the same programme and language, each after its year."""
    ours = document.edition
    return [
        (r.edition.year, r)
        for r in records
        if r.edition.year is not None
        and (r.edition.programme, r.edition.language) == (ours.programme, ours.language)
    ]


class Differences:
    """Looks up counterparts in one library."""

    def __init__(self, library: Library, stems: Stems) -> None:
        self._library, self._stems = library, stems

    def of(
        self, unit: Unit, chunk: Chunk, document: Document, other_id: str, *, number: int
    ) -> Citation | None:
        """The counterpart of a unit where its figures are others; None where they are the same.

        Args:
            unit: what leads the answer.
            chunk: where it stands.
            document: the edition that answers.
            other_id: the edition to look in.
            number: of the citation.
        """
        figures = _figures(unit.text)
        found = self.counterpart(unit, chunk, document, other_id) if figures else None
        if found is None or _figures(found[1].text) in (figures, frozenset()):
            return None
        other = self._library.document(other_id)
        return cite(other, self._spans(other, found[1]), number=number)

    def counterpart(
        self, unit: Unit, chunk: Chunk, document: Document, other_id: str
    ) -> tuple[Chunk, Unit] | None:
        """Where another edition says what a unit says, and the unit that says it.

        Args:
            unit: of the edition at hand.
            chunk: where it stands.
            document: that edition.
            other_id: the edition to look in.
        """
        language = document.edition.language
        above = " ".join((*chunk.headings[-3:], chunk.context))
        hits = self._library.lexical_search(
            f"{above} {unit.text}", language=language, top_k=_LOOKED_AT, document_ids=[other_id]
        )
        best: tuple[float, Chunk, Unit] | None = None
        for hit in hits:
            _, candidate = self._library.chunk(hit.chunk_id)
            likeness = self._alike_headings(chunk, candidate, language)
            if likeness < HEADINGS_ALIKE:
                continue
            for theirs in split_units(candidate.text, offset=candidate.span.start):
                alike = self._alike(unit, theirs, language)
                if alike >= ALIKE and (best is None or alike * likeness > best[0]):
                    best = (alike * likeness, candidate, theirs)
        return None if best is None else best[1:]

    def _spans(self, document: Document, unit: Unit) -> tuple[Span, ...]:
        if unit.kind is UnitKind.ROW:
            reader = RowReader(worth=len, named=lambda _: False)
            row = reader.read(document, unit.span)
            if row is not None:
                return row.spans
        return (unit.span,)

    def _alike(self, ours: Unit, theirs: Unit, language: str) -> float:
        if (ours.kind is UnitKind.ROW) != (theirs.kind is UnitKind.ROW):
            return 0.0
        if ours.kind is UnitKind.ROW:
            one, two = (_label(unit.text) for unit in (ours, theirs))
            return 1.0 if one and one == two else 0.0
        return in_common(self._words(ours.text, language), self._words(theirs.text, language))

    def _alike_headings(self, ours: Chunk, theirs: Chunk, language: str) -> float:
        one, two = (
            self._words(" ".join((*chunk.headings, chunk.context)), language)
            for chunk in (ours, theirs)
        )
        return in_common(one, two)

    def _words(self, text: str, language: str) -> frozenset[str]:
        return wording(self._stems(text, language))


def _label(row: str) -> str:
    """The first cell of a row, folded of space: figures of a band included."""
    return re.sub(r"\s", "", row.split(CELL_SEPARATOR.strip(), 1)[0]).casefold()


def _figures(text: str) -> frozenset[tuple[Decimal, tuple[int, int, int] | None]]:
    return frozenset((fact.value, fact.day) for fact in find_facts(text))
