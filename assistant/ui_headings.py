"""Headings in capitals as they are quieter to read: with small letters, but for names."""

from __future__ import annotations

import re

from assistant.ui_names import proper

_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"\b(?:PART|ANNEX|ANNEXE|PARTE|PARTIE|STRAND|LOT|OPTION|CLUSTER) $")
_LEAST = 6
"""Letters of a heading; a shorter one may be an abbreviation."""
_ABBREVIATIONS = re.compile(
    "EU|UE|VET|HEIS?|KA|ICT|NGOS?|SMES?|STEM|EEA|EFTA|OECD|PIC|OID|ECTS|EQF|OLS|"
    "EACEA|SALTO|ESC|CERV|DEAR|BIP|FAQ|ID|EMJM|EMDM|MSCA|OCTS?|SELFIE|III?|IV|VII?I?|IX"
)
_NAMES = "Erasmus Mundus Jean Monnet Europe European DiscoverEU Europass Brussels"
_NAMED = {name.casefold(): name for name in _NAMES.split(" ")}


def calm(heading: str) -> str:
    """A heading of Latin capitals with small letters; any other as it is.

    Greek capitals have lost their accents, and German nouns keep theirs; see `in_capitals`.
    """
    if not in_capitals(heading) or not _known("".join(_WORD.findall(heading))):
        return heading
    spoken = proper(_WORD.sub(_word, heading))
    first = next(place for place, sign in enumerate(spoken) if sign.isalpha())
    return spoken[:first] + spoken[first].upper() + spoken[first + 1 :]


def in_capitals(heading: str) -> bool:
    """Whether a heading is all capitals, and more than an abbreviation.

    One that `calm` has to leave so is shown in smaller letters, a little apart: without accents
    its small letters would be misspelt.
    """
    return heading.isupper() and len("".join(_WORD.findall(heading))) >= _LEAST


def _known(letters: str) -> bool:
    return all(sign.isascii() or "À" <= sign <= "ž" for sign in letters) and not (
        set(letters) & set("ÄÖÜẞ")
    )


def _word(match: re.Match[str]) -> str:
    word, before = match[0], match.string[: match.start()]
    after = match.string[match.end() : match.end() + 1]
    beside_a_figure = after.isdigit() or before[-1:].isdigit()
    named = len(word) == 1 and _PART.search(before)
    if _ABBREVIATIONS.fullmatch(word) or beside_a_figure or named:
        return word
    return _NAMED.get(word.casefold(), word.lower())
