"""Chooses what an answer shows, of all that can be quoted from the passages that are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.chapters import of_another_chapter, under_its_name
from assistant.cues import load_cues
from assistant.entries import entries_named
from assistant.lasting import funds_named, tells_lasting
from assistant.leading import NEARLY, in_its_band, leading_of
from assistant.model import Asks, Part, Passage, Query
from assistant.peoples import names_asked_country
from assistant.rates import STEP
from assistant.readings import NOTHING_READ, Readings
from assistant.referred import rows_of_line, tables_referred_to
from assistant.rows import RowReader
from assistant.showing import ITEM, Presenter, Shown, page_of
from assistant.units import Unit, UnitKind, units_of
from assistant.wanted import holds_fact, kinds_wanted
from assistant.wordings import Words, in_common, squeezed, wording
from assistant.worth import Candidate, Stems, rate
from corpus.model import CELL_SEPARATOR, Span

PASSAGES_READ = 10
PASSAGES_SEARCHED = 40
"""Of those after the first ones, passages under a heading that is asked about are read too, where
they hold a kind of fact that is asked for."""
LABEL_CHARS = 4000
"""How far above a passage its heading or row label is looked for."""
MIN_WORDS = 4
"""Fewer say nothing alone, but for table rows that show a label or a head ("Spain: 58")."""
LACKING_WORD = 6.0
"""For the share of the question's words that a unit adds to what is shown."""
LACKING_FACT = 4.0
"""For a kind of fact that is asked for and not shown yet."""
LACKING_COUNTRY = 3.0
"""For the row of a country that is asked about, while none is shown."""
NEW_PAGE = -1.5
"""For a page that is not cited yet."""
LIKENESS = 8.0
"""For the share of words, figures aside, in common with what leads for a compared edition."""
MOST_WORDS_OF_ROW = 70
"""A row that says more is a page of prose in cells: it may lead, but follows nothing."""
_DENIED = re.compile(r"\b(?:non|without)\b\W*(\w+)", re.IGNORECASE)
"""What the head of a column says no to: it stands against the one beside it."""
BEHIND = 6.0
"""A further unit may be worth this much less than the leading one."""


def composer_of(
    query: Query,
    passages: Sequence[Passage],
    also: Sequence[Passage],
    readings: Readings,
    stems: Stems,
) -> Composer:
    """Of what is read for a question; arguments as of `assistant.extractive.draft`."""
    read = [*to_read(query, passages, stems), *also]
    return Composer(query=query, passages=read, readings=readings, stems=stems)


def may_lead(
    query: Query,
    passages: Sequence[Passage],
    *,
    also: Sequence[Passage],
    stems: Stems,
    most: int,
    part: Part | None = None,
) -> list[Candidate]:
    """The units that are worth most for a question, as far as can be counted.

    Args:
        query: as understood.
        passages: best first, of all editions together.
        also: further ones, found for parts of the question.
        stems: how words are reduced for comparison.
        most: how many.
        part: one of several things asked for, which alone they are to answer.
    """
    return composer_of(query, passages, also, NOTHING_READ, stems).rated(part)[:most]


def to_read(query: Query, passages: Sequence[Passage], stems: Stems) -> list[Passage]:
    """Passages that are looked at, with what they refer to; arguments as of `draft`."""
    kinds = kinds_wanted(query)
    deeper = [
        passage
        for passage in passages[PASSAGES_READ:PASSAGES_SEARCHED]
        if passage.named and holds_fact(passage.chunk.text, kinds)
    ]
    read = [*passages[:PASSAGES_READ], *deeper]
    read += [*tables_referred_to(query, read), *rows_of_line(query, read)]
    return [*read, *entries_named(query, read, stems)]


class Composer:
    """Chooses units of some passages for one question."""

    def __init__(
        self, *, query: Query, passages: Sequence[Passage], readings: Readings, stems: Stems
    ) -> None:
        self._query, self._passages, self._stems = query, passages, stems
        self._readings = readings
        self._named = names_asked_country(query)
        funds = funds_named(query.told)
        self._presenter = Presenter(RowReader(worth=self._tells, named=self._named, funds=funds))
        self._known: frozenset[str] = frozenset()

    def read_first(self, passages: Sequence[Passage]) -> None:
        """Adds passages, or puts them before the others."""
        first = {passage.chunk.id: passage for passage in passages}
        others = [p for p in self._passages if p.chunk.id not in first]
        self._passages = [*first.values(), *others]

    def rated(self, part: Part | None = None) -> list[Candidate]:
        """What could be shown, best first; for one of several things asked for, where given."""
        return self._rated(self._units(), part)[0]

    def _rated(
        self, units: Sequence[tuple[Unit, Passage]], part: Part | None = None
    ) -> tuple[list[Candidate], Words]:
        """See `assistant.worth.rate`; what was read counts as well."""
        candidates, words = rate(self._query, units, self._stems, part=part)
        number = None if part is None else self._query.parts.index(part)
        return self._readings.weighed(candidates, number, fits=self._fits), words

    def _fits(self, candidate: Candidate) -> bool:
        """Whether it is the row of the quantity or the country that the question names."""
        return bool(candidate.banded and candidate.supplies) or self._is_placed(candidate)

    def choose(
        self, *, max_words: int, max_quotes: int, leading: Sequence[Span], like: frozenset[str]
    ) -> list[list[Shown]]:
        """Groups of units, one group a page: the leading unit first, then what it lacks.

        Args:
            max_words: of all units.
            max_quotes: pages that may be cited.
            leading: the units that lead, in order, where these are known.
            like: words of what leads for another edition, where two are compared.
        """
        units = self._units()
        candidates, words = self._rated(units)
        best_worth = max((c.worth for c in candidates), default=0.0)
        # What is compared stands alone, but for what is nearly as good, and further rounds.
        if (like or leading) and not self._query.about_deadline:
            best_worth += LIKENESS
        if like and not leading:
            candidates.sort(key=lambda c: -(c.worth + LIKENESS * in_common(wording(c.held), like)))
            candidates[:1] = [replace(c, worth=best_worth) for c in candidates[:1]]
        self._known = self._own_words() or frozenset(words.weights)
        groups: dict[tuple[str, int], list[Shown]] = {}
        lacking = dict(words.weights)
        wants = set(self._query.wants)
        taken: set[str] = set()
        said: list[str] = []
        chosen: list[Candidate] = []
        left = max_words
        rest = list(candidates)
        parts = [c for span in leading for c in candidates if c.unit.span == span]
        parts = parts or self._leading_each(units) or under_its_name(candidates, within=NEARLY)
        parts = parts or in_its_band(candidates)
        while rest and left > 0:
            if parts:
                best = parts.pop(0)
                rest = [c for c in rest if c.unit.span != best.unit.span]
            else:
                gains = [self._gain(c, groups, lacking, words, wants) for c in rest]
                gain = max(gains)
                best = rest.pop(gains.index(gain))
                if groups and gain < best_worth - self._may_be_behind(best):
                    break
            shown = self._presenter.show(best, taken)
            size = len(f"{shown.lead} {shown.text}".replace(ITEM, "").split())
            too_short = (
                size < MIN_WORDS and ":" not in shown.text and Asks.AMOUNT not in best.supplies
            )
            new_page = shown.page not in groups
            most = MOST_WORDS_OF_ROW if best.unit.kind is UnitKind.ROW else left
            if too_short or shown.text in taken or (groups and size > min(left, most)):
                continue
            bare = squeezed(shown.text)
            if any(bare in text for text in said):
                continue  # the same row of another table, or a part of it
            step = STEP.search(best.unit.text)
            if best.banded is False and not step and any(c.banded for c in chosen):
                continue  # another band of a table whose right one is shown
            if new_page and len(groups) >= max_quotes:
                continue
            if chosen and self._query.actions and of_another_chapter(best, chosen[0]):
                continue
            groups.setdefault(shown.page, []).append(shown)
            taken.update((shown.text, *shown.parts))
            said.append(bare)
            chosen.append(best)
            left -= size
            lacking = {word: w for word, w in lacking.items() if word not in best.held}
            wants -= best.supplies
        return list(groups.values())

    def _own_words(self) -> frozenset[str]:
        """Words of the question as asked; none where the passages are in another language.

        What the vocabulary adds ("green travel non-green travel") chooses no column.
        """
        language = self._passages[0].document.edition.language if self._passages else ""
        if language != self._query.language:
            return frozenset()
        return frozenset(self._stems(self._query.topic, language))

    def _leading_each(self, units: Sequence[tuple[Unit, Passage]]) -> list[Candidate]:
        """What answers each of several things asked for; nothing where one thing is."""
        leading: dict[Span, Candidate] = {}
        for part in self._query.parts:
            best = leading_of(self._rated(units, part)[0])
            if best is not None:
                leading.setdefault(best.unit.span, best)
        return list(leading.values())

    def _may_be_behind(self, candidate: Candidate) -> float:
        """How much less a further unit may be worth; further deadlines of an action matter too."""
        dated = self._query.about_deadline and Asks.DATE in candidate.supplies
        return 2 * BEHIND if dated else BEHIND

    def _gain(
        self,
        candidate: Candidate,
        groups: dict[tuple[str, int], list[Shown]],
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
        if self._is_placed(candidate) and not any(
            self._is_placed(shown.candidate) for group in groups.values() for shown in group
        ):
            gain += LACKING_COUNTRY
        return gain + NEW_PAGE * (page_of(candidate) not in groups)

    def _is_placed(self, candidate: Candidate) -> bool:
        """Whether it is a row with figures of a country that the question names."""
        text = candidate.unit.text
        return (
            candidate.unit.kind is UnitKind.ROW
            and self._named(text)
            and any(map(str.isdigit, text))
        )

    def _units(self) -> list[tuple[Unit, Passage]]:
        units: dict[Span, tuple[Unit, Passage]] = {}
        for passage in self._passages:
            if load_cues().is_instruction(passage.chunk.text):
                continue  # written for an assistant, not for applicants
            for unit in units_of(passage.chunk):
                if not self._presenter.is_label(unit, passage) or self._leads(unit):
                    units.setdefault(unit.span, (unit, passage))
            for unit in self._labels(passage):
                units.setdefault(unit.span, (unit, passage))
        return list(units.values())

    def _leads(self, unit: Unit) -> bool:
        """Whether a line that leads to a list is compared itself: it holds the figure of all."""
        return bool(self._query.compare) and any(map(str.isdigit, unit.text))

    def _labels(self, passage: Passage) -> Iterator[Unit]:
        """The heading and the row label above a passage, where they hold a figure.

        "Quality of project management (maximum score 20 points)" answers more than what it heads.
        """
        chunk, text = passage.chunk, passage.document.text
        lowest = max(0, chunk.span.start - LABEL_CHARS)
        for label in (*chunk.headings[-1:], *chunk.context.splitlines()):
            if CELL_SEPARATOR.strip() in label or len(label.split()) < 2:
                continue
            if self._query.wants and any(map(str.isdigit, label)):
                at = text.rfind(label, lowest, chunk.span.end)
                if at >= 0:
                    span = Span(at, at + len(label))
                    yield Unit(kind=UnitKind.LABEL, span=span, text=label)

    def _tells(self, text: str) -> float:
        asked = holds_fact(text, kinds_wanted(self._query)) or tells_lasting(self._query, text)
        language = self._passages[0].document.edition.language
        held = self._known & set(self._stems(text, language))
        # "Non-Green travel" is not what is asked of green travel.
        denied = self._stems(" ".join(_DENIED.findall(text)), language)
        denies = not self._known.isdisjoint(denied) and not _DENIED.search(self._query.question)
        return len(held) + (20.0 if asked else 0.0) - (0.5 if denies else 0.0)
