"""Countries of the cities that a text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cities import countries_of_cities
from corpus.countries import load_countries
from corpus.world import far_countries, regions_in, regions_of, world_in

COUNTRIES = load_countries().names.keys() | far_countries()


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
        ("daily rate copenhagen youth exchange", {"DK"}),
        ("between Cork and Bologna", {"IE", "IT"}),
        ("a semester at the University of Reading", {"GB"}),
        ("Reading the guide, is Nice weather eligible?", set()),
        ("Wir gehen essen, das Essen ist frei", set()),
        ("two weeks in Nice", {"FR"}),
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

    assert set(_cities().of.values()) <= COUNTRIES


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert countries_of_cities(text) <= COUNTRIES


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("socios de Kenia y Albania", {"KE", "AL"}),
        ("parceiros de Moçambique e Angola", {"MZ", "AO"}),
        ("uczelnia z Tunezji", {"TN"}),
        ("συνεργάτες από την Τυνησία", {"TN"}),
        ("a school in jordan", set()),  # small letters: a name, perhaps
        ("a school in Jordan", {"JO"}),
        ("non mali ma bene", set()),
        ("partners in Mali", {"ML"}),
    ],
)
def test_countries_far_away_are_known(text: str, codes: set[str]) -> None:
    assert world_in(text) == codes


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("Projects targeting Region 9 (Sub-Saharan Africa)", {"9"}),
        ("third countries in Regions 1 to 3", {"1", "2", "3"}),
        ("Regions 1-2, 5a and 14", {"1", "2", "5", "14"}),
        ("organisations of the Western Balkans", {"1"}),
        ("οργανισμοί της Περιφέρειας 9", {"9"}),
        ("in 9 regions", set()),
        ("Neighbouring third countries not associated to the Programme", {"1", "2", "3", "4"}),
        ("Γειτονικές τρίτες χώρες που δεν είναι συνδεδεμένες", {"1", "2", "3", "4"}),
    ],
)
def test_regions_are_read(text: str, regions: set[str]) -> None:
    assert regions_in(text) == regions


def test_third_countries_lie_in_regions() -> None:
    assert regions_of(frozenset({"KE", "AL", "DE"})) == {"1", "9"}
