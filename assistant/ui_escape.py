"""Text as it must appear in the window, whatever stands in it."""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^a-zA-Z0-9 \n.,;()/%?-]")
_GROUPS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_MONEY = re.compile(r"(?<=\d) (?=(?:EUR|€|%|km)(?!\w))|(?:(?<=\bEUR)|(?<=€)) (?=\d)")
_SIGN = re.compile(r"(?<=\S) (?=[:;!?»%](?:[\s.,;:)]|$))|(?<=«) (?=\S)")
_DATE = re.compile(r"(?<!\d)\d{1,2}\.?(?: de)? [^\W\d_]{3,12}(?: de)? (?:19|20)\d\d(?!\d)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def escaped(text: str) -> str:
    """Text as it must appear, letter by letter, in HTML and in Markdown.

    Signs that neither reads as markup stay; every other one becomes a character reference.
    Control characters and halves of surrogate pairs become U+FFFD.
    """
    clean = _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNSAFE.sub(_reference, clean).replace("\n", " ")


def _reference(match: re.Match[str]) -> str:
    character = match[0]
    plain = ord(character) > 127 and character.isprintable()
    return character if plain else f"&#{ord(character)};"


def unbroken(text: str) -> str:
    """The same with numbers held together with what they count: "60 000 EUR".

    So are dates, "5 March 2026", and signs; see `with_signs`.
    """
    held = with_signs(_MONEY.sub("\u00a0", _GROUPS.sub("\u00a0", text)))
    return _DATE.sub(lambda date: date[0].replace(" ", "\u00a0"), held)


def with_signs(text: str) -> str:
    """The same with signs held by what they stand at, which French parts: "grants : two"."""
    return _SIGN.sub("\u00a0", text)


def before_mark(text: str) -> str:
    """Escaped text before the marker of its source, which stands on no line of its own."""
    return escaped(f"{text.rstrip()}\u00a0" if text.strip() else text)


def heading(text: str) -> str:
    """The name of a part of an answer."""
    return f"<h2>{escaped(text)}</h2>"
