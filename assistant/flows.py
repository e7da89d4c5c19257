"""Who goes from where to where, as a question tells it.

What students, staff and pupils get abroad depends on the country they go to, for some also on the
one they come from, and the same two countries in the other direction are another row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.lexicon import fold
from assistant.model import Query
from assistant.peoples import countries_placed
from corpus.world import regions_in


class Field(StrEnum):
    """Of education, as chapters on mobility tell apart."""

    HIGHER = "higher education"
    VET = "vet"
    SCHOOL = "school"
    ADULT = "adult"


_CHAPTERS = {
    "mobility-he": Field.HIGHER,
    "mobility-he-external": Field.HIGHER,
    "mobility-vet": Field.VET,
    "mobility-school": Field.SCHOOL,
    "mobility-adult": Field.ADULT,
}
_ANY_CHAPTER = frozenset({"short-term-projects", "accredited-projects"})
_FIELDS = {
    Field.VET: r"\b(?:vet|vocational\w*|apprentices?)\b",
    Field.ADULT: r"\badult (?:education|learners?|learning|students?)\b",
    Field.SCHOOL: r"\b(?:pupils?|schools?|schoolchild\w*|kindergartens?)\b",
    Field.HIGHER: r"\b(?:univ\w*|uni|hei|heis|higher education|professors?|lecturers?|academics?|"
    r"semesters?|bachelors?|masters?|undergraduates?|graduates?|students?|trainees?|traineeships?|"
    r"internships?)\b",
}
"""In this order: "VET students" and "school students" are none of a university."""
_STAFF = re.compile(
    r"\b(?:staff|teachers?|professors?|lecturers?|academics?|trainers?|educators?|"
    r"accompan\w+|administrators?|job[- ]?shadowing|teaching)\b"
)
_LEARNERS = re.compile(
    r"\b(?:students?|pupils?|learners?|graduates?|undergraduates?|trainees?|traineeships?|"
    r"internships?|interns?|apprentices?|i study|studying|schoolchild\w*|school class\w*)\b"
)
_ACCOMPANY = re.compile(r"\baccompan\w+|\bchaperon\w*")
_ENTERPRISE = re.compile(r"\b(?:compan(?:y|ies)|enterprises?|firms?|business\w*|invited)\b")
_MARK = re.compile(
    r"\b(?P<from>from|leaving)\b|\b(?P<to>to|towards?|into|visiting)\b|(?P<arrow>->|=>|→|>)|"
    r"\b(?P<in>in|within)\b|\b(?P<at>at|of)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"^to (?:us|our|my)\b", re.IGNORECASE)
_MINE = re.compile(
    r"\b(?:from|of|at) (?:our|my)\b|\bour (?:own )?(?:students?|pupils?|staff|vet|"
    r"learners?|teachers?|professors?|lecturers?|apprentices?)\b",
    re.IGNORECASE,
)
_COMES_IN = re.compile(r"\b(?:incoming|inbound|we (?:host|receive|welcome))\b", re.IGNORECASE)
_GOES_OUT = re.compile(r"\b(?:outgoing|outbound|we send)\b", re.IGNORECASE)
_GROUP = re.compile(r"\bgroups? ?(\d)\b", re.IGNORECASE)
_OUTERMOST = re.compile(
    r"\b(?:outermost|overseas countr(?:y|ies)|octs?|martinique|guadeloupe|(?:french )?guiana|"
    r"r[eé]union island|la r[eé]union|mayotte|saint-martin|azores|madeira|canar(?:y|ias)|"
    r"greenland)\b",
    re.IGNORECASE,
)
_PROGRAMME = re.compile(
    r"\b(?:eu|european|e\.u\.|programme|program) (?:member )?(?:countr(?:y|ies)|states?|univ\w+|"
    r"schools?|institutions?)\b|\b(?:the eu|europe)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a flow: countries by ISO code, regions of third countries, a group of countries.

    Attributes:
        ours: whether it is only said that it is the asker's, or any country of the programme.
        outermost: whether it is one of the outermost regions or overseas territories.
    """

    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    group: str = ""
    ours: bool = False
    outermost: bool = False

    @property
    def told(self) -> bool:
        """Whether it names a place."""
        return bool(self.countries or self.regions or self.group or self.outermost)


NOWHERE = End()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """People of a field on their way.

    Attributes:
        staff: whether they are staff, else learners.
        accompanying: whether they go with learners.
        invited: whether they come from an enterprise.
        external: whether external policy funds are to pay.
        words: of the question, folded.
    """

    of: Field
    staff: bool
    sending: End = NOWHERE
    receiving: End = NOWHERE
    accompanying: bool = False
    invited: bool = False
    external: bool = False
    words: str = field(default="", compare=False)


def flow_of(query: Query) -> Flow | None:
    """The people whom a question sends somewhere; None where it does not tell whom, or where."""
    text = f"{query.search_text} {query.question}" if query.follow_up else query.question
    folded = fold(text)
    of = _field_of(query, folded)
    own = fold(query.question)
    whom = own if _STAFF.search(own) or _LEARNERS.search(own) else folded
    staff, learners = bool(_STAFF.search(whom)), bool(_LEARNERS.search(whom))
    accompanying = bool(_ACCOMPANY.search(whom))
    if of is None or (staff == learners and not accompanying):
        return None
    sending, receiving = _ends(query.question)
    if query.follow_up and not (sending.told and receiving.told):
        before = _ends(query.search_text.replace(query.question, " "))
        sending = sending if sending.told else before[0]
        receiving = receiving if receiving.told else before[1]
    if not sending.told and not receiving.told:
        return None
    return Flow(
        of=of,
        staff=staff,
        sending=sending,
        receiving=receiving,
        accompanying=accompanying,
        invited=_ENTERPRISE.search(folded) is not None,
        external="mobility-he-external" in query.actions,
        words=folded,
    )


def _field_of(query: Query, folded: str) -> Field | None:
    chapters = {_CHAPTERS.get(action) for action in query.actions if action not in _ANY_CHAPTER}
    if len(chapters) > 1 or None in chapters:
        return None
    named = next((of for of, words in _FIELDS.items() if re.search(words, folded)), None)
    return next(iter(chapters), named)


def _ends(text: str) -> tuple[End, End]:
    """Where they come from and where they go, as far as it is told."""
    marks = list(_MARK.finditer(text))
    starts = [0, *(mark.start() for mark in marks)]
    stops = [*(mark.start() for mark in marks), len(text)]
    roles = ["lead", *(mark.lastgroup or "" for mark in marks)]
    said: dict[str, End] = {}
    for role, start, stop in zip(roles, starts, stops, strict=True):
        end = _end(text[start:stop])
        if end.told or end.ours:
            said[role] = _both(said[role], end) if role in said else end
    lead, here, at = (said.get(role, NOWHERE) for role in ("lead", "in", "at"))
    sending = said.get("from", NOWHERE)
    receiving = said.get("to", said.get("arrow", NOWHERE))
    for other in (here, at):
        if other.told and not receiving.told and not (receiving.ours and not sending.told):
            # "students in Spain", "from Kenya, at a Polish university"
            receiving = other
        elif other.told and not sending.told:
            sending = other
    comes, goes = _COMES_IN.search(text), _GOES_OUT.search(text)
    if lead.told and not sending.told and (receiving.told or receiving.ours or comes):
        sending = lead
    elif lead.told and not receiving.told and (sending.told or goes):
        receiving = lead
    if not receiving.told and (comes or receiving.ours):
        receiving = replace(receiving, ours=True)
    if not sending.told and (goes or _MINE.search(text)):
        sending = replace(sending, ours=True)
    if at.told and receiving == at and not sending.told and not comes:
        return at, NOWHERE  # "students of a Swiss university", and nothing of where they go
    return sending, receiving


def _end(text: str) -> End:
    group = _GROUP.search(text)
    return End(
        countries=countries_placed(text),
        regions=regions_in(text),
        group=group[1] if group else "",
        ours=_OURS.match(text) is not None or _PROGRAMME.search(text) is not None,
        outermost=_OUTERMOST.search(text) is not None,
    )


def _both(one: End, two: End) -> End:
    return End(
        countries=one.countries | two.countries,
        regions=one.regions | two.regions,
        group=one.group or two.group,
        ours=one.ours or two.ours,
        outermost=one.outermost or two.outermost,
    )
