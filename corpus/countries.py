"""Which country a text names, in any of the languages of the interface.

The names stand in `countries.toml`. Matching folds case and accents and takes whole words, the
longest name first ("Northern Ireland" is no Ireland). Names of peoples and languages are left
out: "in Spanish" says nothing about where somebody is.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from corpus.accents import unaccented
from corpus.phrases import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """Names of countries.

    Attributes:
        names: by ISO 3166-1 code (Kosovo: XK) and language; the plain name first, then the
            forms that the language bends it into.
        by_name: folded name to code, all languages together.
        folded: finds a folded name in a folded text.
    """

    names: dict[str, dict[str, tuple[str, ...]]]
    by_name: dict[str, str]
    folded: Phrases


@lru_cache(maxsize=1)
def load_countries() -> Countries:
    """Reads the names that come with the package."""
    data = tomllib.loads(files("corpus").joinpath("countries.toml").read_text("utf-8"))
    names = {
        code: {
            language: tuple(forms.split("/"))
            for language, forms in zip(data["languages"], row, strict=True)
        }
        for code, row in data["names"].items()
    }
    by_name = {
        _fold(form): code
        for code, languages in names.items()
        for forms in languages.values()
        for form in forms
    }
    return Countries(names=names, by_name=by_name, folded=Phrases(by_name))


def name_of(code: str, language: str) -> str | None:
    """The plain name of a country in a language; None where it is not known."""
    forms = load_countries().names.get(code, {}).get(language)
    return forms[0] if forms else None


def country_in(text: str) -> str | None:
    """The ISO code of the one country that a text names.

    None where none is named, and where several are: which of them is meant is not ours to guess.
    """
    found = countries_in(text)
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=65_536)
def countries_in(text: str) -> frozenset[str]:
    """The ISO codes of all countries that a text names."""
    countries = load_countries()
    return frozenset(countries.by_name[name.phrase] for name in countries.folded.find(_fold(text)))


def _fold(text: str) -> str:
    plain = unaccented(text.casefold(), "NFKD")
    return re.sub(r"[\s\u2010-\u2015-]+", " ", plain).strip()
