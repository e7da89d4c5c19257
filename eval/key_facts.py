"""Does a text state a fact, and which numbers does it name: the comparison rules of the sets.

A right answer contains one accepted spelling of every key fact. Both sides are compared after
`normalised`; a spelling that begins or ends with a digit must begin or end a number there: "5"
does not stand in "15", "5.1" or "5 000". This reader of numbers is on purpose not the one that
answers are made with, so that a fault in that one shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SAME = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
    | dict.fromkeys(
        "\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079", " "
    )  # footnotes
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
_MARKER = re.compile(r"\[\d+\]")
_ENUMERATOR = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
_SPACES = re.compile(r"[^\S\n]+")
_THOUSANDS = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}([ .,'])\d{3}(?:\1\d{3})*(?!\d)")
_UNIT_SPACE = re.compile(r"\s+(?=[%\u2030])|(?<=[\u20ac\u00a3$])\s+(?=\d)|(?<=\d)\s+(?=\u20ac)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_OUTSIDE_DIGITS = re.compile(r"\D+")


def normalised(text: str) -> str:
    """The form in which answers and key facts are compared.

    Citation markers and raised (footnote) digits go; Unicode forms, dashes, quotation marks,
    case and white space become one; "60 000", "60.000", "60,000" and "60'000" become "60000";
    "10 %" becomes "10%" and "€ 5" becomes "€5".
    """
    text = _MARKER.sub("\n", text).translate(_SAME)  # no number goes on over a marker or a line
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _SPACES.sub(" ", text)
    text = _THOUSANDS.sub(lambda match: _OUTSIDE_DIGITS.sub("", match[0]), text)
    return _UNIT_SPACE.sub("", " ".join(text.split()))


def facts_stated(text: str, facts: Sequence[Sequence[str]]) -> int:
    """How many of the facts a text states; one accepted spelling of each is enough."""
    haystack = normalised(text)
    return sum(any(_stands(normalised(s), haystack) for s in spellings) for spellings in facts)


def numbers(text: str) -> tuple[str, ...]:
    """The distinct numbers of a text in order, without thousands separators.

    Decimal commas become points. Citation markers, raised digits and the numbers of list items
    are left out; a date gives the numbers it is written with.
    """
    found = _NUMBER.findall(normalised(_ENUMERATOR.sub(" ", text)))
    return tuple(dict.fromkeys(number.replace(",", ".") for number in found))


def _stands(spelling: str, text: str) -> bool:
    if not spelling:
        return False
    before = r"(?<!\d)(?<!\d[.,])" if spelling[0].isdecimal() else ""
    after = r"(?!\d)(?![.,]\d)" if spelling[-1].isdecimal() else ""
    return re.search(before + re.escape(spelling) + after, text) is not None
