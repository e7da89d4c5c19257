"""The one cleaning of text that comes out of PDFs.

What is changed, and nothing else:

* ligatures (ﬁ, ﬀ, ﬄ, ...) become letters; Unicode is composed (NFC);
* soft hyphens, zero-width characters, control characters and lone surrogates go;
* every white space (no-break, thin, figure space, tab) becomes one plain space;
* bullets from private-use code points of symbol fonts become what they look like ("•", "✓");
* text that was UTF-8 but read as Windows-1252 is read right ("TÃ¼rkiye" is "Türkiye");
* a word broken at a line end is joined (`LineJoiner`); hyphens that belong to the word stay.

No visible character is taken out of a sentence: quotes are verified against other readers of the
same PDF. Footnote references become superscript digits ("points²⁴⁷"), which NFKC turns back.
Cleaning a cleaned text changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_SYMBOL_FONTS = {
    0xF02D: "–", 0xF06C: "•", 0xF06E: "•", 0xF06F: "•", 0xF071: "•", 0xF076: "•",
    0xF09F: "•", 0xF0A7: "•", 0xF0A8: "•", 0xF0AB: "•", 0xF0B7: "•", 0xF0D8: "•",
    0xF0E0: "→", 0xF0E8: "→", 0xF0F0: "→", 0xF0FC: "✓", 0xF0FE: "✓", 0xF0D7: "·",
    0xF0B0: "°", 0xF0B3: "≥", 0xF0A3: "≤", 0xF0AE: "→", 0xF0BB: "≈", 0xF0B9: "≠",
}  # fmt: skip
"""Code points of Symbol and Wingdings as word processors embed them, and what they show."""

_GONE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff"))
_PLAIN = str.maketrans(_LIGATURES) | _SYMBOL_FONTS | _GONE
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# A lead byte of UTF-8 and what may follow it, both as Windows-1252 shows them.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00c5\u00c9\u00cd\u00ce\u00cf\u00d0\u00d1]"
    "[\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2022\u02dc\u2122\u0161\u203a\u0153\u017e\u0178\u2018\u2013\u2014]"
    "|\u00e2\u20ac.|\u00e2\u201a\u00ac|\u00e2[\x80-\xbf]{2}"
)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_URL = re.compile(r"(?:https?://|www\.)\S*[/_=&?.-]\Z", re.IGNORECASE)
_BROKEN_WORD = re.compile(r"([^\W\d_]{2,})[-\u2010]\Z")
_WORD_START = re.compile(r"[^\W\d_]+")
_CONJUNCTIONS = frozenset(
    {"and", "or", "to", "und", "oder", "et", "ou", "y", "e", "o", "oraz", "lub", "en", "of"}
    | {"och", "eller", "og", "ja", "tai", "și", "sau", "és", "vagy", "και", "ή", "ve", "ali"}
)
"""After these a hyphen at a line end stays, with a space: "pre- and post-"."""


@lru_cache(maxsize=65536)
def clean_word(word: str) -> str:
    """Cleans one stretch without white space (white space inside becomes one space)."""
    if word.isascii() and word.isprintable():
        return word
    text, before = word, ""
    while text != before:  # what was read wrong twice needs two turns
        before = text
        text = _MOJIBAKE.sub(_read_again, text)
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text.translate(_PLAIN)))
    if len(text) == 1 and _PRIVATE.match(text):
        return "•"  # a sign of a symbol font that stands alone
    return " ".join(text.split())


def clean_text(text: str) -> str:
    """Cleans running text; line ends stay, blank lines and spaces around them go."""
    lines = (" ".join(filter(None, map(clean_word, line.split()))) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def superscript(digits: str) -> str:
    """Digits as superscript digits, other characters as they are."""
    return digits.translate(_SUPERSCRIPTS)


def _read_again(match: re.Match[str]) -> str:
    wrong = match[0]
    try:
        return wrong.encode("cp1252").decode("utf-8")
    except UnicodeError:
        pass
    try:
        return wrong.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return wrong


class LineJoiner:
    """Decides how the end of one line and the start of the next are joined.

    Whether a hyphen at a line end belongs to the word is looked up in the document itself: the
    form that occurs elsewhere wins; where neither does, the habit of the document.

    Args:
        words: all words of the document, cleaned.
        broken: the (last word, first word) of consecutive lines where the last ends in a hyphen.
    """

    def __init__(self, words: Iterable[str], broken: Iterable[tuple[str, str]] = ()) -> None:
        self._forms = {form.casefold().strip(".,;:!?()[]\"'“”‘’") for form in words}
        votes = [self._known(a, b) for a, b in broken]
        self._habit = votes.count(False) > votes.count(True)

    def _known(self, last: str, first: str) -> bool | None:
        """True: the hyphen is known to belong there; False: the word is known without it."""
        before, after = _BROKEN_WORD.search(last), _WORD_START.match(first)
        if not before or not after:
            return None
        head = last[: before.start()].lstrip("([\"'“‘").casefold() + before[1].casefold()
        tail = after[0].casefold()
        if f"{head}-{tail}" in self._forms:
            return True
        if f"{head}{tail}" in self._forms:
            return False
        return None

    def join(self, before: str, after: str) -> str:
        """Two stretches of cleaned text as one."""
        if not before or not after:
            return before + after
        last, first = before.rsplit(None, 1)[-1], after.split(None, 1)[0]
        if last[-1] not in "-\u2010":
            return f"{before}{after}" if _URL.search(last) else f"{before} {after}"
        if len(last) == 1 or first.casefold().strip(",") in _CONJUNCTIONS:
            return f"{before} {after}"
        if not (first[0].isalnum() and last[-2].isalnum()):
            return f"{before} {after}"
        if not _BROKEN_WORD.search(last) or not first[0].islower():
            return f"{before}{after}"
        belongs = self._known(last, first)
        if belongs is None:
            belongs = not self._habit
        return f"{before}{after}" if belongs else f"{before[:-1]}{after}"
