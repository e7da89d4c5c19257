"""Which editions a question is put to, and that it is read alike in all languages."""

from __future__ import annotations

import pytest

from assistant.lexicon import load_lexicon
from assistant.model import Filters
from assistant.ui_text import Example, load_examples
from tests.test_understanding import Read, reading


@pytest.fixture(scope="module")
def read() -> Read:
    return reading(load_lexicon())


def test_a_year_that_the_question_names_goes_before_one_that_was_picked(read: Read) -> None:
    asked = read("How much was it in 2023?", filters=Filters(year=2026))
    assert (asked.document_ids[0], asked.years, asked.not_picked) == ("en-2023-v3", (2023,), 2026)
    compared = read("What changed from 2023 to 2026?", filters=Filters(year=2026))
    assert compared.compare == ("en-2026", "en-2023-v3")
    assert compared.not_picked is None
    same = read("How much was it in 2023?", filters=Filters(year=2023))
    assert (same.years, same.not_picked) == ((2023,), None)
    before = read("And for adults?", "How much was it in 2023?", filters=Filters(year=2026))
    assert before.document_ids[0] == "en-2026"


def test_a_year_that_the_question_names_goes_before_a_guide_of_another_year(read: Read) -> None:
    picked = Filters(document_id="el-2025")
    asked = read("How much was it in 2023?", filters=picked)
    assert asked.document_ids[0] == "en-2023-v3"
    assert (asked.years, asked.not_picked) == ((2023,), "Erasmus+ 2025")
    nowhere = read("How much was it in 2022?", filters=picked)
    assert (nowhere.document_ids, nowhere.missing_years) == (("handbook",), (2022,))
    same = read("How much was it in 2025?", filters=picked)
    assert (same.document_ids, same.not_picked) == (("el-2025",), None)
    compared = read("What changed from 2023 to 2025?", filters=picked)
    assert (compared.compare, compared.not_picked) == (("el-2025", "en-2023-v3"), None)
    timeless = read("How much was it in 2023?", filters=Filters(document_id="horizon"))
    assert (timeless.document_ids, timeless.not_picked) == (("horizon",), None)
    now = read("In 2023 it was 60 points. And now?", filters=picked)
    assert now.document_ids == ("el-2025",)
    before = read("And for adults?", "How much was it in 2023?", filters=picked)
    assert before.document_ids == ("el-2025",)
    assert "2023" not in before.search_text


def test_what_only_the_choices_keep_from_being_searched_is_known(read: Read) -> None:
    greek = Filters(year=2023, language="el")
    asked = read("What is the deadline for KA220?", filters=greek)
    assert (asked.missing_years, asked.left_out) == ((2023,), ("en-2023-v3",))
    assert read("What is the deadline for KA220 in 2022?", filters=greek).left_out == ()
    assert read("What is the deadline for KA220 in 2023?").left_out == ()
    nothing = read("Who can apply?", filters=Filters(programme="Horizon Europe", language="el"))
    assert (nothing.document_ids, nothing.left_out) == ((), ("en-2026", "horizon", "handbook"))
    assert read("Who can apply?", filters=Filters(language="el")).left_out == ()


def test_an_action_that_ended_is_looked_up_in_the_newest_edition_that_has_it(
    read: Read,
) -> None:
    ended = "What is the maximum grant of Erasmus+ Teacher Academies?"
    assert read(ended).document_ids[0] == "en-2023-v3"
    assert read(f"{ended[:-1]} in 2026?").document_ids[0] == "en-2026"
    assert read("What is the maximum grant of Knowledge Alliances?").document_ids[0] == "en-2026"


def test_what_only_another_language_has_of_a_year_is_not_crowded_out(read: Read) -> None:
    assert read("How much can a partnership get in 2025?").document_ids == ("el-2025",)
    assert "handbook" in read("How much can a partnership get in 2023?").document_ids


@pytest.mark.parametrize("example", load_examples(), ids=lambda e: e.questions["en"][:40])
def test_starting_points_are_understood_alike_in_all_languages(
    read: Read, example: Example
) -> None:
    own = read(example.questions["en"])
    for language, question in example.questions.items():
        other = read(question)
        assert (language, other.language) == (language, language)
        assert (language, other.actions) == (language, own.actions)
        assert (language, set(own.fields) <= set(other.fields)) == (language, True)
        assert (language, "horizon" in other.document_ids) == (
            language,
            "horizon" in own.document_ids,
        )
        if own.actions:  # figures of one action
            assert (language, other.wants) == (language, own.wants)


def test_a_question_in_another_language_brings_the_words_of_guides(read: Read) -> None:
    assert "duration" in read("Quanto può durare uno scambio di giovani?").terms
    assert "grant amount EUR" in read("Quanto può ricevere un partenariato?").terms
    # The words of an action's name say nothing of what is asked about it.
    assert (
        "partner organisations"
        not in read("Wie lange dauert eine Kooperationspartnerschaft?").terms
    )


def test_two_years_mean_a_comparison(read: Read) -> None:
    query = read("Did the minimum score for KA220 change between 2023 and 2026?")
    assert query.compare == ("en-2026", "en-2023-v3")


@pytest.mark.parametrize(
    "question",
    [
        "In KA220 it was 60 points in 2023, and how many now?",
        "How many points did KA220 need in 2023 and how many today?",
        "Welche Punktzahl brauchte KA220 2023 und wie viele sind es jetzt?",
        "Quel était le seuil de KA220 en 2023 et maintenant ?",
        "Ile punktów KA220 wymagało w 2023, a ile teraz?",
        "Has the threshold of KA220 changed since 2023?",
        "Is the score for KA220 the same as in the 2023 guide?",
        "Hat sich die Punktzahl für KA220 seit 2023 geändert?",
    ],
)
def test_now_beside_an_earlier_year_means_a_comparison(read: Read, question: str) -> None:
    assert set(read(question).years) == {2023, 2026}


@pytest.mark.parametrize(
    "question",
    [
        "We had KA122 grants in 2021, 2022 and 2023. May we ask for another one in 2026?",
        "Our school got KA122 in 2023. Can we apply again in the 2026 call?",
        "KA122 in 2021, 2023, 2024, 2025: may one apply again in 2026?",
    ],
)
def test_years_of_earlier_projects_are_not_compared(read: Read, question: str) -> None:
    query = read(question)
    assert query.years == (2026,)
    assert not query.compare
