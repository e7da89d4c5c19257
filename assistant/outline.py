"""A document seen by its headings: where in one edition does a place of another one lie?

Headings repeat under every action ("Eligibility criteria > When to apply?"), so a word counts for
more the fewer paths of headings have it. What is read of a document is kept for the next question.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from assistant.facts import find_facts, is_band
from assistant.rows import first_cell, heads_above
from assistant.units import Unit, UnitKind, units_of
from assistant.wordings import in_common
from corpus.model import Chunk, ChunkKind, Document

LIKE_PLACES = 0.5
"""Weight of heading words, as a share of all, that two places must have in common."""
CHAPTER = 3
"""Headings down to the chapter: part, key action, action."""
SAME_HEADING = 0.8
"""Weight that the words of two headings must have in common to be the same."""
NEARLY = 0.05
"""Likeness by which another place may be nearer: headings are renamed."""
_NEAREST = 8

Wording = Callable[[str], frozenset[str]]
"""A text to its words (stems) without figures."""
Figure = tuple[Decimal, tuple[int, int, int] | None]
"""A number, and the day where it is a date."""

_NOTE_NUMBER = re.compile(r"^\s*\d{1,3}\s+(?=[^\W\d_])(?![a-zα-ω])")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_FROM_TWO = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_NUMBER_WORDS = {word: Decimal(n) for n, word in enumerate(_FROM_TWO.split(), start=2)}
_WORD = re.compile(r"[^\W\d_]+")


def figures(text: str, *, in_words: bool = True) -> frozenset[Figure]:
    """The numbers and dates of a text; not those of web addresses and of a footnote's begin.

    Args:
        text: of a unit.
        in_words: whether English words for numbers count.
    """
    told = _NOTE_NUMBER.sub("", _ADDRESS.sub(" ", text))
    numbers = {(fact.value, fact.day) for fact in find_facts(told)}
    words = (word.lower() for word in _WORD.findall(told) if in_words)
    return frozenset(numbers | {(_NUMBER_WORDS[w], None) for w in words if w in _NUMBER_WORDS})


def without_dates(text: str) -> str:
    """A text without its dates: the name of a month is as much a figure as the day."""
    for fact in reversed(find_facts(text)):
        if fact.day is not None:
            text = f"{text[: fact.start]} {text[fact.end :]}"
    return text


def row_label(row: str) -> str:
    """What tells a row from others: the band that its first cell names, else that cell's words."""
    label = first_cell(row)
    if is_band(label):
        return "-".join(str(fact.value) for fact in find_facts(label))
    return re.sub(r"\s", "", label).casefold()


@dataclass(frozen=True, slots=True)
class Held:
    """A unit of a place: where it stands, its words, and for a row its label."""

    unit: Unit
    chunk: Chunk
    words: frozenset[str]
    label: str

    @property
    def is_row(self) -> bool:
        """Whether it is the row of a table."""
        return self.unit.kind is UnitKind.ROW


@dataclass(slots=True)
class Place:
    """The chunks of a document under one path of headings; units are read when asked for."""

    path: tuple[str, ...]
    words: frozenset[str]
    chunks: tuple[Chunk, ...]
    _units: tuple[Held, ...] | None = None

    @property
    def is_definition(self) -> bool:
        """Whether it is an entry of a glossary."""
        return all(chunk.kind is ChunkKind.DEFINITION for chunk in self.chunks)

    def units(self, wording: Wording) -> tuple[Held, ...]:
        """What can be quoted here, in order."""
        if self._units is None:
            self._units = tuple(
                hold(unit, chunk, wording) for chunk in self.chunks for unit in units_of(chunk)
            )
        return self._units


def hold(unit: Unit, chunk: Chunk, wording: Wording) -> Held:
    """A unit with what it is compared by."""
    label = row_label(unit.text) if unit.kind is UnitKind.ROW else ""
    return Held(unit, chunk, wording(without_dates(unit.text)), label)


class Outline:
    """The places of one document. Read from one thread or several: what is kept is only added."""

    def __init__(self, document: Document, wording: Wording) -> None:
        """Reads the headings of a document."""
        self.document, self.wording = document, wording
        chunks: dict[tuple[str, ...], list[Chunk]] = defaultdict(list)
        for chunk in document.chunks:
            chunks[chunk.headings].append(chunk)
        self.places = {
            path: Place(path, wording(" ".join(path)), tuple(held)) for path, held in chunks.items()
        }
        self._headings = {h: wording(h) for h in {heading for path in chunks for heading in path}}
        self._with: dict[str, list[Place]] = defaultdict(list)
        for place in self.places.values():
            for word in place.words:
                self._with[word].append(place)
        size = len(self.places)
        self._weights = {w: math.log(1 + size / (1 + len(at))) for w, at in self._with.items()}
        self._rare = math.log(1 + size)
        self._whole = {path: self._weigh(place.words) for path, place in self.places.items()}
        self._nearest: dict[frozenset[str], list[tuple[float, Place]]] = {}
        self._chapters: dict[tuple[str, str], list[Place]] = {}

    def nearest(self, words: frozenset[str]) -> list[tuple[float, Place]]:
        """The places whose headings are most like some words, best first, each with its likeness.

        Args:
            words: of the headings of a place in another edition.
        """
        if words not in self._nearest:
            shared: dict[tuple[str, ...], float] = defaultdict(float)
            for word in words:
                for place in self._with.get(word, ()):
                    shared[place.path] += self._weights[word]
            ours = self._weigh(words)
            rated = (
                (weight / (ours + self._whole[path] - weight), self.places[path])
                for path, weight in shared.items()
            )
            near = [(likeness, place) for likeness, place in rated if likeness >= LIKE_PLACES]
            self._nearest[words] = sorted(near, key=lambda pair: -pair[0])[:_NEAREST]
        return self._nearest[words]

    def is_nearest(self, path: tuple[str, ...], words: frozenset[str]) -> bool:
        """Whether hardly another place is more like some heading words than the one at `path`.

        An action that is new has headings like those of others, which have their own counterparts.
        """
        place = self.places.get(path)
        near = self.nearest(words)
        if place is None or not near:
            return False
        return near[0][0] <= self._likeness(words, place.words) + NEARLY

    def chapter_of(self, path: tuple[str, ...]) -> list[Place]:
        """The places of the chapter (an action's) in which a path of another edition goes on.

        None where the section below the chapter is one that this document has nowhere: it may be
        an action of its own.
        """
        if len(path) <= CHAPTER:
            return []
        chapter, section = path[CHAPTER - 1 : CHAPTER + 1]
        if (chapter, section) not in self._chapters:
            same = self._called(chapter) if self._called(section) else frozenset()
            self._chapters[chapter, section] = [
                place
                for own, place in self.places.items()
                if len(own) >= CHAPTER and own[CHAPTER - 1] in same
            ]
        return self._chapters[chapter, section]

    def _called(self, heading: str) -> frozenset[str]:
        """Headings of this document that say the same as one of another."""
        words = self.wording(heading)
        same = (
            h for h, own in self._headings.items() if self._likeness(words, own) >= SAME_HEADING
        )
        return frozenset(same)

    def _likeness(self, one: frozenset[str], two: frozenset[str]) -> float:
        whole = self._weigh(one | two)
        return self._weigh(one & two) / whole if whole else 1.0

    def _weigh(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._rare) for word in words)


def likeness(ours: Held, theirs: Held, wording: Wording) -> float:
    """How much two units say the same, figures aside: 0…1.

    Rows with one label stand in several tables: their heads tell them apart. A row without its
    like by label is compared by all its words.
    """
    if ours.is_row != theirs.is_row:
        return 0.0
    alike = in_common(ours.words, theirs.words)
    if not ours.is_row:
        return alike
    if ours.label == theirs.label:
        alike = 1.0
    elif any(map(str.isdigit, ours.label + theirs.label)):
        return 0.0  # another band of the same table
    one, two = (wording(heads_above(held.unit.text, held.chunk)) for held in (ours, theirs))
    heads = in_common(one, two) if one or two else 1.0
    return alike * (3 + heads) / 4
