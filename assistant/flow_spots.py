"""The ends of a flow as a guide lists them: in the programme, or in a region of third countries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.flow_rows import Told
from assistant.flows import End
from assistant.listed import how_listed, name_of
from assistant.messages import Messages
from assistant.standing import Place, Places
from corpus.language import DEFAULT
from corpus.model import Document
from corpus.world import regions_of, world_in

MOST_COUNTRIES = 2
"""Of one end; who names more asks for more than a row."""
AS_PROGRAMME = frozenset({"13", "14"})
"""Regions of third countries to which students go as within the programme."""
ONLY_RECEIVING = r"are only receiving countries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where somebody is or goes: a country, or what is said in place of one.

    Attributes:
        programme: whether it is of the programme, as what is not told is taken to be.
        code: of a country. key: by which the guide lists it. name: what it is called.
        region: of third countries. group: of countries, by living costs.
    """

    programme: bool
    code: str = ""
    key: str = ""
    name: str = ""
    place: Place | None = None
    region: str = ""
    group: str = ""

    @property
    def told(self) -> bool:
        """Whether the question tells it."""
        return bool(self.code or self.region or self.group)

    @property
    def listed(self) -> bool:
        """Whether the guide lists the country under a name that is its own alone."""
        return self.place is not None and world_in(self.name) == {self.code}


def spots_of(end: End, document: Document, places: Places) -> list[Spot] | None:
    """The places of an end; None where one is not listed anywhere, or there are too many."""
    if end.group:
        return [Spot(programme=True, group=end.group)]
    if max(len(end.countries), len(end.regions)) > MOST_COUNTRIES:
        return None
    if not end.countries:
        return [Spot(programme=False, region=r) for r in sorted(end.regions)] or [
            Spot(programme=True)
        ]
    spots = [_spot(code, document, places) for code in sorted(end.countries)]
    found = [spot for spot in spots if spot is not None]
    return found if len(found) == len(spots) else None


def _spot(code: str, document: Document, places: Places) -> Spot | None:
    key = code if code in places.by_key else _key(code, places)
    place = places.by_key.get(key)
    if place is None or not place.row:
        regions = regions_of(frozenset({code}))
        alone = next(iter(regions)) if len(regions) == 1 else ""
        return Spot(programme=False, code=code, region=alone) if alone else None
    return Spot(
        programme=place.in_programme,
        code=code,
        key=key,
        name=name_of(document, key, place, DEFAULT),
        place=place,
        region=place.region.rstrip("ab"),
    )


def _key(code: str, places: Places) -> str:
    """The key of a far country, by the name that the guide lists."""
    names = places.names.items()
    return next((key for name, key in names if code in world_in(name.title())), code)


def how_placed(spot: Spot, document: Document, messages: Messages) -> Iterator[Told]:
    """How the guide lists a country."""
    if spot.place is not None and spot.listed:
        said = how_listed(document, spot.key, spot.place, DEFAULT, messages)
        yield said, spot.place.row
