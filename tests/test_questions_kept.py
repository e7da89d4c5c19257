"""The question sets that come with the project can be asked."""

from __future__ import annotations

import pytest

from eval.question_files import read_questions
from tests.conftest import PROJECT

SETS = {"readers": 3055, "weighing": 468, "unseen": 277}


@pytest.mark.parametrize(("name", "count"), SETS.items())
def test_a_set_of_questions_can_be_asked_and_measured(name: str, count: int) -> None:
    questions = read_questions(PROJECT / "benchmarks" / "questions" / f"{name}.jsonl")
    assert len({question.id for question in questions}) == count
    for question in questions:
        assert bool(question.gold) == bool(question.key_facts) == question.answerable, question.id
