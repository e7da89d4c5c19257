"""How much a sentence, list item or table row is worth as an answer to a question.

A sum of few things that can be seen, with weights fitted by cross-validation on which units of
the ten best passages hold a key fact of the development questions (`docs/answers.md` has the
numbers and what each part is worth). Everything is counted per unit; nothing is learned of words:
that is left to what reads the best of them (`assistant.readings`).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.ages import asks_age
from assistant.budget_lines import Budget
from assistant.counted import PARTNERS, PEOPLE, counted_words, share_counted, stated, states_sum
from assistant.facts import (
    Quantity,
    bare_band,
    falls_in,
    find_quantities,
    holds_quantity,
    quantities_of,
)
from assistant.lexicon import fold
from assistant.model import Asks, Part, Passage, Query
from assistant.placed import Placed
from assistant.plain_words import without_plain_words
from assistant.rows import first_cell, heads_above
from assistant.traits import asks_for_reference, asks_for_spare_round, names_some, traits_of
from assistant.unit_weights import (
    ALIKE,
    BAND,
    CONTEXT,
    COUNTED,
    COVER,
    DEADLINE,
    DEFINITION,
    EXAMPLE,
    FACT,
    FIRST,
    FOR_SOME,
    GOES_ON,
    HISTORY,
    LABEL,
    LEAD,
    LENGTH,
    LIMIT,
    LISTED,
    NAME_SHARE,
    NO_ANSWER,
    NO_FACT,
    NO_YEAR,
    OF_CHAPTER,
    OF_PART,
    OTHER_PART,
    PASSAGE,
    POINTS_ELSEWHERE,
    REFERENCE,
    SPARE_ROUND,
    TABLE_NUMBER,
    TERM,
    TERM_OF_PART,
    TITLED,
    UNTOLD_DEADLINE,
    VERDICT,
)
from assistant.units import Unit, UnitKind, defines, units_of
from assistant.vocabulary import said_in_guides
from assistant.wanted import supplied
from assistant.wordings import Words
from corpus.model import ChunkKind, Span

Stems = Callable[[str, str], Sequence[str]]
"""(text, language) → stems, in order; see `corpus.tokens`."""

USUAL_COSINE = 0.85
"""Of a passage and a question that have little to do with each other."""
_IN_TITLES = frozenset({"erasmus", "horizon", "europ", "eu", "guid", "programm", "grant", "educ"})
"""Words of titles that say nothing of what a document is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit of a passage with what is known of it.

    Attributes:
        worth: higher is better; differences are log odds.
        held: words (stems) that it holds. supplies: kinds of fact asked for in it.
        banded: whether its band holds a quantity that the question states; None without a band.
        reading: log odds that it answers, as a reader has it (`assistant.readings`), of which
            `worth` holds what it lacks to the best; None where it was not read.
    """

    unit: Unit
    passage: Passage
    worth: float
    held: frozenset[str]
    supplies: frozenset[Asks]
    banded: bool | None = None
    reading: float | None = None


def rate(
    query: Query,
    units: Sequence[tuple[Unit, Passage]],
    stems: Stems,
    *,
    part: Part | None = None,
) -> tuple[list[Candidate], Words]:
    """Candidates, best first, and the words they were rated by (of the first one's language).

    Args:
        query: as understood.
        units: what can be quoted, each with its passage.
        stems: how words are reduced for comparison.
        part: one of several things asked for, which alone they are to answer.
    """
    if not units:
        return [], Words()
    rater = _Rater(query=query, stems=stems, part=part)
    rated, frequency = rater.rated(units)
    best = max(passage.score for _, passage in units) or 1.0
    by_rank = OF_PART if part is not None else 1.0
    candidates = [
        replace(
            c,
            worth=c.worth + by_rank * (PASSAGE * c.passage.score / best + FIRST / c.passage.rank),
        )
        for c in rated
    ]
    candidates.sort(key=lambda c: (-c.worth, c.passage.rank, c.unit.span))
    return candidates, rater.words(candidates[0].passage, frequency, len(units))


def rate_each(
    query: Query, passages: Sequence[Passage], stems: Stems
) -> dict[str, list[Candidate]]:
    """The units of each passage by chunk id, in their order, wherever the passage was ranked.

    Args:
        query: as understood.
        passages: in any order.
        stems: how words are reduced for comparison.
    """
    units = [(unit, passage) for passage in passages for unit in units_of(passage.chunk)]
    each: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in _Rater(query=query, stems=stems).rated(units)[0]:
        each[candidate.passage.chunk.id].append(candidate)
    return each


class _Rater:
    """Features of units for one question; what is the same for many is kept."""

    def __init__(self, *, query: Query, stems: Stems, part: Part | None = None) -> None:
        if part is not None and (part.wants or part.asks is not Asks.OTHER or len(query.parts) > 1):
            query = replace(query, wants=part.wants, asks=part.asks)
        self._query, self._stems, self._part = query, stems, part
        self._stated = stated(query)
        self._stated_units = frozenset(q.unit for q in self._stated)
        self._placed = Placed(query)
        self._words: dict[str, Words] = {}
        self._counting: dict[str, tuple[frozenset[str], ...]] = {}
        self._contexts: dict[str, frozenset[str]] = {}
        self._titled: dict[str, bool] = {}
        self._cosines: dict[str, dict[Span, float]] = {}
        self._names_some = names_some(query.search_text)
        self._counted = counted_words(part.text if part else query.question)
        self._spare = asks_for_spare_round(query.question)
        self._asks_reference = asks_for_reference(query.search_text)
        self._paid = states_sum(query.question)
        self._verdict = query.asks in (Asks.YES_NO, Asks.OTHER)
        whole = part is not None or len(query.parts) < 2
        self._of_age = whole and asks_age(fold(part.text if part else query.question))
        self._budget = Budget(query, part.text if part else "")

    def rated(self, units: Sequence[tuple[Unit, Passage]]) -> tuple[list[Candidate], Counter[str]]:
        """Units by what they are themselves worth, in their order; in how many a word stands."""
        held = [self._held(unit, passage) for unit, passage in units]
        frequency = Counter(word for words in held for word in words)
        candidates = []
        for (unit, passage), words in zip(units, held, strict=True):
            asked = self.words(passage, frequency, len(units))
            supplies = self.supplies(unit)
            candidate = Candidate(
                unit=unit,
                passage=passage,
                worth=self.worth(unit, passage, words, asked, supplies),
                held=words,
                supplies=supplies,
                banded=self.banded(unit, passage),
            )
            candidates.append(candidate)
        return candidates, frequency

    def _held(self, unit: Unit, passage: Passage) -> frozenset[str]:
        """Words of a unit; the entry of a glossary is about its term, which stands above it."""
        words = frozenset(self.stems_of(unit.text, passage))
        if passage.chunk.kind is ChunkKind.DEFINITION and passage.chunk.headings:
            return words | frozenset(self.stems_of(passage.chunk.headings[-1], passage))
        return words

    def _counts(self, unit: Unit, passage: Passage, asked: Words) -> float:
        """How much of what is to be counted follows a number of the unit, 0…1."""
        language = passage.document.edition.language
        if language not in self._counting:
            texts = (self._counted, PEOPLE, PARTNERS)
            self._counting[language] = tuple(
                frozenset(self.stems_of(text, passage)) for text in texts
            )
        counted, *alike = self._counting[language]
        return share_counted(
            self.stems_of(unit.text.replace("%", " percent"), passage),
            counted=counted,
            alike=alike,
            weights=asked.weights,
            paid=self._paid,
        )

    def stems_of(self, text: str, passage: Passage) -> Sequence[str]:
        return self._stems(text, passage.document.edition.language)

    def words(self, passage: Passage, frequency: Counter[str], total: int) -> Words:
        language = passage.document.edition.language
        if language not in self._words:
            wanted = self._asked_in(
                passage, self._query.topic, *self._said(self._query.terms, passage)
            )
            names = frozenset(self.stems_of(" ".join(self._query.headings), passage))
            own = self._own(passage, wanted)
            added = frozenset(wanted) - frozenset(self._asked_in(passage, self._query.topic))
            by_term = TERM_OF_PART if self._part is not None else 1.0
            self._words[language] = Words(
                {
                    word: math.log(1 + total / (1 + frequency[word]))
                    * (NAME_SHARE if word in names else 1.0)
                    * (1.0 if word in own else OTHER_PART)
                    * (by_term if word in added else 1.0)
                    for word in wanted
                }
            )
        return self._words[language]

    def _own(self, passage: Passage, wanted: Sequence[str]) -> frozenset[str]:
        """Words of the part that is looked for; all of the question's where it has no parts."""
        if self._part is None:
            return frozenset(wanted)
        terms = self._said(self._part.terms, passage)
        return frozenset(self._asked_in(passage, self._part.text, *terms))

    def _said(self, terms: Sequence[str], passage: Passage) -> tuple[str, ...]:
        """What a guide writes for terms; those known across languages are of programmes."""
        edition = passage.document.edition
        known = edition.language == self._query.language or edition.programme
        return said_in_guides(terms, edition.language) if known else ()

    def _asked_in(self, passage: Passage, *texts: str) -> Sequence[str]:
        """Words to look for."""
        return self.stems_of(without_plain_words(" ".join(texts)), passage)

    def supplies(self, unit: Unit) -> frozenset[Asks]:
        return supplied(self._query.wants, traits_of(unit.text), of_age=self._of_age)

    def banded(self, unit: Unit, passage: Passage) -> bool | None:
        """Whether a row's band holds a stated quantity; None for what is no row with a band."""
        if unit.kind is not UnitKind.ROW or not self._stated:
            return None
        bands = [q for q in self._bands(unit, passage) if q.low < q.high]
        if not any(q.unit in self._stated_units for q in bands):
            return None
        return holds_quantity(bands, self._stated)

    def _bands(self, unit: Unit, passage: Passage) -> tuple[Quantity, ...]:
        """Quantities of a row; the unit of a bare range stands in the head of its column."""
        head = first_cell(heads_above(unit.text, passage.chunk))
        return quantities_of(unit.text) or bare_band(first_cell(unit.text), head)

    def worth(
        self,
        unit: Unit,
        passage: Passage,
        held: frozenset[str],
        asked: Words,
        supplies: frozenset[Asks],
    ) -> float:
        traits = traits_of(unit.text)
        context = self._context(passage) - held
        worth = COVER * asked.share(held) + CONTEXT * asked.share(context)
        if unit.lead:
            worth += LISTED if self._query.asks is Asks.LIST else 0.0
            text = passage.document.text_at(unit.lead)
            worth += LEAD * asked.share(frozenset(self.stems_of(text, passage)) - held)
        if self._query.wants:
            in_table = passage.chunk.kind is ChunkKind.TABLE or unit.kind is UnitKind.ROW
            if supplies:
                worth += FACT
            elif in_table and traits.has_digit:
                worth += TABLE_NUMBER
            else:
                worth += NO_FACT
        if self._counted and supplies:
            worth += COUNTED * self._counts(unit, passage, asked)
        if self._stated:
            if self._holds_stated(unit, passage):
                worth += BAND
            elif traits.is_limit and self._limits_stated(unit, passage):
                worth += LIMIT
        figures = bool(self._query.wants or self._stated)
        worth += self._placed.worth(unit, passage, of_figures=figures)
        if supplies and self._is_deadline(passage):
            worth += DEADLINE if passage.document.edition.language == "en" else UNTOLD_DEADLINE
        if passage.named and passage.document.edition.language != self._query.language:
            worth += OF_CHAPTER
        if self._verdict and traits.is_verdict:
            worth += VERDICT
        if defines(unit, passage.chunk):
            worth += DEFINITION
            if self._query.asks is Asks.DEFINITION and self._names_term(passage, asked):
                worth += TERM
        if unit.kind is UnitKind.LABEL:
            asks = unit.text.rstrip().endswith(("?", ";"))
            empty = asks or (self._query.wants and not traits.has_digit)
            worth += NO_ANSWER if empty else LABEL
        if traits.is_example:
            worth += EXAMPLE
        if not supplies and traits.points_elsewhere:
            worth += POINTS_ELSEWHERE
        if self._query.years and passage.document.edition.year is None:
            worth += NO_YEAR
        if traits.is_for_some and not self._names_some:
            worth += FOR_SOME
        worth += self._budget.worth(unit, passage)
        if traits.is_history:
            worth += HISTORY
        if traits.is_reference and not self._asks_reference:
            worth += REFERENCE
        if traits.is_spare_round and self._query.about_deadline and not self._spare:
            worth += SPARE_ROUND
        if traits.goes_on:
            worth += GOES_ON
        if self._is_titled(passage):
            worth += TITLED
        if passage.alike:
            worth += ALIKE * self._alike(unit, passage)
        return worth + LENGTH * traits.length

    def _alike(self, unit: Unit, passage: Passage) -> float:
        """How near a unit is to the question in meaning, against a usual one."""
        chunk = passage.chunk
        if chunk.id not in self._cosines:
            units = units_of(chunk)
            found = zip((each.span for each in units), passage.alike, strict=True)
            self._cosines[chunk.id] = dict(found)
        # A heading above the passage was not compared.
        usual = sum(passage.alike) / len(passage.alike)
        return self._cosines[chunk.id].get(unit.span, usual) - USUAL_COSINE

    def _is_deadline(self, passage: Passage) -> bool:
        """Whether a passage tells the deadline of the action whose deadline is asked for."""
        told = any(retriever == "deadlines" for retriever, _ in passage.found_by)
        return told and self._query.about_deadline

    def _names_term(self, passage: Passage, asked: Words) -> bool:
        """Whether a question names the whole term of a glossary's entry."""
        term = self.stems_of(passage.chunk.headings[-1] if passage.chunk.headings else "", passage)
        return bool(term) and all(word in asked.weights for word in term)

    def _is_titled(self, passage: Passage) -> bool:
        """Whether a question names what a document without a call year is about in its title."""
        document = passage.document
        if document.id not in self._titled:
            title = frozenset(self.stems_of(document.edition.title, passage)) - _IN_TITLES
            told = " ".join((self._query.topic, *self._query.terms))
            named = title & frozenset(self.stems_of(told, passage))
            enough = 3 if self._query.actions else 2
            self._titled[document.id] = document.edition.year is None and len(named) >= enough
        return self._titled[document.id]

    def _holds_stated(self, unit: Unit, passage: Passage) -> bool:
        if unit.kind is UnitKind.ROW:
            return holds_quantity(self._bands(unit, passage), self._stated)
        return falls_in(unit.text, self._stated)

    def _limits_stated(self, unit: Unit, passage: Passage) -> bool:
        """Whether it holds a quantity in a unit in which a question for no figure states one."""
        if self._query.wants or passage.document.edition.language != self._query.language:
            return False
        return any(q.unit in self._stated_units for q in find_quantities(unit.text))

    def _context(self, passage: Passage) -> frozenset[str]:
        key = passage.chunk.id
        if key not in self._contexts:
            self._contexts[key] = frozenset(self.stems_of(passage.above, passage))
        return self._contexts[key]
