"""A part of a question that the passages of the whole question do not tell is searched alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistant.composer import PASSAGES_READ
from assistant.lexicon import load_lexicon
from assistant.missed_parts import with_missed_parts
from assistant.model import Filters, Passage, Query
from assistant.retrieval import Found
from corpus.model import Document
from tests.builders import make_document
from tests.test_pipeline import open_with

PATH = "Part B › KEY ACTION 2 › Partnerships for Excellence › CENTRES OF VOCATIONAL EXCELLENCE"


def guide() -> Document:
    sections = [
        (f"{PATH} › Partnership", "The partnership must include at least 8 applicants."),
        (f"{PATH} › Funding", "The maximum EU grant per project is EUR 4 000 000."),
    ]
    return make_document(
        headings=[path for path, _ in sections], pages=[text for _, text in sections]
    )


def asked_alone(
    question: str, tmp_path: Path, *, held: int
) -> tuple[list[str], Sequence[Passage], Sequence[Passage]]:
    """What was searched for alone, the passages before (the best ones only) and after."""
    searched = []
    with closing(open_with(tmp_path, guide())) as assistant:
        query, found = assistant.search(question)

        def search(text: str, *, filters: Filters) -> tuple[Query, Sequence[Passage]]:
            searched.append(text)
            return assistant.search(text, filters=filters)

        before = Found(passages=found[:held], retrieve_ms=1.0, rerank_ms=2.0)
        after = with_missed_parts(query, before, search, load_lexicon(), assistant.stems)
    assert after.passages == before.passages
    assert after.rerank_ms == before.rerank_ms
    return searched, before.passages, after.also


def test_a_part_that_nothing_tells_is_searched_under_the_subject(tmp_path: Path) -> None:
    question = (
        "Centres of Vocational Excellence: how many applicants and what is the maximum grant?"
    )
    searched, before, after = asked_alone(question, tmp_path, held=1)
    assert len(searched) == 1
    assert searched[0].startswith("Centres of Vocational Excellence: ")
    assert len(before) == len(after) == 1
    assert after[0].chunk.text != before[0].chunk.text
    assert after[0].rank > PASSAGES_READ


@pytest.mark.parametrize(
    "question",
    [
        "Centres of Vocational Excellence: how many applicants and what is the maximum grant?",
        "What is the maximum grant of the Centres of Vocational Excellence?",
    ],
)
def test_what_is_told_is_not_searched_again(question: str, tmp_path: Path) -> None:
    searched, _, after = asked_alone(question, tmp_path, held=2)
    assert searched == []
    assert after == ()


def test_a_part_without_a_subject_is_left(tmp_path: Path) -> None:
    searched, _, after = asked_alone(
        "How many applicants do we need and what is the colour of the form?", tmp_path, held=1
    )
    assert searched == []
    assert after == ()
