"""Conditions on organisations and countries: how many, from where, who may lead, who is shut out.

As everywhere in `requirements`, a sentence counts as met only where each of its words was
understood, and as not met where the part that was understood rules it out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.asker import Asker
from assistant.lexicon import fold
from assistant.model import Met
from assistant.parties import Kind, Party
from assistant.standing import ALL_REGIONS, ANYWHERE, PROGRAMME, THIRD, Area
from assistant.told import Range
from assistant.verdicts import UNKNOWN, Requirement, Verdict, all_hold, decided, words_of

_ASSOCIATED = r"(?:third )?countr(?:y|ies) associated (?:to|with) the programme"
_MEMBERS = r"eu member states?"
_JOINS = r"(?:,? (?:and/or|and|or|or in|and in)|,) (?:in )?(?:an? |any )?"
_IN_PROGRAMME = rf"(?:an? )?{_MEMBERS}{_JOINS}{_ASSOCIATED}"
_REGIONS = (
    r"(?:from |in |of )?(?:eligible )?regions? (?P<regions>[\d ab,]+(?:(?:to|and|or) [\dab ]+)*)"
)
_NOT_ASSOCIATED = r"(?:third )?countr(?:y|ies) not associated to the programme"
_PLACE = (
    rf"{_IN_PROGRAMME}(?P<third>{_JOINS}{_NOT_ASSOCIATED}(?: neighbouring the eu)?"
    rf"(?: \(?{_REGIONS})?)?"
)
_MIN = r"(?:(?:a )?minimum(?: of)?|at least)"
_BODIES = (
    r"(?:organisations?|partners?|applicants?|heis?|higher education institutions?(?: \(heis?\))?|"
    r"legal entities|entities)"
)
_ASIDE = (
    r"(?: \((?:beneficiaries|beneficiaries[,;] not affiliated entities|at least 1 sending and at "
    r"least 1 receiving organisation)\))?"
)
_OF_ORGANISATIONS = re.compile(
    rf"{_MIN} (?P<n>\d+) (?:eligible |full |participating |independent |different )*"
    rf"(?P<what>{_BODIES}){_ASIDE}"
)
_AREA = rf"(?P<area>{_MEMBERS}(?:,? (?:and/or|and|or) {_ASSOCIATED})|(?:eligible )?countries)"
_OF_COUNTRIES = re.compile(
    rf"(?:(?:coming |established )?(?:from|in) |cover(?:ing)? )?(?:{_MIN} )?"
    rf"(?:(?P<m>\d+) )?(?P<different>different )?{_AREA}(?! not associated)"
)
_GLUE = re.compile(
    r"\b(?:proposals?|must|be|submitted|by|consortium|consortia|of|the|an?|partnerships?|includes?|"
    r"involves?|involved|involving|comprise|is|are|and|transnational|projects?|participating|"
    r"organisations?|each|has to|composed|should|which|from|to|in order|eligible applicants?)\b|"
    r"[,;:. ]"
)


def _understood(rest: str, name: str) -> bool:
    """Whether what is left of a sentence adds no condition of its own."""
    for word in fold(name).split():
        rest = re.sub(rf"\b{re.escape(word.rstrip('s'))}s?\b", " ", rest)
    return not _GLUE.sub("", rest).strip()


_ONLY_FOR = re.compile(r"^(?!exception)(?P<which>[^:]{3,60}?) ?: ")
"""What a list item is only about: "European local events (Type II) : a minimum of ..."."""
_NOT_THIS = re.compile(
    r"\b(?:or|if|unless|except\w*|when|where|maximum|most|more|during|after|before|groups?|participants|"
    r"learners?|pupils?|students?|activit(?:y|ies)|staff|mobility|ngos?)\b"
)
"""Words of sentences about least numbers that are about something else, or hold only sometimes."""


def _organisations(text: str, name: str) -> Requirement | None:
    """A least number of organisations, of countries, or of both."""
    organisations = _OF_ORGANISATIONS.search(text)
    spreads = [
        m for m in _OF_COUNTRIES.finditer(text) if m["m"] or (m["different"] and organisations)
    ]
    if not organisations and not any(m["m"] for m in spreads):
        return None
    if organisations is None and not re.search(_MIN, text):
        return None
    if _NOT_THIS.search(_outside(text, spreads)):
        return None
    found = [m for m in (organisations, *spreads) if m]
    rest = _outside(text, found)
    whole = _understood(rest, name)
    only = _ONLY_FOR.match(text)
    kind = set(re.findall(r"\w{3,}|\b[ivx]+\b|\d", only["which"])) if only else set()
    areas = [(_area(m["area"]), int(m["m"] or 2)) for m in spreads]
    number = int(organisations["n"]) if organisations else 0
    # "3 organisations from 3 Member States" counts those in Member States; "from 3 countries, of
    # which 2 are Member States" counts all.
    where = areas[0][0] if areas else ANYWHERE
    higher = organisations is not None and re.match(r"hei|higher", organisations["what"])

    def test(asker: Asker) -> Verdict:
        if not kind <= set(re.findall(r"\w+", fold(asker.question))):
            return UNKNOWN  # one of several kinds of projects, and the asker names another or none
        answers: list[bool | None] = [asker.countries(area).within(m) for area, m in areas]
        if number:
            answers.append(asker.located(where).within(number))
        if higher:
            kinds = [party.kind is Kind.HIGHER or None for party in asker.parties]
            answers.append(all_hold(kinds))
        verdict = decided(all_hold(answers), whole=whole, said=asker.said)
        lacks = _lacks(asker, where, number, areas)
        return replace(verdict, value=asker.located(ANYWHERE).high, lacks=lacks)

    return Requirement(test=test, words=words_of(text), subject="organisations")


def _lacks(asker: Asker, where: Area, number: int, areas: Sequence[tuple[Area, int]]) -> str:
    """Whether countries are too few, or else organisations, and whether by one or more."""

    def missing(told: Range, least: int) -> float:
        return 0 if told.high is None else least - told.high

    countries = max((missing(asker.countries(area), least) for area, least in areas), default=0)
    organisations = missing(asker.located(where), number)
    if countries > 0:
        return "country" if countries == 1 and organisations <= 1 else "countries"
    return "" if organisations <= 0 else "partner" if organisations == 1 else "partners"


def _outside(text: str, found: Sequence[re.Match[str]]) -> str:
    """What of a text none of some matches holds."""
    kept = list(text)
    for match in found:
        kept[match.start() : match.end()] = " " * len(match[0])
    return "".join(kept)


def _area(words: str) -> Area:
    return PROGRAMME if words.startswith("eu member") else ANYWHERE


def _third(match: re.Match[str]) -> Area:
    """The countries of a place as written: "... or third country ... of regions 1 to 3"."""
    if not match["third"]:
        return PROGRAMME
    listed = match["regions"]
    return Area(regions=_regions(listed) if listed else frozenset())


def named_regions(text: str) -> frozenset[str]:
    """The regions that a sentence, as `assistant.verdicts.plain` gives it, names first."""
    found = re.search(_REGIONS, text)
    return _regions(found["regions"]) if found else ALL_REGIONS


def _regions(listed: str) -> frozenset[str]:
    """Regions as listed: "1 to 3 and 5 to 14", "1, 2, 5a"."""
    regions: set[str] = set()
    for first, last in re.findall(r"(\d{1,2}[ab]?)(?: to (\d{1,2}))?", listed):
        if last:
            regions.update(str(n) for n in range(int(first.rstrip("ab")), int(last) + 1))
        else:
            regions.add(first)
    return frozenset(regions & ALL_REGIONS)


def _inside(asker: Asker, party: Party, area: Area) -> bool | None:
    """Whether all organisations of a party are in an area."""
    if party.programme and area.programme:
        return True
    places = [asker.standing(key) for key in party.places]
    answers = [None if place is None else area.holds(place) for place in places]
    return all_hold(answers)


def _of_them_in(asker: Asker, area: Area) -> bool | None:
    """Whether who applies is in an area; where one of several does, all or none must be."""
    answers: list[bool | None] = []
    for party in asker.applying:
        places = [asker.standing(key) for key in party.places]
        answers += [None if place is None else area.holds(place) for place in places]
        if not places:
            answers.append(True if party.programme and area.programme else None)
    one = set(answers)
    return one.pop() if len(one) == 1 else None


_CAN_APPLY = re.compile(r"\b(?:can|may) (?:be the |act as |be )?(?:applicant|apply|coordinator)")
_APPLICANTS = re.compile(r"^(?:[\w ]+: )?applicants?(?: organisations?)? must be established in ")
_NOT_COORDINATE = re.compile(
    rf"^(?:organisations? )?(?:from|in|established in)? ?{_NOT_ASSOCIATED} cannot "
    r"(?:participate as|be)(?: the)?(?: project)? (?:coordinators?|applicants?)"
)
_PLAIN_APPLICANT = re.compile(
    r"\b(?:any|participating|organisations?|established|in|can|be|the|applicant/coordinator|"
    r"applicants?|coordinators?|must|eligible countries|an?)\b|[,;:. ]"
)


def _applicant(text: str) -> Requirement | None:
    """Where the applicant or coordinator must be, or may not be."""
    shut = _NOT_COORDINATE.match(text)
    if shut:

        def kept_out(asker: Asker) -> Verdict:
            out = _of_them_in(asker, THIRD)
            return Verdict(Met.NOT_MET, _said_of(asker.applying)) if out else UNKNOWN

        return Requirement(test=kept_out, words=words_of(text), subject="applicant", exclusion=True)
    place = re.search(_PLACE, text)
    if place is None or not (_CAN_APPLY.search(text) or _APPLICANTS.match(text)):
        return None
    groups = text.replace(" or informal group of young people", " ")
    rest = _outside(text, [place])
    area = _third(place)
    if re.search(r"\b(?:or|if|except\w*|unless)\b", groups.replace(place[0], " ")) or (
        place["third"] and not area.regions
    ):
        return None
    whole = not _PLAIN_APPLICANT.sub("", rest).strip()

    def test(asker: Asker) -> Verdict:
        answer = _of_them_in(asker, area)
        return decided(answer, whole=whole, said=_said_of(asker.applying))

    return Requirement(test=test, words=words_of(text), subject="applicant")


_MAY_TAKE_PART = re.compile(
    rf"^(?:any )?(?:public or private )?organisations?,? established in (?:any |an )?{_PLACE}"
    r"(?:\W*\(?see section[^)]*\))? can participate in (?:an? |the )?[\w -]+$"
)


def _place(text: str) -> Requirement | None:
    """Where organisations that take part must be."""
    match = _MAY_TAKE_PART.match(text.rstrip(" ."))
    if match is None or (match["third"] and not match["regions"]):
        return None
    area = _third(match)

    def test(asker: Asker) -> Verdict:
        if any(party.kind is Kind.INFORMAL for party in asker.parties):
            return UNKNOWN
        outside = [p for p in asker.parties if _inside(asker, p, PROGRAMME) is not True]
        if any(party.kind is Kind.PUBLIC for party in outside):
            return UNKNOWN  # guides shut out authorities of some third countries elsewhere
        inside = [_inside(asker, party, area) for party in asker.parties]
        return decided(all_hold(inside), whole=True, said=asker.said)

    return Requirement(test=test, words=words_of(text), subject="place")


_SHUT_OUT = re.compile(
    r"^(?:exception: )?organisations from (?P<who>[\w(). -]+?) are not eligible to participate"
    r"(?: in this action)?\.?$"
)


def _exclusion(text: str) -> Requirement | None:
    """Countries whose organisations may not take part."""
    match = _SHUT_OUT.match(text)
    if match is None:
        return None
    who = match["who"]

    def test(asker: Asker) -> Verdict:
        keys = {key for party in asker.parties for key in party.places}
        named = {asker.places.names.get(n.strip(), "") for n in re.split(r"\band\b|,", _bare(who))}
        return Verdict(Met.NOT_MET, asker.said) if keys & (named - {""}) else UNKNOWN

    return Requirement(test=test, words=words_of(text), subject="shut out", exclusion=True)


def _bare(names: str) -> str:
    # Brackets are not always closed: "Belarus Region 2) and ...".
    bare = re.sub(r"\(?\bregions? \d+\b\)?|\([^)]*\)|\bthe\b", " ", names).replace(
        "russian federation", "russia"
    )
    return re.sub(r"\s+", " ", bare)


_INFORMAL = re.compile(
    r"informal groups? of young people are not to be considered as an organisation and are "
    r"therefore not eligible to participate"
)


def _informal(text: str) -> Requirement | None:
    """That informal groups may not take part."""
    if not _INFORMAL.search(text):
        return None

    def test(asker: Asker) -> Verdict:
        groups = tuple(p for p in asker.parties if p.kind is Kind.INFORMAL)
        return Verdict(Met.NOT_MET, _said_of(groups)) if groups else UNKNOWN

    return Requirement(test=test, words=words_of(text), subject="informal", exclusion=True)


_CHARTER = re.compile(
    r"^(?:any )?(?:higher education institutions?(?: \(heis?\))?|heis?) "
    r"(?:established|located) in .*\bmust (?:hold|be holders of) (?:an? |the )?(?:valid )?"
    r"(?:eche|erasmus charter)\b"
)


def _charter(text: str) -> Requirement | None:
    """That higher education institutions hold their charter."""
    if not _CHARTER.match(text):
        return None

    def test(asker: Asker) -> Verdict:
        higher = [party for party in asker.parties if party.kind is Kind.HIGHER]
        one = len(higher) == 1 and higher[0].count == 1 and _inside(asker, higher[0], PROGRAMME)
        # "We hold the charter" is said of one; of others nothing is known.
        return decided(asker.charter if one else None, whole=True, said=asker.said)

    return Requirement(
        test=test,
        words=words_of(text),
        subject="charter",
        aside=True,
        concerns=lambda asker: any(
            party.kind is Kind.HIGHER and _inside(asker, party, PROGRAMME) is not False
            for party in asker.parties
        ),
    )


_ESTABLISHED = re.compile(
    r"(?P<before>.*\bapplicant(?:/coordinator)? organisations? must have been legally established "
    r"(?:for )?at least (?P<n>\d+) years before the application deadline)(?P<rest>.*)"
)


def _age_of_organisation(text: str) -> Requirement | None:
    """For how long the applicant must have existed at the deadline."""
    match = _ESTABLISHED.match(text)
    if match is None:
        return None
    years = int(match["n"])
    whole = match["before"].startswith(("in order to be eligible, applicant", "applicant"))

    def test(asker: Asker) -> Verdict:
        told, deadlines = asker.founded, asker.deadlines
        if told is None or not asker.applying or deadlines.high is None:
            return UNKNOWN
        old_enough = Range(
            told.range.low + years, None if told.range.high is None else told.range.high + years
        )
        answer = old_enough.within(0, deadlines.low)
        if answer is False and old_enough.low < deadlines.high:
            answer = None
        return decided(answer, whole=whole, said=told.said)

    return Requirement(test=test, words=words_of(match["before"]), subject="founded")


def _said_of(parties: tuple[Party, ...]) -> str:
    return ", ".join(dict.fromkeys(party.said for party in parties))


def read_place(text: str, name: str) -> Requirement | None:
    """A condition on organisations or countries; None where it is none.

    Args:
        text: as `assistant.verdicts.plain` gives it.
        name: of the action; its words say nothing in a sentence.
    """
    for read in (_exclusion, _informal, _charter, _age_of_organisation, _applicant, _place):
        found = read(text)
        if found is not None:
            return found
    return _organisations(text, name)
