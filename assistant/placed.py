"""What the countries that a question names say of a unit (`assistant.worth`)."""

from __future__ import annotations

from assistant.model import Passage, Query
from assistant.peoples import countries_asked
from assistant.rows import heads_above
from assistant.unit_weights import COUNTRY, COUNTRY_ABOVE, REGION
from assistant.units import Unit, UnitKind
from corpus.world import regions_in, regions_of, world_in

MANY_COUNTRIES = 8
"""A text that names more of them lists them."""


class Placed:
    """The countries of one question, and the regions of third countries in which they lie."""

    def __init__(self, query: Query) -> None:
        self._countries = countries_asked(query)
        self._regions = regions_of(self._countries)

    def worth(self, unit: Unit, passage: Passage, *, of_figures: bool) -> float:
        """What is added for the countries and regions that a unit names, in log odds.

        Args:
            unit: to be rated.
            passage: that it is of.
            of_figures: whether the question asks for a figure or states one. Where it does not,
                that a long list of countries has the one asked about says nothing.
        """
        if not self._countries:
            return 0.0
        named = world_in(unit.text)
        if self._countries & named and (of_figures or len(named) <= MANY_COUNTRIES):
            return COUNTRY
        if self._regions & regions_in(unit.text):
            return REGION
        if self._countries & _countries_above(unit, passage):
            return COUNTRY_ABOVE
        return 0.0


def _countries_above(unit: Unit, passage: Passage) -> frozenset[str]:
    """Countries that the heads above a row with figures name."""
    if unit.kind is not UnitKind.ROW or not any(map(str.isdigit, unit.text)):
        return frozenset()
    return world_in(heads_above(unit.text, passage.chunk))
