"""Other programmes, and how questions name them."""

from __future__ import annotations

import pytest

from assistant.programmes import known_programmes, programmes_asked


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How much does Creative Europe pay?", "Creative Europe"),
        ("Combien donne Europe Créative ?", "Creative Europe"),
        ("deadline ERC starting grant", "European Research Council (ERC)"),
        ("What does the ESC pay to volunteers?", "European Solidarity Corps"),
        ("Fördert das Europäische Solidaritätskorps auch Gruppen?", "European Solidarity Corps"),
        ("Πόσα δίνει το Ευρωπαϊκό Σώμα Αλληλεγγύης;", "European Solidarity Corps"),
        ("Is there money from ESF+ for schools?", "European Social Fund"),
        ("a LIFE project on waste", "LIFE"),
        ("COST travel grants", "COST"),
    ],
)
def test_programmes_are_known_by_their_names_and_acronyms(question: str, name: str) -> None:
    assert [p.name for p in programmes_asked(question, ())] == [name]
    assert programmes_asked(question, (name,)) == ()


@pytest.mark.parametrize(
    "question",
    [
        "What does a mobility cost?",
        "life-long learning, how long does it last",
        "Is the escape room an eligible activity?",
        "What are eligible costs of a European project?",
        "Can our project be creative, with Europe as its theme?",
    ],
)
def test_words_that_only_look_like_a_name_mean_no_programme(question: str) -> None:
    assert programmes_asked(question, ()) == ()


def test_a_part_of_a_programme_names_one_that_is_known() -> None:
    known = known_programmes()
    parts = [p for p in known.values() if p.part_of]
    assert parts
    assert all(p.part_of in {*known, "Erasmus+"} for p in parts)
