"""The default answer, without a language model: the guide's own words, composed.

The unit (sentence, list item, table row) that is worth most leads (`worth`). What follows is what
the question still lacks: a kind of fact that it asks for, words of it that nothing shown holds;
units of a page already cited come cheaper than a page more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.citing import Line, cite
from assistant.composer import BEHIND, Composer, composer_of
from assistant.model import Citation, Passage, Query
from assistant.outline import figures
from assistant.readings import NOTHING_READ, Readings
from assistant.showing import Shown
from assistant.traits import traits_of
from assistant.units import Unit
from assistant.wordings import wording
from assistant.worth import Candidate, Stems
from corpus.model import Span
from corpus.settings import AnswerSettings

COMPARED = 10
"""Best units of one edition that are looked up in another one that it is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Lines of an answer and their citations, not yet verified.

    Attributes:
        shown: the units that the lines show, best first. leading: the first of them.
    """

    lines: tuple[Line, ...]
    citations: tuple[Citation, ...]
    shown: tuple[Candidate, ...] = ()

    @property
    def leading(self) -> Candidate | None:
        """What answers; None where nothing was found."""
        return self.shown[0] if self.shown else None


Counterpart = Callable[[Candidate, str], tuple[Passage, Unit] | None]
"""(a unit of one edition, id of another) → where the other says the same, and its unit."""


def draft(
    query: Query,
    passages: Sequence[Passage],
    *,
    also: Sequence[Passage] = (),
    readings: Readings = NOTHING_READ,
    stems: Stems,
    settings: AnswerSettings,
    counterpart: Counterpart = lambda _leading, _edition: None,
) -> Draft:
    """Composes an answer from ranked passages.

    Args:
        query: as understood.
        passages: best first; `PASSAGES_SEARCHED` of them are looked at.
        also: further ones to read, found for parts of the question.
        readings: what was read of units that may lead.
        stems: how words are reduced for comparison.
        settings: limits of words and quotes.
        counterpart: looks up what leads for one edition in another that it is compared with.

    Returns:
        Lines in the order they are shown; empty where nothing can be quoted.
    """
    parts = by_edition(query, passages)
    composers = [composer_of(query, part, also, readings, stems) for part in parts]
    first = _most_differing(composers[0], [part[0].document.id for part in parts[1:]], counterpart)
    groups: list[list[Shown]] = []
    of_first: list[Candidate] = []
    leading = [] if first is None else [first]
    for composer, part in zip(composers, parts, strict=True):
        if of_first:
            same = [counterpart(candidate, part[0].document.id) for candidate in of_first]
            # What leads has to be said by both; then so is what follows it, where it is.
            found = [each for each in same if each is not None] if same[0] else []
            composer.read_first([passage for passage, _ in found])
            leading = [unit.span for _, unit in found]
        groups += composer.choose(
            max_words=settings.max_words // len(parts),
            max_quotes=max(1, settings.max_quotes // len(parts)),
            leading=leading,
            like=wording(of_first[0].held) if of_first else frozenset(),
        )
        of_first = of_first or [unit.candidate for group in groups for unit in group]
    return _compose(groups, as_printed=query.about_deadline)


def by_edition(query: Query, passages: Sequence[Passage]) -> list[list[Passage]]:
    """The passages of each edition that is compared and has some; else all of them together."""
    parts = [[p for p in passages if p.document.id == edition] for edition in query.compare]
    return [part for part in parts if part] or [list(passages)]


def _most_differing(
    composer: Composer, others: Sequence[str], counterpart: Counterpart
) -> Span | None:
    """Of what nearly leads for one edition, what another says with other figures: that is asked."""
    if not others:
        return None
    candidates = composer.rated()
    near = [c for c in candidates[:COMPARED] if c.worth >= candidates[0].worth - BEHIND]
    near = [c for c in near if c is near[0] or not traits_of(c.unit.text).is_spare_round]
    if near and not any(counterpart(near[0], other) for other in others):
        # An item without one: what leads to its list may say of all what the item says of a part.
        for candidate in near:
            if candidate.unit.span == near[0].unit.lead and candidate.supplies:
                return candidate.unit.span
    for candidate in near:
        for other in others:
            found = counterpart(candidate, other)
            if found is not None and figures(found[1].text) != figures(candidate.unit.text):
                return candidate.unit.span
    return None


def _texts(group: Sequence[Shown]) -> Iterator[str]:
    """Lines of a group; what leads to a list or labels a line stands before the first of it."""
    said: set[str] = set()
    for shown in group:
        if shown.lead and shown.lead not in said:
            said.add(shown.lead)
            yield f"{shown.lead} {shown.text}"
        else:
            yield shown.text


def _compose(groups: Sequence[Sequence[Shown]], *, as_printed: bool) -> Draft:
    """Lines and citations of groups; `as_printed` keeps the page's order (first round, second)."""
    lines: list[Line] = []
    citations: list[Citation] = []
    for group in groups:
        spans = sorted({span for shown in group for span in shown.spans})
        number = len(citations) + 1
        citation = cite(group[0].candidate.passage.document, spans, number=number)
        if citation is None:
            continue
        citations.append(citation)
        # What answers best leads; the rest follows in the order of the page.
        ahead = 0 if as_printed else 1
        rest = sorted(group[ahead:], key=lambda shown: shown.candidate.unit.span)
        in_order = [*group[:ahead], *rest]
        lines.extend(Line(text=text, citations=(number,)) for text in _texts(in_order))
    shown = tuple(unit.candidate for group in groups for unit in group)
    return Draft(lines=tuple(lines), citations=tuple(citations), shown=shown)
