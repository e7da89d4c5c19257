"""Contacts: agencies by country and field, and countries as questions name them."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from datetime import date
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from corpus.agencies import FIELDS, load_agencies
from corpus.countries import country_in, load_countries

LANGUAGES = ("en", "fr", "de", "es", "it", "pl", "el", "pt", "ro")


def test_an_agency_is_found_by_country_and_field() -> None:
    agencies = load_agencies()
    assert [agency.website for agency in agencies.find("DE", "vet")] == ["https://www.na-bibb.de"]
    assert len(agencies.find("DE", None)) == 4
    assert agencies.find("de") == agencies.find("DE", None)
    assert agencies.find("EL", "school") == agencies.find("GR", "school") != ()


def test_what_is_not_certain_is_left_to_the_official_list() -> None:
    agencies = load_agencies()
    assert agencies.find(None, "vet") == ()
    assert agencies.find("DE", "sport") == ()
    assert agencies.find("JP", None) == ()
    assert urlsplit(agencies.official_list).hostname == "erasmus-plus.ec.europa.eu"
    assert agencies.eacea.country is None


def test_every_agency_has_a_known_country_known_fields_a_site_and_a_source() -> None:
    agencies = load_agencies()
    known = load_countries().names
    assert date(2026, 1, 1) <= agencies.dated
    covered: dict[tuple[str, str], list[str]] = defaultdict(list)
    for agency in agencies.agencies:
        assert agency.country in known
        assert urlsplit(agency.website).scheme in ("http", "https")
        assert agency.source
        assert agency.fields
        for field in agency.fields:
            assert field in FIELDS
            covered[agency.country, field].append(agency.name)
    assert not {key: names for key, names in covered.items() if len(names) > 1}


def test_fields_are_called_as_the_actions_call_them() -> None:
    data = tomllib.loads(files("assistant").joinpath("data/actions.toml").read_text("utf-8"))
    assert {entry["name"] for entry in data["field"]} == set(FIELDS)


def test_every_country_has_a_name_in_every_language_of_the_interface() -> None:
    names = load_countries().names
    assert len(names) >= 33
    owners: dict[str, set[str]] = defaultdict(set)
    for code, languages in names.items():
        assert tuple(languages) == LANGUAGES
        for forms in languages.values():
            for form in forms:
                assert form == form.strip() != ""
                assert country_in(form.upper()) == code, form
                owners[form].add(code)
    assert not {form: codes for form, codes in owners.items() if len(codes) > 1}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Who is the National Agency in Türkiye?", "TR"),
        ("which agency in the netherlands do I call", "NL"),
        ("À qui s'adresser aux Pays-Bas ?", "NL"),
        ("Wer ist in Österreich zuständig?", "AT"),
        ("¿Quién me ayuda en España?", "ES"),
        ("Kto pomaga we Włoszech?", "IT"),
        ("Ποια είναι η εθνική μονάδα στην Ελλάδα;", "GR"),
        ("Cine răspunde în România?", "RO"),
        ("A school in Northern Ireland", "GB"),
        ("Can I apply in Spanish?", None),
        ("A school on a Greek island", None),
        ("Partners from Italy and Spain", None),
        ("Germanys, Francese, Australia", None),
        ("", None),
    ],
)
def test_the_country_of_a_question(text: str, code: str | None) -> None:
    assert country_in(text) == code
