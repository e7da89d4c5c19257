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
from corpus.countries import countries_in
from corpus.world import world_in

_OF_A_PLACE = (
    r"universit\w+|hei|college|school|kindergarten|ngo|organi[sz]ation|association|institution|"
    r"club|foundation|company|enterprise|partner|applicant|student|pupil|learner|teacher|trainee|"
    r"participant|municipality|cent(?:er|re)|group|institute|academy|project|exchange|uni|city|"
    r"professor|lecturer|researcher|coach|trainer|team|athlete|volunteer|families|family|"
    r"staff|apprentice|graduate|undergraduate|child(?:ren)?|univ"
)
"""What an adjective places: "in Spanish" says nothing about where somebody is."""


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
    """Tells whether a text names a country that the question names."""
    asked = countries_asked(query)
    return lambda text: bool(asked & world_in(text))
