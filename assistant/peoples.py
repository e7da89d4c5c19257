"""Countries that a question names: by name, by the people of an organisation, by a city."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from assistant.lexicon import fold
from assistant.model import Asks, Query
from corpus.cities import countries_of_cities
from corpus.countries import countries_in, name_of
from corpus.language import DEFAULT
from corpus.world import NEIGHBOURS, regions_in, regions_of, world_in

_OF_A_PLACE = (
    r"universit\w+|hei|college|school|kindergarten|ngo|organi[sz]ation|association|institution|"
    r"club|foundation|company|enterprise|partner|applicant|student|pupil|learner|teacher|trainee|"
    r"participant|municipality|cent(?:er|re)|group|institute|academy|project|exchange|uni|city|"
    r"professor|lecturer|researcher|coach|trainer|team|athlete|volunteer|families|family|"
    r"staff|apprentice|graduate|undergraduate|child(?:ren)?|univ"
)
"""What an adjective places: "in Spanish" says nothing about where somebody is."""
LABEL_CHARS = 120
"""What is longer is no label of a row, figures included."""


@lru_cache(maxsize=1)
def peoples() -> tuple[dict[str, str], dict[str, str]]:
    """ISO codes by adjective, and the names that guides list by other names."""
    raw = tomllib.loads(files("assistant").joinpath("data/peoples.toml").read_text("utf-8"))
    also = {
        fold(other): name for name, others in raw["also"].items() for other in others.split("/")
    }
    adjectives = {
        adjective: code
        for code, forms in raw["adjectives"].items()
        for adjective in forms.split("/")
    }
    return adjectives, also


@lru_cache(maxsize=1)
def _placed() -> re.Pattern[str]:
    return re.compile(
        rf"\b({'|'.join(peoples()[0])})\s+(?!language\b)(?:[\w-]+\s+){{0,2}}"
        rf"(?:{_OF_A_PLACE})s?\b",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1024)
def countries_named(text: str) -> frozenset[str]:
    """ISO codes of the countries that a text names, "a Greek school" included."""
    placed = (peoples()[0][adjective.lower()] for adjective in _placed().findall(text))
    return countries_in(text) | frozenset(placed)


def countries_asked(query: Query) -> frozenset[str]:
    """Those of the question; of a follow-up that names none, those of the turns before.

    Cities stand for their countries here, where the rows of tables are chosen, and nowhere else:
    what an asker says of countries decides conditions.
    """
    text = query.told if Asks.AMOUNT in query.wants else query.question
    return countries_placed(text) or (
        countries_placed(query.topic) if query.follow_up else frozenset()
    )


def countries_placed(text: str) -> frozenset[str]:
    """ISO codes of the countries that a text names, or places somebody in."""
    return countries_named(text) | world_in(text) | countries_of_cities(text)


def names_asked_country(query: Query) -> Callable[[str], bool]:
    """Tells whether a text names a country that the question names.

    Third countries are also named by their regions, in labels as short as those of rows:
    "Neighbouring third countries not associated to the Programme".
    """
    asked = countries_asked(query)
    regions = regions_of(asked)

    def names(text: str) -> bool:
        if asked & world_in(text):
            return True
        return bool(regions) and len(text) <= LABEL_CHARS and bool(regions & regions_in(text))

    return names


def countries_added(query: Query, language: str) -> list[str]:
    """What guides in a language call the countries that a question means and does not name.

    Those of its cities; and where an amount is asked for, of English guides, what their tables
    of rates call third countries.
    """
    placed = countries_asked(query)
    named = countries_named(query.question) | world_in(query.question)
    added = [name for code in sorted(placed - named) if (name := name_of(code, language))]
    regions = regions_of(placed)
    if language == DEFAULT and regions and Asks.AMOUNT in query.wants:
        near = "Neighbouring third" if regions <= NEIGHBOURS else "Third"
        added.append(f"{near} countries not associated to the Programme")
    return added
