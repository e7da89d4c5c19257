"""The conditions that a guide sets for an action, each where it stands.

Sections of the action's chapter under headings of eligibility are read, one sentence, list item
or row at a time, each with what introduces it. A chapter with several lots or strands has
conditions for each: those that the question names are taken, else all, each with its heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citing import readable
from assistant.cues import load_cues
from assistant.lexicon import Action, Lexicon, fold
from assistant.requirement_numbers import LISTED
from assistant.requirements import read_requirement
from assistant.units import Unit, UnitKind, split_units
from assistant.verdicts import Requirement, plain
from corpus.model import CELL_SEPARATOR, Document, Section, Span

_LABEL = re.compile(
    r"eligib|who can apply|participating organi|which types of organi|consortium composition|"
    r"duration of|project duration|number of participants|number and profile"
)
_OTHER_LABEL = re.compile(
    r"award|selection|exclusion|quality|relevance|impact|\bwhere\b|\bwhen\b|\bhow\b|\bcosts?|"
    r"venue|annex|duration of the (?:consortium )?accreditation"
)
_PLAIN_LABEL = re.compile(
    r"^(?:(?:general|specific) )?eligi\w+ criteria$|"
    r"^wh(?:ich|at) are the (?:eligibility )?criteria|"
    r"^(?:minimum requirements|(?:additional )?eligibility criteria)(?: for)?$"
)
_PREPARATORY = "preparatory visit"
_BINDS = re.compile(
    r"\b(?:must|(?:can|cannot|may not) (?:be|apply|participate|act)|(?:is|are) (?:not )?eligible)\b"
)
_NO_CONDITION = re.compile(
    r"^\W*(?:o |for |please |[⁰¹²³⁴⁵⁶⁷⁸⁹]|and |it |they |these |this |such )|:$", re.IGNORECASE
)
"""What says nothing without what stands before it, rules for some cases, leads of lists."""
_EACH_MUST = re.compile(
    r"^(?!.*\b(?:categor|1 of|one of|either|falling|such as|example|can be)).*\bmust\b"
)
"""What leads to a list all items of which must hold."""
_EXCEPTION = re.compile(
    r"^(?:exceptions?\b|however|in exceptional|exceptionally|for participants with|in the cases? "
    r"(?:of|where)|in cases? of)"
)
_FOOTNOTE = re.compile(r"^[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_TOKEN = re.compile(r"\S+")
_NO_TOKEN = re.compile(r"^(?:[•▪◦‣⁃·|–—-]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A condition of a guide.

    Attributes:
        text: its words, with what introduces them. spans: what must be quoted for it.
        words: the sentence itself, whole. label: the heading above it, or that of its row.
        requirement: what decides it; None where it was not understood.
    """

    text: str
    spans: tuple[Span, ...]
    words: str
    label: str
    requirement: Requirement | None = None


def binds(text: str) -> bool:
    """Whether a sentence says what must be or who may."""
    return _BINDS.search(fold(text)) is not None


def is_exception(text: str) -> bool:
    """Whether a sentence takes back something of another one."""
    return _EXCEPTION.match(plain(text)) is not None


def demands(
    document: Document, action: Action, lexicon: Lexicon, question: str
) -> Iterator[Demand]:
    """The conditions of an action in the order of the guide."""
    sections = [
        (section, _scope(section, action, lexicon))
        for section in document.sections
        if section.headings
        and _LABEL.search(fold(section.headings[-1]))
        and not _OTHER_LABEL.search(fold(section.headings[-1]))
        and action.id in lexicon.chapters_above(section.headings)
    ]
    named = _named_scopes([scope for _, scope in sections], fold(question))
    for section, scope in sections:
        if scope in named:
            shown = scope if len(named - {""}) > 1 else ""
            yield from _of_section(document, section, action, shown)


def _scope(section: Section, action: Action, lexicon: Lexicon) -> str:
    """Headings that narrow down what of the action a section is about: a lot, a strand."""
    path = section.headings
    first = next(i for i, h in enumerate(path) if action.id in lexicon.chapters(h))
    name = {word.rstrip("s") for word in fold(action.name("en")).split()}
    narrow: list[str] = []
    for heading in path[first + 1 : -1]:
        words = [w for w in fold(heading).split() if w.rstrip("s") not in name]
        if words and not _PLAIN_LABEL.search(" ".join(words)):
            narrow.append(heading)
    return narrow[-1] if narrow else ""


def _named_scopes(scopes: Sequence[str], question: str) -> set[str]:
    """Those that a question names more words of than of the others; all where it names none."""
    distinct = {s for s in scopes if s}
    if _PREPARATORY not in question:
        distinct = {s for s in distinct if _PREPARATORY not in fold(s)}
    if len(distinct) < 2:
        return {"", *distinct}
    words = {s: set(re.findall(r"\w{3,}|\d", fold(s))) for s in distinct}
    common = set.intersection(*words.values())
    asked = set(re.findall(r"\w{3,}|\d", question))
    named = {s: len((words[s] - common) & asked) for s in distinct}
    best = max(named.values())
    if best == 0:
        return {"", *distinct}
    return {"", *(s for s in distinct if named[s] == best)}


def _of_section(
    document: Document, section: Section, action: Action, scope: str
) -> Iterator[Demand]:
    heading = section.headings[-1]
    text = document.text_at(section.span)
    footnote = False
    for unit in split_units(text, offset=section.span.start):
        footnote = footnote or _FOOTNOTE.match(unit.text) is not None
        if fold(readable(unit.text)) == fold(heading) or load_cues().is_instruction(unit.text):
            continue
        yield from _of_unit(document, unit, action, heading=heading, scope=scope, aside=footnote)


def _of_unit(
    document: Document, unit: Unit, action: Action, *, heading: str, scope: str, aside: bool
) -> Iterator[Demand]:
    """The conditions of one sentence, item or row."""
    words, label = unit.text, heading
    if unit.kind is UnitKind.ROW:
        label = words.split(CELL_SEPARATOR, 1)[0]
    requirement = read_requirement(words, label, action.name("en"))
    if aside and (requirement is None or not (requirement.exclusion or requirement.aside)):
        return
    lead = unit.lead if unit.kind is UnitKind.ITEM else None
    lead_text = readable(document.text_at(lead)) if lead else ""
    listed = unit.kind is UnitKind.ITEM or words.startswith("o ")
    if listed and lead is None and (requirement is None or requirement.subject != LISTED):
        return  # for which cases it is meant stands elsewhere
    if lead_text and requirement is None and not _EACH_MUST.search(fold(lead_text)):
        return  # one of several ways to be eligible
    telling = binds(f"{lead_text} {words}") and not _NO_CONDITION.search(words)
    if requirement is None and not telling and not is_exception(words):
        return
    span = unit.span
    if requirement is not None:
        span = _first_words(unit, requirement.words)
    shown = readable(document.text_at(span).replace(CELL_SEPARATOR, ": "))
    shown = shown.replace("?: ", "? ", 1)
    shown = re.sub(r"^[•▪◦‣⁃·–—-]\s*|[,;]$", "", shown)
    spans: tuple[Span, ...] = (span,)
    if lead is not None and _same_page(document, lead, span):
        spans, shown = (lead, span), f"{lead_text} {shown}"
    elif (
        not re.search(r"\b(?:must|can|cannot|may|are|is)\b", shown)
        and unit.kind is not UnitKind.ROW
    ):
        mark = "" if heading.rstrip().endswith(("?", ":")) else ":"
        shown = f"{readable(heading)}{mark} {shown}"
        above = _heading_above(document, heading, span)
        spans = (above, span) if above is not None else spans
    if scope and (requirement is None or requirement.subject != LISTED):
        above = _heading_above(document, scope, span)
        if above is None:
            return
        spans, shown = (above, *spans), f"{scope}: {shown}"
    yield Demand(text=shown, spans=spans, words=words, label=label, requirement=requirement)


def _heading_above(document: Document, heading: str, span: Span) -> Span | None:
    """The line of a heading above a place, on the same page."""
    page = document.page_at(span.start)
    at = document.text.rfind(heading, page.span.start, span.start)
    return Span(at, at + len(heading)) if at >= 0 else None


def _first_words(unit: Unit, count: int) -> Span:
    """The stretch of a unit that its first words are."""
    tokens = [m for m in _TOKEN.finditer(unit.text) if not _NO_TOKEN.match(m[0])]
    if count >= len(tokens):
        return unit.span
    return Span(unit.span.start, unit.span.start + tokens[count - 1].end())


def _same_page(document: Document, one: Span, two: Span) -> bool:
    return document.page_at(one.start).number == document.page_at(two.start).number
