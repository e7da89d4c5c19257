"""Words of the trade across languages."""

from __future__ import annotations

import pytest

from assistant.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        (
            "Quel est le délai pour la candidature ?",
            "fr",
            ("deadline submit apply", "application apply"),
        ),
        ("Wie viele Teilnehmer sind mindestens nötig?", "de", ("participants", "minimum at least")),
        ("¿Cuánto dinero por alumno?", "es", ("grant amount", "pupils")),
        ("Πόσοι συμμετέχοντες ανά ημέρα;", "el", ("participants", "days")),
        ("Ile trwa projekt?", "pl", ("how long duration", "project")),
        ("¿Quién firma el convenio?", "es", ("signed signature", "grant agreement")),
        ("Werden Freiwillige bezahlt?", "de", ("volunteers volunteering", "paid payment")),
        ("xyz", "de", ()),
    ],
)
def test_known_words_are_put_into_english(
    question: str, language: str, words: tuple[str, ...]
) -> None:
    found = load_vocabulary().english(question, language)
    assert [word for word in found if word in words] == list(words)
    assert bool(found) == bool(words)


def test_a_word_that_means_another_thing_in_another_language_is_left_alone() -> None:
    of_german = load_vocabulary().english("Unsere Firma sitzt in Wien", "de")
    assert "signed signature" not in of_german
    assert "signed signature" in load_vocabulary().english("¿Quién firma?", "es")


@pytest.mark.parametrize("language", sorted(load_vocabulary().of))
def test_each_language_has_words_for_all_of_the_table(language: str) -> None:
    words = {words for words, _ in load_vocabulary().of[language]}
    every = {words for known in load_vocabulary().of.values() for words, _ in known}
    assert words == every
