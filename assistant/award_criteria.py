"""The award criteria of an action, all of them, each with its points, and what they have to reach.

Guides head the text of each criterion with its name and its points, over several pages; no passage
holds them all. Who asks for the criteria is told all headings, and the thresholds after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citing import quoted_lines, readable
from assistant.extractive import Draft
from assistant.lexicon import Lexicon, fold
from assistant.model import Passage, Query
from assistant.units import units_of
from corpus.model import Chunk, Document, Span
from corpus.settings import AnswerSettings

_ASKS = re.compile(
    r"\b(?:(?:award|assessment|evaluation|quality|scoring|selection) criteri(?:a|on)|"
    r"criteri(?:a|on) (?:for|of) (?:the )?(?:award|assessment|evaluation)|"
    r"(?:vergabe|gewahrungs|bewertungs|auswahl|zuschlags)kriteri\w+|"
    r"criteres? (?:d.)?(?:attribution|evaluation|selection)|"
    r"criterios? de (?:adjudicacion|concesion|evaluacion|seleccion|atribuicao|avaliacao)|"
    r"criteri di (?:aggiudicazione|assegnazione|attribuzione|valutazione|selezione)|"
    r"kryteri\w+ (?:przyznawania(?: dofinansowania)?|oceny|wyboru)|"
    r"κριτηρι\w+ (?:αναθεσησ|χορηγησησ|αξιολογησησ|επιλογησ)|"
    r"criteri\w+ de (?:atribuire|acordare|evaluare|selectie))\b|"
    r"\b(?:assessed|evaluated|scored|marked|graded|judged)\b"
)
_CARRIES = re.compile(
    r"(?:what|which|how|are|is|the|for|of|in|to|and|each|every|all|list|many|much|points?|score[sd]?|"
    r"scoring|maximum|max|weights?|weighted|weighting|do|does|they|give|have|has|bring|get|gets|can|"
    r"could|you|me|tell|please|name|applications?|proposals?|projects?|applied|used|by|with|their|"
    r"guide|programme|erasmus|plus|under|action|criteri(?:a|on)|our|my|will|be|on|"
    r"education|training|field|sector|was|welche|gelten|gilt|sind|die|der|das|fur|und|wie|viele|punkte\w*|es|gibt|jeweils|mit|im|den|"
    r"quels?|quelles?|sont|les|des|pour|et|combien|chacun|chaque|"
    r"cuales|son|los|las|para|cuant[oa]s|puntos|cada|uno|"
    r"quali|sono|gli|per|quant[ie]|punti|ciascuno|ognuno|"
    r"jakie|sa|dla|ile|punktow|kazde|kazdego|"
    r"ποια|ειναι|τα|του|τησ|των|για|και|ποσουσ|βαθμουσ|καθε|ενα|"
    r"quais|sao|quantos|pontos|care|sunt|pentru|cate|puncte|fiecare|"
    r"\w{1,2}|20\d\d)"
)
"""Who says more asks about one of them, or for something else."""
_POINTS = re.compile(
    r"(?P<name>[^\n|]*?)[ ]?"
    r"(?P<points>\((?:max|μέγιστ)[^()\n\d]{0,25}(?P<most>\d{1,3})[^()\n\d]{0,12}\))"
)
_THRESHOLD = re.compile(r"to be considered for (?:funding|award)|δυνατότητα χρηματοδότησ", re.I)
_BULLET = re.compile(r"^[\u2022\u25aa]\s+")
_WHOLE = 100
"""Points that the criteria of one kind of application have together."""
_NEAR = 4000
"""So far before its points the name of a criterion may stand, on the page before."""


@dataclass(frozen=True, slots=True)
class _Criterion:
    """Its name and points as printed; `spans` are both, on one page or two."""

    text: str
    most: int
    spans: tuple[Span, ...]


def where_criteria(
    query: Query, passages: Sequence[Passage], lexicon: Lexicon, settings: AnswerSettings
) -> Draft | None:
    """All award criteria of the action asked about, and their thresholds.

    Args:
        query: as understood.
        passages: as ranked; the guide of the first one of the action's chapter answers.
        lexicon: names of actions, and which headings name them.
        settings: limits of words and quotes.

    Returns:
        None where anything else is asked, or where the action has several lists that differ.
    """
    if not query.actions or query.compare or not _asks_for_all(query, lexicon):
        return None
    leading = next((p for p in passages if _is_of(p.chunk, query, lexicon)), None)
    if leading is None:
        return None
    chunks = [c for c in leading.document.chunks if _is_of(c, query, lexicon)]
    lists = list(_lists(_criteria(leading.document, chunks)))
    if not lists or any(_said(each) != _said(lists[0]) for each in lists):
        return None
    told = [(each.text, each.spans) for each in lists[0]]
    told += _thresholds(leading.document, chunks, lists[0])
    lines, citations = quoted_lines(leading.document, told, settings)
    return Draft(lines=lines, citations=citations) if len(lines) >= len(lists[0]) else None


def _asks_for_all(query: Query, lexicon: Lexicon) -> bool:
    question = query.search_text if query.follow_up else query.question
    for match in reversed(lexicon.find(question)):
        if match.kind in ("action", "field"):
            question = f"{question[: match.start]} {question[match.end :]}"
    folded = fold(question)
    if not _ASKS.search(folded):
        return False
    rest = re.findall(r"\w+", _ASKS.sub(" ", folded))
    return all(_CARRIES.fullmatch(word) for word in rest)


def _is_of(chunk: Chunk, query: Query, lexicon: Lexicon) -> bool:
    """Whether a chunk is of the chapter, or the part of it, that is asked about."""
    if lexicon.belongs_elsewhere(chunk.headings, query.actions, query.fields):
        return False
    named = lexicon.named_above(chunk.headings)
    asked = {*query.actions, *(w for a in query.actions for w in lexicon.actions[a].within)}
    return not named.isdisjoint(asked)


def _criteria(document: Document, chunks: Sequence[Chunk]) -> list[_Criterion]:
    """The criteria that head the text of some chunks, in the order of the guide."""
    found: dict[int, _Criterion] = {}
    for chunk in chunks:
        for match in _POINTS.finditer(document.text, chunk.span.start, chunk.span.end):
            spans = tuple(_spans(document, chunk, match))
            if spans and match.start("points") not in found:
                text = " ".join(readable(document.text_at(span)) for span in spans)
                found[match.start("points")] = _Criterion(text, int(match["most"]), spans)
    return [found[at] for at in sorted(found)]


def _spans(document: Document, chunk: Chunk, match: re.Match[str]) -> Iterator[Span]:
    """Where a criterion stands: in one line, or its name before, as its heading says it."""
    name = match["name"].strip(" \N{BULLET}")
    if name:
        start = document.text.index(name, match.start())
        yield Span(start, match.end())
        return
    heading = chunk.headings[-1] if chunk.headings else ""
    name = heading.removesuffix(match["points"]).strip()
    at = document.text.rfind(name, max(0, match.start() - _NEAR), match.start()) if name else -1
    if at >= 0 and name != heading:
        yield Span(at, at + len(name))
        yield Span(match.start("points"), match.end("points"))


def _lists(criteria: Sequence[_Criterion]) -> Iterator[list[_Criterion]]:
    """Those that have all points together, one list after the other."""
    current: list[_Criterion] = []
    for criterion in criteria:
        current.append(criterion)
        points = sum(each.most for each in current)
        if points == _WHOLE:
            yield current
        if points >= _WHOLE:
            current = []


def _said(criteria: Sequence[_Criterion]) -> list[tuple[str, int]]:
    return [(fold(each.text).replace("the ", ""), each.most) for each in criteria]


def _thresholds(
    document: Document, chunks: Sequence[Chunk], criteria: Sequence[_Criterion]
) -> list[tuple[str, tuple[Span, ...]]]:
    """What an application must reach, as it is said nearest to the criteria, and where."""
    first = criteria[0].spans[0].start
    told: dict[Span, list[Span]] = {}
    for unit in (unit for chunk in chunks for unit in units_of(chunk)):
        head = unit.lead or unit.span
        if _THRESHOLD.search(document.text_at(head)):
            told.setdefault(head, []).append(unit.span)
    if not told:
        return []
    head = min(told, key=lambda span: abs(span.start - first))
    spans = tuple(dict.fromkeys((head, *told[head])))
    text = " ".join(_BULLET.sub("", readable(document.text_at(span))) for span in spans)
    return [(text, spans)] if any(map(str.isdigit, text)) else []
