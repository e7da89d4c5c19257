"""Which language a text is in. The only home of py3langid."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

LANGUAGES = (
    "en", "bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it",
    "lt", "lv", "mk", "mt", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sr", "sv", "tr",
    "ar", "he", "hi", "hy", "ja", "ka", "ko", "ru", "th", "uk", "zh",
)  # fmt: skip
"""BCP-47 codes that are told apart: the languages of countries that take part in EU programmes, and
those of partners all over the world that a script of their own (or Cyrillic) sets apart."""

DEFAULT = "en"

MIN_PROBABILITY = 0.5
"""A guess below this is no guess: short questions full of action names look like any language."""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def detect_language(text: str, *, default: str = DEFAULT) -> str:
    """The language of a text as one of `LANGUAGES`.

    Args:
        text: any length; a page of a document or a question of three words.
        default: what an undecided text counts as.
    """
    if not any(character.isalpha() for character in text):
        return default
    code, probability = _identifier().classify(text[:10_000])
    return str(code) if probability >= MIN_PROBABILITY else default
