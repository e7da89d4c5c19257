"""People who go from one country to another are told the one row that is theirs."""

from __future__ import annotations

import pytest

from assistant.citing import verify
from assistant.extractive import Draft
from assistant.flow_rates import rates_of_flow
from assistant.lexicon import load_lexicon
from assistant.messages import load_messages
from assistant.model import Passage, Turn
from assistant.understanding import understand
from corpus.settings import AnswerSettings
from tests.flow_guide import EU, HIGHER, LOWER, MEDIUM, ONLY, THIRD, TRAINEES, flow_guide

TO_FAR = f"From: {EU}; To: {THIRD} from Regions 1 to 3 and 5 to 12.; Amount: 700 EUR per month"

OUTERMOST = f"From: Outermost regions and OCTs; To: {EU}; Amount: 786 EUR per month"


def from_far(group: int, amount: int) -> str:
    return (
        f"From: {THIRD} from Regions 1-12.; To: Group {group} of {EU}; "
        f"Amount: {amount} EUR per month"
    )


def third(name: str, region: int) -> str:
    return f"{name} is listed as a third country not associated to the Programme (region {region})."


IN_THREE = "Poland: Group 3 Countries with lower living costs"
SPAIN = "Spain: Group 2 Countries with medium living costs"
GERMANY = "Germany: Group 1 Countries with higher living costs"


def told(question: str, *before: str) -> Draft | None:
    document = flow_guide()
    query = understand(
        question,
        held=[(document.id, document.edition)],
        lexicon=load_lexicon(),
        history=[Turn(role="user", content=turn) for turn in before],
    )
    passage = Passage(rank=1, score=1.0, chunk=document.chunks[0], document=document)
    return rates_of_flow(query, [passage], load_messages(), AnswerSettings())


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("How much do students from Spain get per month in Germany?", [HIGHER, SPAIN, GERMANY]),
        ("Student from Germany to Spain: monthly grant?", [LOWER, GERMANY, SPAIN]),
        ("Spain -> Portugal student monthly", [MEDIUM, SPAIN, "Portugal"]),
        ("student to Spain, how much a month?", [MEDIUM, HIGHER, LOWER, SPAIN]),
        ("Students from Group 3 to Group 2 countries, per month?", [HIGHER]),
        ("our students to Japan, how much a month", [TO_FAR, third("Japan", 5)]),
        ("Outgoing students to Region 9, monthly amount", [TO_FAR]),
        ("student from Martinique in Spain, monthly grant?", [OUTERMOST]),
        ("I study in Madeira and go to Berlin for a semester, how much a month?", [OUTERMOST]),
        (
            "student from Kenya coming to a polish uni for a semester, monthly amount?",
            [from_far(3, 800), third("Kenya", 9), IN_THREE],
        ),
        (
            "What do incoming students from Vietnam get at a university in Lisbon?",
            [from_far(2, 850), third("Vietnam", 5), "Portugal"],
        ),
        ("amount for incoming students from region 3 to group 3 countries", [from_far(3, 800)]),
        (
            "student from the United Kingdom to Austria per month?",
            [ONLY[3:], third("United Kingdom", 14)],
        ),
        (
            "trainee from Spain to Germany, top-up and monthly range?",
            [HIGHER, "Spain: Group 2", "Germany: Group 1", TRAINEES],
        ),
    ],
)
def test_students_are_told_what_is_paid_from_there_to_there(
    question: str, lines: list[str]
) -> None:
    found = told(question)
    assert found is not None
    texts = [line.text for line in found.lines]
    assert len(texts) == len(lines)
    assert all(text.startswith(line[:6]) for text, line in zip(texts, lines, strict=True))
    whole = [line for line in lines if " " in line]
    assert set(whole) <= set(texts)


@pytest.mark.parametrize(
    ("question", "rate"),
    [
        (
            "incoming professor from Morocco to Lisbon, daily rate?",
            "Receiving country: Latvia, Portugal, Spain; Incoming staff: 170 "
            "(amounts in euro per day)",
        ),
        (
            "Lecturer from Italy to Canada, individual support per day?",
            f"Receiving country: {THIRD} from Regions 1-3, 5-12; Outgoing staff: 190 "
            "(amounts in euro per day)",
        ),
        (
            "university staff from Spain to Germany, daily rate",
            "Receiving country: Austria, Germany, Italy; Outgoing staff: 96-190 "
            "(amounts in euro per day)",
        ),
        ("VET learners in the United States: daily rate?", "VET learners: Country group 1: 48-127"),
        (
            "apprentices going to Kenya, individual support?",
            "VET learners: Country group 2: 41-110",
        ),
        ("VET teacher to Spain, per day?", "Staff: Country group 2: 95-169 EUR"),
        ("accompanying person with VET learners in Riga, per day?", "Staff: Country group 2: 95"),
    ],
)
def test_staff_and_learners_of_schools_are_told_the_rate_of_where_they_go(
    question: str, rate: str
) -> None:
    found = told(question)
    assert found is not None
    assert found.lines[0].text.startswith(rate)
    as_staff = [line for line in found.lines if line.text.startswith("In case of accompanying")]
    assert bool(as_staff) == question.startswith("accompanying")


def test_all_that_is_told_is_quoted() -> None:
    document = flow_guide()
    found = told("apprentices going to Kenya, individual support?")
    assert found is not None
    verified = verify(found.lines, found.citations, {document.id: document})
    assert not verified.removed
    assert [citation.page for citation in verified.citations] == [7, 8]


def test_the_row_is_looked_up_in_other_editions() -> None:
    found = told("VET learners in Spain, daily rate?")
    assert found is not None
    assert [c.unit.text for c in found.shown] == [
        "VET learners | 48-127 EUR | 41-110 EUR | 36-93 EUR"
    ]


@pytest.mark.parametrize(
    ("before", "then", "first"),
    [
        ("How much do students from Spain get per month in Germany?", "and to Japan?", TO_FAR),
        ("VET learners in Spain, daily rate?", "and for staff?", "Staff: Country group 2: 95-169"),
        ("VET learners in Spain, daily rate?", "and in Brazil?", "VET learners: Country group 2"),
        (
            "Student from Germany to Spain: monthly grant?",
            "and the other way, from Spain to Germany?",
            HIGHER,
        ),
    ],
)
def test_a_follow_up_changes_what_it_names(before: str, then: str, first: str) -> None:
    found = told(then, before)
    assert found is not None
    assert found.lines[0].text.startswith(first)


def test_the_group_leads_where_it_is_asked_for() -> None:
    found = told("In which group is Poland for the monthly student grants?")
    assert found is not None
    assert found.lines[0].text == IN_THREE


@pytest.mark.parametrize(
    "question",
    [
        "What travel support does a student from Spain to Germany get?",
        "How many students can we send from Spain to Germany?",
        "Can a student from Spain to Germany get a monthly grant twice?",
        "How much does a student from Spain get for two days in Germany?",
        "How much is the grant for students?",
        "Teacher from France to Canada, per day?",
        "youth workers from Spain to Germany, individual support per day?",
        "Which monthly extras does a trainee get in Germany on top of her grant?",
        "student from Spain to Madeira, monthly grant?",
        "apprentice in Germany, is there money for the language, and how much?",
        "What exact monthly grant does the agency pay from Spain to Germany for students?",
        "Which top-up does a trainee from Spain to Germany get?",
    ],
)
def test_what_is_no_such_rate_is_left_to_others(question: str) -> None:
    assert told(question) is None
