"""Numbers written as words, so that "five partners" cannot stand where the guide says "three"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.lexicon import fold

_VALUES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 50, 100)
_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty "
    "hundred",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente cinquante "
    "cent",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf fünfzehn zwanzig dreißig "
    "fünfzig hundert",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta "
    "cincuenta cien",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici quindici venti trenta "
    "cinquanta cento",
    "pl": "dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście "
    "piętnaście dwadzieścia trzydzieści pięćdziesiąt sto",
    "el": "δύο τρεις τέσσερις πέντε έξι επτά οκτώ εννέα δέκα έντεκα δώδεκα δεκαπέντε είκοσι "
    "τριάντα πενήντα εκατό",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze quinze vinte trinta cinquenta "
    "cem",
    "ro": "două trei patru cinci șase șapte opt nouă zece unsprezece doisprezece cincisprezece "
    "douăzeci treizeci cincizeci sută",
}
_ALSO = {
    "de": {"dreissig": 30},
    "el": {"τρία": 3, "τέσσερα": 4, "εφτά": 7, "οχτώ": 8},
    "pl": {"dwie": 2, "dwóch": 2, "trzech": 3, "czterech": 4, "pięciu": 5, "sześciu": 6},
    "pt": {"duas": 2},
    "ro": {"doi": 2},
}
_VALUE_OF = {
    language: {fold(word): value for word, value in zip(words.split(), _VALUES, strict=True)}
    | {fold(word): value for word, value in _ALSO.get(language, {}).items()}
    for language, words in _WORDS.items()
}
_WORD = re.compile(r"[^\W\d_]+")


def numbers_of(language: str) -> Mapping[str, int]:
    """The number words of a language, folded, from two on; none where it is not known."""
    return _VALUE_OF.get(language, {})


def number_words(text: str, language: str) -> frozenset[int]:
    """Values of the numbers of a text that are written as words, from two on.

    "One" is left out: in most languages it is the article too. A language that is not known has
    none.
    """
    known = _VALUE_OF.get(language, {})
    return frozenset(known[word] for word in _WORD.findall(fold(text)) if word in known)
