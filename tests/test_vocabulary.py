"""Words of the trade across languages."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from assistant.lexicon import fold, load_lexicon
from assistant.model import Turn
from assistant.understanding import understand
from assistant.vocabulary import guide_terms, load_vocabulary, said_in_guides
from corpus.language import DEFAULT


def of_everyday_english() -> list[tuple[str, str, str]]:
    """Whether words of guides are told, the words, and what somebody says."""
    path = Path(__file__).parent / "data" / "english_turns.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")
        return [(told, words, said) for told, words, said in rows]


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
        assert language == DEFAULT or words in known, words
        for form in forms:
            assert fold(form.replace("*", "")) == form.replace("*", ""), form
            text = re.sub(r"\|\S+", "", form.replace(" .. ", " ")).replace("*", "")
            assert words in load_vocabulary().english(text, language), form


@pytest.mark.parametrize(("told", "words", "said"), of_everyday_english())
def test_everyday_english_is_known_for_what_guides_write(told: str, words: str, said: str) -> None:
    text = load_lexicon().without_actions(said)
    assert (words in load_vocabulary().english(text, DEFAULT)) == (told == "told")


def test_each_turn_of_everyday_english_is_tried() -> None:
    tried = {words for told, words, _ in of_everyday_english() if told == "told"}
    assert tried == {words for words, _ in load_vocabulary().turns[DEFAULT]}


def test_of_english_words_none_is_looked_up() -> None:
    """They are the guide's own already: only turns of phrase tell others."""
    assert load_vocabulary().english("Erasmus participants from schools, budget", DEFAULT) == ()
    assert load_vocabulary().english("participants budget", "de")


def test_a_question_in_everyday_english_is_asked_in_words_of_guides_too() -> None:
    lexicon = load_lexicon()
    query = understand("How quick does the first money arrive?", held=(), lexicon=lexicon)
    assert query.terms == ("pre-financing payment",)
    assert query.search_text == "How quick does the first money arrive?"
    query = understand(
        "Who signs for all of us, and how is our application marked?", held=(), lexicon=lexicon
    )
    criteria = "award criteria projects will be assessed against the following criteria points"
    assert [criteria in part.terms for part in query.parts] == [False, True]
    assert criteria in query.terms


def test_a_turn_of_an_earlier_question_is_carried_over() -> None:
    lexicon, turns = load_lexicon(), [Turn(role="user", content="How must we keep the papers?")]
    query = understand("And for small grants?", held=(), lexicon=lexicon, history=turns)
    assert "records supporting documents retention" in query.terms


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
