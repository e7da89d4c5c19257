"""Starting points of the empty window: questions that the guides in the library can answer.

Two kinds. Examples come with the product, by kind of asker; one is offered where the newest edition
that would be searched for it, under what the asker has chosen, has the chapter that it asks about.
Where they do not cover a guide, its own headings are asked about.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from assistant.lexicon import fold, load_lexicon
from assistant.model import Filters
from assistant.service import Answering
from assistant.ui_text import FALLBACK, Example, load_examples
from assistant.understanding import understand
from corpus.model import Document
from corpus.records import DocumentRecord

MOST_STARTS = 6
MOST_OF_A_GUIDE = 3
"""Headings asked about of one guide."""
LEAST_CHARS = 400
"""Text under a heading that is asked about."""
LONG_CHARS, LEAST_LONG, MOST_WORDS, MOSTLY = 3, 2, 9, 0.7
"""A heading that is asked about has two words of three letters, nine words at most, few figures."""
SELDOM = 4
"""A word that begins with a capital more than so many times as often as not is a name."""

_NUMBER = re.compile(r"^(?:[\dIVX]+(?:\.\d+)*[.)]?|[^\W\d_]+ [\dA-ZΑ-Ω]+ ?[–—:-])\s+")
_QUESTION = re.compile(r"\?$|[\u0370-\u03ff\u1f00-\u1fff][;\u037e]$")
"""A Greek question ends with what elsewhere is a semicolon."""
_IN_TEXT = re.compile(r"(?<![\w./@])[^\W\d_]+(?!\w)")
"""A word, but not of an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A question to start with, and whose it is: a kind of asker, or the guide it is about."""

    whose: str
    question: str


class Starts:
    """Starting points by language and choices, found once for each state of the library."""

    def __init__(self, service: Answering, messages: Mapping[str, Mapping[str, str]]) -> None:
        """Nothing is read before somebody asks for it.

        Args:
            service: has the library.
            messages: the window's sentences, by language.
        """
        self._service = service
        self._lexicon = load_lexicon()
        self._examples = load_examples()
        self._messages = messages
        self._lock = threading.Lock()
        self._of: tuple[DocumentRecord, ...] = ()
        self._found: dict[tuple[str, Filters], tuple[Start, ...]] = {}
        self._actions_of: dict[str, frozenset[str]] = {}

    def of(
        self, records: Sequence[DocumentRecord], language: str, chosen: Filters | None = None
    ) -> tuple[Start, ...]:
        """Starting points in a language of the window.

        Args:
            records: the documents that can answer, in the order in which they are asked about.
            language: of the window.
            chosen: what goes along with each question; where no document fits, none is offered.

        Raises:
            GuideError: if a document cannot be read, or the library has nothing of what is chosen.
        """
        asked = language, chosen or Filters()
        with self._lock:
            if self._of != tuple(records):
                self._of, self._found, self._actions_of = tuple(records), {}, {}
            if asked not in self._found:
                found = self._find(records, *asked)
                if not found:
                    return ()  # not kept: years that no guide has are as many as there are numbers
                self._found[asked] = found
            return self._found[asked]

    def _find(
        self, records: Sequence[DocumentRecord], language: str, chosen: Filters
    ) -> tuple[Start, ...]:
        text = self._messages[language]
        firsts: dict[str, Start] = {}
        more: list[Start] = []
        covered: set[str] = set()
        for example in self._examples:
            question = example.question(language)
            searched = self._searched(question, records, chosen)
            fitting = {d.id for d in searched if self._fits(example, d)}
            if not fitting:
                continue
            covered |= fitting
            start = Start(whose=text[f"askers.{example.asker}"], question=question)
            if firsts.setdefault(example.asker, start) is not start:
                more.append(start)
        found = (*firsts.values(), *more)
        if len(found) < MOST_STARTS:
            found += self._drawn(records, chosen, text, covered)
        return found[:MOST_STARTS]

    def _drawn(
        self,
        records: Sequence[DocumentRecord],
        chosen: Filters,
        text: Mapping[str, str],
        covered: set[str],
    ) -> tuple[Start, ...]:
        """Questions about headings, from each guide in turn; guides without an example first."""
        # Of each guide the edition that is searched for whoever speaks the language.
        newest = self._searched(text["starting"], records, chosen)
        newest.sort(key=lambda document: document.id in covered)
        own = [self._of_headings(document, text["starts.heading"]) for document in newest]
        return tuple(filter(None, chain.from_iterable(zip_longest(*own))))

    def _searched(
        self, question: str, records: Sequence[DocumentRecord], chosen: Filters
    ) -> list[Document]:
        """The documents in which the answer to a question is looked for."""
        held = [(record.id, record.edition) for record in records]
        query = understand(question, held=held, lexicon=self._lexicon, filters=chosen)
        return [self._service.library.document(of) for of in query.document_ids]

    def _fits(self, example: Example, document: Document) -> bool:
        """Whether a heading of the document names the action that the example asks about.

        Where it asks about none, whether one holds the words that it names. The action is read
        from the English question: not all of its names are known in all languages.
        """
        if document.edition.programme not in (example.programme, None):
            return False
        asked = self._actions(example.question(FALLBACK))
        if asked:
            if document.id not in self._actions_of:
                self._actions_of[document.id] = self._actions(*_headings(document))
            return bool(asked & self._actions_of[document.id])
        words = [fold(word) for word in example.chapter]
        return any(word in fold(head) for head in _headings(document) for word in words)

    def _actions(self, *texts: str) -> frozenset[str]:
        matches = chain.from_iterable(map(self._lexicon.find, texts))
        return frozenset(match.key for match in matches if match.kind == "action")

    def _of_headings(self, document: Document, sentence: str) -> list[Start]:
        return [
            Start(
                whose=document.edition.title,
                question=heading if _QUESTION.search(heading) else sentence.format(heading=heading),
            )
            for heading in telling_headings(document)
        ]


def fits_some(records: Sequence[DocumentRecord], chosen: Filters) -> bool:
    """Whether there is a document of those that are chosen; without any, nothing is amiss."""
    return not records or any(
        chosen.document_id in (None, record.id)
        and chosen.programme in (None, record.edition.programme)
        and chosen.year in (None, record.edition.year)
        and chosen.language in (None, record.edition.language)
        for record in records
    )


def _headings(document: Document) -> set[str]:
    return {head for s in document.sections if not s.navigation for head in s.headings}


def telling_headings(document: Document) -> tuple[str, ...]:
    """Headings worth asking about: a few words, once in the guide, with text below.

    Those that are questions first, then those with the most text.
    """
    below: Counter[tuple[str, ...]] = Counter()
    for section in document.sections:
        if not section.navigation:
            for depth in (1, 2, 3):
                if len(section.headings) >= depth:
                    below[section.headings[:depth]] += len(section.span)
    often = Counter(path[-1] for path in below)
    telling = [
        (path[-1], chars)
        for path, chars in below.items()
        if chars >= LEAST_CHARS and often[path[-1]] == 1 and _telling(path[-1])
    ]
    telling.sort(key=lambda found: (not _QUESTION.search(found[0]), -found[1]))
    return tuple(_spoken(heading, document) for heading, _ in telling[:MOST_OF_A_GUIDE])


def _telling(heading: str) -> bool:
    words = _NUMBER.sub("", heading).split()
    long = sum(len(word) >= LONG_CHARS for word in words)
    letters = sum(character.isalpha() for character in heading)
    return (
        long >= LEAST_LONG
        and len(words) <= MOST_WORDS
        and letters > MOSTLY * len(heading)
        and not heading.endswith(":")
    )


def _spoken(heading: str, document: Document) -> str:
    """Without its number; one in capitals with the letters that the guide's text has."""
    plain = _NUMBER.sub("", heading)
    if not plain.isupper():
        return plain
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for form, count in Counter(_IN_TEXT.findall(document.text)).items():
        if not form.isupper():
            forms[fold(form)][form] += count
    spoken = _IN_TEXT.sub(lambda match: _usual(match[0], forms), plain)
    return spoken[:1].upper() + spoken[1:]


def _usual(word: str, forms: Mapping[str, Counter[str]]) -> str:
    """The form that the text has; one that is seldom without a capital is a name."""
    known = forms.get(fold(word))
    if not known:
        return word
    often = known.most_common(1)[0][0]
    small = max((form for form in known if form.islower()), key=known.__getitem__, default="")
    return small if small and known[small] * SELDOM >= known[often] else often
