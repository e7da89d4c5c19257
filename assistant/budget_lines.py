"""Lines of a budget and periods of rates: a question for one is not answered by another.

"Individual support" and "organisational support" stand in the same tables, with figures for the
same people, and students get so much a month where staff get so much a day.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.lasting import funds_named, lasting_asked, lasting_named, tells_travel_days
from assistant.lexicon import fold
from assistant.model import Passage, Query
from assistant.unit_weights import LASTING, OF_LINE, OTHER_LINE, TRAVEL_DAYS
from assistant.units import Unit

_LINES = {
    "individual": r"\bindividual support\b|\bsubsistence\b|\bper diems?\b",
    "organisational": r"\borgani[sz]ational support\b",
    "travel": r"\btravel (?:support|grants?|costs?|money|distances?)\b|\bgreen travel\b|"
    r"\bnon-? ?green\b",
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


_DAYS = re.compile(r"\bdays?\b")
_MONTHLY = re.compile(r"\bEUR per month\b")


def _lines_of(text: str) -> frozenset[str]:
    """The lines that a text names; what is paid by the month is individual support."""
    return budget_lines(text) or frozenset({"individual"} if _MONTHLY.search(text) else ())


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


_LABELS = {
    "individual": r"individual support",
    "organisational": r"organi[sz]ational support",
    "travel": r"travel(?: support| costs)?",
    "inclusion": r"inclusion support[\w ]*",
    "visits": r"preparatory visits?[\w ]*",
    "fees": r"course fees?",
    "language": r"linguistic support",
    "exceptional": r"exceptional costs?[\w ]*",
}


_PAYS = re.compile(
    r"\b(?:pays?|paid|cover(?:s|ed)?|given?|gives|gets?|receives?|fund(?:s|ed)|financed|granted|"
    r"reimburse\w*|entitled|available|there)\b"
)


def line_asked(query: Query) -> re.Pattern[str] | None:
    """The label of the row of the one line that a question asks to be paid, and for no figure."""
    folded = fold(query.question)
    if query.wants or "green" in folded or not _PAYS.search(folded):
        return None
    lines = budget_lines(query.question)
    label = _LABELS[next(iter(lines))] if len(lines) == 1 else None
    return re.compile(rf"^{label} \| ", re.IGNORECASE | re.MULTILINE) if label else None


class Budget:
    """The line of a budget, the period, what lasts and the funds that one question names.

    What lasts is told of one part of a question, or of a question that has no parts.
    """

    def __init__(self, query: Query, part: str = "") -> None:
        # What is paid by the day is mostly individual support: to be found, but not to bind.
        terms = (term for term in query.terms if not term.startswith("per day"))
        self._lines = budget_lines(" ".join((query.topic, *terms)))
        self._periods = periods(query.question)
        alone = bool(part) or len(query.parts) < 2
        self._lasting = lasting_asked(query, part) if alone else frozenset()
        if "travel" in self._lasting:
            self._lines = frozenset()  # days of travel are paid as individual support
        self._label = line_asked(query) if self._lines else None
        self._days = _DAYS if "travel" in self._lasting else None
        self._funds = funds_named(query.told)

    def worth(self, unit: Unit, passage: Passage) -> float:
        """What is added for a unit of what is asked for, or of another, in log odds.

        What it names itself counts, else what stands above it. Only one of a kind binds.
        """
        asked = (
            (self._lines, _lines_of, 0.0),
            (self._periods, periods, 0.0),
            (self._lasting, lasting_named, TRAVEL_DAYS if self._days else LASTING),
            (self._funds, funds_named, 0.0),
        )
        worth = OF_LINE if self._label is not None and self._label.match(unit.text) else 0.0
        if self._days and self._days.search(unit.text) and not tells_travel_days(unit.text):
            return OTHER_LINE
        for wanted, named_in, same in asked:
            if len(wanted) == 1:
                own = named_in(unit.text) or named_in(_above(unit, passage))
                if own and own.isdisjoint(wanted):
                    return OTHER_LINE
                worth += same if own else 0.0
        return worth


def _above(unit: Unit, passage: Passage) -> str:
    lead = passage.document.text_at(unit.lead) if unit.lead else ""
    return " ".join((*passage.chunk.headings[-1:], passage.chunk.context, lead))
