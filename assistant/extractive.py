"""The default answer, without a language model: the guide's own words, composed.

The unit (sentence, list item, table row) that is worth most leads (`worth`). What follows is what
the question still lacks: a kind of fact that it asks for, words of it that nothing shown holds;
units of a page already cited come cheaper than a page more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.citing import Line, cite, readable
from assistant.cues import load_cues
from assistant.model import Asks, Citation, Passage, Query
from assistant.retrieval import names_asked
from assistant.rows import RowReader
from assistant.units import Unit, UnitKind, split_units
from assistant.worth import (
    Candidate,
    Stems,
    Words,
    holds_fact,
    in_common,
    kinds_wanted,
    rate,
    wording,
)
from corpus.countries import countries_in
from corpus.model import CELL_SEPARATOR, Span
from corpus.settings import AnswerSettings

PASSAGES_READ = 10
PASSAGES_SEARCHED = 40
"""Of those after the first ones, passages under a heading that is asked about are read too, where
they hold a kind of fact that is asked for."""
LIST_WORDS = 60
"""Lists with more words are shown item by item."""
LABEL_CHARS = 4000
"""How far above a passage its heading or row label is looked for."""
MIN_WORDS = 4
"""Fewer say nothing alone, but for table rows that show a label or a head ("Spain: 58")."""
LACKING_WORD = 6.0
"""For the share of the question's words that a unit adds to what is shown."""
LACKING_FACT = 4.0
"""For a kind of fact that is asked for and not shown yet."""
NEW_PAGE = -1.5
"""For a page that is not cited yet."""
LIKENESS = 8.0
"""For the share of words, figures aside, in common with what leads for a compared edition."""
BEHIND = 4.0
"""A further unit may be worth this much less than the leading one."""
_LABEL_WORDS = 7

_POINTS_BACK = re.compile(
    r"(?:It|This|These|They|Those|Such|In this case|In these cases|In such cases|The latter|"
    r"In \d{4} (?:it|they)|However, (?:it|this|they|these))\b"
)
_BULLET = re.compile(r"^[\s•▪◦‣⁃·–—-]+(?=\S)")

__all__ = ["Draft", "Stems", "draft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Lines of an answer and their citations, not yet verified.

    Attributes:
        shown: the units that the lines show, best first. leading: the first of them.
    """

    lines: tuple[Line, ...]
    citations: tuple[Citation, ...]
    shown: tuple[Candidate, ...] = ()

    @property
    def leading(self) -> Candidate | None:
        """What answers; None where nothing was found."""
        return self.shown[0] if self.shown else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
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


Counterpart = Callable[[Candidate, str], Passage | None]
"""(what leads for one edition, id of another) → the passage of the other that says it."""


def draft(
    query: Query,
    passages: Sequence[Passage],
    *,
    stems: Stems,
    settings: AnswerSettings,
    counterpart: Counterpart = lambda _leading, _edition: None,
) -> Draft:
    """Composes an answer from ranked passages.

    Args:
        query: as understood.
        passages: best first; `PASSAGES_SEARCHED` of them are looked at.
        stems: how words are reduced for comparison.
        settings: limits of words and quotes.
        counterpart: looks up what leads for one edition in another that it is compared with.

    Returns:
        Lines in the order they are shown; empty where nothing can be quoted.
    """
    parts = [[p for p in passages if p.document.id == edition] for edition in query.compare]
    parts = [part for part in parts if part] or [list(passages)]
    groups: list[list[_Shown]] = []
    for part in parts:
        read = _to_read(query, part)
        same = counterpart(groups[0][0].candidate, part[0].document.id) if groups else None
        if same is not None:
            read = [same, *(p for p in read if p.chunk.id != same.chunk.id)]
        composer = _Composer(query=query, passages=read, stems=stems)
        groups += composer.choose(
            max_words=settings.max_words // len(parts),
            max_quotes=max(1, settings.max_quotes // len(parts)),
            like=wording(groups[0][0].candidate.held) if groups else frozenset(),
        )
    return _compose(groups, as_printed=query.about_deadline)


def _to_read(query: Query, passages: Sequence[Passage]) -> list[Passage]:
    kinds = kinds_wanted(query)
    deeper = [
        passage
        for passage in passages[PASSAGES_READ:PASSAGES_SEARCHED]
        if names_asked(query, passage) and holds_fact(passage.chunk.text, kinds)
    ]
    return [*passages[:PASSAGES_READ], *deeper]


class _Composer:
    """Chooses units of some passages for one question."""

    def __init__(self, *, query: Query, passages: Sequence[Passage], stems: Stems) -> None:
        self._query, self._passages, self._stems = query, passages, stems
        countries = countries_in(query.question)
        self._rows = RowReader(
            worth=self._tells, named=lambda text: bool(countries & countries_in(text))
        )
        self._known: frozenset[str] = frozenset()

    def choose(
        self, *, max_words: int, max_quotes: int, like: frozenset[str]
    ) -> list[list[_Shown]]:
        """Groups of units, one group a page: the leading unit first, then what it lacks.

        Args:
            max_words: of all units.
            max_quotes: pages that may be cited.
            like: words of what leads for another edition, where two are compared.
        """
        candidates, words = rate(self._query, self._units(), self._stems)
        if like:
            candidates.sort(key=lambda c: -(c.worth + LIKENESS * in_common(wording(c.held), like)))
            first = candidates[0] if candidates else None
            candidates = [
                replace(c, worth=c.worth + LIKENESS) if c is first else c for c in candidates
            ]
        self._known = frozenset(words.weights)
        groups: dict[tuple[str, int], list[_Shown]] = {}
        lacking = dict(words.weights)
        wants = set(self._query.wants)
        taken: set[str] = set()
        chosen: list[Candidate] = []
        left = max_words
        rest = list(candidates)
        while rest and left > 0:
            gains = [self._gain(c, groups, lacking, words, wants) for c in rest]
            gain = max(gains)
            best = rest.pop(gains.index(gain))
            if groups and gain < candidates[0].worth - self._may_be_behind(best):
                break
            shown = self._show(best, taken)
            size = len(f"{shown.lead} {shown.text}".split())
            too_short = size < MIN_WORDS and ":" not in shown.text
            new_page = shown.page not in groups
            if too_short or shown.text in taken or (groups and size > left):
                continue
            if best.banded is False and any(c.banded for c in chosen):
                continue  # another band of a table whose right one is shown
            if new_page and len(groups) >= max_quotes:
                continue
            groups.setdefault(shown.page, []).append(shown)
            taken.update((shown.text, *shown.parts))
            chosen.append(best)
            left -= size
            lacking = {word: w for word, w in lacking.items() if word not in best.held}
            wants -= best.supplies
        return list(groups.values())

    def _may_be_behind(self, candidate: Candidate) -> float:
        """How much less a further unit may be worth; further deadlines of an action matter too."""
        dated = self._query.about_deadline and Asks.DATE in candidate.supplies
        return 2 * BEHIND if dated else BEHIND

    def _gain(
        self,
        candidate: Candidate,
        groups: dict[tuple[str, int], list[_Shown]],
        lacking: dict[str, float],
        words: Words,
        wants: set[Asks],
    ) -> float:
        """What a unit is worth beside those chosen."""
        if not groups:
            return candidate.worth
        gain = candidate.worth
        whole = sum(words.weights.values()) or 1.0
        gain += LACKING_WORD * sum(lacking.get(word, 0.0) for word in candidate.held) / whole
        gain += LACKING_FACT * bool(candidate.supplies & wants)
        return gain + NEW_PAGE * (_page(candidate) not in groups)

    def _units(self) -> list[tuple[Unit, Passage]]:
        units: dict[Span, tuple[Unit, Passage]] = {}
        for passage in self._passages:
            if load_cues().is_instruction(passage.chunk.text):
                continue  # written for an assistant, not for applicants
            for unit in split_units(passage.chunk.text, offset=passage.chunk.span.start):
                if not self._is_label(unit, passage):
                    units.setdefault(unit.span, (unit, passage))
            for unit in self._labels(passage):
                units.setdefault(unit.span, (unit, passage))
        return list(units.values())

    def _labels(self, passage: Passage) -> Iterator[Unit]:
        """The heading and the row label above a passage, where they hold a figure.

        "Quality of project management (maximum score 20 points)" answers more than what it heads.
        """
        chunk, text = passage.chunk, passage.document.text
        lowest = max(0, chunk.span.start - LABEL_CHARS)
        for label in (*chunk.headings[-1:], *chunk.context.splitlines()):
            if self._query.wants and any(c.isdigit() for c in label) and len(label.split()) > 1:
                at = text.rfind(label, lowest, chunk.span.end)
                if at >= 0:
                    span = Span(at, at + len(label))
                    yield Unit(kind=UnitKind.LABEL, span=span, text=label)

    def _tells(self, text: str) -> float:
        asked = holds_fact(text, kinds_wanted(self._query))
        language = self._passages[0].document.edition.language
        held = self._known & set(self._stems(text, language))
        return len(held) + (20.0 if asked else 0.0)

    def _show(self, candidate: Candidate, taken: Collection[str]) -> _Shown:
        unit, passage = candidate.unit, candidate.passage
        page = _page(candidate)
        if unit.kind is not UnitKind.ROW:
            text = readable(_BULLET.sub("", unit.text))
            before = self._what_it_means(candidate)
            meant = readable(before.text) if before is not None else ""
            if before is not None and meant not in taken:
                return _Shown(
                    candidate=candidate,
                    text=f"{meant} {text}",
                    spans=(before.span, unit.span),
                    page=page,
                    parts=(meant, text),
                )
            if unit.lead is None or not _on_one_page(passage, unit.lead, unit.span):
                return _Shown(candidate=candidate, text=text, spans=(unit.span,), page=page)
            lead = readable(_BULLET.sub("", _at(passage, unit.lead)))
            items = self._whole_list(candidate)
            if items:
                text = " ".join(readable(_BULLET.sub("", item.text)) for item in items)
            spans = (unit.lead, *(item.span for item in items or [unit]))
            return _Shown(candidate=candidate, text=text, lead=lead, spans=spans, page=page)
        row = self._rows.read(passage.document, unit.span)
        if row is not None:
            return _Shown(candidate=candidate, text=readable(row.text), spans=row.spans, page=page)
        cells = (cell.strip() for cell in unit.text.split(CELL_SEPARATOR.strip()))
        text = readable("; ".join(cell for cell in cells if cell))
        return _Shown(candidate=candidate, text=text, spans=(unit.span,), page=page)

    def _what_it_means(self, candidate: Candidate) -> Unit | None:
        """The sentence before one that begins with "It", "This" or "In this case"."""
        unit, passage = candidate.unit, candidate.passage
        if unit.kind is not UnitKind.SENTENCE or not _POINTS_BACK.match(unit.text):
            return None
        before = [
            other
            for other in split_units(passage.chunk.text, offset=passage.chunk.span.start)
            if other.span.end <= unit.span.start
        ]
        if not before or before[-1].kind is not UnitKind.SENTENCE:
            return None
        near = before[-1]
        fits = len(near.text.split()) <= LIST_WORDS and not self._is_label(near, passage)
        return near if fits and _on_one_page(passage, near.span, unit.span) else None

    def _whole_list(self, candidate: Candidate) -> list[Unit]:
        """All items of a short list that stands on one page; a part of a list would mislead."""
        unit, passage = candidate.unit, candidate.passage
        if unit.kind is not UnitKind.ITEM:
            return []
        items = [
            other
            for other in split_units(passage.chunk.text, offset=passage.chunk.span.start)
            if other.kind is UnitKind.ITEM and other.lead == unit.lead
        ]
        words = sum(len(item.text.split()) for item in items)
        whole = words <= LIST_WORDS and _on_one_page(passage, *(item.span for item in items))
        return items if whole else []

    def _is_label(self, unit: Unit, passage: Passage) -> bool:
        """Whether a unit is a heading, a head of columns or a bare label: it says nothing alone."""
        if unit.kind is UnitKind.ROW:
            return self._rows.is_head(passage.document, unit.span)
        text = readable(unit.text)
        if text.casefold() in {heading.casefold() for heading in passage.chunk.headings}:
            return True
        if text.endswith(("?", ":")):
            return True  # a heading in the form of a question; what leads to a list or a line
        if unit.kind is UnitKind.ITEM or any(c.isdigit() for c in text):
            return False
        return len(text.split()) <= _LABEL_WORDS and not text.endswith((".", "!", ";"))


def _texts(group: Sequence[_Shown]) -> Iterator[str]:
    """Lines of a group; what leads to a list or labels a line stands before the first of it."""
    said: set[str] = set()
    for shown in group:
        if shown.lead and shown.lead not in said:
            said.add(shown.lead)
            yield f"{shown.lead} {shown.text}"
        else:
            yield shown.text


def _on_one_page(passage: Passage, *spans: Span) -> bool:
    return len({passage.document.page_at(span.start).number for span in spans}) == 1


def _at(passage: Passage, span: Span) -> str:
    return passage.document.text[span.start : span.end]


def _page(candidate: Candidate) -> tuple[str, int]:
    document = candidate.passage.document
    return document.id, document.page_at(candidate.unit.span.start).number


def _compose(groups: Sequence[Sequence[_Shown]], *, as_printed: bool) -> Draft:
    """Lines and citations of groups; `as_printed` keeps the page's order (first round, second)."""
    lines: list[Line] = []
    citations: list[Citation] = []
    for group in groups:
        spans = sorted({span for shown in group for span in shown.spans})
        number = len(citations) + 1
        citation = cite(group[0].candidate.passage.document, spans, number=number)
        if citation is None:
            continue
        citations.append(citation)
        # What answers best leads; the rest follows in the order of the page.
        ahead = 0 if as_printed else 1
        rest = sorted(group[ahead:], key=lambda shown: shown.candidate.unit.span)
        in_order = [*group[:ahead], *rest]
        lines.extend(Line(text=text, citations=(number,)) for text in _texts(in_order))
    shown = tuple(unit.candidate for group in groups for unit in group)
    return Draft(lines=tuple(lines), citations=tuple(citations), shown=shown)
