"""Words of the trade across languages."""

from __future__ import annotations

import re

import pytest

from assistant.lexicon import fold, load_lexicon
from assistant.vocabulary import guide_terms, load_vocabulary, said_in_guides


def terms_of_the_lexicon() -> set[str]:
    """English words that guides write, as the lexicon has them for English questions."""
    lexicon = load_lexicon()
    return {*lexicon.terms.values(), *(key for kind, key in lexicon.forms if kind == "term")}


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
    assert set(words) <= set(found)
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


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui peut déposer une demande de partenariat de coopération ?", "fr"),
        ("Wer kann eine Kooperationspartnerschaft beantragen?", "de"),
        ("¿Quién puede solicitar una asociación de cooperación?", "es"),
        ("Chi può presentare una domanda per un partenariato di cooperazione?", "it"),
        ("Kto może złożyć wniosek o partnerstwo współpracy?", "pl"),
        ("Ποιος μπορεί να υποβάλει αίτηση για σύμπραξη συνεργασίας;", "el"),
        ("Quem pode candidatar-se a uma parceria de cooperação?", "pt"),
        ("Cine poate depune o cerere pentru un parteneriat de cooperare?", "ro"),
    ],
)
def test_a_turn_of_phrase_is_known_in_its_own_language_alone(question: str, language: str) -> None:
    words = "eligible participating organisations applicant established"
    assert words in load_vocabulary().english(question, language)
    other = "de" if language != "de" else "fr"
    assert words not in load_vocabulary().english(question, other)


@pytest.mark.parametrize("language", sorted(load_vocabulary().turns))
def test_forms_of_turns_are_folded_and_can_be_found(language: str) -> None:
    known = terms_of_the_lexicon()
    for words, forms in load_vocabulary().turns[language]:
        assert words in known, words
        for form in forms:
            assert fold(form.replace("*", "")) == form.replace("*", ""), form
            text = re.sub(r"\|\S+", "", form.replace(" .. ", " ")).replace("*", "")
            assert words in load_vocabulary().english(text, language), form


@pytest.mark.parametrize("language", sorted(guide_terms()))
def test_words_of_guides_are_known_for_terms_that_questions_hold(language: str) -> None:
    vocabulary = load_vocabulary()
    held = {words for known in vocabulary.of.values() for words, _ in known}
    held |= {words for words, _ in vocabulary.anywhere} | terms_of_the_lexicon()
    assert set(guide_terms()[language]) <= held
    told = said_in_guides(["duration", "no such term"], language)
    assert told == (guide_terms()[language]["duration"],)
    assert said_in_guides(["duration"], "en") == ("duration",)
    assert said_in_guides(["duration"], "xx") == ()
