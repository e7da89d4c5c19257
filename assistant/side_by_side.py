"""Two actions that a question names side by side: the same asked of each, and told apart.

"How long do KA210 and KA220 last?" has two answers, and each chapter gives one of them in the same
words. The question is put to each action alone; who only asks how they differ is told what most
decides between them. Each line says whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.citing import Line
from assistant.extractive import Draft, draft
from assistant.lexicon import Lexicon, fold, folded_letters
from assistant.model import Asks, Citation, Filters, Passage, Query
from assistant.refusing import of_its_chapters
from assistant.units import UnitKind
from assistant.worth import Candidate, Stems
from corpus.settings import AnswerSettings

_JOINS = re.compile(
    r"[\s,/()&-]*(?:(?:and|or|vs\.?|versus|compared|against|to|than|with|from|for|of|in|an?|the|"
    r"und|oder|gegenuber|bei|fur|von|zu|im|et|ou|pour|aux?|l[ae]s?|des?|du|y|o|para|el|e|i|per|"
    r"una?|lub|oraz|dla|a|w|και|ή|η|για|τισ|στισ|τα|si|sau|pentru)[\s,/()&-]+){0,4}"
)
_DIFFER = re.compile(
    r"\b(?:differs?|differences?|different (?:between|from)|vs\.?|versus|compared?|comparison|"
    r"better|choose|which one|rather|(?:should|shall) (?:we|i|one|they) (?:apply|choose|take|go)|"
    r"unterschied\w*|unterscheid\w*|comparer|comparaison|diferencias?|differenz[ae]|roznic\w*|"
    r"roznia|διαφορ(?:α|εσ)|διαφερ\w*|diferencas?|diferent(?:a|ele) dintre)\b"
)
"""Asks how they differ, or which to take."""
_ELSE = re.compile(
    r"\b(?:when|who|where|deadline\w*|wann|wer|quand|qui|cuando|quien\w*|quando|chi)\b"
)
"""Asks for something else of both."""
Telling = Asks | re.Pattern[str]
"""How a unit is known to tell what is asked: by the kind of fact it holds, or by words."""
_DECIDES: tuple[tuple[Telling, str], ...] = (
    (Asks.AMOUNT, "How much is the grant for {name}?"),
    (
        re.compile(r"\bminimum|\bat least\b"),
        "What is the minimum number of participating organisations for {name}?",
    ),
    (re.compile(r"\bmonths\b"), "How long can {name} last?"),
    (
        re.compile(r"\beligible\b.{0,20}\bto apply\b|\bapplicants must\b"),
        "Which organisations are eligible to apply for {name}?",
    ),
)
"""What most decides between two actions, in the order in which it is told."""

Search = Callable[..., tuple[Query, Sequence[Passage]]]
"""A question, and `filters` → how it is understood, and its passages; `Assistant.search`."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: as typed, and the actions that this names."""

    typed: str
    actions: frozenset[str]
    start: int
    end: int


def sides_of(question: str, lexicon: Lexicon) -> tuple[Side, Side] | None:
    """The two actions that a question names side by side, if it names no other."""
    folded, places = folded_letters(question)
    spans: dict[tuple[int, int], set[str]] = {}
    for match in lexicon.find(question):
        if match.kind == "action":
            spans.setdefault((match.start, match.end), set()).add(match.key)
    if len(spans) != 2:
        return None
    (one, first), (other, second) = sorted(spans.items())
    joined = _JOINS.fullmatch(folded[one[1] : other[0]])
    named = [lexicon.actions[key] for key in first | second]
    with_chapter = all(action.chapter or action.within for action in named)
    if not joined or first & second or not with_chapter:
        return None
    return (
        _side(question, places, one, first),
        _side(question, places, other, second),
    )


def _side(question: str, places: Sequence[int], span: tuple[int, int], actions: set[str]) -> Side:
    start, end = places[span[0]], places[span[1]]
    return Side(question[start:end].strip(), frozenset(actions), start, end)


def side_by_side(
    query: Query,
    passages: Sequence[Passage],
    search: Search,
    lexicon: Lexicon,
    stems: Stems,
    settings: AnswerSettings,
) -> Draft | None:
    """What is asked of two actions, told of each.

    Args:
        query: as understood.
        passages: as ranked; the first one of a chapter asked about says which edition answers.
        search: looks there for what answers a question on one of the two.
        lexicon: actions and their chapters.
        stems: how words are reduced for comparison.
        settings: limits of words and quotes.

    Returns:
        None where the question does not name two actions side by side, or where nothing that is
        asked is found of both.
    """
    sides = sides_of(query.question, lexicon) if len(query.actions) > 1 else None
    edition = next((p.document.id for p in passages if p.named), None)
    if sides is None or edition is None or query.compare or query.follow_up:
        return None
    only = Filters(document_id=edition)
    # Of deadlines further rounds matter, too.
    words = settings.max_words // len(sides) if query.about_deadline else 1
    alone = settings.model_copy(update={"max_words": words, "max_quotes": 1})
    told: list[tuple[Side, Draft]] = []
    for wanted, asked, whole in _asked(query, sides):
        pair = []
        for side in sides:
            of_one, near = search(asked.format(name=side.typed), filters=only)
            near = of_its_chapters(of_one, near, lexicon)
            leads = draft(of_one, near, stems=stems, settings=alone)
            if not _is_of(leads, side, lexicon, wanted=wanted, whole=whole):
                break  # then the other need not be searched
            pair.append((side, leads))
        else:
            told += pair
    return _composed(told, query.language, lexicon, settings) if told else None


def _asked(query: Query, sides: tuple[Side, Side]) -> Iterator[tuple[Telling, str, bool]]:
    """What to ask of each, with a place for its name: the question's own words or what differs.

    Before it what tells it; after it whether it is asked of a project as a whole: then rates do
    not tell it.
    """
    one, other = sides
    before, after = (
        part.replace("{", " ").replace("}", " ")
        for part in (query.question[: one.start], query.question[other.end :])
    )
    rest = fold(f"{before} {query.question[one.end : other.start]} {after}")
    if _DIFFER.search(rest):
        if not _ELSE.search(rest):
            year = f" in {query.years[0]}" if query.years else ""
            for wanted, asked in _DECIDES:
                yield wanted, asked.replace("?", f"{year}?"), True
    elif query.wants:
        yield query.wants[0], f"{before}{{name}}{after}", False


def _is_of(leads: Draft, side: Side, lexicon: Lexicon, *, wanted: Telling, whole: bool) -> bool:
    """Whether what leads is of that side's chapter, and tells what is wanted."""
    leading = leads.leading
    if leading is None:
        return False
    if isinstance(wanted, Asks):
        is_rate = whole and wanted is Asks.AMOUNT and leading.unit.kind is UnitKind.ROW
        told = wanted in leading.supplies and not is_rate
    else:
        told = any(wanted.search(fold(line.text)) for line in leads.lines)
    above = lexicon.named_above(leading.passage.chunk.headings)
    return told and not side.actions.isdisjoint(above)


def _composed(
    told: Sequence[tuple[Side, Draft]],
    language: str,
    lexicon: Lexicon,
    settings: AnswerSettings,
) -> Draft | None:
    """Lines that say whose they are, two by two, as many as there is room for."""
    lines: list[Line] = []
    citations: dict[tuple[int, str], Citation] = {}
    shown: list[Candidate] = []
    left = settings.max_words
    for pair in zip(told[::2], told[1::2], strict=True):
        more = {(c.page, c.quote): c for _, found in pair for c in found.citations}
        texts = [
            (f"{_name(side, lexicon, language)}: {line.text}", found.citations[0])
            for side, found in pair
            for line in found.lines
        ]
        left -= sum(len(text.split()) for text, _ in texts)
        if left < 0 or len(citations.keys() | more.keys()) > settings.max_quotes:
            break
        for key, citation in more.items():
            citations.setdefault(key, replace(citation, number=len(citations) + 1))
        for text, citation in texts:
            number = citations[citation.page, citation.quote].number
            lines.append(Line(text=text, citations=(number,)))
        shown += [candidate for _, found in pair for candidate in found.shown]
    if not lines:
        return None
    return Draft(lines=tuple(lines), citations=tuple(citations.values()), shown=tuple(shown))


def _name(side: Side, lexicon: Lexicon, language: str) -> str:
    """What an action is called; what was typed, where that may be several."""
    if len(side.actions) > 1:
        return side.typed
    return lexicon.actions[next(iter(side.actions))].name(language)
