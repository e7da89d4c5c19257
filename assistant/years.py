"""The call years that a question means: of the editions that are to answer it.

Not every year in a question is one: a body was founded in a year, grants were had under earlier
calls. And an edition can be meant without its year: "10 sports in 2023, and how many now?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.facts import MONTHS
from assistant.lexicon import fold
from corpus.model import Edition

Held = tuple[str, Edition]
"""A document of the library: its id and its edition."""

YEAR = re.compile(r"(?<![\d.,/€-])(20[1-3]\d)(?![\d.,]\d)(?!\s*[-/\u2013]\s*\d)(?!\s*(?:km|m\b))")
_YEAR_RANGE = re.compile(r"(20[1-3]\d)\s*[-\u2013/]\s*(?:20)?(\d\d)(?!\d)")
_MONTH = "|".join(sorted({fold(month) for month in MONTHS}))
_SET_UP = (
    r"(?:founded|established|set up|created|registered|exist(?:s|ed|ing)?|born|gegrundet|geboren|"
    r"fondee?|creee?|nee?|fundad[ao]|cread[ao]|nacid[ao]|fondat[ao]|nat[ao]|zalozon\w*|urodzon\w*)"
)
_OF_ITSELF = re.compile(
    rf"\b{_SET_UP}(?: in [a-z]+(?: [a-z]+)?)?,?(?: (?:only|back|already))?"
    rf"(?: (?:in|on|since|en|im|seit|nel|w|depuis|desde))?(?: (?:the )?\d{{1,2}}(?:st|nd|rd|th)?)?"
    rf"(?: (?:{_MONTH}))? 20\d\d\b|\b20\d\d (?:{_SET_UP})\b"
)
"""The year in which somebody was set up or born: it names no edition."""
_ACCREDITED = (
    r"(?:accredit\w*|akkredit\w*|acredit\w*|akredyt\w*|διαπιστευ\w*|charter|charta|quality label)"
)
_SINCE_WHEN = r"(?:since|as of|seit|depuis|desde|dal|od|απο|din)"
_GOT = (
    r"(?:got|gotten|get|received|obtained|gained|awarded|won|hold|held|had|been|became|were|was|are|is|"
    r"have|has|obtenu|obtenue|recu|obtuvimos|conseguimos|ottenuto|ricevuto|uzyskalismy|otrzymalismy)"
)
_OF_A_CALL = r"(?:deadline|call|rule|criteri|date|termin|delai|plazo)"
_HELD_SINCE = re.compile(
    rf"\b{_ACCREDITED}(?: [a-z]+){{0,2}}? {_SINCE_WHEN} (?:the )?20\d\d\b"
    rf"|\b{_SINCE_WHEN} 20\d\d (?:[a-z]+ ){{0,2}}{_ACCREDITED}"
    rf"|\b{_GOT}\b(?:['\u2019 ](?!{_OF_A_CALL})[a-z]+){{0,4}}?['\u2019 ]{_ACCREDITED}"
    rf"(?: (?:status|certificate|award|for [a-z]+(?: [a-z]+)?))?,? "
    rf"(?:(?:only|back|already|just|in|of|from|en|im|nel|w) ){{1,2}}(?:[a-z]+ )?20\d\d\b"
    rf"|\bhaben (?:im jahr )?20\d\d (?:[a-z]+ ){{0,2}}akkredit"
)
"""The year in which a standing that lasts was had: an accreditation, a charter, a label."""
_UNTIL = re.compile(
    r"\b(?:till|until|bis|jusqu.(?:en|au?|a la)|hasta|fino al?|(?:az )?do|εωσ|μεχρι|ate|"
    r"pana (?:in|la)) (?:the |den |το |τον |la )?"
    r"(?:end of |ende |(?:la )?fin de |fine |konca |τελοσ |fim de )?"
    r"(?!when\b)(?:\d{1,2}(?:st|nd|rd|th|\.)? )?(?:[^\W\d]+ )?(?:de |of )?20\d\d\b"
)
"""The year in which something of the asker's ends: "the contract runs till May 2028"."""
_NOT_MEANT = re.compile(
    r"\b(?:not|nicht|pas|no|non|nie|nao|nu|οχι) (?:(?:in|the|of|from|for|im|aus|en|de|del|z|w|das?|"
    r"celui|call|guide|die|der|das) ){0,2}20\d\d\b"
)
"""A year that is named to say that it is not meant."""
_OF_A_MONTH = re.compile(rf"\b(?:{_MONTH})\.?,? (?:of |de |del )?20\d\d\b")
"""When something of the asker's is: "an internship from February to August 2027"."""
_APPLIES = re.compile(
    r"\b(?:deadline|call|appl[iy]\w*|submi\w+|hand in|round|due|frist\w*|antrag\w*|aufruf|"
    r"einreich\w*|delai|(?:date|fecha|data) limit[ea]|appel|candidature|depos\w+|plazo|"
    r"convocatoria|solicit\w+|present\w+|"
    r"scadenz\w*|bando|candidatur\w+|termin\w*|nabor\w*|wniosek|wniosk\w*|προθεσμι\w*|"
    r"προσκληση\w*|αιτησ\w*|υποβ\w+|prazo|convite|termen\w*|apel\w*|cerere\w*)\b"
)
"""Who asks when to apply may name the month of a call."""
_PAST = re.compile(
    r"\b(?:we|i|our (?:\w+ ){1,3}|my (?:\w+ ){1,3}|they|he|she)\s?(?:(?:have|has|already|also|only|"
    r"just|once) )*(?:had|got|received|won|ran|did|held|finished|ended|completed|started|applied|"
    r"submitted|took part|participated|coordinated|was|were|been) [^.?!;]*"
)
"""What the asker tells of earlier years."""
_OF_A_GRANT = re.compile(
    r"\b(?:approv|award|grant|select|fund|financ|sign|start|beg[au]n|call|guide|edition|rules?)\w*"
)
"""What binds what is told to the rules of its year."""
_ASKS_NOW = re.compile(
    r"\b(?:can|may|could|do|does|is|are|am|must|shall|should|will|would|need|possible|allowed|eligible|"
    r"again|another)\b"
)
_ASKS_THEN = re.compile(r"\b(?:was|were|did|had)\b|\b20\d\d\b|\bth(?:is|at|ose|ese)\b|\bit\b")
_CLAUSE = re.compile(r"[.?!;:,]+(?:\s|$)|\s[-\u2013]\s")
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|chang\w*|versus|vs|same|between|than|increas\w*|decreas\w*|rose|"
    r"raised|went up|both|unterschied\w*|vergl\w+|geandert|anders|differen\w+|diferen\w+|"
    r"cambi\w*|confron\w+|roznic\w*|zmien\w*|porown\w*|διαφορ\w*|αλλαξ\w*|συγκρ\w*|mudou|"
    r"schimb\w*)\b"
)
_NOW = re.compile(
    r"\b(?:and|or|vs|versus|but|than|und|oder|et|ou|y|e|o|a ile|a jak\w*|και|si)\b[^.?!;]*"
    r"\b(?:now|nowadays|today|currently|this year|at present|heute|jetzt|aktuell|maintenant|"
    r"aujourd.?hui|actuellement|ahora|hoy|actualmente|adesso|oggi|ora|teraz|obecnie|dzisiaj|τωρα|"
    r"σημερα|agora|hoje|acum|azi)\b"
)
_SINCE = re.compile(
    r"\b(?:since|than|compared (?:to|with)|from|as|seit|gegenuber|als|depuis|qu.en|desde|dal?|que|"
    r"rispetto al?|od|niz|απο|σε σχεση με|fata de|din|decat)\b "
    r"(?:(?:it was|was|that|the|in|im|dem|en|el|nel|w|το|call|guide|edition|of|year) ){0,4}20\d\d\b"
)
"""An earlier year that today's is set against, where anything is: "has it changed since 2023?"."""
_MOST_COMPARED = 2


def call_years(text: str, held: Sequence[Held], language: str) -> tuple[int, ...]:
    """Call years that a text names; of a period without any edition, its first and last.

    Args:
        text: a question.
        held: the documents of the library.
        language: of the question; "now" is the newest edition in it or in English.
    """
    folded = _without_what_is_told(fold(text))
    years = []
    for match in _YEAR_RANGE.finditer(folded):
        first, last = int(match[1]), 2000 + int(match[2])
        if not any(e.year is not None and first <= e.year <= last for _, e in held):
            years += [first, last]
    masked = _YEAR_RANGE.sub(lambda m: " " * len(m.group()), folded)
    named = tuple(dict.fromkeys((*years, *_named(_not_of_calls(masked)))))
    compares = _COMPARES.search(folded) is not None
    if len(named) > 1 and not compares:
        now = _named(_PAST.sub(" ", masked))
        named = now or named
    if len(named) > _MOST_COMPARED and not compares:
        named = named[-1:]
    if len(named) == 1 and (_NOW.search(folded) or (compares and _SINCE.search(folded))):
        newest = max((e.year or 0 for _, e in held if e.language in (language, "en")), default=0)
        named = tuple(dict.fromkeys((*named, newest))) if newest > named[0] else named
    return named


def _not_of_calls(folded: str) -> str:
    """A text without the years that are named and choose no edition."""
    for pattern in (_OF_ITSELF, _HELD_SINCE, _UNTIL, _NOT_MEANT):
        folded = pattern.sub(" ", folded)
    return folded if _APPLIES.search(folded) else _OF_A_MONTH.sub(" ", folded)


def _without_what_is_told(folded: str) -> str:
    """A text without what is only told of an earlier year, where another clause asks of today.

    "I had a scholarship in 2021. May I apply for another?" What was granted in a year keeps the
    rules of that year: "Our project was approved in 2022. May we prolong it?"
    """
    clauses = _CLAUSE.split(folded)
    told = [c for c in clauses if YEAR.search(c) and _PAST.match(c) and not _OF_A_GRANT.search(c)]
    others = [c for c in clauses if c not in told]
    if not told or not any(_ASKS_NOW.search(c) and not _ASKS_THEN.search(c) for c in others):
        return folded
    for clause in told:
        folded = folded.replace(clause, YEAR.sub(" ", clause))
    return folded


def without_years(text: str, held: Sequence[Held]) -> str:
    """The text without the years that choose an edition: inside an edition they say nothing."""
    years = {edition.year for _, edition in held}
    kept = YEAR.sub(lambda m: " " if int(m[1]) in years else m[0], text)
    return " ".join(kept.split())


_COMPARING = re.compile(
    r"\b(?:compar(?:e|ed|es|ing|ison|er|ez|ar|a|aison)|versus|vs|vergleich\w*|confront\w+|porówn\w+|"
    r"συγκρ[ιί]\w+|σύγκρι\w+|differences?|unterschiede?|différences?|diferencias?|differenz[ae])\b\.?",
    re.IGNORECASE,
)


def without_comparing(text: str) -> str:
    """The text without words that only say that editions are compared: neither of them does."""
    return " ".join(_COMPARING.sub(" ", text).split())


def _named(folded: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(year) for year in YEAR.findall(folded)))
