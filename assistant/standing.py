"""How a guide lists countries: Member State, associated to the programme, or not, by region.

Which country may take part as what changes from edition to edition, so nothing is known here but
what the guide at hand lists: its two headings, the labels of its rows, the names in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.lexicon import fold
from assistant.model import Passage
from corpus.countries import countries_in, load_countries
from corpus.language import DEFAULT
from corpus.model import CELL_SEPARATOR, Chunk, ChunkKind, Document, Span

_TAKE_PART = "eu member states and third countries associated to the programme"
_OTHERS = "third countries not associated to the programme"
_REGION = re.compile(r"\bregion (\d{1,2})\b")
_HALF = re.compile(r"(?:^|\s)([ab])\)\s")
_NOISE = re.compile(r"[*⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_HIGH_INCOME = re.compile(r"^high income countries(?: and territories)?[,:\s]*", re.IGNORECASE)
FEWEST_MEMBERS = 20
"""A list of Member States with fewer was not read whole, and then nothing is known."""


class Standing(StrEnum):
    """What a guide calls a country."""

    MEMBER = "member"
    ASSOCIATED = "associated"
    THIRD = "third"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country as a guide lists it.

    Attributes:
        region: of a third country, as rules name it ("1", "5a"); "" for the others.
        row: where the guide lists it: the label of the region, if it has one, and the name.
    """

    standing: Standing
    region: str = ""
    row: tuple[Span, ...] = ()

    @property
    def in_programme(self) -> bool:
        """Whether it is a Member State or associated to the programme."""
        return self.standing is not Standing.THIRD


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The countries that one guide lists: places by key, keys by folded name.

    A key is the ISO code where `corpus.countries` knows the country, else its folded name.

    Attributes:
        heads: the passages that head the list of those in the programme (True) and of others.
    """

    by_key: Mapping[str, Place] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[bool, Chunk] = field(default_factory=dict)


def guide_that_lists(passages: Sequence[Passage]) -> tuple[Document, Places] | None:
    """The first guide of some passages whose lists of countries can be read, and these.

    Args:
        passages: as ranked; guides in English with a call year are looked at.
    """
    for document in {p.document.id: p.document for p in passages}.values():
        if document.edition.language == DEFAULT and document.edition.year is not None:
            places = read_places(document)
            if places.by_key:
                return document, places
    return None


def read_places(document: Document) -> Places:
    """The countries that a guide lists; none where its lists cannot be read whole."""
    places: dict[str, Place] = {}
    names: dict[str, str] = {}
    heads: dict[bool, Chunk] = {}
    for chunk in document.chunks:
        heading = fold(chunk.headings[-1]) if chunk.headings else ""
        takers, others = heading == _TAKE_PART, heading == _OTHERS
        if chunk.kind is ChunkKind.TEXT and (takers or others):
            heads.setdefault(takers, chunk)
        elif chunk.kind is ChunkKind.TABLE and takers:
            _read_takers(chunk, places)
        elif chunk.kind is ChunkKind.TABLE and others:
            _read_regions(chunk, places, names)
    members = sum(place.standing is Standing.MEMBER for place in places.values())
    if members < FEWEST_MEMBERS:
        return Places()
    return Places(by_key=places, names=names, heads=heads)


def _read_takers(chunk: Chunk, places: dict[str, Place]) -> None:
    label = fold(_NOISE.sub("", chunk.context))
    if label.startswith("member states of the european union"):
        standing = Standing.MEMBER
    elif label.startswith("third countries associated"):
        standing = Standing.ASSOCIATED
    else:
        return
    for code in countries_in(_NOISE.sub("", chunk.text)):
        places[code] = Place(standing=standing, row=(*_label(chunk), *_names_in(chunk, code)))


def _label(chunk: Chunk) -> Iterator[Span]:
    """The label above a list, where the list does not go on from another page."""
    label = _NOISE.sub("", chunk.text.partition("\n")[0])
    if chunk.context and label == _NOISE.sub("", chunk.context):
        yield Span(chunk.span.start, chunk.span.start + len(label))


def _names_in(chunk: Chunk, code: str) -> Iterator[Span]:
    """Where a list has a country's name."""
    for form in load_countries().names[code]["en"]:
        at = re.search(rf"\b{re.escape(form)}\b", chunk.text)
        if at is not None:
            yield Span(chunk.span.start + at.start(), chunk.span.start + at.end())
            return


def _read_regions(chunk: Chunk, places: dict[str, Place], names: dict[str, str]) -> None:
    start = chunk.span.start
    for line in chunk.text.split("\n"):
        label, bar, listed = line.partition(CELL_SEPARATOR)
        region = _REGION.search(fold(label))
        if bar and region:
            halves = _HALF.split(listed)
            # "a) X, Y b) Z" splits into ["", "a", "X, Y", "b", "Z"], a plain list into itself.
            parts = zip(("", *halves[1::2]), (halves[0], *halves[2::2]), strict=True)
            for half, text in parts:
                for name in _listed(text):
                    codes = countries_in(name)
                    key = next(iter(codes)) if len(codes) == 1 else fold(name)
                    at = start + line.index(name, len(label))
                    row = (Span(start, start + len(label)), Span(at, at + len(name)))
                    place = Place(standing=Standing.THIRD, region=region[1] + half, row=row)
                    places.setdefault(key, place)
                    names.setdefault(fold(name), key)
        start += len(line) + 1


def _listed(text: str) -> list[str]:
    """Names of a list as written, without footnote references."""
    names = _HIGH_INCOME.sub("", _NOISE.sub(",", text).strip(" ,")).split(",")
    return [name.strip(" .:") for name in names if name.strip(" .:")]


ALL_REGIONS = frozenset(f"{n}{half}" for n in range(1, 15) for half in ("", "a", "b"))


@dataclass(frozen=True, slots=True)
class Area:
    """Countries that a rule counts: those of the programme, third countries of some regions."""

    programme: bool = True
    regions: frozenset[str] = frozenset()

    def holds(self, place: Place) -> bool | None:
        """Whether a country counts; None where the guide lists it less finely than the rule."""
        if place.in_programme:
            return self.programme
        number = place.region.rstrip("ab")
        if place.region in self.regions or number in self.regions:
            return True
        split = {f"{number}a", f"{number}b"} & self.regions
        return None if split and place.region == number else False


PROGRAMME = Area()
ANYWHERE = Area(regions=ALL_REGIONS)
THIRD = Area(programme=False, regions=ALL_REGIONS)
