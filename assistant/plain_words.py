"""Words of an English question that only carry it, and are no words to look for.

"Do we need an accreditation?" looks for no need, and "What's the grant?" for no s; a guide full of
needs and of organisations that take part would answer both.
"""

from __future__ import annotations

import re

_NO_FIGURE = r"(?<!\bonly )(?<!\bleast )(?<!\bmost )(?<!\bthan )(?<!\bjust )(?<!\bfor )"
"""Where "one" is no figure: "how many participants can one project have"."""
_CARRYING = re.compile(
    r"['\u2019](?:s|t|re|ve|ll|d|m)\b|\b(?:don|doesn|didn|can|isn|aren|won)(?=['\u2019]t\b)|"
    r"\b(?:need(?:s|ed)?|ha(?:ve|s|d)|allowed|able|possible|ok(?:ay)?) to\b|"
    r"(?<=\bdo )(?:we|i|they|you) need\b|\b(?:do|does|did|will|would) (?:[\w-]+ ){1,4}need\b|"
    r"\b(?:is|are) (?:[\w-]+ ){1,3}needed\b|\bwe need\b|"
    rf"{_NO_FIGURE}\bone(?= (?:[\w-]+ ){{0,3}}?(?:project|application|proposal|grant|partnership|"
    r"exchange|activity|consortium|call|round|organi[sz]ation|mobility)\b)|"
    r"\btak(?:e|es|ing) part\b|\btook part\b|\bka ?[123]\b",
    re.IGNORECASE,
)
_MOST = re.compile(r"\b(?:max|min)\b\.?", re.IGNORECASE)
"""Short for what guides write in full."""
_HOW_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)
"""Asks for a duration; of effects a guide says that they are long-lasting."""
_UNHELD = "howlong"
"""A word that no text holds; it weighs as the word that it stands for."""


def without_plain_words(text: str) -> str:
    """A question without the words that only carry it; "how long" becomes a word of its own."""
    return _CARRYING.sub(_kept, _HOW_LONG.sub(_UNHELD, _MOST.sub(_whole, text)))


def _whole(match: re.Match[str]) -> str:
    return f"{match.group().rstrip('.')}imum"


def _kept(match: re.Match[str]) -> str:
    """What is left of one: who it is about stays ("do the youth workers need")."""
    words = match.group().split()
    return " " + " ".join(words[1:-1] if words[-1].lower() in ("need", "needed") else ()) + " "
