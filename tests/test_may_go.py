"""Whether people may go to a country is told by their activity's rule and the country's list."""

from __future__ import annotations

import pytest

from assistant.citing import verify
from assistant.extractive import Draft
from assistant.lexicon import load_lexicon
from assistant.may_go import where_they_may_go
from assistant.messages import load_messages
from assistant.model import Passage
from assistant.understanding import understand
from corpus.settings import AnswerSettings
from tests.flow_guide import ABROAD, EXTERNAL, FARTHER, INTERNAL, NOT_RUSSIA, ONLY, flow_guide


def told(question: str) -> Draft | None:
    document = flow_guide()
    query = understand(question, held=[(document.id, document.edition)], lexicon=load_lexicon())
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    return where_they_may_go(query, [passage], load_messages(), AnswerSettings())


def third(name: str, region: int) -> str:
    return f"{name} is listed as a third country not associated to the Programme (region {region})."


UK, SWISS, RUSSIA = third("United Kingdom", 14), third("Switzerland", 14), third("Russia", 4)
NORWAY = "Norway is listed as a third country associated to the Programme."


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("Can pupils go to Switzerland?", [ABROAD, SWISS]),
        ("Can an accredited school send pupils to London?", [ABROAD, UK]),
        ("Is it possible to send pupils to Norway?", [ABROAD, NORWAY]),
        ("Can VET learners go to the United Kingdom?", [ABROAD, FARTHER, UK]),
        ("Can we send apprentices to Russia?", [ABROAD, FARTHER, NOT_RUSSIA, RUSSIA]),
        ("Can students go to the United Kingdom with KA131?", [INTERNAL, UK]),
        ("Can our students do a traineeship in Kenya?", [INTERNAL, EXTERNAL, third("Kenya", 9)]),
        (
            "Are students at a Swiss university able to come to us through KA131?",
            [ONLY[3:], SWISS, INTERNAL],
        ),
        (
            "Can an incoming student from Russia take part through KA171?",
            [EXTERNAL, NOT_RUSSIA, RUSSIA],
        ),
    ],
)
def test_the_rule_and_the_list_are_told_together(question: str, lines: list[str]) -> None:
    found = told(question)
    assert found is not None
    assert [line.text for line in found.lines] == lines
    document = flow_guide()
    assert not verify(found.lines, found.citations, {document.id: document}).removed


@pytest.mark.parametrize(
    "question",
    [
        "Can pupils go to Spain?",
        "Can a school from Switzerland coordinate a partnership?",
        "Can pupils stay in Switzerland with their parents?",
        "How can pupils go to Switzerland?",
        "Can adult learners go to Switzerland?",
        "Do students who go to Switzerland get travel support?",
    ],
)
def test_who_asks_more_or_of_members_is_left_to_others(question: str) -> None:
    assert told(question) is None
