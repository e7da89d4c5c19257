"""Whether a country may take part at all is said as the guide lists it, or not at all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from assistant.citing import verify
from assistant.extractive import Draft
from assistant.lexicon import load_lexicon
from assistant.listed import where_listed
from assistant.messages import load_messages
from assistant.model import Passage
from assistant.understanding import understand
from corpus.model import ChunkKind, Document
from corpus.settings import AnswerSettings
from tests.builders import make_document
from tests.test_conditions import NAMES, OTHERS, TAKERS

FULLY = "The following countries can fully take part in all the Actions of the Erasmus+ Programme:"
CERTAIN = "The following countries can take part in certain Actions of the Programme."
CONSULT = "Please consult Part B of this Guide for eligible countries for each specific action."
NOTE = "⁴⁹ See section ‘EU restrictive measures’ in Part C of this Guide for more details."
MEMBERS = "Member States of the European Union (EU)"
ASSOCIATED = "Third countries associated to the Programme"


@cache
def guide() -> Document:
    """Lists of countries on two pages, as guides have them."""
    listed = [
        f"{OTHERS}\n{CERTAIN} Some of them receive assistance. {CONSULT}",
        "Western Balkans (Region 1) | Albania, Kosovo*⁴⁴, Montenegro\n"
        "South-Mediterranean countries (Region 3) | Morocco, Tunisia\n"
        "Russian Federation (Region 4) | Russia⁴⁹\n"
        "Region 14 | Faroe Islands, Switzerland, United Kingdom",
        NOTE,
    ]
    takers = [f"{TAKERS}\n{FULLY}", f"{MEMBERS}⁴¹\n{NAMES}", f"{ASSOCIATED}⁴²\nNorway Türkiye"]
    document = make_document(pages=[takers, listed], headings=[TAKERS, OTHERS])
    kinds = {1: ChunkKind.TABLE, 2: ChunkKind.TABLE, 4: ChunkKind.TABLE, 5: ChunkKind.FOOTNOTE}
    contexts = {1: MEMBERS, 2: ASSOCIATED}
    chunks = tuple(
        replace(c, kind=kinds.get(i, ChunkKind.TEXT), context=contexts.get(i, ""))
        for i, c in enumerate(document.chunks)
    )
    return replace(document, chunks=chunks)


def listed(question: str) -> Draft | None:
    document = guide()
    lexicon = load_lexicon()
    query = understand(question, held=[(document.id, document.edition)], lexicon=lexicon)
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    return where_listed(query, [passage], lexicon, load_messages(), AnswerSettings())


@pytest.mark.parametrize(
    ("question", "lines", "quoted"),
    [
        (
            "Can we work with a school from Switzerland?",
            [
                "Switzerland is listed as a third country not associated to the Programme "
                "(region 14).",
                CERTAIN,
                CONSULT,
            ],
            [f"{CERTAIN} … {CONSULT} … Region 14 … Switzerland"],
        ),
        (
            "Can a Russian university take part in Erasmus+?",
            [
                "Russia is listed as a third country not associated to the Programme (region 4).",
                CERTAIN,
                CONSULT,
                NOTE.removeprefix("⁴⁹ "),
            ],
            [f"{CERTAIN} … {CONSULT} … Russian Federation (Region 4) | Russia … {NOTE}"],
        ),
        (
            "Is Norway a programme country?",
            [
                "Norway is listed as a third country associated to the Programme.",
                f"{FULLY[:-1]}.",
            ],
            [f"{FULLY} … {ASSOCIATED} … Norway"],
        ),
        (
            "Ist Norwegen förderfähig?",
            [
                "Norwegen: in der Liste der mit dem Programm assoziierten Drittländer.",
                f"{FULLY[:-1]}.",
            ],
            [f"{FULLY} … {ASSOCIATED} … Norway"],
        ),
        (
            "Can Poland and a Moroccan NGO participate?",
            [
                "Morocco is listed as a third country not associated to the Programme (region 3).",
                "Poland is listed as a Member State of the European Union.",
                CERTAIN,
                CONSULT,
                f"{FULLY[:-1]}.",
            ],
            [
                f"{CERTAIN} … {CONSULT} … South-Mediterranean countries (Region 3) | Morocco",
                f"{FULLY} {MEMBERS} … Poland",
            ],
        ),
    ],
)
def test_what_is_said_of_a_country_is_how_the_guide_lists_it(
    question: str, lines: list[str], quoted: list[str]
) -> None:
    found = listed(question)
    assert found is not None
    assert [line.text for line in found.lines] == lines
    assert [c.quote for c in found.citations] == quoted
    verified = verify(found.lines, found.citations, {guide().id: guide()})
    assert verified.removed == {}
    assert len(verified.citations) == len(quoted)


@pytest.mark.parametrize(
    "question",
    [
        "Can a school from Switzerland take part in KA220?",  # has conditions
        "Can participants from Switzerland get insurance?",
        "How much is paid for a participant from Morocco?",
        "Is Atlantis eligible?",
        "Can a German school apply?",  # asks about schools
        "When do organisations from Norway apply?",
        "Where is Norway?",
        "Are Norway, Albania, Morocco and Switzerland eligible?",
        "Is Switzerland eligible in Horizon Europe?",
        "Is my granny from Norway eligible?",
    ],
)
def test_whoever_asks_anything_else_is_told_nothing_of_lists(question: str) -> None:
    assert listed(question) is None
