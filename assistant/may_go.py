"""Whether people may go to a country: the rule of their activity, and how the guide lists it.

"Can pupils go to Switzerland?" is decided by two places of a guide that share no word: where
activities of pupils must take place, and in which list Switzerland stands. Both are shown; what
follows from them is the reader's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.citing import quoted_lines, readable
from assistant.extractive import Draft
from assistant.flow_rows import Told, sentence
from assistant.flow_spots import AS_PROGRAMME, ONLY_RECEIVING, Spot, how_placed, spots_of
from assistant.flows import Field, Flow, flow_of
from assistant.lexicon import fold
from assistant.messages import Messages
from assistant.model import Asks, Passage, Query
from assistant.peoples import peoples
from assistant.standing import Places, Standing, guide_that_lists
from assistant.units import split_units
from corpus.cities import countries_of_cities
from corpus.language import DEFAULT
from corpus.model import Chunk, ChunkKind, Document
from corpus.settings import AnswerSettings
from corpus.world import world_in

_CHAPTERS = {
    Field.VET: re.compile(r"\bvocational education and training\b"),
    Field.SCHOOL: re.compile(r"\bschool education\b"),
    Field.ADULT: re.compile(r"\badult education\b"),
}
_VENUES = "eligible venues"
_ABROAD = re.compile(r"\bmust take place abroad\b")
_FARTHER = re.compile(r"\bthird countries not associated\b")
_FLOWS = "For mobility projects supported by internal policy funds: from EU Member States"
_FLOWS_OF = {
    "internal": re.compile(r"^\W*For mobility projects supported by internal policy funds: from"),
    "external": re.compile(r"^\W*For mobility projects supported by external policy funds: betw"),
}
_INTERNAL = re.compile(r"\bka ?131\b|\binternal\b")
_ONLY = re.compile(
    r"(?:a|an|the|our|my|we|i|us|their|they|he|she|it|and|or|as|of|in|at|to|from|for|with|by|on|via|"
    r"through|under|into|is|are|be|can|could|may|might|would|will|do|does|if|whether|there|also|"
    r"even|still|now|please|hi|hello|erasmus|erasmusplus|plus|programme|program|ka ?\d{3}|project|"
    r"projects|funds?|funding|sch|vet|adu|hed|able|allowed|possible|eligible|permitted|entitled|"
    r"accredited|accreditation|go|goes|going|travel|come|comes|coming|send|sends|sending|take|"
    r"part|spend|time|stay|visit|work|teach|train|study|studies|studying|learn|do|host|receive|"
    r"invite|participate|welcome|hosting|receiving|incoming|outgoing|abroad|mobility|mobilities|"
    r"exchange|exchanges|traineeships?|internships?|placements?|placement|semester|year|month|"
    r"week|short|long|term|group|individual|job|shadowing|teaching|training|assignments?|courses?|"
    r"activit(?:y|ies)|students?|pupils?|learners?|apprentices?|trainees?|graduates?|doctoral|phd|"
    r"candidates?|staff|teachers?|professors?|lecturers?|educators?|trainers?|adults?|children|"
    r"class|classes|young|people|persons?|members?|school|schools|schoolchildren|university|"
    r"universities|uni|univ|college|colleges|higher|education|institutions?|institutes?|heis?|"
    r"vocational|provider|providers|centres?|centers?|organi[sz]ations?|compan(?:y|ies)|country|"
    r"countries|primary|secondary|high|\d{4})"
)
"""Whoever says more asks for more."""
_WORDS_OF_NAME = 2


def where_they_may_go(
    query: Query, passages: Sequence[Passage], messages: Messages, settings: AnswerSettings
) -> Draft | None:
    """The rule on countries of an activity, and how the guide lists those asked about.

    Args:
        query: as understood.
        passages: as ranked; the first guide of theirs whose lists can be read is taken.
        messages: sentences.
        settings: limits of words and quotes.

    Returns:
        None where the question asks anything else, names Member States alone, or the guide has
        no such rule.
    """
    asks_whether = query.asks is Asks.YES_NO and not query.wants and len(query.parts) < 2
    if not asks_whether or query.compare or query.other_programmes or query.language != DEFAULT:
        return None
    flow = flow_of(query) if _says_no_more(query.question) else None
    guide = guide_that_lists(passages) if flow is not None else None
    if flow is None or guide is None:
        return None
    document, places = guide
    told = list(_told(flow, document, places, messages))
    lines, citations = quoted_lines(document, told, settings)
    return Draft(lines=lines, citations=citations) if lines else None


def _says_no_more(question: str) -> bool:
    """Whether all words but places are of people who go somewhere."""
    people = peoples()[0]
    rest = [
        word
        for word in re.findall(r"[\w-]+", question)
        if not world_in(word)
        and not countries_of_cities(f"in {word}")
        and fold(word) not in people
        and not _ONLY.fullmatch(fold(word))
    ]
    # "United" and "Kingdom" are only together the name of a country.
    return not rest or (len(rest) == _WORDS_OF_NAME and bool(world_in(" ".join(rest))))


def _told(flow: Flow, document: Document, places: Places, messages: Messages) -> Iterator[Told]:
    froms = spots_of(flow.sending, document, places) or []
    tos = spots_of(flow.receiving, document, places) or []
    asked = [spot for spot in (*tos, *froms) if spot.listed and not _is_member(spot)]
    if not asked:
        return
    if flow.of is Field.HIGHER:
        rules = list(dict.fromkeys(_of_higher(flow, document, froms, tos)))
    else:
        rules = list({told[0]: told for told in _of_venues(flow, document, tos)}.values())
    if not rules:
        return
    # Where a country only receives, the list comes before what is paid for others.
    first = 1 if flow.of is Field.HIGHER and _only_receives(froms) else len(rules)
    yield from rules[:first]
    for spot in asked:
        yield from how_placed(spot, document, messages)
    yield from rules[first:]


def _only_receives(froms: Sequence[Spot]) -> bool:
    return any(spot.region in AS_PROGRAMME for spot in froms)


def _is_member(spot: Spot) -> bool:
    return spot.place is not None and spot.place.standing is Standing.MEMBER


def _of_venues(flow: Flow, document: Document, tos: Sequence[Spot]) -> Iterator[Told]:
    """Where activities must take place, and what is said of third countries besides."""
    if all(_is_member(spot) for spot in tos):
        return
    for chunk in document.chunks:
        if not _is_rule_of(flow, chunk):
            continue
        for unit in split_units(chunk.text, offset=chunk.span.start):
            farther = _FARTHER.search(unit.text) and not all(spot.programme for spot in tos)
            named = any(spot.code in world_in(unit.text) for spot in tos)
            if _ABROAD.search(unit.text) or farther or named:
                yield readable(unit.text.rpartition(" | ")[2]), (unit.span,)


def _is_rule_of(flow: Flow, chunk: Chunk) -> bool:
    """Whether a passage says where activities of these people take place."""
    if chunk.kind is ChunkKind.FOOTNOTE or len(chunk.headings) < 3:
        return False
    if chunk.headings[-1].casefold() != _VENUES:
        return False
    *above, people, _ = map(fold, chunk.headings)
    whose = "staff mobility" if flow.staff and not flow.accompanying else "learner mobility"
    of_chapter = any(_CHAPTERS[flow.of].search(heading) for heading in above)
    return people == whose and of_chapter


def _of_higher(
    flow: Flow, document: Document, froms: Sequence[Spot], tos: Sequence[Spot]
) -> Iterator[Told]:
    """From where to where each kind of funds pays, and who only receives."""
    if _only_receives(froms):
        yield from sentence(document, ONLY_RECEIVING)
    internal = not flow.external and _INTERNAL.search(flow.words) is not None
    kinds = ["internal"] * (not flow.external) + ["external"] * (not internal)
    codes = {spot.code for spot in (*froms, *tos)}
    at = document.text.find(_FLOWS)
    for chunk in document.chunks:
        if not chunk.span.start <= at < chunk.span.end:
            continue
        for unit in split_units(chunk.text, offset=chunk.span.start):
            of_kind = any(_FLOWS_OF[kind].search(unit.text) for kind in kinds)
            if of_kind or codes & world_in(unit.text):
                yield readable(unit.text).lstrip("▪• "), (unit.span,)
