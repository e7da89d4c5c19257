"""Names as they are written: codes of actions, countries and Erasmus+ in what was searched.

Askers type as they like. Names that are typed with a capital stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from assistant.model import Note
from corpus.accents import unaccented
from corpus.countries import load_countries

_CODE = re.compile(r"\b(?i:ka\d{3}(?:-[a-z]{3}\b)?)(?!\w)|\berasmus(?!\w)")
_GAPS = re.compile(r"[\s\u2010-\u2015-]")


def proper(text: str) -> str:
    """A text with its names as they are written."""
    written = _CODE.sub(lambda found: _code(found[0]), text)
    plain = [_plain(letter) for letter in written]
    at = {begin: place for place, begin in enumerate(accumulate(map(len, plain), initial=0))}
    parts, done = [], 0
    for found in load_countries().folded.find("".join(plain)):
        begin, end = at.get(found.start), at.get(found.end)
        if begin is None or end is None:  # amid a letter that is folded into several
            continue
        parts += [written[done:begin], _country(written[begin:end])]
        done = end
    return "".join(parts) + written[done:]


def notes_with_names(notes: Iterable[Note], searched: str) -> tuple[Note, ...]:
    """Notes, with names as they are written where one says what was searched."""
    if not searched:
        return tuple(notes)
    written = proper(searched)
    return tuple(Note(note.replace(searched, written), note.kind) for note in notes)


def _code(code: str) -> str:
    return code.capitalize() if code == "erasmus" else code.upper()


def _country(name: str) -> str:
    if name != name.lower():
        return name
    return _spelled().get(name) or _spelled().get("".join(map(_plain, name))) or name


@lru_cache(maxsize=1)
def _spelled() -> dict[str, str]:
    """Names of countries by how they are typed without capitals, and without accents besides."""
    names = load_countries().names.values()
    forms = [form for languages in names for each in languages.values() for form in each]
    exact = {form.lower(): form for form in reversed(forms)}
    return {"".join(map(_plain, form)): form for form in reversed(forms)} | exact


def _plain(letter: str) -> str:
    return _GAPS.sub(" ", unaccented(letter.casefold(), "NFKD"))
