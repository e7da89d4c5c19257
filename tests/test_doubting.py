"""How likely no guide answers: each sign for itself, and what is doubted is not answered."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from assistant.confidence import is_enough
from assistant.doubting import LONG, doubt, signs_of
from assistant.model import Asks, Passage
from assistant.retrieval import stems_of
from assistant.units import split_units
from assistant.worth import Candidate
from corpus.settings import AnswerSettings
from tests.builders import make_document, make_query

TEXT = "A partnership involves minimum three organisations."
SHORT = "Minimum organisations?"


def found(text: str = TEXT, score: float = 0.5, *, reranked: bool = True) -> Passage:
    document = make_document(pages=[text], headings=["Part B \u203a Partnerships"])
    return Passage(
        rank=1, score=score, chunk=document.chunks[0], document=document, reranked=reranked
    )


def shown(passage: Passage, worth: float = 8.0, *supplies: Asks) -> Candidate:
    unit = split_units(passage.chunk.text, offset=passage.chunk.span.start)[0]
    return Candidate(
        unit=unit,
        passage=passage,
        worth=worth,
        held=frozenset(),
        supplies=frozenset(supplies),
    )


def test_the_signs_of_a_question() -> None:
    passage = found()
    query = make_query(f"{SHORT} And who then pays the dragons?", terms=("minimum", "partner"))
    others = [passage, found("Dragons are no topic."), found("Nothing at all.")]
    signs = signs_of(query, others, [shown(passage, 8.0, Asks.NUMBER)], stems_of)
    assert signs.score == pytest.approx(0.0)
    assert (signs.worth, signs.supplies) == (8.0, 1.0)
    assert signs.length == pytest.approx(math.log(LONG))
    assert signs.terms == pytest.approx(2 / 8)
    # "pays" stands in none of three passages, "dragons" in one.
    assert signs.missing == pytest.approx(math.log(4))


def test_all_words_shown_are_no_doubt() -> None:
    passage = found()
    signs = signs_of(
        make_query("minimum three organisations"), [passage], [shown(passage)], stems_of
    )
    assert signs.missing == 0.0


@pytest.mark.parametrize(
    ("question", "score", "worth"),
    [(SHORT, 0.5, 2.0), (SHORT, 0.001, 8.0), (f"{SHORT} What fees?", 0.5, 8.0)],
)
def test_less_of_a_sign_is_more_doubt(question: str, score: float, worth: float) -> None:
    sure, other = found(), found("Dragons are no topic.")
    least = doubt(make_query(SHORT), [sure, other], [shown(sure)], stems_of)
    passage = found(score=score)
    more = doubt(make_query(question), [passage, other], [shown(passage, worth)], stems_of)
    assert more > least


def test_what_is_doubted_is_not_answered() -> None:
    passage = found(score=0.001)
    query = make_query("Who pays the dragons of our partnership?")
    candidates = [shown(passage, 1.0)]

    def enough(passages: list[Passage], **changed: float | bool) -> bool:
        follow_up = bool(changed.pop("follow_up", False))
        settings = AnswerSettings().model_copy(update={"min_confidence": 0.0, **changed})
        asked = replace(query, follow_up=follow_up, terms=("co-financing",))
        return is_enough(asked, passages, candidates, settings, stems_of)

    assert not enough([passage])
    assert enough([passage], max_doubt=1.0)
    assert enough([passage], follow_up=True)
    assert enough([replace(passage, reranked=False)])
    assert not is_enough(query, [passage], [], AnswerSettings(), stems_of)
