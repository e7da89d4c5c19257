"""The one rule that decides "this quote stands verbatim on this page".

Two texts are compared after `comparable`, which takes away only what differs between readers of
the same PDF and never a visible sign:

* Unicode compatibility forms (NFKC: ligatures, full-width and superscript forms, no-break and
  thin spaces), then case;
* the many forms of quotation marks and apostrophes, each to its plain form;
* soft hyphens, zero-width and direction marks, all white space, and all hyphens and dashes
  (whether a hyphen at a line end belongs to the word is a reader's guess).

A quote is split at `CELL_SEPARATOR` and `ELLIPSIS`; each piece must stand on the page as one
contiguous stretch. A number is never cut: "20 000" does not stand in "120 000", nor "5" in "15",
"5.1" or "5 000". Nothing fuzzier than this exists in the product.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress

from corpus.model import CELL_SEPARATOR, ELLIPSIS, Span

_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u00b4`\u02bc"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\uf02d"
_INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero width
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # direction
)

_PLAIN = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'")
    | dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_HYPHENS + _INVISIBLE)
)
_PIECES = re.compile(rf"\s{re.escape(CELL_SEPARATOR.strip())}\s|\s{re.escape(ELLIPSIS.strip())}\s")
_EDGE_MARKS = f" \t\n{CELL_SEPARATOR.strip()}{ELLIPSIS.strip()}•▪◦●○■□‣·"
"""Also bullets: symbol fonts give readers different signs for the same one."""
# A figure goes on before or after a piece: another digit, a decimal part, a group of thousands.
_NUMBER_BEFORE = re.compile(r"\d[.,]?\Z|(?<!\d)\d{1,3}[^\S\n]\Z")
_NUMBER_AFTER = re.compile(r"\d|[.,]\d|[^\S\n]\d{3}(?!\d)")
_GROUP_AT_START = re.compile(r"\d{3}(?!\d)")
_GROUP_AT_END = re.compile(r"(?<!\d)\d{1,3}\Z")


def comparable(text: str) -> str:
    """The form in which quotes and pages are compared; see the module for the rule.

    Idempotent, and the form of a text is the form of its characters (with their combining
    marks) one after the other.
    """
    return "".join(_fold(cluster) for _, cluster in _clusters(text))


def pieces(quote: str) -> tuple[str, ...]:
    """The contiguous pieces of a quote: its cells, and what stands between left-out words.

    Bullets at the edges of a piece are no part of it. Pieces without any comparable sign (an
    empty cell, a lone dash) are left out.
    """
    stripped = (piece.strip(_EDGE_MARKS) for piece in _PIECES.split(quote))
    return tuple(piece for piece in stripped if comparable(piece))


def stands_in(quote: str, page_text: str) -> bool:
    """Whether every piece of a quote stands verbatim in the text of a page.

    A quote that has no piece stands nowhere.
    """
    found = pieces(quote)
    return bool(found) and all(find_piece(piece, page_text) is not None for piece in found)


def find_piece(piece: str, text: str) -> Span | None:
    """The first place where one contiguous piece stands in a text.

    Args:
        piece: without cell separators or ellipses (see `pieces`).
        text: as it is, not yet normalised.

    Returns:
        Offsets in `text` as given; None where the piece does not stand, or where it would cut
        a number in two.
    """
    wanted = comparable(piece)
    if not wanted:
        return None
    haystack, starts, ends = _comparable_with_places(text)
    at = haystack.find(wanted)
    while at >= 0:
        start, end = starts[at], ends[at + len(wanted) - 1]
        if start >= 0 and end >= 0 and not _cuts_number(text, start, end):
            return Span(start, end)
        at = haystack.find(wanted, at + 1)
    return None


@lru_cache(maxsize=128)
def _comparable_with_places(text: str) -> tuple[str, array[int], array[int]]:
    """A text as it is compared, and where each of its signs begins and ends in the text itself.

    Kept for the pages used last: each quote of an answer is looked for on the same few.
    """
    if not any(map(_joins, set(text))):
        forms = list(map(_fold, text))
        if max(map(len, forms), default=0) <= 1:  # most pages
            starts = array("i", compress(range(len(text)), forms))
            return "".join(forms), starts, array("i", [start + 1 for start in starts])
    folded: list[str] = []
    starts, ends = array("i"), array("i")
    for start, cluster in _clusters(text):
        form = _fold(cluster)
        if len(form) == 1:  # nearly all are
            folded.append(form)
            starts.append(start)
            ends.append(start + len(cluster))
        elif form:
            folded.append(form)
            # Only the outer edges of a cluster are places to begin or end: half a ligature is not.
            starts.extend([start] + [-1] * (len(form) - 1))
            ends.extend([-1] * (len(form) - 1) + [start + len(cluster)])
    return "".join(folded), starts, ends


def _cuts_number(text: str, start: int, end: int) -> bool:
    before, piece, after = text[max(0, start - 5) : start], text[start:end], text[end : end + 5]
    if comparable(piece).isdecimal() and not all(c.isdecimal() for c in piece if c.isdigit()):
        return True  # a number and the footnote reference glued to it, or that alone
    if piece[0].isdecimal():
        match = _NUMBER_BEFORE.search(before)
        if match and (not match[0][-1].isspace() or _GROUP_AT_START.match(piece)):
            return True
    if piece[-1].isdecimal():
        match = _NUMBER_AFTER.match(after)
        if match and (not match[0][0].isspace() or _GROUP_AT_END.search(piece)):
            return True
    return False


def _clusters(text: str) -> Iterable[tuple[int, str]]:
    """Characters with the marks that belong to them, each with its offset."""
    if not any(map(_joins, set(text))):
        return enumerate(text)
    return _marked_clusters(text)


def _marked_clusters(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not _joins(text[index]):
            yield start, text[start:index]
            start = index


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Whether NFKC may fuse the character with the one before it."""
    if character < "\u0300":
        return False
    first = unicodedata.normalize("NFKC", character)[0]
    return (
        unicodedata.combining(first) != 0
        or unicodedata.category(first) in ("Mc", "Mn")
        or "\u1160" <= first <= "\u11ff"  # Hangul vowels and finals
    )


@lru_cache(maxsize=8192)
def _fold(cluster: str) -> str:
    base = cluster[0]
    form = unicodedata.normalize("NFKC", cluster.translate(_PLAIN)).translate(_PLAIN)
    vanishes = not unicodedata.normalize("NFKC", base).translate(_PLAIN).strip()
    if (len(cluster) > 1) if vanishes else form[:1].isspace():
        return cluster  # an accent over no letter must not move on to the letter before
    return "".join(unicodedata.normalize("NFKC", form.casefold()).split())
