"""What can be seen of a text whatever was asked, and what a question says of whom it is about.

Nothing is weighed here (`worth`); patterns are matched on folded or case-folded text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.ages import tells_age
from assistant.facts import FactKind, find_facts
from assistant.lexicon import fold

NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|once|twice|half|"
    r"double|single)\b"
)
_TIME_IN_WORDS = re.compile(
    rf"{NUMBER_WORD.pattern}[ -](?:calendar |full |consecutive |academic )?"
    r"(?:hours?|days?|weeks?|months?|years?)\b"
)
_LIMITS = re.compile(
    r"\b(?:maximum|minimum|at least|at most|up to|no more than|exceed\w*|between|limit\w*|"
    r"fewer than|less than|more than)\b"
)
_VERDICT = re.compile(
    r"\b(?:(?:in)?eligible|must|may|cannot|can|(?:not )?possible|allowed|required|should|only|"
    r"not|no longer|excluded|exempt|doit|doivent|peut|peuvent|ne|muss|mussen|darf|durfen|kann|"
    r"konnen|nicht|debe|deben|puede|pueden|deve|devono|puo|possono|non|musi|moze|nie|πρεπει|"
    r"μπορ\w+|επιλεξιμ\w+|δεν|pode|podem|nao|trebuie|poate|pot|nu)\b"
)


_EXAMPLE = re.compile(
    r"\W*[\d⁰¹²³⁴-⁹]*\s*(?:for example|for instance|e\.g\.|example|zum beispiel|par exemple|"
    r"por ejemplo|ad esempio|na przykład|για παράδειγμα|por exemplo|de exemplu)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:(?:indicated|provided|listed|described|detailed|explained|given|set out|defined|shown|"
    r"specified|outlined|found|presented|available) (?:\w+ )?(?:in|on|at|under|by) "
    r"(?:the |this |part |section |annex |table |its )|"
    r"(?:table|section|part|annex|list)s? (?:below|above)|"
    r"(?:please )?(?:see|consult|refer to|check) (?:the |also |part |section |annex |page ))"
)
_HISTORY = re.compile(
    r"\s*(?:v(?:ersion)?\.? ?)?\d{1,2}\.\d{1,2} \| \d{1,2}[./-]\d{1,2}[./-]\d{2,4} \|",
    re.IGNORECASE,
)
"""A row of what was changed in which version of a document."""
_SPARE_ROUND = re.compile(
    r"\b(?:if|in case of|possible)\b[^.:]{0,40}\b(?:second|additional)\b[^.:]{0,20}"
    r"\b(?:round|deadline)\b|"
    r"(?:εαν|αν|περιπτωση|ενδεχομεν\w+|πιθαν\w+)\b[^.:]{0,40}\b(?:δευτερ|προσθετ|συμπληρωματικ)\w+"
)
_REFERENCE = re.compile(
    r"\W*(?:call ids?\b|αναγνωριστικ\w+ κωδικ\w+ προσκλησ\w+|"
    r"[⁰¹²³⁴-⁹\d]{1,3} [^|]{0,90}https?://|"
    r"(?:[⁰¹²³⁴-⁹\d]{1,3} )?(?:(?:commission|council) )?(?:implementing |delegated )?"
    r"(?:regulation|directive|decision|recommendation) \([^|.]{0,40}\d{4}/\d+|"
    r"(?:table|figure|πινακα[σς]?)\s+[a-zα-ω]?\d[\d.]*\b[^.|:;]{0,90}$)"
)
"""The codes of calls, captions, and notes that give little but a link or an act of law."""
_FOR_SOME = re.compile(r"\b(?:fewer opportunities|top[- ]?up amount|special needs)\b")
_GOES_ON = re.compile(
    r"\W*(?:however|moreover|furthermore|in addition|additionally|nevertheless|likewise|finally|"
    r"exceptions?)\b"
)
_NAMES_SOME = re.compile(
    r"opportunit|opps|disadvantag|inclusi|special|top[- ]?up|extra|disab|handicap|poor|refugee|"
    r"additional|more|chancen|behinder|benachteilig|moins|menos|discapac|minori|szans|ευκαιρι"
)


_NAMED_BY_NUMBER = re.compile(
    r"\b(?:strands?|regions?|groups?|rounds?|lots?|parts?|types?|annex(?:es)?|articles?|"
    r"key actions?|phases?|steps?|stages?|topics?|clusters?|pillars?|sections?|tables?|figures?|"
    r"pages?|chapters?|tiers?|options?|work packages?|wps?) \d{1,2}[a-z]?"
    r"(?:(?:, | and | or | to |, and |\s?[-–]\s?)\d{1,2}[a-z]?)*\b|"
    r"^\W*\d{1,2}[.)]\s",
    re.IGNORECASE,
)
"""Numbers that are names ("Strand 3", "Region 5a", "(2) ..."): they tell how many of nothing."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a text is whatever was asked."""

    kinds: frozenset[FactKind]
    has_digit: bool
    is_verdict: bool
    is_limit: bool
    is_age: bool
    is_example: bool
    points_elsewhere: bool
    is_for_some: bool
    goes_on: bool
    is_history: bool
    is_spare_round: bool
    is_reference: bool
    length: float
    """Natural logarithm of its words, and one."""


@lru_cache(maxsize=65_536)
def traits_of(text: str) -> Traits:
    """What can be seen of a text; kept, for the same texts are rated for many questions."""
    kinds = {fact.kind for fact in find_facts(_NAMED_BY_NUMBER.sub(" ", text))}
    folded = text.casefold()
    if NUMBER_WORD.search(folded):
        kinds.add(FactKind.NUMBER)
    if _TIME_IN_WORDS.search(folded):
        kinds.add(FactKind.DURATION)
    return Traits(
        frozenset(kinds),
        any(map(str.isdigit, text)),
        _VERDICT.search(fold(text)) is not None,
        _LIMITS.search(folded) is not None,
        tells_age(fold(text)),
        _EXAMPLE.match(text) is not None,
        _ELSEWHERE.search(folded) is not None,
        _FOR_SOME.search(folded) is not None,
        _GOES_ON.match(folded) is not None,
        _HISTORY.match(text) is not None,
        _SPARE_ROUND.search(fold(text)) is not None,
        _REFERENCE.match(fold(text)) is not None,
        math.log(1 + len(text.split())),
    )


_NOT_SOME = re.compile(
    r"\b(?:no|not|without|non|kein\w*|sans|sin|senza|bez)[ -](?:\w+[ -]){0,2}\w+"
)
"""What a question says is not so."""


def names_some(question: str) -> bool:
    """Whether a question is about those for whom there is more (fewer opportunities, top-ups)."""
    return _NAMES_SOME.search(_NOT_SOME.sub(" ", fold(question))) is not None


_ASKS_REFERENCE = re.compile(
    r"\b(?:call|topic|aufruf\w*|appel|convocatoria|bando|konkurs\w*|naboru|προσκλησ\w+|aviso|apel\w*)"
    r"\b[^?]{0,20}\b(?:ids?|codes?|number|identifi\w+|reference|kennung|nummer|numero|codigo|codice|"
    r"kod|numer|κωδικ\w+|cod)\b|\bids?\b|\b(?:links?|urls?|web ?(?:site|page)s?|online|where)\b|"
    r"\b(?:which|what|welche|quel|que) (?:tables?|annex(?:es)?)\b|"
    r"\blegal (?:basis|act)\b|\bregulations?\b|\bdirectives?\b|\bdecision\b|\bverordnung\w*|"
    r"\breglement\w*|\bregolament\w*|\brozporzadzeni\w*|\bκανονισμο\w*|\bregulament\w*"
)


def asks_for_reference(question: str) -> bool:
    """Whether a question is about the code of a call, or about where a table stands."""
    return _ASKS_REFERENCE.search(fold(question)) is not None


_ASKS_SPARE = re.compile(
    r"\b(?:second|2nd|additional|another|extra|autumn|october|round|zweit\w*|weiter\w*|herbst|"
    r"oktober|runde|deuxieme|second\w*|octobre|automne|segund\w*|otono|octubre|autunno|ottobre|"
    r"drug\w*|jesie\w*|pazdziernik\w*|δευτερ\w*|οκτωβρι\w*|γυρ\w*)\b"
)


def asks_for_spare_round(question: str) -> bool:
    """Whether a question is about a round that may be opened besides the regular one."""
    return _ASKS_SPARE.search(fold(question)) is not None
