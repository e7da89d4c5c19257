"""Ages in questions and guides: "how old?" asks for years of life, not for any number."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"\bhow old\b|\bage\b|\bages\b|\baged\b|too (?:young|old)\b|\bwie alt\b|\b\w*alter\b|"
    r"\bedad\b|\beta (?:minim|massim)\w*|\bche eta\b|\bwiek\w*\b|\bηλικι\w+|"
    r"\bidade\b|\bvarst\w+"
)
_NO_YEARS = re.compile(r"\b(?:golden|new|digital|middle) age\b|\bold age\b")
_TELLS = re.compile(
    r"\b(?:aged?|ages|years? old|years? of age|year-olds?|under[- ]?age|age limit)\b|"
    r"\b(?:between|from|under|over|above|below|least|than) (?:the age of )?\d{1,2}(?: (?:and|to) "
    r"\d{1,2})?(?= years? |\s*\(|[.,;:]|$)|"
    r"ηλικι|\bετων\b|\bετη\b"
)


def asks_age(folded: str) -> bool:
    """Whether a question (folded) asks how old somebody is to be."""
    return _ASKS.search(_NO_YEARS.sub(" ", folded)) is not None


def tells_age(folded: str) -> bool:
    """Whether a text (folded) tells years of life."""
    return _TELLS.search(folded) is not None
