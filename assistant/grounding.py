"""Holds what a language model wrote against the passages it was given, sentence by sentence.

The quotes never come from the model: for each sentence they are chosen here, out of the passages
that it names, as the few sentences, list items or rows that hold its figures and its words. Then
the sentence must pass what every line of an answer must pass (`assistant.citing.verify`), and
more, because its words are not the guide's: no address that the guide does not print, no name of
an action, no number written as a word and no negation that the quotes do not hold, and most of
its words found in them, where guide and sentence are in one language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.citing import Line, cite, verify
from assistant.cues import load_cues
from assistant.denials import turned_round
from assistant.extractive import Draft
from assistant.facts import find_facts, unsupported
from assistant.lexicon import Lexicon
from assistant.model import Citation, Passage, Query
from assistant.number_words import number_words
from assistant.rows import RowReader
from assistant.sentences import Sentence, foreign
from assistant.units import UnitKind, units_of
from assistant.wordings import wording
from assistant.worth import Candidate, Stems, rate
from corpus.language import detect_language
from corpus.model import Document, Span
from corpus.settings import AnswerSettings

MOST_UNITS = 4
"""Sentences, items and rows that one sentence of the model may rest on."""
FIGURE_GAIN = 3.0
"""What a unit gains by holding a figure of the sentence; each other word of it gains 1."""
SHARE_GAIN = 0.25
"""A further unit must add this share of the sentence's words, or a figure."""
WORDS_SHARED, WORDS_SHARED_WITH_FIGURES = 0.5, 0.25
"""Least share of a sentence's words in its quotes and their headings, by whether it has figures
(which all stand in the quotes)."""


class Grounding:
    """An answer as it grows by sentences that stand."""

    def __init__(
        self,
        query: Query,
        passages: Sequence[Passage],
        *,
        stems: Stems,
        lexicon: Lexicon,
        settings: AnswerSettings,
    ) -> None:
        """An empty answer.

        Args:
            query: as understood.
            passages: as numbered for the model, from 1.
            stems: how words are reduced for comparison.
            lexicon: names of actions.
            settings: limits of words and quotes.
        """
        self._stems, self._lexicon, self._settings = stems, lexicon, settings
        self._language = query.language
        self._numbers = {p.chunk.id: number for number, p in enumerate(passages, start=1)}
        self._documents: dict[str, Document] = {p.document.id: p.document for p in passages}
        units = [(unit, passage) for passage in passages for unit in units_of(passage.chunk)]
        # What only leads to a list says nothing without an item of it.
        leads = {unit.lead for unit, _ in units}
        self._candidates = [
            replace(c, held=c.held | self._lead_words(c))
            for c in rate(query, units, stems)[0]
            if c.unit.span not in leads
        ]
        self._rows = RowReader(worth=lambda _: 0.0, named=lambda _: False)
        self._lines: list[Line] = []
        self._texts: set[str] = set()
        self._spans: dict[tuple[str, int], tuple[Span, ...]] = {}
        self._citations: dict[tuple[str, int], Citation] = {}
        self._shown: list[Candidate] = []
        self._removed: Counter[str] = Counter()

    @property
    def removed(self) -> Mapping[str, int]:
        """What did not stand, by reason."""
        return dict(self._removed)

    @property
    def words(self) -> int:
        """Of the answer so far."""
        return sum(len(line.text.split()) for line in self._lines)

    def add(self, sentence: Sentence) -> str | None:
        """The line that a sentence becomes, with markers of the answer; None where it falls.

        Reasons counted besides those of `verify`: `marker` (a number without a passage, the
        sentence may stand all the same), `link`, `instruction`, `support`, `negation`, `action`,
        `limit` (more quotes than an answer may have).
        """
        if not any(c.isalpha() for c in sentence.text) or sentence.text in self._texts:
            return None
        numbers = set(self._numbers.values())
        known = frozenset(n for n in sentence.passages if n in numbers)
        self._count("marker", len(sentence.passages) - len(known))
        support = self._support(sentence.text, known)
        quoted = self._quoted(support)
        reason = self._fault(sentence.text, support, quoted)
        kept = "" if reason else self._keep(sentence.text, support, quoted)
        if not kept:
            self._count(reason or "limit")
        return kept or None

    def draft(self) -> Draft:
        """The answer so far."""
        citations = tuple(self._citations.values())
        return Draft(lines=tuple(self._lines), citations=citations, shown=tuple(self._shown))

    def _count(self, reason: str, times: int = 1) -> None:
        self._removed += Counter({reason: times})

    def _support(self, text: str, known: frozenset[int]) -> tuple[Candidate, ...]:
        """The few units of the named passages that hold most of a sentence, figures first."""
        rest = [c for c in self._candidates if self._numbers[c.passage.chunk.id] in known]
        words = self._words(text, rest[0].passage.document) if rest else frozenset()
        left = words
        chosen: list[Candidate] = []
        while rest and len(chosen) < MOST_UNITS:
            quotes = tuple(c.unit.text for c in chosen)
            missing = len(unsupported(text, quotes))

            def gain(c: Candidate) -> float:
                figures = missing - len(unsupported(text, (*quotes, c.unit.text)))  # noqa: B023
                return FIGURE_GAIN * figures + len(left & c.held)  # noqa: B023

            # Of equals the shorter; then what is worth more to the question, as they are sorted.
            best = max(rest, key=lambda c: (gain(c), -len(c.unit.text.split()) if gain(c) else 0))
            if chosen and gain(best) < max(FIGURE_GAIN / 2, SHARE_GAIN * len(words)):
                break
            chosen.append(best)
            rest.remove(best)
            left -= best.held
        return tuple(chosen)

    def _lead_words(self, candidate: Candidate) -> frozenset[str]:
        lead, document = candidate.unit.lead, candidate.passage.document
        return self._words(document.text_at(lead), document) if lead else frozenset()

    def _words(self, text: str, document: Document) -> frozenset[str]:
        """Words of a sentence to be found in a document, figures left out."""
        return wording(self._stems(text, document.edition.language))

    def _quoted(self, support: Sequence[Candidate]) -> dict[tuple[str, int], tuple[Span, ...]]:
        """What must be quoted, by document and page."""
        spans: dict[tuple[str, int], tuple[Span, ...]] = {}
        for candidate in support:
            unit, document = candidate.unit, candidate.passage.document
            page = document.page_at(unit.span.start)
            row = self._rows.read(document, unit.span) if unit.kind is UnitKind.ROW else None
            needed = row.spans if row else (*((unit.lead,) if unit.lead else ()), unit.span)
            key = (document.id, page.number)
            on_page = (s for s in needed if page.span.start <= s.start < page.span.end)
            spans[key] = (*spans.get(key, ()), *on_page)
        return spans

    def _cited(
        self,
        quoted: Mapping[tuple[str, int], Sequence[Span]],
        numbers: Mapping[tuple[str, int], int],
    ) -> list[Citation] | None:
        """A citation for each page, None where one cannot be verified."""
        citations = []
        for key, spans in quoted.items():
            citation = cite(self._documents[key[0]], sorted(set(spans)), number=numbers[key])
            if citation is None:
                return None
            citations.append(citation)
        return citations

    def _fault(
        self,
        text: str,
        support: Sequence[Candidate],
        quoted: Mapping[tuple[str, int], Sequence[Span]],
    ) -> str:
        """Why a sentence does not stand; "" where it does."""
        if not support:
            return "citation"
        if load_cues().is_instruction(text):
            return "instruction"
        numbers = {key: number for number, key in enumerate(quoted, start=1)}
        citations = self._cited(quoted, numbers)
        if not citations:
            return "quote"
        quotes = tuple(c.quote for c in citations)
        shown = " ".join((*quotes, *(h for c in citations for h in c.headings)))
        if foreign(text, quotes):
            return "link"
        line = Line(text=text, citations=tuple(numbers.values()))
        reasons = verify([line], citations, self._documents).removed
        if reasons:
            return next(iter(reasons))
        if self._actions(text) - self._actions(shown):
            return "action"
        language = self._documents[citations[0].document_id].edition.language
        held = number_words(shown, language) | {int(f.value) for f in find_facts(shown)}
        if number_words(text, self._language) - held:
            return "number"
        if detect_language(text, default=self._language) != language:
            return ""
        if language == "en" and turned_round(text, support[0].unit.text, shown):
            return "negation"
        return "" if self._in_their_words(text, support, shown) else "support"

    def _actions(self, text: str) -> frozenset[str]:
        return frozenset(m.key for m in self._lexicon.find(text) if m.kind == "action")

    def _in_their_words(self, text: str, support: Sequence[Candidate], shown: str) -> bool:
        best = support[0].passage
        context = " ".join((shown, best.chunk.context, best.document.edition.title))
        words = self._words(text, best.document)
        shared = words & self._words(context, best.document)
        least = WORDS_SHARED_WITH_FIGURES if find_facts(text) else WORDS_SHARED
        return not words or len(shared) / len(words) >= least

    def _keep(
        self,
        text: str,
        support: Sequence[Candidate],
        quoted: Mapping[tuple[str, int], tuple[Span, ...]],
    ) -> str:
        """Adds a sentence that stands; "" where it would be a page too many.

        One citation a page, which grows with what is quoted of that page.
        """
        merged = {key: (*self._spans.get(key, ()), *spans) for key, spans in quoted.items()}
        new = [key for key in quoted if key not in self._citations]
        if len(self._citations) + len(new) > self._settings.max_quotes:
            return ""
        numbers = {key: c.number for key, c in self._citations.items()}
        numbers |= {key: len(self._citations) + i for i, key in enumerate(new, start=1)}
        citations = self._cited(merged, numbers)
        if citations is None:
            return ""
        self._spans |= merged
        self._citations |= dict(zip(merged, citations, strict=True))
        self._shown += support
        cited = tuple(numbers[key] for key in quoted)
        self._lines.append(Line(text=text, citations=cited))
        self._texts.add(text)
        return f"{text} " + "".join(f"[{number}]" for number in cited)
