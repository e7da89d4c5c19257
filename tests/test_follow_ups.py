"""Questions that go on from earlier ones, by their words or as any action could answer them."""

from __future__ import annotations

import pytest

from assistant.lexicon import fold, load_lexicon
from tests.test_understanding import Read, reading


@pytest.fixture(scope="module")
def read() -> Read:
    return reading(load_lexicon())


@pytest.mark.parametrize(
    "question",
    [
        "ok, and does the full plan have to be in the proposal already? if not, by when?",
        "and at the end, do we need an auditor's certificate and records like timesheets for it?",
        "our coach would work 15 days with the group in Greece - how much can we claim for that?",
        "thanks! and how long must such a call stay open for other youth groups in our country?",
    ],
)
def test_longer_questions_that_lean_on_what_was_said_are_follow_ups(
    read: Read, question: str
) -> None:
    query = read(question, "Is a data management plan mandatory in Horizon Europe?")
    assert query.follow_up
    assert query.document_ids == read("What is Horizon Europe?").document_ids
    assert [part.text for part in query.parts][-1] in fold(question)


def test_a_chain_of_follow_ups_keeps_what_it_began_with(read: Read) -> None:
    query = read("and for schools?", "Lump sum of KA210 in 2023?", "and the deadline?")
    assert query.actions == ("small-scale-partnerships",)
    assert query.years == (2023,)
    assert query.search_text == "Small-scale Partnerships and the deadline, and for schools?"
    other = read(
        "and for schools?", "Lump sum of KA210?", "Who can get a KA220?", "and the deadline?"
    )
    assert other.actions == ("cooperation-partnerships",)


@pytest.mark.parametrize(
    "question",
    [
        "How long can a project last at most?",
        "When must we send in our application?",
        "What is the maximum number of participants?",
    ],
)
def test_a_question_that_any_action_could_answer_is_about_the_one_before(
    read: Read, question: str
) -> None:
    query = read(question, "What is the lump sum of KA210?")
    assert query.follow_up
    assert query.actions == ("small-scale-partnerships",)
    assert query.search_text == f"Small-scale Partnerships, {question[0].lower()}{question[1:]}"
    assert not read(question).follow_up
    assert not read(question, "How high is the budget of the programme?").follow_up


@pytest.mark.parametrize(
    "question",
    [
        "How much does a youth exchange pay for each participant?",
        "How many projects can a university of Horizon Europe have?",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_not(read: Read, question: str) -> None:
    query = read(question, "What is the lump sum of KA210?")
    assert "small-scale-partnerships" not in query.actions


def test_another_programme_is_no_follow_up(read: Read) -> None:
    for question in ("How much is an ERC grant?", "What is the maximum grant of Creative Europe?"):
        query = read(question, "What is the lump sum of KA210?")
        assert query.actions == ()
        assert query.other_programmes


def test_a_part_of_a_programme_is_asked_about_though_that_one_is_named_too(read: Read) -> None:
    query = read("What is the monthly allowance of an MSCA fellow in Horizon Europe?")
    assert [name for name in query.other_programmes if "MSCA" in name]
    assert read("What is the budget of Horizon Europe?").other_programmes == ()


def test_what_is_carried_over_and_what_is_asked_read_as_one_sentence(read: Read) -> None:
    year = read("And in 2025?", "How much can a small-scale partnership get?")
    assert year.search_text == "how much can a small-scale partnership get, and in 2025?"
    assert read("Greece?", "Who can apply for KA210?").search_text.endswith("ka210 Greece?")
