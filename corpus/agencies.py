"""Whom an applicant can ask: National Agencies by country and field, and EACEA.

The data stand in `agencies.toml`, with the date when they were put together and a source for each
entry. They are incomplete on purpose: what is not certain is left to the official list.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from corpus.accents import unaccented

FIELDS = ("school", "vet", "higher education", "adult", "youth", "sport")
"""Fields of education by the names that actions and agencies are sorted by."""

_OTHER_CODES = {"EL": "GR", "UK": "GB"}
"""What EU documents write where ISO 3166-1 writes something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that advises applicants and takes applications.

    Attributes:
        name: in the agency's own language.
        country: ISO 3166-1 code; None for EACEA, which works for all.
        fields: those of `FIELDS` that it looks after.
        source: where it says that it is one.
    """

    name: str
    country: str | None
    fields: tuple[str, ...]
    website: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agencies:
    """All that is known.

    Attributes:
        official_list: address of the list that is always complete.
        horizon_contact_points: address of the list of those for Horizon Europe.
        horizon_enquiries: address of the Commission's service for questions about it.
        portal: address of the portal on which most other programmes publish their calls.
        called: what an agency is called by the name of a people, by country.
        eacea: the executive agency, for the actions that are managed centrally.
        dated: when the list here was put together.
    """

    official_list: str
    official_list_source: str
    horizon_contact_points: str
    horizon_enquiries: str
    portal: str
    called: Mapping[str, re.Pattern[str]]
    eacea: Agency
    dated: date
    agencies: tuple[Agency, ...]

    def country_called(self, text: str) -> str | None:
        """The country whose agency a text speaks of by its people: "the Greek agency"."""
        folded = unaccented(text.casefold(), "NFKD")
        return next((code for code, said in self.called.items() if said.search(folded)), None)

    def find(self, country: str | None, field: str | None = None) -> tuple[Agency, ...]:
        """The National Agencies of a country, those of one field where it is named.

        Nothing where the country is None or not covered, or where no agency of that country is
        known for the field: then the official list is the answer.
        """
        if country is None:
            return ()
        code = _OTHER_CODES.get(country.upper(), country.upper())
        return tuple(
            agency
            for agency in self.agencies
            if agency.country == code and (field is None or field in agency.fields)
        )


@lru_cache(maxsize=1)
def load_agencies() -> Agencies:
    """Reads the data that come with the package."""
    data = tomllib.loads(files("corpus").joinpath("agencies.toml").read_text("utf-8"))
    return Agencies(
        official_list=data["official_list"],
        official_list_source=data["official_list_source"],
        horizon_contact_points=data["horizon_contact_points"],
        horizon_enquiries=data["horizon_enquiries"],
        portal=data["portal"],
        called=_called(data["agency_words"]),
        eacea=_agency(data["eacea"]),
        dated=data["dated"],
        agencies=tuple(_agency(entry) for entry in data["agency"]),
    )


def _called(words: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    agency = words["agency"].replace("/", "|")
    return {
        code: re.compile(
            rf"\b(?:{begun})\w*(?:\s\w+)?\s(?:{agency})|"
            rf"\b(?:{agency})\w*(?:\s[\w+]+){{0,2}}\s(?:{begun})"
        )
        for code, begun in ((c, w.replace("/", "|")) for c, w in words.items() if c != "agency")
    }


def _agency(entry: dict[str, object]) -> Agency:
    fields = entry["fields"]
    assert isinstance(fields, list)  # noqa: S101 - the file comes with the package
    return Agency(
        name=str(entry["name"]),
        country=str(entry["country"]) if "country" in entry else None,
        fields=tuple(str(field) for field in fields),
        website=str(entry["website"]),
        source=str(entry["source"]),
    )
