"""Statements in other languages: read whole or not at all, and shown in the asker's own words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.gloss_words import ACTION, COUNTRY, NUMBER, PEOPLE, START, tables
from assistant.glossed import Gloss
from assistant.glossing import gloss
from assistant.lexicon import Lexicon, load_lexicon
from assistant.model import Met
from assistant.peoples import peoples
from assistant.requirements import read_requirement
from assistant.verdicts import Requirement
from corpus.countries import load_countries
from tests.test_conditions import MINIMUM, asker, guide, judged, small_guide

TABLE = Path(__file__).parent / "data" / "statements.tsv"
COOPERATION, EXCHANGES = "Cooperation Partnerships", "Youth exchanges"
SMALL = "Small-scale Partnerships"
WHO, WHICH = "Who can apply?", "Which types of organisations are eligible to participate?"
RULES = {
    "KA220": (COOPERATION, "Number and profile of participating organisations", MINIMUM),
    "KA210": (
        SMALL,
        "Number and profile of participating organisations",
        "A Small-scale Partnership is transnational and involves minimum two organisations from "
        "two different EU Member States or third countries associated to the Programme.",
    ),
    "APPLICANT": (
        COOPERATION,
        WHO,
        "Any participating organisation established in an EU Member State or third country "
        "associated to the Programme can be the applicant/coordinator.",
    ),
    "EXISTS": (
        COOPERATION,
        WHO,
        "In order to be eligible, applicant/coordinator organisations must have been legally "
        "established at least 2 years before the application deadline.",
    ),
    "PLACE": (
        COOPERATION,
        WHICH,
        "Any public or private organisation²³⁹ established in an EU Member State or third country "
        "associated to the Programme or in any third country not associated to the Programme in "
        "regions 1 to 3 (see section “Eligible Countries” in Part A of this Guide) can participate "
        "in a Cooperation Partnership²⁴⁰.",
    ),
    "ECHE": (
        COOPERATION,
        WHICH,
        "²⁴⁰ Any higher education institution (HEI) established in an EU Member State or third "
        "country associated to the Programme and wanting to participate in a Cooperation "
        "Partnership must hold a valid Erasmus Charter for Higher Education (ECHE).",
    ),
    "MONTHS": (COOPERATION, "Duration of project", "Between 12 and 36 months."),
    "MONTHS210": (
        "Small-scale Partnerships",
        "Duration of the project",
        "Between 6 and 24 months.",
    ),
    "AGES": (
        EXCHANGES,
        "Eligible participants",
        "Young people aged between 13 and 30¹⁵⁸ residing in the countries of their sending and "
        "receiving organisations.",
    ),
    "PEOPLE": (
        EXCHANGES,
        "Number of participants per activity and composition of national groups",
        "Minimum 16 and maximum 60 participants per activity, minimum 4 participants per group.",
    ),
    "DAYS": (
        EXCHANGES,
        "Duration of activity",
        "Duration of activity | From 5 to 21 days, excluding travel days.",
    ),
}


@cache
def lexicon() -> Lexicon:
    return load_lexicon()


@cache
def rule(name: str) -> Requirement:
    action, label, sentence = RULES[name]
    found = read_requirement(sentence, label, action)
    assert found is not None
    return found


def rows() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def told() -> list[list[str]]:
    """The statements that are read."""
    return [row for row in rows() if row[3] != Met.UNKNOWN]


@pytest.mark.parametrize(("language", "name", "said", "verdict", "words"), rows())
def test_a_statement_is_judged_as_by_eye(
    language: str, name: str, said: str, verdict: str, words: str
) -> None:
    read = gloss(said, language, lexicon())
    if read is None:
        assert (verdict, words) == (Met.UNKNOWN, "")
        return
    found = rule(name).test(asker(read.text))
    assert (found.met, read.own(found.said)) == (verdict, words)
    assert all(part in said for part in words.split(", "))


def test_each_language_has_statements_and_traps() -> None:
    for language in tables():
        verdicts = [row[3] for row in rows() if row[0] == language]
        assert min(verdicts.count(Met.MET), verdicts.count(Met.NOT_MET)) >= 3, language
        assert verdicts.count(Met.UNKNOWN) >= 5, language


SPOILERS = {
    "de": "nicht kein keine nur vielleicht wenn falls höchstens mindestens noch bald ehemals "
    "geplant suchen hatten wären würden pro je etwa assoziierte xyzzy",
    "fr": "ne pas seulement peut-être si plus moins environ bientôt ancien prévu cherchons "
    "avions serions par chaque aucun presque xyzzy",
    "es": "no solo quizás si más menos casi pronto previsto buscamos teníamos seríamos por "
    "cada ningún unos xyzzy",
    "it": "non solo forse se più meno circa presto previsto cerchiamo avevamo saremmo ogni "
    "nessun quasi xyzzy",
    "pl": "nie tylko jeśli więcej mniej około wkrótce planowany szukamy mieliśmy byłby każdy "
    "żaden prawie xyzzy",
    "pt": "não só talvez se mais menos quase cerca breve previsto procuramos tínhamos seríamos "
    "cada nenhum apenas xyzzy",
    "ro": "nu doar dacă mai puțin aproximativ curând planificat căutăm aveam fiecare niciun "
    "aproape ar xyzzy",
}
"""Words that take back, doubt or narrow down what is said, and one that is none."""


@given(st.data())
def test_a_word_that_takes_something_back_leaves_nothing_told(data: st.DataObject) -> None:
    """Wherever it is put into a statement, none of it is read."""
    language, _, said, _, _ = data.draw(st.sampled_from(told()))
    spoiler = data.draw(st.sampled_from(SPOILERS[language].split()))
    words = said.split()
    at = data.draw(st.integers(0, len(words)))
    spoilt = " ".join((*words[:at], spoiler, *words[at:]))
    assert gloss(spoilt, language, lexicon()) is None, spoilt


@given(st.data())
def test_the_words_shown_are_those_that_were_read(data: st.DataObject) -> None:
    """Pieces lie in order, in the question and in the gloss, and each gives its own words back."""
    language, _, said, _, _ = data.draw(st.sampled_from(told()))
    read = gloss(said, language, lexicon())
    assert read is not None
    assert read.source == said
    ends = (0, 0)
    for piece, (start, end) in zip(read.pieces, read.places, strict=True):
        assert read.text[start:end] == piece.english
        assert start >= ends[0]
        assert ends[1] <= piece.start < piece.end
        ends = (end, piece.end)
    for party in asker(read.text).parties:
        held = [
            piece
            for piece, (start, end) in zip(read.pieces, read.places, strict=True)
            if start < party.end and party.start < end
        ]
        stretch = said[held[0].start : held[-1].end].strip(" ,(")
        assert read.own(party.said).startswith(stretch.rstrip(" ,(."))
        assert read.own(party.said) in said


def test_a_form_has_one_meaning() -> None:
    for language, table in tables().items():
        meanings: dict[tuple[str, ...], set[str]] = {}
        for phrase in (p for listed in table.phrases.values() for p in listed):
            meanings.setdefault(phrase.words, set()).add(phrase.english)
            slots = [w for w in phrase.words if w in (NUMBER, COUNTRY, ACTION)]
            wanted = [c for c in phrase.english if c in (NUMBER, COUNTRY, ACTION)]
            assert slots == wanted, (language, phrase)
            assert START not in phrase.words[1:]
        several = {words: english for words, english in meanings.items() if len(english) > 1}
        assert several == {}, language


def test_adjectives_of_near_nationalities_are_known_in_every_language() -> None:
    codes = (set(peoples()[0].values()) & set(load_countries().names)) - {"GE"}
    for language, table in tables().items():
        listed = [p.english for phrases in table.phrases.values() for p in phrases]
        people = {e.removeprefix(PEOPLE) for e in listed if e.startswith(PEOPLE)}
        assert people == codes, language


DENIALS = frozenset(("nicht", "kein", "pas", "nie", "non", "no", "não", "nu", "δεν"))
NO_PROFIT = frozenset(("lucratif", "profit"))


def test_nothing_that_denies_is_read_but_that_there_is_no_charter() -> None:
    for language, table in tables().items():
        for phrase in (p for listed in table.phrases.values() for p in listed):
            words = set(phrase.words) - ({"no"} if language == "pt" else set())  # "in the"
            if words & DENIALS and not words & NO_PROFIT:
                assert "ECHE" in phrase.english, (language, phrase)


def test_english_is_left_as_it_is() -> None:
    read = gloss("We are not sure.", "en", lexicon())
    assert read == Gloss("We are not sure.", "We are not sure.")
    assert read.own("We are") == "We are"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Wij zijn een ngo uit Zwitserland.", "nl"),
        ("", "de"),
        ("Wir sind 2,5 Schulen aus Polen.", "de"),
        ("Wir sind drei Schulen aus Wakanda.", "de"),
        ("Wir sind drei Schulen aus deutschland.", "de"),  # a name begins with a capital
        ("Nous sommes une école où?", "fr"),  # "où" is no "ou"
        ("Somos una organizaciòn.", "es"),
    ],
)
def test_what_is_not_known_is_not_read(said: str, language: str) -> None:
    assert gloss(said, language, lexicon()) is None


def test_words_are_read_without_their_accents() -> None:
    plain = gloss("Somos una organizacion espanola.", "es", lexicon())
    written = gloss("Somos una organización española.", "es", lexicon())
    assert plain is not None
    assert written is not None
    assert plain.text == written.text == "we are one organisation from Spain."


def test_the_answer_is_in_the_language_of_the_asker_with_their_own_words() -> None:
    asked = "Wir sind eine NGO aus Deutschland und eine aus Spanien. Können wir KA220 beantragen?"
    found = judged(asked, small_guide())
    assert found is not None
    assert "Es fehlt ein Partner aus einem weiteren förderfähigen Land." in found.lines[0].text
    assert found.lines[1].text == f"Nicht erfüllt: {MINIMUM}"
    assert {c.said for c in found.conditions} == {"eine NGO aus Deutschland, eine aus Spanien"}


@pytest.mark.parametrize(
    "asked",
    [
        "Wir sind drei Schulen aus Deutschland, Spanien und Italien und suchen noch Partner. "
        "Können wir KA220 beantragen?",
        "Nous ne sommes pas trois écoles d'Allemagne, d'Espagne et d'Italie. Pouvons-nous "
        "postuler pour KA220 ?",
    ],
)
def test_what_is_not_read_is_answered_as_any_other_question(asked: str) -> None:
    assert judged(asked, guide()) is None


def test_what_denies_within_a_name_leaves_nothing_told() -> None:
    said = "Il nostro scambio non di giovani dura 10 giorni. È ammesso?"
    assert gloss(said, "it", lexicon()) is None
    assert gloss(said.replace("non ", ""), "it", lexicon()) is not None
