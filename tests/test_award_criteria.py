"""Who asks for the award criteria of an action is told all of them, with points and thresholds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.model import Answer, Status
from corpus.model import Document
from tests.builders import make_document
from tests.test_pipeline import open_with

SMALL = "Part B › KEY ACTION 2 › SMALL-SCALE PARTNERSHIPS"
MUNDUS = "Part B › KEY ACTION 2 › ERASMUS MUNDUS ACTION"
REACH = "To be considered for funding, proposals must score at least 60 points."
LONG = "Quality of the partnership and arrangements (maximum score 40 points)"


def guide() -> Document:
    sections = [
        (
            f"{SMALL} › Relevance",
            f"Relevance (maximum score 30 points)\nThe proposal is relevant.\n{REACH}",
        ),
        (f"{SMALL} › Design", "Design (maximum score 30 points)\nAims are clear, work is planned."),
        (
            f"{SMALL} › Quality",
            "The partners are many.\nQuality of the partnership and arrangements",
        ),
        (f"{SMALL} › {LONG}", "(maximum score 40 points)\nThe partners fit and meet each other."),
        (f"{MUNDUS} › Lot 1: Erasmus Mundus Joint Masters", "Impact (maximum score 100 points)"),
        (
            f"{MUNDUS} › Lot 2: Erasmus Mundus Design Measures",
            "Relevance (maximum score 50 points)\nIt is.\nImpact (maximum score 50 points)",
        ),
    ]
    return make_document(
        headings=[path for path, _ in sections], pages=[text for _, text in sections]
    )


def asked(question: str, tmp_path: Path) -> Answer:
    with closing(open_with(tmp_path, guide())) as assistant:
        return assistant.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "What are the award criteria for KA210, and how many points has each?",
        "How are small-scale partnerships assessed?",
        "Welche Vergabekriterien gelten für KA210?",
    ],
)
def test_all_criteria_with_their_points_and_the_threshold(question: str, tmp_path: Path) -> None:
    answer = asked(question, tmp_path)
    assert answer.status is Status.ANSWERED
    assert answer.text.splitlines() == [
        "Relevance (maximum score 30 points) [1]",
        "Design (maximum score 30 points) [2]",
        f"{LONG} [3][4]",
        f"{REACH} [1]",
    ]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("award criteria EMJM", ["Impact (maximum score 100 points) [1]"]),
        (
            "award criteria of Erasmus Mundus Design Measures",
            ["Relevance (maximum score 50 points) [1]", "Impact (maximum score 50 points) [1]"],
        ),
    ],
)
def test_each_lot_has_its_own(question: str, lines: list[str], tmp_path: Path) -> None:
    assert asked(question, tmp_path).text.splitlines() == lines


@pytest.mark.parametrize(
    "question",
    [
        "Under which award criterion of KA210 is the budget assessed?",
        "What are the award criteria for Erasmus Mundus?",  # two lists that differ
        "What are the award criteria?",
    ],
)
def test_other_questions_are_left_alone(question: str, tmp_path: Path) -> None:
    lines = asked(question, tmp_path).text.splitlines()
    assert lines[:2] != [
        "Relevance (maximum score 30 points) [1]",
        "Design (maximum score 30 points) [2]",
    ]
    assert "Impact (maximum score 100 points) [1]" not in lines
