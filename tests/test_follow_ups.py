"""Questions that go on from earlier ones, by their words or as any action could answer them."""

from __future__ import annotations

import pytest

from assistant.lexicon import fold, folded_letters, load_lexicon
from assistant.model import Filters
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
    assert query.search_text == "Lump sum of KA210 in 2023, and the deadline, and for schools?"
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


@pytest.mark.parametrize(
    ("before", "question", "shown"),
    [
        ("How much can a KA210 get?", "And in 2025?", "How much can a KA210 get, and in 2025?"),
        ("Who can apply for KA210?", "Greece?", "Who can apply for KA210 Greece?"),
        (
            "Ποια είναι η προθεσμία για συμπράξεις συνεργασίας το 2025; Zażółć gęślą jaźń",
            "Και στη Ρώμη;",
            "Ποια είναι η προθεσμία για συμπράξεις συνεργασίας το 2025; Zażółć gęślą jaźń, "
            "και στη Ρώμη;",
        ),
        (
            "Ποια είναι η προθεσμία για συμπράξεις συνεργασίας το 2025;",
            "Πόσα χρήματα;",
            "Συμπράξεις συνεργασίας 2025, πόσα χρήματα;",
        ),
        (
            "How much can a Small-scale Partnership get?",
            "How long can it last?",
            "How long can Small-scale Partnerships last?",
        ),
        (
            "How much is green travel for school staff for 1 500 km?",
            "And for 300 km?",
            "How much is green travel for school staff, and for 300 km?",
        ),
        (
            "How much is green travel for school staff for 1 500 km?",
            "Will it be paid at once?",
            "How much is green travel for school staff for 1 500 km. Will it be paid at once?",
        ),
        (
            "Ποια είναι η προθεσμία για συμπράξεις συνεργασίας το 2025; Ευχαριστώ",
            "Και το 2026;",
            "Ποια είναι η προθεσμία για συμπράξεις συνεργασίας; Ευχαριστώ, και το 2026;",
        ),
        (
            "Wie hoch ist die Förderung für Kleinere Partnerschaften im Jahr 2025?",
            "Und für Kooperationspartnerschaften?",
            "Wie hoch ist die Förderung im Jahr 2025, und für Kooperationspartnerschaften?",
        ),
        (
            "Jaki jest termin dla KA220 w 2025 roku?",
            "A w 2026?",
            "Jaki jest termin dla KA220, a w 2026?",
        ),
        ("What can a KA210 get in 2023?", "And KA220?", "What can get in 2023, and KA220?"),
        (
            "What was the KA220 deadline in the 2023 call?",
            "And in 2026?",
            "What was the KA220 deadline in the call, and in 2026?",
        ),
        (
            "What is KA210 in the ﬁeld of sport?",
            "I see, and?",
            "What is KA210 in the ﬁeld of sport, I see, and?",
        ),
    ],
)
def test_what_is_carried_over_and_what_is_asked_read_as_one_sentence(
    read: Read, before: str, question: str, shown: str
) -> None:
    assert read(question, before).search_text == shown


def test_a_chain_keeps_what_was_understood_and_not_only_what_was_typed_last(read: Read) -> None:
    before = ("How much is green travel for school staff for 1 500 km?", "and for 300 km?")
    query = read("and not green?", *before)
    assert query.search_text == (
        "How much is green travel for school staff, and for 300 km, and not green?"
    )
    before = ("How much can a KA210 in the field of sport get?", "And in 2025?")
    query = read("and not for newcomers?", *before)
    assert query.fields == read(before[0]).fields != ()


@pytest.mark.parametrize("thanks", ["Thanks!", "ok", "Danke", "merci"])
def test_thanks_stand_alone_and_are_not_gone_on_from(read: Read, thanks: str) -> None:
    before = "How long can a youth exchange last?"
    assert not read(thanks, before).follow_up
    assert read(thanks, before).search_text == thanks
    after = read("and in 2023?", before, thanks)
    assert after == read("and in 2023?", before)


def test_what_is_shown_says_which_year_is_meant(read: Read) -> None:
    later = read("and the deadline?", "Lump sum of KA210 in 2023?", "and for KA220?")
    assert later.search_text == "Lump sum in 2023, and for KA220, and the deadline?"
    picked = read("and the deadline?", "Lump sum of KA210 in 2023?", filters=Filters(year=2026))
    assert picked.search_text == "Lump sum of KA210 2026, and the deadline?"
    assert (picked.years, picked.document_ids[0]) == ((2026,), "en-2026")


@pytest.mark.parametrize(
    "text", ["  Straße, ﬁn\u00a0 ΤΈΛΟΣ τέλος ", "Ł e\u0301 ½ \u00b4 \u2013\n x", "\u0345", " "]
)
def test_folded_letters_know_where_they_were_typed(text: str) -> None:
    folded, places = folded_letters(text)
    assert folded == fold(text)
    assert len(places) == len(folded) + 1
    assert all(
        letter in fold(text[at]) or letter == " "
        for letter, at in zip(folded, places[:-1], strict=True)
    )
