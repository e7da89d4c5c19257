"""Does another edition say something else? The same sentence or row, with other figures.

Editions repeat each other word by word and differ by one number. The counterpart of a unit that is
shown is looked for in the neighbouring edition of the same programme and language, under the
headings that are most like its own: a sentence with nearly the same words apart from figures, the
row with the same label, the entry of the glossary for the same term.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.citing import cite
from assistant.facts import FactKind, find_facts
from assistant.model import Citation, Passage
from assistant.outline import Held, Outline, Place, figures, hold, likeness
from assistant.rows import RowReader, first_cell, heads_above
from assistant.units import Unit, UnitKind
from assistant.wordings import in_common, wording
from assistant.worth import Candidate, Stems
from corpus.model import Chunk, Document, Span
from corpus.records import DocumentRecord
from corpus.world import world_in

ALIKE = 0.7
"""Likeness that two units under like headings must have."""
ALIKE_ROWS = 0.6
"""The same for rows of tables: a row has few words, and its heads count, too."""
ALIKE_ELSEWHERE = 0.75
"""The same under other headings of the same chapter."""
REWORDED = 0.7
"""A definition with fewer words in common says something else, whatever its figures."""
_AS_GOOD = 0.98
"""A candidate with this share of the best one's likeness may be meant as well."""
_DATES_OF_ROUND = 3
"""A deadline that says when its projects start and end has this many dates: they tell rounds."""
_SAME_HEADS = 0.9
"""Share of words that titles or heads of two tables have in common whose rows are of countries."""
_KEPT = 8
"""Documents whose outline is kept."""


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
    document: Document, records: Sequence[DocumentRecord], *, also: Collection[str] = ()
) -> list[tuple[int, DocumentRecord]]:
    """The editions with a call year of the same programme, each after its year.

    Args:
        document: one of them.
        records: what the library holds.
        also: languages besides that of the document.
    """
    ours = document.edition
    return [
        (r.edition.year, r)
        for r in records
        if r.edition.year is not None
        and r.edition.programme == ours.programme
        and r.edition.language in (ours.language, *also)
    ]


class Documents(Protocol):
    """Where editions are read from: `corpus.index.Index`."""

    def document(self, document_id: str) -> Document:
        """A whole document."""
        ...


@dataclass(frozen=True, slots=True)
class _Match:
    """A unit of another edition that says what ours says; likeness counts its headings, too."""

    likeness: float
    held: Held


class Differences:
    """Looks up counterparts in one library. Safe to call from several threads."""

    def __init__(self, library: Documents, stems: Stems) -> None:
        self._library, self._stems = library, stems
        self._outlines: dict[str, Outline] = {}

    def of(
        self,
        unit: Unit,
        chunk: Chunk,
        document: Document,
        other_id: str,
        *,
        number: int,
        named: Callable[[str], bool] = lambda _: False,
        countries: frozenset[str] = frozenset(),
    ) -> Citation | None:
        """The counterpart of a unit where it says something else; None where it says the same.

        Args:
            unit: what the answer shows.
            chunk: where it stands.
            document: the edition that answers.
            other_id: the edition to look in.
            number: of the citation.
            named: whether the head of a column names what the question names; the other columns
                are not compared then.
            countries: that the question names: rows of lists of countries, which change from
                edition to edition, are told by them.
        """
        other = self._library.document(other_id)
        reader = RowReader(worth=lambda _: 0.0, named=named)
        ours, _ = shown_in(reader, document, unit)
        place = self._outline(document).places.get(chunk.headings)
        is_defined = place is not None and place.is_definition
        one = figures(ours)
        if not one and not is_defined:
            return None
        if is_defined:
            found = self._definition(unit, chunk, document, other)
        else:
            found = self.counterpart(unit, chunk, document, other_id)
            found = found or self._row_of(countries, unit, chunk, document, other)
        if found is None:
            return None
        theirs, spans = shown_in(reader, other, found[1])
        two = figures(theirs)
        if is_defined:
            said = [self._wording(document)(text) for text in (ours, theirs)]
            if one == two and in_common(*said) >= REWORDED:
                return None
        elif not two or one == two or _same_in_detail(unit, ours, theirs):
            return None
        return cite(other, spans, number=number)

    def counterpart(
        self, unit: Unit, chunk: Chunk, document: Document, other_id: str
    ) -> tuple[Chunk, Unit] | None:
        """Where another edition says what a unit says, and the unit that says it.

        None also where several could be meant whose figures are not the same, and where another
        unit beside ours is more like what was found.

        Args:
            unit: of the edition at hand.
            chunk: where it stands.
            document: that edition.
            other_id: the edition to look in.
        """
        ours = hold(unit, chunk, self._wording(document))
        own = self._outline(document)
        outline = self._outline(self._library.document(other_id))
        path = outline.wording(" ".join(chunk.headings))
        matches = [
            _Match(alike * near, theirs)
            for near, place in outline.nearest(path)
            for theirs, alike in _alike(ours, place, outline)
            if own.is_nearest(chunk.headings, place.words)
        ]
        if not matches:
            # Sections were moved or renamed inside the chapter of the action.
            matches = [
                _Match(alike, theirs)
                for place in outline.chapter_of(chunk.headings)
                for theirs, alike in _alike(ours, place, outline, least=ALIKE_ELSEWHERE)
            ]
        if not matches:
            return None
        best = max(matches, key=lambda match: match.likeness)
        meant = [m for m in matches if m.likeness >= _AS_GOOD * best.likeness]
        if len({figures(match.held.unit.text) for match in meant}) > 1:
            return None
        place = own.places.get(chunk.headings)
        back = dict(_alike(best.held, place, own)) if place is not None else {}
        value = max((v for held, v in back.items() if held.unit.span == unit.span), default=0.0)
        if any(v > value for v in back.values()):
            return None
        return best.held.chunk, best.held.unit

    def _row_of(
        self,
        countries: frozenset[str],
        unit: Unit,
        chunk: Chunk,
        document: Document,
        other: Document,
    ) -> tuple[Chunk, Unit] | None:
        """The row with the countries asked about, where both tables are called or headed the same.

        None where several rows have them, with other figures.
        """
        asked = countries & world_in(first_cell(unit.text))
        if unit.kind is not UnitKind.ROW or not asked:
            return None
        wording_of, outline = self._wording(document), self._outline(other)

        def called(unit: Unit, chunk: Chunk) -> tuple[frozenset[str], frozenset[str]]:
            title = " ".join(chunk.headings[-1:])
            return wording_of(title), wording_of(heads_above(unit.text, chunk))

        ours = called(unit, chunk)
        found = {
            figures(held.unit.text): (held.chunk, held.unit)
            for _, place in outline.nearest(outline.wording(" ".join(chunk.headings)))
            for held in place.units(outline.wording)
            if held.is_row
            and asked <= world_in(first_cell(held.unit.text))
            and _same_table(ours, called(held.unit, held.chunk))
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def passage_of(self, ours: Candidate, other_id: str) -> tuple[Passage, Unit] | None:
        """The same for a candidate: the unit, and the passage that it stands in."""
        passage = ours.passage
        found = self.counterpart(ours.unit, passage.chunk, passage.document, other_id)
        if found is None:
            return None
        document = self._library.document(other_id)
        return Passage(rank=1, score=passage.score, chunk=found[0], document=document), found[1]

    def _definition(
        self, unit: Unit, chunk: Chunk, document: Document, other: Document
    ) -> tuple[Chunk, Unit] | None:
        """What another edition's glossary says of the same term, most like a unit of ours."""
        ours = hold(unit, chunk, self._wording(document))
        outline = self._outline(other)
        term = chunk.headings[-1].casefold()
        entries = [
            held
            for path, place in outline.places.items()
            if place.is_definition and path and path[-1].casefold() == term
            for held in place.units(outline.wording)
            if held.words and held.unit.text.strip().casefold() != term
        ]
        if not entries:
            return None
        best = max(entries, key=lambda held: in_common(ours.words, held.words))
        return best.chunk, best.unit

    def _wording(self, document: Document) -> Callable[[str], frozenset[str]]:
        language = document.edition.language
        return lambda text: wording(self._stems(text, language))

    def read(self, document: Document) -> None:
        """Reads a document's headings now, not when it is first compared."""
        self._outline(document)

    def _outline(self, document: Document) -> Outline:
        kept = self._outlines.get(document.id)
        if kept is None or kept.document is not document:
            kept = Outline(document, self._wording(document))
            while len(self._outlines) >= _KEPT:
                self._outlines.pop(next(iter(self._outlines)), None)
            self._outlines[document.id] = kept
        return kept


def _same_table(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> bool:
    """Whether the title or the heads of two tables are the same in words, and not empty."""
    return any(a and in_common(a, b) >= _SAME_HEADS for a, b in zip(one, other, strict=True))


def _alike(
    ours: Held, place: Place, outline: Outline, *, least: float | None = None
) -> list[tuple[Held, float]]:
    least = least or (ALIKE_ROWS if ours.is_row else ALIKE)
    rated = [(h, likeness(ours, h, outline.wording)) for h in place.units(outline.wording)]
    return [(held, alike) for held, alike in rated if alike >= least]


def _same_in_detail(unit: Unit, ours: str, theirs: str) -> bool:
    """Whether one says the same with more detail, or is about another round of applications."""
    one, two = figures(ours), figures(theirs)
    rounds = [{day for _, day in told if day is not None} for told in (one, two)]
    if all(len(days) >= _DATES_OF_ROUND for days in rounds) and not rounds[0] & rounds[1]:
        return True
    if not (one < two or two < one):
        return False
    amounts = [
        {fact.value for fact in find_facts(text) if fact.kind is FactKind.AMOUNT}
        for text in (ours, theirs)
    ]
    # A row describes what it pays for: other figures there are no other amount.
    return unit.kind is not UnitKind.ROW or (bool(amounts[0]) and amounts[0] == amounts[1])


def shown_in(reader: RowReader, document: Document, unit: Unit) -> tuple[str, tuple[Span, ...]]:
    """The text of a unit that is compared, and what is quoted of it."""
    row = reader.read(document, unit.span) if unit.kind is UnitKind.ROW else None
    return (unit.text, (unit.span,)) if row is None else (row.text, row.spans)
