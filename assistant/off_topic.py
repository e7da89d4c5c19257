"""Whether a question is about anything that programme guides are about.

"How long do I boil an egg?" finds passages in any library. What is asked in no word of the trade
(`assistant/data/trade.toml`), names no action, and is like no passage, is of something else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence, Set
from functools import lru_cache
from importlib.resources import files

from assistant.lexicon import fold, folded_forms
from assistant.model import Passage, Query
from assistant.programmes import known_programmes
from assistant.worth import Stems
from corpus.word_forms import any_of

READ_BELOW = 0.007
"""Score of the best passage, as the reranker gives it: of 18 such questions the highest was 0.0055;
of 355 about guides that name no action eight had no word of the trade, the lowest 0.0087."""
TUNED_BELOW = 0.1
"""The same as the reranker tuned on guides gives it: below are 17 of 24 such questions, and four of
432 that guides answer, two of which have no word of the trade."""
LIKE_BELOW = 0.85
"""Cosine of the best unit, where no reranker reads: of 45 such questions the highest was 0.846."""
SHARED = 0.5
"""Share of its words that a passage in the question's own language has at least."""


def is_off_topic(query: Query, passages: Sequence[Passage], stems: Stems) -> bool:
    """Whether a question is of something else than guides.

    Questions that go on from others, and those that find documents of no programme, are not
    judged.

    Args:
        query: as understood.
        passages: as ranked, at least one.
        stems: how words are reduced for comparison.
    """
    best = passages[0]
    if query.actions or query.follow_up or query.years or best.document.edition.programme is None:
        return False
    if _speaks_the_trade(query):
        return False
    if best.reranked:
        return best.score < (TUNED_BELOW if best.tuned else READ_BELOW)
    own = [p for p in passages[:3] if p.document.edition.language == query.language]
    if own:
        words = {stem for stem in stems(query.topic, query.language) if len(stem) > 2}
        return not any(share_held(words, p, stems) >= SHARED for p in own)
    return max((like for p in passages for like in p.alike), default=1.0) < LIKE_BELOW


def _speaks_the_trade(query: Query) -> bool:
    anywhere, words, plain = _trade()
    question = fold(f"{query.question} {query.search_text}")
    told = [term for term in query.terms if term not in plain]
    if query.language == "en":
        told.append(question)
    return (
        anywhere.search(question) is not None
        or words.search(fold(" . ".join(told))) is not None
        or any(programme.is_named_in(query.question) for programme in known_programmes().values())
    )


def plain_terms() -> frozenset[str]:
    """Terms that say nothing of what is asked about."""
    return _trade()[2]


def share_held(words: Set[str], passage: Passage, stems: Stems) -> float:
    """How many of some words (stems) a passage holds, 0…1, in its headings, context or text."""
    held = set(stems(passage.whole_text, passage.document.edition.language))
    return len(words & held) / max(1, len(words))


@lru_cache(maxsize=1)
def _trade() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    """Names and words of the trade, and terms that say nothing."""
    raw = tomllib.loads(files("assistant").joinpath("data/trade.toml").read_text("utf-8"))
    plain = frozenset(raw.pop("plain"))
    forms = folded_forms(raw)
    return any_of(forms["anywhere"], {}), any_of(forms["words"], {}), plain
