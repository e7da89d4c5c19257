"""What askers say of themselves and their partners, read into facts that can be compared.

"We are one NGO from Germany and one from Spain" is two organisations, one from each country, and
the whole of them. Every fact is a range: what was said leaves open how many more there are, and a
condition is judged only where the whole range lies on one side. English questions are read; what
is said of what is needed, denied or doubted tells nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.applying import applying
from assistant.parties import Party, Reader, joined, reader
from assistant.standing import Area, Place, Places
from assistant.told import (
    Range,
    Told,
    activity_days,
    ages,
    as_years,
    charter,
    founded,
    participants,
    project_months,
    taken_back,
)

SOON_YEARS = 0.5
"""Who asks late in a call year means a deadline of the next one, by this guide's rules."""
_OPEN = re.compile(
    r"\b(?:so far|still (?:look|search|miss|wait)\w*|not yet|more|among others|such as|e\.g|for "
    r"example|including|etc|others|maybe|perhaps|some|several|many|looking for|searching|and so "
    r"on)\b|"
    r"\.\.\.|…",
    re.IGNORECASE,
)
_IN_DOUBT = re.compile(
    r"\b(?:left|leav(?:e|es|ing)|withdr[ae]w\w*|dropped out|pulled out|no longer|quit|confirms?|"
    r"might|not sure|would like to find|(?:is|are|as|being|only|just) (?:an? )?associated)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:without (?:any )?(?:other )?partners?|alone|on (?:our|my|its) own|by (?:our|it)sel\w+|"
    r"(?:as )?(?:a |one )single organi[sz]ation|no (?:other )?partners?)\b",
    re.IGNORECASE,
)
_WE_ARE = re.compile(
    r"\b(?:we are|we're|we would be|there are|(?:consortium|partnership|project) (?:of|with|"
    r"between|is|has|includes)|consisting of|made up of|composed of|between)\s*$",
    re.IGNORECASE,
)
_OF_PARTNERS = re.compile(
    r"\b(?:consortium|partnership|project) (?:of|with|has|includes|consists of) \S+ (?:\S+ )?"
    r"partners?\b[^.?!;]*$",
    re.IGNORECASE,
)
_I_AM = re.compile(
    r"\b(?:we are|we're|i am|i'm|i am from|(?:i|we) (?:work|teach) (?:for|at|in)|"
    r"(?:i|we) represent)\s*$",
    re.IGNORECASE,
)
_ROLE = re.compile(r"\b(?:be|become|as) (?:an? |the )?(?:full )?$", re.IGNORECASE)
"""Before "partner": what somebody named already would be, not one more."""
_WE_HAVE = re.compile(
    r"\b(?:we have|we've got|have|has|with|found|and)\s*(?:our\s*)?$", re.IGNORECASE
)
_WE = re.compile(r"\b(?:we|our|us|i|my)\b", re.IGNORECASE)
_SELF_PLACE = r"\b(?:we|i)(?:'re| are| am|'m) (?:based |located |established )?(?:from|in) "


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The facts of a question; None or empty where it tells none.

    Attributes:
        places: countries as the guide lists them.
        deadlines: the time (as 2024.5) in which the deadline meant can lie.
        parties: organisations told of. more: how many there are besides.
        applying: those that apply or coordinate; one of them does.
        same_country: whether all of them are said to be from one.
        ages: of the youngest and the oldest participant, from now until their activity.
        participants: of one activity.
        project_months: of the project. activity_days: of the activity, perhaps with travel.
        founded: the years (as 2024.5) in which the applicant may have been set up.
        charter: whether the asker holds the charter for higher education.
    """

    question: str
    places: Places = field(default_factory=Places)
    deadlines: Range = field(default_factory=Range)
    parties: tuple[Party, ...] = ()
    more: Range = field(default_factory=Range)
    applying: tuple[Party, ...] = ()
    same_country: bool = False
    ages: tuple[Told, Told] | None = None
    participants: Told | None = None
    project_months: Told | None = None
    activity_days: Told | None = None
    founded: Told | None = None
    charter: bool | None = None

    @property
    def tells(self) -> bool:
        """Whether anything is told that a condition can be held against."""
        told = (
            self.ages,
            self.participants,
            self.project_months,
            self.activity_days,
            self.founded,
            self.charter,
        )
        return bool(self.parties) or any(fact is not None for fact in told)

    @property
    def said(self) -> str:
        """The asker's words for the organisations."""
        return ", ".join(dict.fromkeys(party.said for party in self.parties))

    def standing(self, key: str) -> Place | None:
        """How the guide lists a country; None where it does not."""
        return self.places.by_key.get(key)

    def located(self, area: Area) -> Range:
        """How many organisations are in countries of an area."""
        low, high = 0, 0
        for party in self.parties:
            inside = [self._in(key, area) for key in party.places]
            if party.programme and area.programme:
                inside = [True]
            all_in = bool(inside) and all(inside)
            low += party.count if all_in else inside.count(True)
            none_in = bool(inside) and all(answer is False for answer in inside)
            high += 0 if none_in else party.count - inside.count(False)
        return self._with_more(low, high)

    def countries(self, area: Area) -> Range:
        """From how many different countries of an area they are."""
        keys = {key for party in self.parties for key in party.places}
        known = sum(self._in(key, area) is True for key in keys)
        unsure = sum(self._in(key, area) is None for key in keys)
        unnamed = sum(p.spread or p.count for p in self.parties if not p.places)
        everywhere = area.programme and len(area.regions) > 0
        spread = [
            p.spread
            for p in self.parties
            if p.spread and ((p.programme and area.programme) or everywhere)
        ]
        counted = self._with_more(max([known, *spread]), known + unsure + unnamed)
        if self.same_country and (counted.high is None or counted.high > 1):
            return Range(min(counted.low, 1), 1)
        return counted

    def _in(self, key: str, area: Area) -> bool | None:
        place = self.standing(key)
        return None if place is None else area.holds(place)

    def _with_more(self, low: int, high: int) -> Range:
        return Range(low, None if self.more.high is None else high + self.more.high)


_OF_COUNTRY = r"\b(?:is|can|could|may|does|would|will|if|whether) "
_MAY_IT = (
    r"(?= (?:(?:also|still|now|it|be|is|can|may|in [a-z0-9+]+) ){0,3}(?:eligible|allowed|take part|"
    r"participate|join|apply|coordinate|(?:an? |the )?(?:partner|coordinator|applicant))\b)"
)
"""What may be asked about a country as if it were an organisation."""


def read_asker(
    question: str,
    places: Places,
    *,
    today: date,
    call_year: int | None = None,
    names: Sequence[str] = (),
) -> Asker:
    """The facts of a question.

    Args:
        question: as typed.
        places: countries as the guide that answers lists them.
        today: "last year" is counted from it.
        call_year: of that guide; its deadlines lie in it.
        names: of actions; a "Centre of Vocational Excellence" is no organisation.
    """
    text = " ".join(question.replace("’", "'").split())
    found = reader(places)
    text = _as_organisation(text, found.names)
    named = found.find(_without(text, names))
    named = tuple(p for p in named if not _is_role(text, p))
    mentions = [p for p in named if not taken_back(text, p.start)]
    denied = len(mentions) < len(named) or found.leaves_out(text, named)
    if _IN_DOUBT.search(text):
        mentions, denied = [], True
    mentions = _with_self_place(text, mentions, found)
    parties, more = _gathered(text, mentions, denied=denied)
    return Asker(
        question=text,
        places=places,
        deadlines=_deadlines(call_year, today),
        parties=parties,
        more=more,
        applying=applying(text, parties, asking=_asking(text, parties)),
        same_country=re.search(r"\b(?:from|in) the same country\b", text, re.I) is not None,
        ages=ages(text),
        participants=participants(text),
        project_months=project_months(text),
        activity_days=activity_days(text),
        founded=founded(text, today),
        charter=charter(text),
    )


def _deadlines(call_year: int | None, today: date) -> Range:
    """When the deadline meant can be: in the call year, or soon, under the call that follows."""
    if call_year is None:
        return Range()
    return Range(call_year, max(call_year + 1, as_years(today) + SOON_YEARS))


def _as_organisation(text: str, countries: str) -> str:
    """A text in which one from a country is meant where the country is asked about.

    "Can Ukraine take part?" asks about organisations from there.
    """
    meant = rf"(?P<before>{_OF_COUNTRY}|^)(?:the )?(?P<name>{countries})(?P<after>{_MAY_IT})"
    return re.sub(meant, r"\g<before>an organisation from \g<name>\g<after>", text, flags=re.I)


def _without(text: str, names: Sequence[str]) -> str:
    """A text with names blanked out, as long as it was."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", lambda m: "#" * len(m[0]), text, flags=re.I)
    return text


def _with_self_place(text: str, mentions: list[Party], found: Reader) -> list[Party]:
    """With the country of "we are from Germany" where it stands alone."""
    match = re.search(rf"{_SELF_PLACE}(?:the )?({found.names})", text, re.IGNORECASE)
    if match is None or any(p.start <= match.end() and match.start() <= p.end for p in mentions):
        return mentions
    keys = found.keys(match[1])
    own = [p for p in mentions if p.ours or _I_AM.search(text[: p.start])]
    if len(own) == 1 and not own[0].places:
        said = f"{own[0].said}, {match[0]}"
        return [_placed(p, keys, said) if p is own[0] else p for p in mentions]
    return mentions


def _placed(party: Party, keys: tuple[str, ...], said: str) -> Party:
    return Party(
        kind=party.kind,
        count=party.count,
        places=keys,
        ours=True,
        said=said,
        start=party.start,
        end=party.end,
    )


def _gathered(
    text: str, mentions: Sequence[Party], *, denied: bool
) -> tuple[tuple[Party, ...], Range]:
    """The organisations told of, each once, and how many more there may be."""
    own: list[Party] = []
    others: list[Party] = []
    group = _group(text, mentions)
    for party in mentions:
        if party not in group and _is_own(text, party):
            if not own or (party.places and not own[0].places):
                own = [party]
            elif party.places and party.places != own[0].places:
                return tuple(mentions), Range()  # two organisations of one asker: which?
        elif any(_same(party, other) for other in (*own, *others)):
            denied = True  # told twice, or two alike: which is not said
        else:
            others.append(party)
    parties = tuple(sorted((*own, *others), key=lambda p: p.start))
    if _ALONE.search(text) and not others:
        return parties, Range(0, 0 if own else 1)
    unsure = denied or _OPEN.search(text) is not None or not all(p.exact for p in parties)
    if unsure or not others:
        return parties, Range()
    listed = all(joined(text, a, b) for a, b in itertools.pairwise(parties))
    whole = listed and _WE_ARE.search(text[: parties[0].start]) is not None
    several = sum(p.count for p in parties) > 1
    if listed and several and (whole or own or not _WE.search(text)):
        partners = not own and not whole and "partner" in parties[0].said.casefold()
        lead_besides = _OF_PARTNERS.search(text[: parties[0].end]) or partners
        # "A consortium of three partners", "two partners": with or without the coordinator.
        return parties, Range(0, 1 if lead_besides else 0)
    if own and _all_ours(text, others):
        return parties, Range(0, 0)
    if not own and _all_ours(text, others):
        return parties, Range(1, 1)  # and the asker
    return parties, Range()


def _is_role(text: str, party: Party) -> bool:
    """Whether it says as what somebody would take part: "can we be a partner?"."""
    said = re.search(r"\bpartners?\b", party.said, re.IGNORECASE)
    return (
        said is not None
        and not party.places
        and _ROLE.search(text[: party.start + said.start()]) is not None
    )


def _same(one: Party, two: Party) -> bool:
    return (one.kind, one.places, one.count) == (two.kind, two.places, two.count) and bool(
        one.places
    )


def _is_own(text: str, party: Party) -> bool:
    """Whether it is the asker's own organisation."""
    return party.ours or (party.count == 1 and _I_AM.search(text[: party.start]) is not None)


def _group(text: str, parties: Sequence[Party]) -> tuple[Party, ...]:
    """The organisations that "we are ..." tells as one: several, in a list without "with"."""
    first = next((p for p in parties if _WE_ARE.search(text[: p.start])), None)
    if first is None or first.ours:
        return ()
    rest = parties[parties.index(first) :]
    group = [first]
    for before, party in itertools.pairwise(rest):
        if not joined(text, before, party) or re.search(
            r"\bwith\b", text[before.end : party.start]
        ):
            break
        group.append(party)
    return tuple(group) if sum(p.count for p in group) > 1 else ()


def _all_ours(text: str, others: Sequence[Party]) -> bool:
    """Whether these are the partners that the asker says to have."""
    first = others[0]
    listed = all(joined(text, a, b) for a, b in itertools.pairwise(others))
    return listed and _WE_HAVE.search(text[: first.start]) is not None


def _asking(text: str, parties: Sequence[Party]) -> tuple[Party, ...]:
    """The asker's own organisation, or those that "we" are."""
    group = _group(text, parties)
    own = tuple(p for p in parties if p not in group and _is_own(text, p))
    return own if len(own) == 1 else group
