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
LONGER = f"{SHORT} And who then pays the dragons of all our partners in Italy?"


def found(*, reranked: bool = True) -> Passage:
    document = make_document(pages=[TEXT], headings=["Part B › Partnerships"])
    return Passage(
        rank=1, score=0.5, chunk=document.chunks[0], document=document, reranked=reranked
    )


def shown(
    passage: Passage, worth: float = 8.0, *supplies: Asks, reading: float | None = 0.0
) -> Candidate:
    unit = split_units(passage.chunk.text, offset=passage.chunk.span.start)[0]
    return Candidate(
        unit=unit,
        passage=passage,
        worth=worth,
        held=frozenset(),
        supplies=frozenset(supplies),
        reading=reading,
    )


def test_the_signs_of_a_question() -> None:
    passage = found()
    leading = shown(passage, 8.0, Asks.NUMBER, reading=-2.0)
    follows = [shown(passage, 7.0, reading=1.5), shown(passage, 6.0, reading=None)]
    signs = signs_of(make_query(SHORT), [leading, *follows])
    assert signs is not None
    assert (signs.reading, signs.worth, signs.supplies) == (1.5, 8.0, 1.0)
    assert signs.length == pytest.approx(math.log(LONG))
    longer = signs_of(make_query(LONGER), [leading])
    assert longer is not None
    assert longer.length == pytest.approx(math.log(len(LONGER.split())))


def test_of_what_was_not_read_nothing_is_doubted() -> None:
    assert doubt(make_query(SHORT), [shown(found(), reading=None)]) is None


@pytest.mark.parametrize(
    ("worth", "reading", "supplies"),
    [(2.0, 0.0, ()), (8.0, -4.0, ()), (8.0, 0.0, (Asks.NUMBER,))],
)
def test_each_sign_moves_the_doubt(worth: float, reading: float, supplies: tuple[Asks]) -> None:
    passage, query = found(), make_query(SHORT)
    least = doubt(query, [shown(passage)])
    more = doubt(query, [shown(passage, worth, *supplies, reading=reading)])
    assert least is not None
    assert more is not None
    assert more > least


def test_what_is_doubted_is_not_answered() -> None:
    passage = found()
    query = make_query("Who pays the dragons of our partnership?")

    def enough(
        passages: list[Passage],
        *,
        reading: float | None = -6.0,
        follow_up: bool = False,
        banded: bool = False,
        **changed: float,
    ) -> bool:
        settings = AnswerSettings().model_copy(update={"min_confidence": 0.0, **changed})
        asked = replace(query, follow_up=follow_up, terms=("co-financing",))
        candidates = [replace(shown(passage, 1.0, reading=reading), banded=banded)]
        return is_enough(asked, passages, candidates, settings, stems_of)

    assert not enough([passage])
    assert enough([passage], max_doubt=1.0)
    assert enough([passage], reading=4.0)
    assert enough([passage], follow_up=True)
    assert enough([passage], banded=True)
    assert enough([replace(passage, reranked=False)])
    assert enough([passage], reading=None), "what was not read is judged by confidence"
    assert not enough([passage], reading=None, min_confidence=0.99)
    assert not is_enough(query, [passage], [], AnswerSettings(), stems_of)


@pytest.mark.parametrize(
    ("named", "supplies"), [(True, Asks.DATE), (False, Asks.DATE), (True, Asks.NUMBER)]
)
def test_the_deadline_of_the_action_that_is_asked_about_is_not_doubted(
    named: bool, supplies: Asks
) -> None:
    passage = replace(found(), named=named)
    asked = make_query("When is the deadline?", wants=(Asks.DATE,), terms=("deadline submit",))
    leading = [shown(passage, 1.0, supplies, reading=-6.0)]
    settings = AnswerSettings().model_copy(update={"min_confidence": 0.0})
    known = named and supplies is Asks.DATE
    assert is_enough(asked, [passage], leading, settings, stems_of) is known
