"""What a mail asks: without formulas and what happened before, said straight, with its subject."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.doubting import LONG
from assistant.indirect import straight
from assistant.lexicon import Lexicon, load_lexicon
from assistant.mails import Asked, what_is_asked
from assistant.model import Asks, Query, Turn
from assistant.peoples import countries_asked
from assistant.understanding import understand
from tests.test_understanding import HELD


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def read(question: str, lexicon: Lexicon) -> Query:
    return understand(question, held=HELD, lexicon=lexicon)


SHADOWING = """Dear Sir or Madam,

we are a primary school from Latvia and this is the first time that we write to you.
Two of our teachers would like to observe lessons at a partner school in Finland in May.
Could you please let us know how many days such a job shadowing may last at most?
We thank you very much in advance for your answer and wish you a pleasant day.

Kind regards,
Ilze Kalnina
Head of the school"""
FEES = (
    "Good day, our municipality in Bulgaria has an accreditation in adult education since 2022. "
    "We plan to send 4 trainers to a course in Malta. What we would like to understand is how "
    "much the course fees can be per day and if there is a maximum per person. "
    "With best wishes, Georgi"
)


@pytest.mark.parametrize(
    ("mail", "asked"),
    [
        (SHADOWING, "school: how many days may such a job shadowing last at most?"),
        (
            FEES,
            "adult education: how much can the course fees be per day and is there a maximum per "
            "person.",
        ),
        (
            "Dear team, our VET school sent 12 learners to Ireland in spring and everybody was "
            "very happy. One of the learners is in a wheelchair. I would like to ask if the costs "
            "of a personal assistant can be covered and what percentage of these costs is paid. "
            "Thank you so much, Petr",
            "VET school, wheelchair: can the costs of a personal assistant be covered and what "
            "percentage of these costs is paid.",
        ),
        (
            "Hello! My name is Jonas and I work for a youth centre in Lithuania. Last year we "
            "hosted two volunteers and now we are planning our first youth exchange. I was "
            "wondering what the minimum number of participants is, and whether group leaders "
            "have to be adults. Best, Jonas",
            "youth exchange: what is the minimum number of participants, and do group leaders "
            "have to be adults.",
        ),
        (
            "Good afternoon, I am writing from a school in Greece. We want to invite an expert on "
            "reading to our school for a week next autumn. I do not know if Erasmus+ pays for it, "
            "and if so, how many days are possible and what we get for the organisation. I would "
            "be grateful for a short answer. With kind regards, Eleni",
            "invite an expert on reading to our school: how many days are possible and what we get "
            "for the organisation.",
        ),
        (
            "Hello, we have run a youth exchange before. Now our partner in Morocco would like to "
            "host one. My colleague says that the activity cannot take place there. Is that "
            "right? Thank you very much and have a nice day!",
            "youth exchange: the activity cannot take place there. Is that right?",
        ),
        (
            "Dear Sirs, we are preparing a DiscoverEU Inclusion project for eight young people. "
            "They have never been abroad. The youth worker who knows them would like to go with "
            "them. Could you let us know how many accompanying persons are allowed per "
            "participant? Best regards, Lucia",
            "DiscoverEU Inclusion: how many accompanying persons are allowed per participant?",
        ),
        (
            "Dear all, our school in Malta would like to send twelve pupils to Sicily for ten days "
            "with two teachers. The headmaster asks whether the teachers are counted as "
            "participants. We have never done this before. Thanks, Rita",
            "send twelve pupils to Sicily for ten days with two teachers: are the teachers counted "
            "as participants.",
        ),
        (
            "Dear National Agency, thanks a lot for approving our KA122 project last month! One of "
            "our pupils has told us that she cannot travel because of an operation. The tickets "
            "are already paid. Do we have to give back the money? Kind regards, Maria",
            "KA122, pupils: The tickets are already paid. Do we have to give back the money?",
        ),
        (
            "Dear NA, we hold an accreditation and would like to know for how long it is valid. "
            "Thanks a lot for your support, we are really looking forward to hearing from you. "
            "Kind regards, Tomas",
            "for how long is it valid.",
        ),
        (
            "Sehr geehrte Damen und Herren, wir sind eine kleine Schule in Bayern und haben noch "
            "nie einen Antrag gestellt. Wir möchten eine kleinere Partnerschaft machen. Können "
            "Sie uns bitte mitteilen, wie viel Geld wir bekommen? Vielen Dank im Voraus und "
            "freundliche Grüße, Anna",
            "kleinere Partnerschaft, Schule: wie viel Geld wir bekommen?",
        ),
        (
            "Bonjour Madame, je suis enseignante dans un lycée à Lyon. Nous souhaitons envoyer "
            "des apprentis en Espagne pendant plusieurs mois. Pourriez-vous me dire combien de "
            "temps dure un séjour ErasmusPro ? Je vous remercie par avance. Cordialement, Claire",
            "combien de temps dure un séjour ErasmusPro ?",
        ),
    ],
)
def test_what_a_mail_asks(mail: str, asked: str, lexicon: Lexicon) -> None:
    assert what_is_asked(mail, lexicon).text == asked


@pytest.mark.parametrize(
    "question",
    [
        "Hello!",
        "Could you tell me how long a KA210 project lasts?",
        "We send 34 apprentices. Is that ok? And do teachers count?",
        "KA154, we are five friends from Bratislava without an organisation and everything happens "
        "in our city. We'd like a coach. What is the most we could get for the coach, all in all?",
    ],
)
def test_a_plain_question_stays_as_it_is(question: str, lexicon: Lexicon) -> None:
    assert what_is_asked(question, lexicon) == Asked(question)


def test_a_mail_without_a_question_keeps_what_it_says(lexicon: Lexicon) -> None:
    mail = (
        "Dear colleagues, please find attached our report on the youth exchange that took place "
        "in Porto in May with forty participants and ten leaders. Everybody was very happy with "
        "the results, and we are planning the next one. Kind regards, Ana"
    )
    assert what_is_asked(mail, lexicon).text.startswith("please find attached our report")


@given(st.text(max_size=400))
def test_something_is_left_of_any_text(text: str) -> None:
    plain = " ".join(text.split())
    assert bool(what_is_asked(text, load_lexicon()).text) == bool(plain)


@pytest.mark.parametrize(
    ("indirect", "direct"),
    [
        ("whether the mother can be funded and for how long", "can the mother be funded and "),
        ("if there is extra money, and how much we would get", "is there extra money, and how "),
        ("how long we can run it, whether it can be prolonged", "how long can we run it, can it "),
        ("if teachers have to be adults", "do teachers have to be adults"),
        ("if the programme pays for a visa", "does the programme pay for a visa"),
        ("whether we get travel money", "do we get travel money"),
        ("how many days are possible", "how many days are possible"),
        ("what the maximum grant is", "what is the maximum grant"),
    ],
)
def test_indirect_questions_said_straight(indirect: str, direct: str) -> None:
    assert straight(indirect).startswith(direct)


def test_a_mail_is_searched_by_what_it_asks(lexicon: Lexicon) -> None:
    query = read(SHADOWING, lexicon)
    assert query.search_text == "school: how many days may such a job shadowing last at most?"
    assert query.question == "how many days may such a job shadowing last at most?"
    assert len(query.question.split()) <= LONG
    assert query.typed == SHADOWING
    assert "Finland" in query.told
    assert query.wants == (Asks.DURATION,)


def test_a_year_since_when_something_is_so_chooses_no_edition(lexicon: Lexicon) -> None:
    assert read(FEES, lexicon).years == ()
    assert read(FEES.replace("has an accreditation", "got a KA122 grant"), lexicon).years == ()
    project = FEES.replace("since 2022", "in the call 2023")
    assert read(project.replace("an accreditation", "a KA122 project"), lexicon).years == (2023,)


def test_each_question_of_a_mail_is_about_its_subject(lexicon: Lexicon) -> None:
    first, second = read(FEES, lexicon).parts
    assert first.text == "adult education: how much can the course fees be per day"
    assert second.text == "adult education: is there a maximum per person"
    assert second.wants == (Asks.NUMBER,)


def test_countries_of_a_mail_choose_rows_of_rates_alone(lexicon: Lexicon) -> None:
    assert countries_asked(read(FEES, lexicon)) == {"BG", "MT"}
    assert not countries_asked(read(SHADOWING, lexicon))


def test_what_goes_on_from_a_mail_goes_on_from_its_question(lexicon: Lexicon) -> None:
    turns = [Turn(role="user", content=SHADOWING)]
    query = understand("and courses?", held=HELD, lexicon=lexicon, history=turns)
    assert "Madam" not in query.search_text
    assert "job shadowing" in query.search_text


def test_a_consortium_of_universities_has_an_accreditation_of_its_own(lexicon: Lexicon) -> None:
    asked = "How many HEIs must be in a consortium, and when must the accreditation be submitted?"
    assert read(asked, lexicon).actions == ("mobility-he",)
    assert read(asked.replace("HEIs", "schools"), lexicon).actions == ("accreditation",)
