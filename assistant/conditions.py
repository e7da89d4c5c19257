"""Eligibility as conditions: what the guide demands, each held against what the asker said.

Where a question tells something of the asker and asks whether that is eligible, the answer is not
a yes: it is the conditions of the action, each quoted, each met, not met or unknown. `demands`
reads the guide, `asker` the question; a condition is decided only by comparison of numbers and
lists, and everything else is unknown. One citation for each page: conditions of a page share it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.asker import Asker, read_asker
from assistant.citing import Line, cite, cite_pages, readable
from assistant.demands import Demand, binds, demands, is_exception
from assistant.facts import unsupported
from assistant.glossed import Gloss
from assistant.glossing import gloss
from assistant.lacking import reason, summed_up
from assistant.lexicon import Action, Lexicon, fold
from assistant.messages import Messages
from assistant.model import Citation, Condition, Met, Passage, Query
from assistant.requirement_numbers import LISTED
from assistant.requirement_places import named_regions
from assistant.standing import Area, Place, read_places
from assistant.verdicts import UNKNOWN, Verdict, plain
from corpus.model import Document, Span
from corpus.settings import AnswerSettings

MOST = 8
"""Most conditions shown; those that are decided first."""
LONGEST_WORDS = 60
"""A condition that nothing decides is left out where it is longer."""
LANGUAGE = "en"
"""The one language of guides in which conditions are read."""

_ASKS = re.compile(
    r"\b(?:(?:can|could|may|are|is|would|do|does|am) (?:we|i|our|my|they|this|that|it|a|an|the|"
    r"one|two|three|four|five|both|\d+)\b|eligible|qualify|allowed|enough|too (?:young|old|short|"
    r"long|few|many|small|big)|possible|ok\b|(?:can|could|may) (?:[a-z]+ ){1,4}(?:take part|"
    r"participate|join|apply|coordinate|be an? (?:partner|coordinator|applicant))\b)"
)
_ASKS_LAST = re.compile(r"\bcan\b[^.?!;]*\?")
"""Asks in languages where the verb may stand after who it is asked of."""
_ACTIVITY = r"(?:exchange|activity|activities|training|course|mobility|visit|meeting|event)"
_ASKS_ELSE = re.compile(
    r"\b(?:do|does|would|will|can|is|are) [^.?!;,]{2,60}\bcount\b[^.?!;,]*\W*$|"
    r"\b(?:takes?|taking) place\b|"
    r"\bbe (?:held|hosted|organi[sz]ed|done|carried out) (?:in|at|there)\b|"
    rf"\b(?:can|could|may|must) (?:the|our|an?|this) (?:[\w-]+ ){{0,3}}{_ACTIVITY} "
    rf"(?:[\w-]+ ){{0,5}}?be (?:in|at) [^.?!;]*\W*$|\bdo (?:the|our|an?) {_ACTIVITY} in\b"
)
"""Whether somebody counts to a number, or where an activity may be, is not who may take part."""
_FIGURES = {
    "participants": re.compile(r"\b(\d+) participants|number of participants is (\d+)"),
    "days": re.compile(r"\b(\d+) days"),
    LISTED: re.compile(r"\b(\d+) days"),
    "organisations": re.compile(r"\b(\d+) (?:[a-z]+ )?(?:organisations?|heis?|partners?)\b"),
    "project months": re.compile(r"\b(\d+) months"),
    "ages": re.compile(r"\b(\d+) (?:and \d+ )?years"),
}
"""The numbers of an exception that are of the subject of a condition."""
_STILL_DEMANDS = re.compile(r"\b(?:as long as|provided that|on condition that)\b.*", re.DOTALL)
"""What an exception demands all the same."""
_OF_THIRD = re.compile(
    r"^(?:however, )?organisations (?:from|in|established in) (?:eligible )?third countries not "
    r"associated to the programme"
)
"""What is only about those from third countries."""
_KEY_LABEL = re.compile(r"who can apply|participating organi|types of organi|composition|profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Conditions of an action, as an answer: lines and citations not yet verified.

    Attributes:
        lines: the first one says what is lacking; then conditions, those decided first.
        conditions: their citations are numbers of `citations`.
    """

    lines: tuple[Line, ...]
    citations: tuple[Citation, ...]
    conditions: tuple[Condition, ...]

    def quoted_in(self, citations: Sequence[Citation]) -> tuple[Condition, ...]:
        """The conditions whose citation is among those that verification left, by its number."""
        numbers = {(c.document_id, c.page): c.number for c in citations}
        places = {c.number: (c.document_id, c.page) for c in self.citations}
        return tuple(
            replace(condition, citation=numbers[places[condition.citation]])
            for condition in self.conditions
            if places[condition.citation] in numbers
        )


_OF_PLACE = frozenset({"place", "applicant", "organisations", "shut out"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A condition and its verdict."""

    demand: Demand
    verdict: Verdict = UNKNOWN

    @property
    def decided(self) -> bool:
        """Whether it is met or not met."""
        return self.verdict.met is not Met.UNKNOWN

    @property
    def subject(self) -> str:
        """What it is about, "" where it was not understood."""
        return self.demand.requirement.subject if self.demand.requirement else ""

    @property
    def shuts_out(self) -> bool:
        """Whether it only says who may not take part, or who may only with a charter."""
        requirement = self.demand.requirement
        return requirement is not None and (requirement.exclusion or requirement.aside)


def judge(
    query: Query,
    passages: Sequence[Passage],
    *,
    lexicon: Lexicon,
    messages: Messages,
    settings: AnswerSettings,
    today: date,
) -> Judged | None:
    """The conditions of the action asked about, held against what the asker said.

    Args:
        query: as understood; without one action that has a chapter there is nothing to judge.
        passages: as ranked; the guide of the best one that has that chapter is read.
        lexicon: actions.
        messages: sentences.
        settings: limits of words and quotes.
        today: "last year" is counted from it.

    Returns:
        None where the question tells nothing of the asker, asks something else, or where nothing
        that it tells decides a condition.
    """
    action = _action(query, lexicon)
    if action is None or query.wants or query.compare:
        return None
    question = query.search_text if query.follow_up else query.told
    read = gloss(question, query.language, lexicon)
    asked = query.search_text if query.follow_up else query.question
    if read is None or not _asks(read) or _ASKS_ELSE.search(fold(asked)):
        return None
    document = next((p.document for p in passages if _answers(p, action, lexicon)), None)
    if document is None:
        return None
    asker = read_asker(
        read.text,
        read_places(document),
        today=today,
        call_year=document.edition.year,
        names=(*action.names.values(), *action.synonyms, *action.codes),
    )
    if not asker.tells:
        return None
    found = [
        _Held(demand=d, verdict=d.requirement.test(asker) if d.requirement else UNKNOWN)
        for d in demands(document, action, lexicon, read.text)
        if d.requirement is None or d.requirement.concerns(asker)
    ]
    chosen = _chosen(_without_exceptions(found), asker)
    if not any(held.decided for held in chosen):
        return None
    return _composed(
        document,
        chosen,
        asker,
        read,
        messages=messages,
        settings=settings,
        language=query.language,
    )


def _asks(read: Gloss) -> bool:
    """Whether a question asks if what it tells will do."""
    told = fold(read.text)
    in_english = not read.pieces
    return bool(_ASKS.search(told) or (not in_english and _ASKS_LAST.search(told)))


def _action(query: Query, lexicon: Lexicon) -> Action | None:
    """The one whose chapter is asked about; of a part of one chapter, that of the chapter."""
    if len(query.actions) != 1:
        return None
    action = lexicon.actions[query.actions[0]]
    if len(action.within) == 1:
        whole = lexicon.actions[action.within[0]]
        return replace(whole, synonyms=(*whole.synonyms, *action.synonyms, *action.names.values()))
    return action if action.chapter else None


def _answers(passage: Passage, action: Action, lexicon: Lexicon) -> bool:
    edition = passage.document.edition
    if edition.year is None or edition.language != LANGUAGE:
        return False
    return action.id in lexicon.chapters_above(passage.chunk.headings)


def _without_exceptions(found: Sequence[_Held]) -> list[_Held]:
    """The same without verdicts that another sentence may take back.

    "Minimum 16 participants" is not broken by 14 where "in the cases of ... the minimum number is
    10" stands with it; who may take part is not settled where another line shuts them out.
    """
    shut_out = any(h.verdict.met is Met.NOT_MET and h.shuts_out for h in found)
    kept = []
    for held in found:
        doubtful = held.verdict.met is Met.NOT_MET and any(
            other.demand.label == held.demand.label and _lets_in(other.demand, held)
            for other in found
            if other is not held
        )
        unsettled = held.verdict.met is Met.MET and held.subject in _OF_PLACE and shut_out
        kept.append(replace(held, verdict=UNKNOWN) if doubtful or unsettled else held)
    return kept


def _lets_in(exception: Demand, held: _Held) -> bool:
    """Whether a sentence may except the asker from a condition: one of its numbers allows them."""
    figures = _FIGURES.get(held.subject)
    if figures is None or not is_exception(exception.words):
        return False
    allowed = _STILL_DEMANDS.sub("", plain(exception.words))
    numbers = [int(n) for m in figures.finditer(allowed) for n in m.groups() if n]
    value = held.verdict.value
    if not numbers or value is None:
        return bool(numbers)
    return max(numbers) >= value if held.verdict.too_great else min(numbers) <= value


def _chosen(found: Sequence[_Held], asker: Asker) -> list[_Held]:
    """The conditions to show, in the order of the guide, each once; decided ones go first."""
    once: dict[str, _Held] = {}
    for held in found:
        once.setdefault(fold(held.demand.text), held)
    keys = {key for party in asker.parties for key in party.places}
    places = [place for key in keys if (place := asker.standing(key)) is not None]
    ranked = [(rank, held) for held in once.values() if (rank := _rank(held, places)) is not None]
    best = sorted(ranked, key=lambda pair: pair[0])[:MOST]
    return [held for _, held in ranked if any(held is one for _, one in best)]


def _rank(held: _Held, places: Sequence[Place]) -> int | None:
    """How far ahead a condition goes; None where it is not shown.

    Args:
        held: the condition.
        places: the countries told of, as the guide lists them.
    """
    demand = held.demand
    if held.decided:
        return 0
    if demand.requirement is None and _OF_THIRD.match(fold(demand.words)):
        area = Area(programme=False, regions=named_regions(plain(demand.words)))
        return 1 if any(area.holds(place) is not False for place in places) else None
    if demand.requirement is not None:
        return None if demand.requirement.exclusion else 1
    telling = binds(demand.text) and _KEY_LABEL.search(fold(demand.label)) is not None
    return 2 if telling and len(demand.text.split()) <= LONGEST_WORDS else None


def _composed(
    document: Document,
    chosen: Sequence[_Held],
    asker: Asker,
    read: Gloss,
    *,
    messages: Messages,
    settings: AnswerSettings,
    language: str,
) -> Judged | None:
    """Conditions with the citations that quote them, one for each page, and the lines of text."""
    pages: dict[int, list[Span]] = {}

    def takes(spans: Sequence[Span]) -> bool:
        """Adds what must be quoted to its page, where there is room for one more."""
        page = document.page_at(spans[0].start).number
        room = page in pages or len(pages) < settings.max_quotes
        if not room or cite(document, spans) is None:
            return False
        pages.setdefault(page, []).extend(spans)
        return True

    decided = [h for h in chosen if h.decided and takes(h.demand.spans)]
    listed = [row for row in _listed(decided, asker) if takes(row)]
    rest = [h for h in chosen if not h.decided and takes(h.demand.spans)]
    numbers = cite_pages(document, dict(sorted(pages.items())))
    conditions = []
    reasons = []
    for held in chosen:
        demand = held.demand
        found = numbers.get(document.page_at(demand.spans[0].start).number)
        kept = held in decided or held in rest
        if kept and found is not None and not unsupported(demand.text, (found.quote,)):
            said, met = read.own(held.verdict.said), held.verdict.met
            conditions.append(
                Condition(text=demand.text, citation=found.number, met=met, said=said)
            )
            if met is Met.NOT_MET:
                reasons.append(reason(held.subject, held.verdict))
    if all(condition.met is Met.UNKNOWN for condition in conditions):
        return None
    rows = []
    for row in listed:
        found = numbers.get(document.page_at(row[0].start).number)
        if found is not None:
            text = ": ".join(readable(document.text_at(span)) for span in row)
            rows.append(Line(text=text, citations=(found.number,)))
    undecided = any(condition.met is Met.UNKNOWN for condition in conditions)
    lines = _lines(
        summed_up(reasons, undecided=undecided, messages=messages, language=language),
        conditions,
        rows,
        citations=len(numbers),
        messages=messages,
        max_words=settings.max_words,
        language=language,
    )
    return Judged(lines=lines, citations=tuple(numbers.values()), conditions=tuple(conditions))


def _listed(decided: Sequence[_Held], asker: Asker) -> list[tuple[Span, ...]]:
    """Where the guide lists the third countries that a verdict on countries rests on."""
    if not any(held.subject in _OF_PLACE for held in decided):
        return []
    keys = dict.fromkeys(key for party in asker.parties for key in party.places)
    places = [place for key in keys if (place := asker.standing(key)) is not None]
    return [place.row for place in places if not place.in_programme]


def _lines(
    summary: str,
    conditions: Sequence[Condition],
    rows: Sequence[Line],
    *,
    citations: int,
    messages: Messages,
    max_words: int,
    language: str,
) -> tuple[Line, ...]:
    """What it comes to, then the conditions, as many as there is room for.

    Args:
        summary: leads.
        conditions: in the order of the guide.
        rows: what the verdicts on countries rest on.
        citations: how many there are.
        messages: sentences.
        max_words: of all lines.
        language: of the asker.
    """
    order = (Met.NOT_MET, Met.MET, Met.UNKNOWN)
    told: dict[bool, list[Line]] = {True: [], False: []}
    for condition in sorted(conditions, key=lambda c: order.index(c.met)):
        verdict = messages.say(f"condition_{condition.met.value}", language)
        line = Line(text=f"{verdict}: {condition.text}", citations=(condition.citation,))
        told[condition.met is not Met.UNKNOWN].append(line)
    lines = [Line(text=summary, citations=tuple(range(1, citations + 1)))]
    left = max_words - len(summary.split())
    for line in (*told[True], *rows, *told[False]):
        left -= len(line.text.split())
        if left < 0:
            break
        lines.append(line)
    return tuple(lines)
