"""What a question asks for, and where it asks for several things, each of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asking import kind_of, parts_of, wants_of
from assistant.lexicon import fold
from assistant.model import Asks


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How many partners do we need and by when must we apply?",
            ("how many partners do we need", "by when must we apply"),
        ),
        (
            "CBHE: what share can be equipment and till when must it be bought?",
            ("cbhe: what share can be equipment", "till when must it be bought"),
        ),
        (
            "Do summer courses count for a chair? and for a module?",
            ("do summer courses count for a chair", "and for a module"),
        ),
        (
            "We send 34 apprentices. Is that ok? And do teachers count?",
            ("we send 34 apprentices, is that ok", "and do teachers count"),
        ),
        (
            "newcomer vs less experienced organisation, whats the difference?",
            ("newcomer", "less experienced organisation"),
        ),
        (
            "What is the difference between an affiliated entity and an associated partner?",
            ("an affiliated entity", "an associated partner"),
        ),
        (
            "KA210 vs KA220, and which one should a small NGO choose?",
            ("ka210", "ka220", "and which one should a small ngo choose"),
        ),
        (
            "Wie viele Partner brauchen wir und bis wann läuft der Antrag?",
            ("wie viele partner brauchen wir", "bis wann lauft der antrag"),
        ),
        (
            "CBHE strand 2 budget, and how much of it can go to equipment?",
            ("cbhe strand 2 budget", "how much of it can go to equipment"),
        ),
        (
            "Max grant, and does inclusion money count inside it?",
            ("max grant", "does inclusion money count inside it"),
        ),
        (
            "DiscoverEU: age limits, how many kids per trip and how many euros a day?",
            ("discovereu: age limits", "how many kids per trip", "how many euros a day"),
        ),
        (
            "Capacity building: minimum consortium and maximum grant?",
            ("capacity building: minimum consortium", "maximum grant"),
        ),
        (
            "How long can it last and from which dates can it start?",
            ("how long can it last", "from which dates can it start"),
        ),
        (
            "Skills competitions: how long and who may take part?",
            ("skills competitions: how long", "who may take part"),
        ),
        (
            "CBHE: which is the threshold and do we need a letter?",
            ("cbhe: which is the threshold", "do we need a letter"),
        ),
        (
            "max EU money for a centre of excellence & share of costs financed",
            ("max eu money for a centre of excellence", "share of costs financed"),
        ),
        ("¿Cuántos socios y cuándo?", ("cuantos socios", "cuando")),
        ("Combien de partenaires et quand?", ("combien de partenaires", "quand")),
        ("Ile partnerów i do kiedy?", ("ile partnerow", "do kiedy")),
    ],
)
def test_each_of_several_questions(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "How many partners do we need?",
        "Do we need insurance or can we use what we have?",  # one question with a choice
        "Who can apply for schools and universities?",
        "Staff week: webinar + a trip to the partner. Is that blended mobility?",
        "What age may the participants be? 13+?",
        "Our budget is 60000, and how long do we keep the papers?",
        "Can I go again if I did Erasmus before?",
        "What is the min. number of partners in KA220?",
        "What is the max. grant, incl. travel?",
        "What are the minimum and maximum duration of a project?",
        "What is the minimum and the maximum grant?",
        "Can students aged 18 and who are still in school take part?",
        "What happens if a participant falls ill and must return early?",
        "Can a school in Spain and one in Italy, which are both accredited, apply?",
        "Are we, a school which is small and has no experience, allowed to coordinate?",
        "",
    ],
)
def test_one_question_has_no_parts(question: str) -> None:
    assert parts_of(question) == ()


@given(
    st.text(alphabet=st.sampled_from("how many and when? is it, we . or und wie ;"), max_size=80)
)
def test_parts_are_words_of_the_question_in_their_order(question: str) -> None:
    parts = parts_of(question)
    assert len(parts) != 1
    left = fold(question)
    for part in parts:
        for word in part.replace(",", " ").split():
            at = left.find(word.strip(".:-"))
            assert at >= 0
            left = left[at:]


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("What costs does inclusion support cover?", ()),
        ("Which costs are paid for visas?", ()),
        ("What kinds of costs can we claim?", ()),
        ("Are visa costs eligible?", (Asks.AMOUNT,)),
        ("The costs are eligible, yes?", ()),
        ("What does a course cost?", (Asks.AMOUNT,)),
        ("Unit costs per day of a trainer?", (Asks.AMOUNT,)),
    ],
)
def test_which_costs_are_paid_is_no_amount(question: str, wants: tuple[Asks, ...]) -> None:
    assert set(wants_of(question)) == set(wants)


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("What share of the grant can be equipment?", (Asks.SHARE,)),
        ("What percentage of the costs is paid?", (Asks.AMOUNT, Asks.SHARE)),
        ("Ile % budżetu na zarządzanie?", (Asks.NUMBER, Asks.SHARE)),
        ("Can we share the grant?", ()),
        ("How many partners?", (Asks.NUMBER,)),
    ],
)
def test_a_share_is_no_number_of_anything(question: str, wants: tuple[Asks, ...]) -> None:
    assert set(wants_of(question)) == set(wants)


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("When do we apply?", (Asks.DATE,)),
        ("KA220 when?", (Asks.DATE,)),
        ("Tell me when the deadline is", (Asks.DATE,)),
        ("How soon after signature?", (Asks.DATE, Asks.DURATION)),
        ("Till when must it be bought?", (Asks.DATE, Asks.DURATION)),
        ("By when do we have to apply?", (Asks.DATE,)),
        ("The cut off for alliances?", (Asks.DATE,)),
        ("Until which day could it be sent in?", (Asks.DATE,)),
        ("¿Hasta qué día se podía presentar?", (Asks.DATE,)),
        ("Bis zu welchem Tag ging das?", (Asks.DATE,)),
        ("Jusqu'à quel jour ?", (Asks.DATE,)),
        ("Μέχρι ποια μέρα;", (Asks.DATE,)),
        ("They ask when the call closes", (Asks.DATE,)),
        ("When can we ask for the second prefinancing payment?", (Asks.DURATION,)),
        ("How much money, and by when do we have to apply?", (Asks.AMOUNT, Asks.DATE)),
        ("When is a company an SME?", ()),
        ("When is an organisation considered a newcomer?", ()),
        ("Money for language lessons when a learner goes abroad?", ()),
        ("When a partner leaves, do we lose it?", ()),
        ("How often may a school apply for the same deadline?", (Asks.NUMBER,)),
        ("How many times may a school apply in one deadline?", (Asks.NUMBER,)),
        ("Due candidature nella stessa scadenza?", ()),
        ("What happens in a lump sum project that is not finished?", ()),
        ("Which lump sum can we ask for?", (Asks.AMOUNT,)),
    ],
)
def test_when_does_not_always_ask_for_a_date(question: str, wants: tuple[Asks, ...]) -> None:
    assert set(wants_of(question)) == set(wants)


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How many euros a day?", (Asks.AMOUNT,)),
        ("For how many days?", (Asks.DURATION,)),
        ("How many days and how many people?", (Asks.DURATION, Asks.NUMBER)),
        ("What's the total organisational support?", (Asks.AMOUNT,)),
        ("Is there extra money for the trainers?", (Asks.AMOUNT,)),
        ("Wie hoch ist der Tagessatz?", (Asks.AMOUNT,)),
        ("Youth exchange: age limits?", (Asks.NUMBER,)),
    ],
)
def test_money_and_time_are_no_number_of_things(question: str, wants: tuple[Asks, ...]) -> None:
    assert set(wants_of(question)) == set(wants)


def test_the_first_text_that_says_so_decides_the_kind() -> None:
    assert kind_of("What activities are eligible for adults?") is Asks.LIST
    assert kind_of("and for us?", "When is the deadline?") is Asks.DATE
    assert kind_of("schools?") is Asks.OTHER


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("Quanto può ricevere un partenariato?", (Asks.AMOUNT,)),
        ("Ile pieniędzy może otrzymać partnerstwo?", (Asks.AMOUNT,)),
        ("Wieviel bekommen wir pro Person?", (Asks.AMOUNT,)),
        ("Combien peut-on demander ?", (Asks.AMOUNT,)),
        ("Cât primim pe zi?", (Asks.AMOUNT,)),
        ("¿Cuánto puede durar un intercambio?", (Asks.DURATION,)),
        ("Quanto può durare uno scambio?", (Asks.DURATION,)),
        ("Jak długo może trwać wymiana?", (Asks.DURATION,)),
        ("Πόσο μπορεί να διαρκέσει μια ανταλλαγή;", (Asks.DURATION,)),
        ("Wie viele Stunden muss sie unterrichten?", (Asks.DURATION,)),
        ("Ile miesięcy trwa projekt?", (Asks.DURATION,)),
        ("Πόσες ημέρες;", (Asks.DURATION,)),
        ("¿Cuántos puntos hacen falta?", (Asks.NUMBER,)),
        ("Πόσους βαθμούς χρειάζεται;", (Asks.NUMBER,)),
        ("Πόσες οργανώσεις;", (Asks.NUMBER,)),
        ("Qual è la scadenza?", (Asks.DATE,)),
        ("Care este termenul limită?", (Asks.DATE,)),
        ("¿Qué pasa si el proyecto ha terminado?", ()),
    ],
)
def test_figures_are_asked_for_in_other_languages(question: str, wants: tuple[Asks, ...]) -> None:
    assert set(wants_of(question)) == set(wants)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Welche Länder können teilnehmen?", Asks.LIST),
        ("Wer kann einen Antrag stellen?", Asks.OTHER),
        ("¿Qué países pueden participar?", Asks.LIST),
        ("Quali paesi possono partecipare?", Asks.LIST),
        ("Które kraje mogą uczestniczyć?", Asks.LIST),
        ("Ποιες χώρες συμμετέχουν;", Asks.LIST),
        ("Dürfen wir eine Trainerin schicken?", Asks.YES_NO),
        ("Sportverein: können wir eine Trainerin schicken?", Asks.YES_NO),
        ("European Youth Together: ¿podemos contar las horas?", Asks.YES_NO),
        ("progetto lump sum: possiamo fare un sito?", Asks.AMOUNT),
        ("un sito internet: possiamo farlo?", Asks.YES_NO),
        ("KA210: czy możemy zmienić partnera?", Asks.YES_NO),
        ("Est-ce que la TVA est prise en charge ?", Asks.YES_NO),
    ],
)
def test_lists_and_verdicts_are_asked_for_in_other_languages(question: str, kind: Asks) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("keywords", "parts"),
    [
        (
            "youth worker mobility: max number of participants and duration",
            ("youth worker mobility: max number of participants", "duration"),
        ),
        (
            "age range youth exchange and group leaders minimum age",
            ("age range youth exchange", "group leaders minimum age"),
        ),
        ("KA210 deadline, maximum grant", ("ka210 deadline", "maximum grant")),
        ("minimum and maximum duration youth exchange", ()),
        ("number of partners and countries", ()),
        ("travel and individual support", ()),
        ("budget et durée du projet", ()),
    ],
)
def test_keywords_for_several_facts(keywords: str, parts: tuple[str, ...]) -> None:
    assert parts_of(keywords) == parts


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("age range of a youth exchange", (Asks.NUMBER,)),
        ("What range of support is there?", (Asks.AMOUNT,)),
        ("what co-financing?", (Asks.SHARE,)),
        ("How high is the co-financing in a CBHE project?", (Asks.SHARE,)),
        ("Is co-financing needed?", ()),
    ],
)
def test_an_age_range_is_no_money_and_co_financing_is_a_share(
    question: str, wants: tuple[Asks, ...]
) -> None:
    assert wants_of(question) == wants
