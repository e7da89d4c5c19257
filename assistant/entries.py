"""Entries of glossaries whose term a question names, wherever the search ranked them.

"Are we a 'first time applicant'?" is answered by what the glossary says of that term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.model import Asks, Passage, Query
from assistant.worth import Stems
from corpus.model import Chunk, ChunkKind, Document

FEWEST = 2
"""Words of a term that is quoted, where the question does not ask what something is."""
MOST = 3
_QUOTED = re.compile(r"[\"“”„«»‘’'](\w[^\"“”„«»‘’']{2,60})[\"“”»«’'](?!\w)")


def entries_named(query: Query, passages: Sequence[Passage], stems: Stems) -> list[Passage]:
    """Passages of the documents' glossaries whose terms the question names whole.

    Args:
        query: as understood.
        passages: best first, as they are read; entries among them are not given again.
        stems: how words are reduced for comparison.

    Returns:
        The longest terms first, at most `MOST`, as if found first; nothing where a question
        neither asks what something is nor quotes a term.
    """
    quoted = _QUOTED.findall(query.question)
    if not passages or (query.asks is not Asks.DEFINITION and not quoted):
        return []
    known = {passage.chunk.id for passage in passages}
    found: list[tuple[int, Passage]] = []
    for document in {p.document.id: p.document for p in passages}.values():
        language = document.edition.language
        terms = query.terms if language == "en" else ()
        told = (query.topic, *terms) if query.asks is Asks.DEFINITION else quoted
        asked = frozenset(stems(" ".join(told), language))
        for chunk in glossary_of(document):
            term = frozenset(stems(chunk.headings[-1], language))
            enough = len(term) >= FEWEST or (term and query.asks is Asks.DEFINITION)
            if enough and term <= asked and chunk.id not in known:
                passage = replace(
                    passages[0], chunk=chunk, document=document, alike=(), named=False
                )
                found.append((len(term), passage))
    found.sort(key=lambda each: -each[0])
    return [passage for _, passage in found[:MOST]]


def glossary_of(document: Document) -> tuple[Chunk, ...]:
    """The entries of a document's glossary, in their order."""
    return tuple(c for c in document.chunks if c.kind is ChunkKind.DEFINITION and c.headings)
