"""Notes on how a question was taken: which choices hold, what it goes on from, which language."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language_names import own_name
from assistant.messages import Messages
from assistant.model import Note, NoteKind, Query
from corpus.model import Edition

_MOST = 3
"""Most editions named."""


def notes_of(
    query: Query,
    guide_language: str,
    left_out: Sequence[Edition],
    messages: Messages,
    missing: Sequence[Edition] = (),
) -> tuple[Note, ...]:
    """The notes of a question, in its language.

    Args:
        query: as understood.
        guide_language: of the guide that answers.
        left_out: what only the choices made keep from being searched.
        messages: sentences.
        missing: those to compare of which the answer tells nothing.
    """
    notes = []
    if missing:
        said = messages.say("incomplete", query.language, missing=_titles(missing))
        notes.append(Note(said, NoteKind.INCOMPLETE))
    if left_out:
        said = messages.say("left_out", query.language, editions=_titles(left_out))
        notes.append(Note(said, NoteKind.LEFT_OUT))
    if query.not_picked is not None:
        named = {"years": ", ".join(map(str, query.years)), "picked": str(query.not_picked)}
        name = "not_picked" if isinstance(query.not_picked, int) else "guide_not_picked"
        notes.append(Note(messages.say(name, query.language, **named)))
    if query.follow_up:
        said = messages.say("follow_up", query.language, search=query.search_text)
        notes.append(Note(said))
    if guide_language != query.language:
        said = messages.say("prevails", query.language)
        notes.append(Note(said, NoteKind.ENGLISH_PREVAILS))
    return tuple(notes)


def _titles(editions: Sequence[Edition]) -> str:
    return ", ".join(f"{e.title} ({own_name(e.language)})" for e in editions[:_MOST])
