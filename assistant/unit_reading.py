"""The stage between retrieval and answer: the units that may lead an answer are read."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from assistant.composer import may_lead
from assistant.lexicon import Lexicon
from assistant.missed_parts import said_alone
from assistant.model import Query
from assistant.peoples import countries_added
from assistant.readings import read_units, readings_of
from assistant.rerank import Reranker
from assistant.retrieval import Found
from assistant.worth import Stems
from corpus.language import DEFAULT

UNITS_READ = 12
"""Of a question."""


def with_readings(
    query: Query,
    found: Found,
    reader: Reranker | None,
    lexicon: Lexicon,
    stems: Stems,
    *,
    most: int = UNITS_READ,
) -> Found:
    """What was found, with what a reader makes of the units that are worth most.

    Each thing that is asked for is read for itself, with the countries of the cities that the
    question names. Nothing is read where editions are compared: how they differ no unit says.
    Passages that no reranker has read are in a language that the reader does not know either.

    Args:
        query: as understood.
        found: passages as ranked.
        reader: reads units; None reads none.
        lexicon: names of the actions asked about.
        stems: how words are reduced for comparison.
        most: how many are read.
    """
    known = bool(found.passages) and found.passages[0].reranked
    if reader is None or not known or query.compare:
        return found
    start = time.perf_counter()
    candidates = partial(may_lead, query, found.passages, also=found.also, stems=stems)
    if len(query.parts) < 2:
        asked = as_read(query, query.search_text)
        read = [read_units(asked, candidates(most=most), reader)]
    else:
        share = max(1, most // len(query.parts))
        read = [
            read_units(
                as_read(query, said_alone(query, part, lexicon) or part.text),
                candidates(most=share, part=part),
                reader,
            )
            for part in query.parts
        ]
    took_ms = (time.perf_counter() - start) * 1000
    return replace(found, readings=readings_of(read), rerank_ms=found.rerank_ms + took_ms)


def as_read(query: Query, text: str) -> str:
    """A question, or a part of it, with what guides call countries that it means."""
    return " ".join((text, *countries_added(query, DEFAULT)))
