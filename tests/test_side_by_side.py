"""What is asked of two actions is told of each, and says whose it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.lexicon import load_lexicon
from assistant.side_by_side import sides_of
from corpus.model import Document
from tests.builders import make_document
from tests.test_pipeline import open_with

SMALL, LARGE = "SMALL-SCALE PARTNERSHIPS", "COOPERATION PARTNERSHIPS"


def guide() -> Document:
    def of(name: str, fewest: str, months: str, sums: str) -> list[tuple[str, str]]:
        path = f"Part B › KEY ACTION 2 › {name}"
        return [
            (
                f"{path} › Number and profile of participating organisations",
                f"A partnership of this kind must involve minimum {fewest} organisations.",
            ),
            (f"{path} › Duration of the project", f"Duration of the project\nBetween {months}."),
            (
                f"{path} › FUNDING RULES",
                f"The pre-defined lump sums for the grant of a project are {sums}.",
            ),
        ]

    sections = [
        *of(SMALL, "two", "6 and 24 months", "EUR 30 000 and EUR 60 000"),
        *of(LARGE, "three", "12 and 36 months", "EUR 120 000 and EUR 250 000"),
    ]
    return make_document(
        headings=[path for path, _ in sections], pages=[text for _, text in sections]
    )


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (
            "How long do KA210 and KA220 projects last?",
            [
                "Small-scale Partnerships: Duration of the project: Between 6 and 24 months. [1]",
                "Cooperation Partnerships: Duration of the project: Between 12 and 36 months. [2]",
            ],
        ),
        (
            "What is the difference between cooperation partnerships and KA210?",
            [
                "Cooperation Partnerships: The pre-defined lump sums for the grant of a project "
                "are EUR 120 000 and EUR 250 000. [1]",
                "Small-scale Partnerships: The pre-defined lump sums for the grant of a project "
                "are EUR 30 000 and EUR 60 000. [2]",
                "Cooperation Partnerships: A partnership of this kind must involve minimum three "
                "organisations. [3]",
                "Small-scale Partnerships: A partnership of this kind must involve minimum two "
                "organisations. [4]",
            ],
        ),
        (
            "Was ist der Unterschied zwischen KA210 und KA220?",
            [
                "Small-scale Partnerships: The pre-defined lump sums for the grant of a project "
                "are EUR 30 000 and EUR 60 000. [1]",
                "Cooperation Partnerships: The pre-defined lump sums for the grant of a project "
                "are EUR 120 000 and EUR 250 000. [2]",
                "Small-scale Partnerships: A partnership of this kind must involve minimum two "
                "organisations. [3]",
                "Cooperation Partnerships: A partnership of this kind must involve minimum three "
                "organisations. [4]",
            ],
        ),
    ],
)
def test_each_of_two_actions_is_answered(tmp_path: Path, question: str, lines: list[str]) -> None:
    opened = open_with(tmp_path, guide())
    answer = opened.ask(question)
    opened.close()
    assert answer.text.splitlines() == lines
    assert answer.removed == {}


def test_parts_of_chapters_stand_side_by_side(tmp_path: Path) -> None:
    chapter = "Part B › KEY ACTION 1 › MOBILITY FOR PUPILS AND STAFF IN SCHOOL EDUCATION"
    short = f"{chapter} › SHORT-TERM PROJECTS FOR MOBILITY OF PUPILS AND STAFF"
    accredited = f"{chapter} › ACCREDITED PROJECTS FOR MOBILITY OF PUPILS AND STAFF"
    sections = [
        (f"{short} › Project duration", "Project duration\nFrom 6 to 18 months."),
        (f"{short} › Eligible", "The following organisations are eligible to apply: schools."),
        (f"{accredited} › Project duration", "Accredited projects last 15 months at first."),
        (f"{accredited} › Eligible", "Applicants must hold a valid Erasmus accreditation."),
    ]
    opened = open_with(
        tmp_path,
        make_document(
            headings=[path for path, _ in sections], pages=[text for _, text in sections]
        ),
    )
    answer = opened.ask("What is the difference between KA121 and KA122?")
    opened.close()
    assert answer.text.splitlines() == [
        "Accredited projects for mobility: Accredited projects last 15 months at first. [1]",
        "Short-term projects: Project duration: From 6 to 18 months. [2]",
        "Accredited projects for mobility: Applicants must hold a valid Erasmus accreditation. [3]",
        "Short-term projects: The following organisations are eligible to apply: schools. [4]",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Do KA210 and KA220 take place in different countries?",
        "What is the difference between KA210 and KA220 in who can apply?",
    ],
)
def test_what_differs_is_told_only_where_that_is_asked(tmp_path: Path, question: str) -> None:
    opened = open_with(tmp_path, guide())
    answer = opened.ask(question)
    opened.close()
    assert "Partnerships: " not in answer.text


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("KA210 vs. KA220?", ("KA210", "KA220")),
        (
            "Wie viel gibt es für Small-scale Partnerships und für Cooperation Partnerships?",
            ("Small-scale Partnerships", "Cooperation Partnerships"),
        ),
        ("How long can KA210 last?", None),
        ("KA210, KA220 or youth exchanges?", None),
        ("We had a KA210 and now write our first application for KA220.", None),
        ("KA210 or small-scale partnership?", None),
    ],
)
def test_two_actions_stand_side_by_side_with_small_words_between(
    question: str, typed: tuple[str, str] | None
) -> None:
    sides = sides_of(question, load_lexicon())
    assert (sides and tuple(side.typed for side in sides)) == typed


def test_a_part_of_a_chapter_belongs_to_no_question_about_another_part() -> None:
    lexicon = load_lexicon()
    chapter = ("Part B", "Mobility for pupils and staff in school education")
    short = (*chapter, "Short-term projects for mobility of pupils and staff")
    assert not lexicon.belongs_elsewhere(short, ("short-term-projects",), ())
    assert lexicon.belongs_elsewhere(short, ("accredited-projects",), ())
    assert not lexicon.belongs_elsewhere(chapter, ("accredited-projects",), ())


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Do we need an accreditation for KA210?", ("small-scale-partnerships",)),
        ("Braucht man für KA122 eine Akkreditierung?", ("short-term-projects",)),
        ("KA120 or KA122?", ("accreditation", "short-term-projects")),
        ("Do we need an accreditation?", ("accreditation",)),
    ],
)
def test_an_accreditation_that_may_be_needed_is_no_second_action(
    question: str, asked: tuple[str, ...]
) -> None:
    lexicon = load_lexicon()
    named = dict.fromkeys(m.key for m in lexicon.find(question) if m.kind == "action")
    assert lexicon.asked_about(tuple(named), question) == asked
