"""Lines of a budget and periods of rates: a question for one is not answered by another.

"Individual support" and "organisational support" stand in the same tables, with figures for the
same people, and students get so much a month where staff get so much a day.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.lexicon import fold
from assistant.model import Passage, Query
from assistant.units import Unit

_LINES = {
    "individual": r"\bindividual support\b|\bsubsistence\b|\bper diems?\b",
    "organisational": r"\borgani[sz]ational support\b",
    "travel": r"\btravel (?:support|grant|distances?)\b|\bgreen travel\b|\bnon-? ?green\b",
    "inclusion": r"\binclusion support\b",
    "visits": r"\bpreparatory visits?\b",
    "fees": r"\bcourse fees?\b",
    "language": r"\blinguistic (?:support|preparation)\b",
    "exceptional": r"\bexceptional costs?\b",
}
_ANY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LINES.items()), re.I)


@lru_cache(maxsize=16_384)
def budget_lines(text: str) -> frozenset[str]:
    """The lines that an English text names."""
    return frozenset(match.lastgroup or "" for match in _ANY.finditer(text))


_PERIODS = {
    "project": r"\b(?:per|for each|for the whole) (?:project|partnership|application)\b",
    "day": r"\b(?:per|a|each|every) day\b|\bdaily\b|\bper diems?\b|\b(?:pro|am) tag\b|"
    r"\bpar jour\b|\b(?:al|por) dia\b|\bal giorno\b|\bdziennie\b|\bna dzien\b|"
    r"\b(?:την|ανα) ημερα\b|\bpe zi\b",
    "month": r"\b(?:per|a|each|every) month\b|\bmonthly\b|\b(?:pro|im) monat\b|\bpar mois\b|"
    r"\b(?:al|por) mes\b|\bal mese\b|\bmiesiecznie\b|\bna miesiac\b|"
    r"\b(?:τον|ανα) μηνα\b|\bpe luna\b",
}
_PERIOD = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PERIODS.items()))


@lru_cache(maxsize=16_384)
def periods(text: str) -> frozenset[str]:
    """What rates are for that a text names: "day", "month", "project"."""
    return frozenset(match.lastgroup or "" for match in _PERIOD.finditer(fold(text)))


class Budget:
    """The line of a budget and the period that one question names."""

    def __init__(self, query: Query) -> None:
        # What is paid by the day is mostly individual support: to be found, but not to bind.
        terms = (term for term in query.terms if not term.startswith("per day"))
        self._lines = budget_lines(" ".join((query.topic, *terms)))
        self._periods = periods(query.question)

    def is_another(self, unit: Unit, passage: Passage) -> bool:
        """Whether a unit is of another line, or for another period, than what is asked for.

        What it names itself counts, else what stands above it. Only one line or period binds.
        """
        asked = ((self._lines, budget_lines), (self._periods, periods))
        for wanted, named_in in asked:
            if len(wanted) == 1:
                own = named_in(unit.text) or named_in(_above(unit, passage))
                if own and own.isdisjoint(wanted):
                    return True
        return False


def _above(unit: Unit, passage: Passage) -> str:
    lead = passage.document.text_at(unit.lead) if unit.lead else ""
    return " ".join((*passage.chunk.headings[-1:], passage.chunk.context, lead))
