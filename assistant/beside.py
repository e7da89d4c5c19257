"""What stands beside an answer: sums, deadlines as data, other editions, notes, next questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from assistant.asking import wants_of
from assistant.calculating import calculate, column_heads
from assistant.citing import MARKER, Verified
from assistant.deadlines import find_deadlines
from assistant.differing import Differences, dated, neighbour
from assistant.extractive import Draft
from assistant.lexicon import Action, Lexicon
from assistant.messages import Messages
from assistant.model import (
    Answer,
    Asks,
    Calculation,
    Citation,
    Deadline,
    Note,
    NoteKind,
    Query,
    Turn,
)
from assistant.peoples import countries_asked, names_asked_country
from assistant.products import Source
from assistant.units import UnitKind
from corpus.language import DEFAULT
from corpus.model import Document
from corpus.records import DocumentRecord

SUGGESTIONS = 3
DIFFERENCES = 2
"""Places of another edition that are shown."""
SUGGESTED = {
    Asks.DATE: "suggest_date",
    Asks.AMOUNT: "suggest_amount",
    Asks.DURATION: "suggest_duration",
    Asks.NUMBER: "suggest_who",
}
"""Message of a whole question of each kind about one action."""
OF_GRANTS = (Asks.AMOUNT, Asks.DURATION)
"""What an action without a grant has not."""
LONG_NAME = 60
"""A longer name is shown without the fields that it tells."""
_OF_FIELDS = re.compile(r" in the fields? of | στ(?:ον τομέα|ους τομείς) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """See the attributes of the same names of `assistant.model.Answer`."""

    notes: tuple[Note, ...] = ()
    differences: tuple[Citation, ...] = ()
    calculation: Calculation | None = None
    deadlines: tuple[Deadline, ...] = ()
    suggestions: tuple[str, ...] = ()


def put_beside(
    query: Query,
    proposal: Draft,
    verified: Verified,
    *,
    documents: Mapping[str, Document],
    records: Sequence[DocumentRecord],
    differences: Differences,
    messages: Messages,
    lexicon: Lexicon,
    now: datetime,
) -> Beside:
    """Everything that goes with a verified answer.

    Args:
        query: as understood.
        proposal: the answer before verification.
        verified: and after.
        documents: those of the passages, and those that it cites.
        records: what the library holds.
        differences: looks up other editions.
        messages: sentences.
        lexicon: actions.
        now: with its zone.
    """
    language = query.language
    leading = documents[verified.citations[0].document_id]
    # The edition of another language says the same once more.
    ours = [c for c in verified.citations if _speaks(documents[c.document_id], leading)]
    deadlines = (
        find_deadlines(ours, documents, now=now, names_action=lexicon.heads_an_action)
        if query.about_deadline
        else ()
    )
    differing = _differing(query, proposal, verified, leading, records, differences)
    notes = [
        Note(
            messages.say("differs", language, title=c.title, page=str(c.page), quote=c.quote),
            NoteKind.EDITION_DIFFERS,
        )
        for c in differing
    ]
    newest = max((held for held, _ in dated(leading, records, also=(language, DEFAULT))), default=0)
    year = leading.edition.year
    if year is not None and year < newest and not query.compare:
        said = messages.say("older", language, year=str(year), newest=str(newest))
        notes.append(Note(said, NoteKind.OLDER_EDITION))
    if deadlines:
        notes.append(_on_deadlines(deadlines, verified, documents, messages, language))
    if not leading.edition.official:
        notes.append(Note(messages.say("digest", language), NoteKind.UNOFFICIAL))
    return Beside(
        notes=tuple(notes),
        differences=differing,
        calculation=_calculation(query, verified, documents),
        deadlines=deadlines,
        suggestions=suggested(query, documents.values(), messages, lexicon),
    )


def _speaks(document: Document, leading: Document) -> bool:
    return document.edition.language == leading.edition.language


def _on_deadlines(
    deadlines: Sequence[Deadline],
    verified: Verified,
    documents: Mapping[str, Document],
    messages: Messages,
    language: str,
) -> Note:
    """That dates may move; where all of them have passed, of which call they were."""
    if any(deadline.days >= 0 for deadline in deadlines):
        return Note(messages.say("may_move", language), NoteKind.DEADLINE_MAY_MOVE)
    held = {c.number: documents[c.document_id].edition.year for c in verified.citations}
    years = sorted({held[d.citation] or d.moment.year for d in deadlines})
    said = messages.say("passed", language, year="/".join(map(str, years)))
    return Note(said, NoteKind.DEADLINE_PASSED)


def _differing(
    query: Query,
    proposal: Draft,
    verified: Verified,
    leading: Document,
    records: Sequence[DocumentRecord],
    differences: Differences,
) -> tuple[Citation, ...]:
    other = neighbour(leading, records)
    if query.compare or other is None:
        return ()
    named, countries = names_asked_country(query), countries_asked(query)
    found: list[Citation] = []
    for candidate in proposal.shown:
        passage, number = candidate.passage, len(verified.citations) + len(found) + 1
        if passage.document.id != leading.id or len(found) == DIFFERENCES:
            continue
        # The unit of a table's bare number stands in the head.
        told = candidate.supplies or candidate.unit.kind is UnitKind.ROW
        if not told and (query.wants or candidate is not proposal.leading):
            continue  # beside what was asked
        differs = differences.of(
            candidate.unit,
            passage.chunk,
            leading,
            other,
            number=number,
            named=named,
            countries=countries,
        )
        if differs is not None and all(differs.quote != known.quote for known in found):
            found.append(differs)
    return tuple(found)


def _calculation(
    query: Query, verified: Verified, documents: Mapping[str, Document]
) -> Calculation | None:
    first, *rest = verified.text.splitlines()
    if MARKER.findall(first) != ["1"]:
        return None  # worded from several quotes: which one holds the rate is not certain
    cited = {str(c.number): c for c in verified.citations}
    leading = documents[cited["1"].document_id]
    sources = []
    for line in (first, *rest):
        numbers = MARKER.findall(line)
        if len(numbers) == 1 and _speaks(documents[cited[numbers[0]].document_id], leading):
            citation = cited[numbers[0]]
            heads = partial(column_heads, documents[citation.document_id], citation)
            text = MARKER.sub("", line)
            sources.append(Source(text=text, citation=citation.number, heads=heads))
    return calculate(query.told, sources)


def short_name(action: Action, language: str) -> str:
    """The name of an action without the heading that several stand under, and many fields."""
    name = action.name(language).split(" - ")[-1]
    return _OF_FIELDS.split(name)[0] if len(name) > LONG_NAME else name


def suggested(
    query: Query, documents: Iterable[Document], messages: Messages, lexicon: Lexicon
) -> tuple[str, ...]:
    """What is usually asked next about the one action that was asked about.

    Nothing where none of the documents has its chapter.
    """
    if len(query.actions) != 1:
        return ()
    action = lexicon.actions[query.actions[0]]
    if not action.chapter or not any(_has_chapter(of, action, lexicon) for of in documents):
        return ()
    asked = {*query.wants, query.asks}
    called = short_name(action, query.language)
    return tuple(
        messages.say(name, query.language, action=called)
        for asks, name in SUGGESTED.items()
        if asks not in asked and (action.grants or asks not in OF_GRANTS)
    )


def without_asked(answer: Answer, question: str, turns: Sequence[Turn], lexicon: Lexicon) -> Answer:
    """The answer; of what it suggests to ask next only what was not asked in the conversation."""
    asked = [*(turn.content for turn in turns if turn.role == "user"), question]
    after = (q for q in answer.suggestions if not _was_asked(q, asked, lexicon))
    return replace(answer, suggestions=tuple(after)[:SUGGESTIONS])


def _was_asked(suggestion: str, asked: Iterable[str], lexicon: Lexicon) -> bool:
    """Whether a question about the same action wanted the same facts, or was worded so."""
    action, wanted = _action(suggestion, lexicon), set(wants_of(suggestion))
    words, about = _bare(suggestion, lexicon), action
    for question in asked:
        about = _action(question, lexicon) or about
        if about != action:
            continue
        same = not wanted.isdisjoint(wants_of(question))
        if same or _is_worded(words, _bare(question, lexicon)):
            return True
    return False


def _action(question: str, lexicon: Lexicon) -> str:
    return next((m.key for m in lexicon.find(question) if m.kind == "action"), "")


def _has_chapter(document: Document, action: Action, lexicon: Lexicon) -> bool:
    headings = (heading for section in document.sections for heading in section.headings)
    return any(action.id in lexicon.chapters(heading) for heading in headings)


def _bare(question: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words of a question without the names of actions."""
    return tuple(re.findall(r"\w+", lexicon.without_actions(question)))


def _is_worded(suggestion: tuple[str, ...], question: tuple[str, ...]) -> bool:
    """Whether they are the same, but for the preposition of a name that is left out."""
    return len(question) > 1 and question in (suggestion, suggestion[:-1])
