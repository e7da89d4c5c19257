"""Countries of the cities that a text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cities import countries_of_cities
from corpus.countries import load_countries


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a training week in Reykjavik", {"IS"}),
        ("from Turin to our university in Kraków", {"IT", "PL"}),
        ("our pupils go to krakow", {"PL"}),
        ("Tagessatz für Personal in Warschau", {"PL"}),
        ("séjour à Athènes", {"GR"}),
        ("un viaje a Múnich", {"DE"}),
        ("κινητικότητα στη Βαρκελώνη", {"ES"}),
        ("hotel in Rome", {"IT"}),
        ("is a split of the grant possible", set()),
        ("a nice essen for reading", set()),
        ("we work for a bern of our own", set()),
        ("Romeo plays in the New Yorker", set()),
    ],
)
def test_cities_are_found_in_the_languages_of_the_interface(text: str, codes: set[str]) -> None:
    assert countries_of_cities(text) == codes


def test_every_code_is_a_country_with_names() -> None:
    from corpus.cities import _cities

    assert set(_cities()[0].values()) <= load_countries().names.keys()


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert countries_of_cities(text) <= load_countries().names.keys()
