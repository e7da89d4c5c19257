"""Whether what was found is enough for an answer: how likely it is right, and what that takes."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.doubting import doubt, likelihood, log_odds
from assistant.model import Asks, Passage, Query
from assistant.off_topic import is_off_topic
from assistant.worth import Candidate, Stems
from corpus.model import CELL_SEPARATOR
from corpus.settings import AnswerSettings

OFF_TOPIC, TUNED_OFF_TOPIC = 2e-4, 0.03
"""Below this score of the best passage a question in no word of programmes is of something else; of
the reranker, and of the one that was tuned on guides."""
_OWN_WORDS, _FOLLOWED = 2, 10
"""Of a question that goes on from another one, and the passages that should have one of them."""
NEVER = 2.0
"""More confidence than any answer has."""
FOLLOWING = 0.5
"""Share of the confidence that a question needs where it goes on from an earlier one."""
UNLIKE = (0.7, 0.815)
"""Between these lies the cosine of the best unit where none answers, by the bundled embedder of
many languages: its cosines hardly fall below; models whose cosines do are not judged by it."""
IN_TERMS, FITTING_UNLIKE = 4, 7.0
"""A question in so many terms of guides, or what leads with such worth, is judged by no cosine."""
_CONFIDENCE = (-1.05, 0.21, 0.18)
"""Of a logistic regression: constant, log odds of the best passage's score, worth of the unit that
leads. Fitted on the development questions and on a public set of questions with and without an
answer (`docs/answers.md`)."""
_TUNED_CONFIDENCE = (1.69, 1.47, 0.02)
"""The same for scores of the reranker that was tuned on guides; fitted on `weighing.jsonl` and the
development questions."""
FITTING = 6.5
"""A row that is worth more fits the question (`assistant.worth`)."""


def is_enough(
    query: Query,
    passages: Sequence[Passage],
    shown: Sequence[Candidate],
    settings: AnswerSettings,
    stems: Stems,
) -> bool:
    """Whether an answer may be given.

    Args:
        query: as understood.
        passages: as ranked, at least one.
        shown: units of the answer, best first; none is never enough.
        settings: what it takes.
        stems: how words are reduced for comparison.
    """
    if not shown:
        return False
    needed = confidence_needed(query, passages, settings, stems)
    doubted = doubt(query, shown) if _is_fitted(query, passages, shown[0]) else None
    if doubted is not None and needed <= settings.min_confidence:
        return doubted <= settings.max_doubt
    return confidence(query, passages, shown[0]) >= needed


def _is_fitted(query: Query, passages: Sequence[Passage], leading: Candidate) -> bool:
    """Whether doubt is known: of whole questions about official guides in the guides' language.

    Not of the row whose band holds what the question states: its figures are hard to read. Nor of
    the date of an action whose deadline is asked for: what it is for stands in its headings.
    """
    best = passages[0]
    dated = query.about_deadline and leading.passage.named and Asks.DATE in leading.supplies
    whole = not (query.follow_up or leading.banded or dated)
    return best.reranked and best.document.edition.official and whole


def confidence(query: Query, passages: Sequence[Passage], leading: Candidate) -> float:
    """How likely an answer is right, 0…1, by its passage and by the unit that leads it.

    1 where it cannot be told: for rows of tables that fit the question, which a reader of prose
    rates low, and for passages that no reranker has read; 0 where no unit of these is like the
    question, which is hardly in terms of guides, and what leads neither fits nor holds what is
    asked for.
    """
    row = CELL_SEPARATOR in leading.unit.text
    if row and leading.worth > FITTING:
        return 1.0
    best = passages[0]
    if not best.reranked:
        fits = leading.supplies or leading.worth >= FITTING_UNLIKE or len(query.terms) >= IN_TERMS
        return 1.0 if fits or not _says_nothing_like_it(passages) else 0.0
    constant, of_score, of_worth = _TUNED_CONFIDENCE if best.tuned else _CONFIDENCE
    return likelihood(constant + of_score * log_odds(best.score) + of_worth * leading.worth)


def confidence_needed(
    query: Query, passages: Sequence[Passage], settings: AnswerSettings, stems: Stems
) -> float:
    """The least confidence of an answer, 0…1; more than 1 where nothing answers.

    Who asks in words of programmes asks a guide; where anything at all is asked of any document,
    more often nothing answers. What goes on from an earlier question is no part of it where no
    passage has one of its words, or of those that guides write for them: "Who won the
    championship?" after a question about an action.
    A question in no word of programmes that no passage is like is of something else.
    """
    in_words_of_guides = any(part.terms for part in query.parts)
    if query.follow_up and not in_words_of_guides and not _shares_words(query, passages, stems):
        return NEVER
    of_guides = query.actions or query.fields or query.terms
    anything = not of_guides and not query.follow_up
    best = passages[0]
    off_topic = TUNED_OFF_TOPIC if best.tuned else OFF_TOPIC
    unlike = anything and best.reranked and best.score < off_topic
    if unlike or is_off_topic(query, passages, stems):
        return NEVER
    if of_guides or best.document.edition.official:
        return settings.min_confidence
    # What goes on from an earlier question shares few words with what answers it.
    share = FOLLOWING if query.follow_up else 1.0
    return max(settings.min_confidence, share * settings.min_confidence_elsewhere)


def _says_nothing_like_it(passages: Sequence[Passage]) -> bool:
    """Whether passages were read by meaning (`assistant.meaning`), and no unit of them is near."""
    best = max((likeness for passage in passages for likeness in passage.alike), default=1.0)
    least, most = UNLIKE
    return least <= best < most


def _shares_words(query: Query, passages: Sequence[Passage], stems: Stems) -> bool:
    language = query.language
    own = {stem for stem in stems(query.question, language) if len(stem) > 2 and stem.isalpha()}
    read = [p for p in passages if p.document.edition.language == language][:_FOLLOWED]
    if len(own) < _OWN_WORDS or not read:
        return True
    return any(own & set(stems(passage.whole_text, language)) for passage in read)
