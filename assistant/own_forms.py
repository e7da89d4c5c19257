"""Questions whose answers have a form of their own, which no single unit of a guide leads.

Each of these reads what a guide says in several places, and composes it as it is to be told; the
first one that has an answer gives it. All others are answered by `extractive`.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.award_criteria import where_criteria
from assistant.extractive import Draft
from assistant.flow_rates import rates_of_flow
from assistant.lexicon import Lexicon
from assistant.listed import where_listed
from assistant.may_go import where_they_may_go
from assistant.messages import Messages
from assistant.model import Passage, Query
from assistant.side_by_side import Search, side_by_side
from assistant.worth import Stems
from corpus.settings import AnswerSettings


def in_its_own_form(
    query: Query,
    passages: Sequence[Passage],
    search: Search,
    *,
    lexicon: Lexicon,
    messages: Messages,
    stems: Stems,
    settings: AnswerSettings,
) -> Draft | None:
    """An answer that is composed of several places; None where the question asks for none.

    Args:
        query: as understood.
        passages: as ranked.
        search: looks for what answers another question.
        lexicon: actions and their chapters.
        messages: sentences.
        stems: how words are reduced for comparison.
        settings: limits of words and quotes.
    """
    return (
        where_criteria(query, passages, lexicon, settings)
        or where_listed(query, passages, lexicon, messages, settings)
        or rates_of_flow(query, passages, messages, settings)
        or where_they_may_go(query, passages, messages, settings)
        or side_by_side(query, passages, search, lexicon, stems, settings)
    )
