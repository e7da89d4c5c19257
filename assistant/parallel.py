"""The same place in the edition of another language.

Editions of one year say the same in the same order. The counterpart of a unit with figures is one
with the same figures, near its place in the document and near its meaning (the multilingual
embedder); `docs/answers.md` says how often it was the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.citing import Line, cite
from assistant.differing import shown_in
from assistant.editions import version_of
from assistant.extractive import Draft
from assistant.lexicon import Lexicon
from assistant.library import Library
from assistant.messages import Messages
from assistant.model import Query
from assistant.outline import figures
from assistant.peoples import names_asked_country
from assistant.rows import RowReader
from assistant.siblings import place_of
from assistant.units import Unit, UnitKind, units_of
from corpus.model import Chunk, Document
from corpus.records import DocumentRecord
from corpus.settings import AnswerSettings

NEAREST = 50
"""Passages looked at, the nearest in meaning first."""
APART = 0.04
"""How far apart two places may be, as a share of the document."""
ALIKE = 0.86
"""How alike in meaning two units have to be: the cosine of their vectors."""
PREVAILS = "en"
"""The language of the edition that prevails, as every guide says."""


def add_parallel(
    query: Query,
    draft: Draft,
    *,
    library: Library,
    records: Sequence[DocumentRecord],
    lexicon: Lexicon,
    messages: Messages,
    settings: AnswerSettings,
) -> Draft:
    """The draft with one line more, where another language's edition says the same.

    An answer from a guide in another language is joined by the asker's own edition, one from the
    asker's own edition by the English one, which prevails.

    Args:
        query: as understood.
        draft: an answer; of what leads it the counterpart is looked up.
        library: holds the editions.
        records: of the documents that can answer.
        lexicon: actions and their chapters.
        messages: sentences.
        settings: limits of words and quotes, which hold for the whole.
    """
    leading = draft.leading
    if leading is None or query.compare or len(draft.citations) >= settings.max_quotes:
        return draft
    document = leading.passage.document
    language = query.language if document.edition.language != query.language else PREVAILS
    other_id = _edition(document, language, records)
    if other_id is None:
        return draft
    found = _counterpart(leading.unit, leading.passage.chunk, document, other_id, library, lexicon)
    if found is None:
        return draft
    other = library.document(other_id)
    reader = RowReader(worth=lambda _: 0.0, named=names_asked_country(query))
    text, spans = shown_in(reader, other, found)
    name = "english_edition" if language == PREVAILS else "own_edition"
    said = messages.say(name, query.language, quote=text)
    words = sum(len(line.text.split()) for line in draft.lines) + len(said.split())
    number = len(draft.citations) + 1
    citation = cite(other, spans, number=number)
    if citation is None or words > settings.max_words:
        return draft
    return replace(
        draft,
        lines=(*draft.lines, Line(text=said, citations=(number,))),
        citations=(*draft.citations, citation),
    )


def _edition(document: Document, language: str, records: Sequence[DocumentRecord]) -> str | None:
    """The edition of the same programme and year in a language, its newest version."""
    ours = document.edition
    same = [
        record
        for record in records
        if ours.year is not None
        and ours.language != language
        and (record.edition.programme, record.edition.year, record.edition.language)
        == (ours.programme, ours.year, language)
    ]
    return (
        max(same, key=lambda record: (version_of(record.edition), record.id)).id if same else None
    )


def _counterpart(
    unit: Unit, chunk: Chunk, document: Document, other_id: str, library: Library, lexicon: Lexicon
) -> Unit | None:
    told = figures(unit.text, in_words=False)
    if not told:
        return None
    embed = library.embedder().embed_queries
    ours = embed([unit.text])
    hits = library.dense_search(ours, top_k=NEAREST, document_ids=(other_id,))[0]
    place, chapters = place_of(document, chunk), lexicon.chapters_above(chunk.headings)
    found: list[Unit] = []
    for other, theirs in library.chunks([hit.chunk_id for hit in hits]):
        others = lexicon.chapters_above(theirs.headings)
        if abs(place_of(other, theirs) - place) > max(APART, 2 / len(other.chunks)):
            continue
        if chapters and others and not chapters & others:
            continue  # another action says it, too
        found += (
            each
            for each in units_of(theirs)
            if (each.kind is UnitKind.ROW) is (unit.kind is UnitKind.ROW)
            and figures(each.text, in_words=False) == told
        )
    if not found:
        return None
    likeness = embed([each.text for each in found]) @ ours[0]
    best = int(likeness.argmax())
    return found[best] if likeness[best] >= ALIKE else None
