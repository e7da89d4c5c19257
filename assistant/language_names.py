"""Languages as their speakers call them, in the order in which people look for them."""

from __future__ import annotations

import unicodedata

_OWN = {
    "ar": "العربية",
    "az": "azərbaycanca",
    "be": "беларуская",
    "bg": "български",
    "bs": "bosanski",
    "ca": "català",
    "cnr": "crnogorski",
    "cs": "čeština",
    "cy": "Cymraeg",
    "da": "dansk",
    "de": "Deutsch",
    "el": "ελληνικά",
    "en": "English",
    "es": "español",
    "et": "eesti",
    "eu": "euskara",
    "fa": "فارسی",
    "fi": "suomi",
    "fr": "français",
    "ga": "Gaeilge",
    "gl": "galego",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "hrvatski",
    "hu": "magyar",
    "hy": "հայերեն",
    "is": "íslenska",
    "it": "italiano",
    "ja": "日本語",
    "ka": "ქართული",
    "ko": "한국어",
    "ku": "kurdî",
    "lb": "Lëtzebuergesch",
    "lt": "lietuvių",
    "lv": "latviešu",
    "mk": "македонски",
    "mt": "Malti",
    "nb": "norsk bokmål",
    "nl": "Nederlands",
    "nn": "norsk nynorsk",
    "no": "norsk",
    "pl": "polski",
    "pt": "português",
    "ro": "română",
    "ru": "русский",
    "sk": "slovenčina",
    "sl": "slovenščina",
    "sq": "shqip",
    "sr": "српски",
    "sv": "svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "українська",
    "zh": "中文",
}


def own_name(code: str) -> str:
    """A language by its own name, with its region where the code has one; else the code."""
    language, _, region = code.lower().partition("-")
    if language not in _OWN:
        return code.upper()
    return f"{_OWN[language]} ({region.upper()})" if region else _OWN[language]


def in_reading_order(name: str) -> tuple[bool, str]:
    """A key to sort names by: Latin letters first, accents and capitals alike."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    latin = unicodedata.name(plain[:1], "LATIN").startswith("LATIN")
    return not latin, plain.casefold()
