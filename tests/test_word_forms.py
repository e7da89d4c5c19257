"""Names of actions and words that ask, in other languages and in any of their forms."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from assistant.asking import wants_of
from assistant.lexicon import load_lexicon
from corpus.word_forms import any_of, expression_of

DATA = Path(__file__).parent / "data"
LEXICON = load_lexicon()


def _rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _actions(text: str) -> list[str]:
    return [match.key for match in LEXICON.find(text) if match.kind == "action"]


@pytest.mark.parametrize(("action", "language", "name"), _rows("action_names.tsv"))
def test_actions_are_known_by_their_names_in_eight_languages(
    action: str, language: str, name: str
) -> None:
    assert _actions(name) == [action], language


@pytest.mark.parametrize(("kind", "language", "question"), _rows("asked_kinds.tsv"))
def test_kinds_of_figures_are_asked_for_in_eight_languages(
    kind: str, language: str, question: str
) -> None:
    assert kind in {str(asks.value) for asks in wants_of(question)}, language


@pytest.mark.parametrize(
    "text",
    [
        "La coopération entre partenariats",  # the words the other way round
        "Partenariat. De coopération on parle ailleurs",  # another sentence
        "Wie viele Jugendliche fahren mit?",
        "Die Allianz zahlt, und Innovation ist uns wichtig",
        "scambio di idee, giovani insegnanti",
        "Unsere Mobilität ohne Geld, nicht in der Erwachsenenbildung",
        "mobilità non in una scuola",
    ],
)
def test_words_that_only_stand_in_one_question_are_no_name(text: str) -> None:
    assert _actions(text) == []


def test_a_name_in_another_form_does_not_hide_what_else_is_named() -> None:
    found = LEXICON.find("KA210-SCH oder eine Jugendbegegnung an der Schule?")
    kinds = [(match.kind, match.key) for match in found]
    assert kinds == [
        ("action", "small-scale-partnerships"),
        ("field", "school"),
        ("action", "youth-exchanges"),
        ("field", "school"),
    ]


def test_the_longer_name_counts() -> None:
    assert _actions("accréditation Erasmus") == ["accreditation"]
    assert _actions("accréditation Erasmus jeunesse") == ["accreditation-youth"]


def test_headings_are_named_as_guides_have_them() -> None:
    assert LEXICON.chapters("Kapazitätsaufbau im Bereich Jugend") == ()


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("work*", "workers", True),
        ("work*", "homework", False),
        ("work", "works", False),
        ("a|b c", "b c", True),
        ("a|b c", "b-c", True),
        ("a .. c", "a c", True),
        ("a .. c", "a 1 2 3 4 5 6 c", True),
        ("a .. c", "a 1 2 3 4 5 6 7 c", False),
        ("a .. c", "a, c", False),
        ("a .. c", "a 1 nicht 2 c", False),
        ("a .. c", "a nichts c", True),
        ("pour education", "pour l'education", True),
        ("{either} end", "one two end", True),
        ("x|{either} end", "x end", True),
    ],
)
def test_forms(form: str, text: str, found: bool) -> None:
    words = {"either": ["one two", "three"]}
    assert (any_of([form], words).search(text) is not None) is found


def test_a_word_group_must_be_known() -> None:
    with pytest.raises(KeyError):
        expression_of("{nothing} here", {})


def test_signs_of_a_form_stand_for_themselves() -> None:
    assert re.fullmatch(expression_of("a+b", {}), "a+b")
