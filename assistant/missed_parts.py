"""Parts of a question for which the passages of the whole question hold nothing.

"Which partners does a CoVE need, and what is the maximum grant?" finds the passages on partners;
"Centres of Vocational Excellence: maximum grant" finds the other ones. Such a part is searched
alone, under the subject of the question.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.composer import PASSAGES_READ
from assistant.leading import leading_of
from assistant.lexicon import Lexicon, fold
from assistant.model import Filters, Part, Passage, Query
from assistant.plain_words import without_plain_words
from assistant.refusing import of_its_chapters
from assistant.retrieval import Found
from assistant.side_by_side import Search
from assistant.units import units_of
from assistant.worth import Candidate, Stems, rate
from corpus.language import DEFAULT

FOUND = 3
"""Passages of a part that are read besides those of the whole question."""
_HELD = 0.5
"""A part that asks for no figure is told by what holds so much of its words; headings count."""
_SOME_HELD = 0.3
"""The same for a part that asks for a figure, which it holds."""
_SUBJECT_WORDS = 10
"""What stands before a colon is the subject where it is no longer."""
_SUBJECT = re.compile(r"^(?P<subject>[^:?]{3,}):")


def with_missed_parts(
    query: Query, found: Found, search: Search, lexicon: Lexicon, stems: Stems
) -> Found:
    """What was found, and besides it passages for parts of the question that nothing in it tells.

    Args:
        query: as understood; in the language of the guide, others are left as they are.
        found: passages as ranked; what is found besides is ranked after those that are read.
        search: looks for what answers a part alone.
        lexicon: names of the actions asked about.
        stems: how words are reduced for comparison.
    """
    if len(query.parts) < 2 or query.compare or query.follow_up or not found.passages:
        return found
    document, start = found.passages[0].document, time.perf_counter()
    if not query.language == document.edition.language == DEFAULT:
        return found
    read = found.passages[:PASSAGES_READ]
    known = {passage.chunk.id for passage in read}
    also: dict[str, Passage] = {}
    for part in _missed(query, read, stems):
        alone = said_alone(query, part, lexicon)
        if alone:
            of_part, near = search(f"{alone}?", filters=Filters(document_id=document.id))
            for passage in of_its_chapters(of_part, near, lexicon)[:FOUND]:
                if passage.chunk.id not in known:
                    after = replace(passage, rank=PASSAGES_READ + passage.rank)
                    also.setdefault(passage.chunk.id, after)
    took_ms = (time.perf_counter() - start) * 1000
    return replace(found, also=tuple(also.values()), retrieve_ms=found.retrieve_ms + took_ms)


def _missed(query: Query, passages: Sequence[Passage], stems: Stems) -> list[Part]:
    """Parts whose best unit holds no figure that they ask for, or too few of their words."""
    units = [(unit, passage) for passage in passages for unit in units_of(passage.chunk)]
    missed, leading = [], set()
    for part in query.parts:
        best = leading_of(rate(query, units, stems, part=part)[0])
        if best is None or best.unit.span in leading or not _tells(best, part, stems):
            missed.append(part)
        else:
            leading.add(best.unit.span)
    return missed


def _tells(best: Candidate, part: Part, stems: Stems) -> bool:
    """Whether a unit holds the figure that a part asks for and some of its words, or most words."""
    held = _share(part, best.held.union(stems(best.passage.above, DEFAULT)), stems)
    return bool(best.supplies) and held >= _SOME_HELD if part.wants else held >= _HELD


def said_alone(query: Query, part: Part, lexicon: Lexicon) -> str:
    """A part under the subject of the question; "" where this has none to give."""
    if any(match.kind == "action" for match in lexicon.find(part.text)):
        return part.text
    told = _SUBJECT.match(query.question.strip())
    if told is not None and len(told["subject"].split()) <= _SUBJECT_WORDS:
        subject = told["subject"]
        return part.text if part.text.startswith(fold(subject)) else f"{subject}: {part.text}"
    names = ", ".join(lexicon.actions[action].name(DEFAULT) for action in query.actions)
    return f"{names}: {part.text}" if names else ""


def _share(part: Part, held: Collection[str], stems: Stems) -> float:
    """The share of the words of a part that are held, 0…1."""
    words = set(stems(without_plain_words(part.text), DEFAULT))
    return len(words.intersection(held)) / max(1, len(words))
