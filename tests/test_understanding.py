"""What is read out of a question, and which editions it is put to."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import pytest

from assistant.beside import SUGGESTED, short_name
from assistant.lexicon import Lexicon, fold, load_lexicon
from assistant.messages import load_messages
from assistant.model import Asks, Filters, Query, Turn
from assistant.understanding import understand
from corpus.errors import QuestionError
from corpus.model import Edition


def edition(
    language: str, year: int | None = None, programme: str | None = "Erasmus+", version: str = "1"
) -> Edition:
    return Edition(
        title=f"{programme} {year}",
        language=language,
        programme=programme,
        year=year,
        version=version,
    )


HELD = (
    ("en-2026", edition("en", 2026)),
    ("en-2023-v2", edition("en", 2023, version="2")),
    ("en-2023-v3", edition("en", 2023, version="3")),
    ("el-2025", edition("el", 2025)),
    ("el-2026", edition("el", 2026)),
    ("horizon", edition("en", None, "Horizon Europe")),
    ("handbook", edition("en", None, None)),
    ("manual-fr", edition("fr", None, None)),
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


class Read(Protocol):
    def __call__(self, question: str, *earlier: str, filters: Filters | None = None) -> Query: ...


def reading(lexicon: Lexicon) -> Read:
    """Understands questions, each after earlier ones, with the editions of `HELD`."""

    def read(question: str, *earlier: str, filters: Filters | None = None) -> Query:
        history = [Turn(role="user", content=text) for text in earlier]
        return understand(question, held=HELD, lexicon=lexicon, filters=filters, history=history)

    return read


@pytest.fixture
def read(lexicon: Lexicon) -> Read:
    return reading(lexicon)


def test_without_a_year_the_newest_edition_answers(read: Read) -> None:
    query = read("Who can apply for Erasmus+ funding?")
    assert query.document_ids == ("en-2026", "handbook")
    assert query.years == ()


def test_the_askers_language_comes_first_and_english_stays(read: Read) -> None:
    query = read("Ποιος μπορεί να υποβάλει αίτηση στο Erasmus+;")
    assert query.document_ids[:2] == ("el-2026", "en-2026")


def test_a_named_year_means_that_edition_in_its_newest_version(read: Read) -> None:
    query = read("What was the KA220 deadline in the 2023 call?")
    assert query.document_ids == ("en-2023-v3", "handbook")
    assert query.years == (2023,)


def test_a_filter_wins_over_the_question(read: Read) -> None:
    query = read(
        "In 2023 it was 60 points for KA220. And now?",
        filters=Filters(programme="Erasmus+", year=2026),
    )
    assert query.document_ids[0] == "en-2026"
    assert not query.compare
    assert read("who can apply", filters=Filters(document_id="horizon")).document_ids == (
        "horizon",
    )
    assert read("who can apply", filters=Filters(language="fr")).document_ids == ("manual-fr",)


def test_a_year_before_the_unit_asked_for_is_a_year(read: Read) -> None:
    assert read("DiscoverEU inclusion 2023 euros per day?").years == (2023,)


def test_a_support_with_a_quantity_asks_for_an_amount(read: Read) -> None:
    assert read("130 mobilities in KA131: what is the organisational support?").wants == (
        Asks.AMOUNT,
    )
    assert read("organisational support for a trainee going 4 months?").wants == (Asks.AMOUNT,)
    assert read("individual support per participant?").wants == (Asks.AMOUNT,)
    assert read("What is organisational support for?").wants == ()
    assert read("130 mobilities in KA131: who signs for them?").wants == ()


def test_a_single_year_told_of_the_past_means_its_edition(read: Read) -> None:
    assert read("Our KA220 was approved in 2023. Which grant do we get?").years == (2023,)
    assert read("What did partners get in 2023 that they now have to declare?").years == (2023,)
    assert read("For the 2023 grant I now write the report: what is the rate?").years == (2023,)


def test_the_year_that_chooses_the_edition_is_no_search_word(read: Read) -> None:
    query = read("What was the KA220 deadline in the 2023 call?")
    assert query.topic == "What was the deadline in the call?"  # nor is the code of the action
    assert read("early leavers: the target for 2020").topic.endswith("target for 2020")


def test_a_year_without_an_edition_is_missing(read: Read) -> None:
    query = read("What was the KA220 deadline in the 2022 call?")
    assert query.missing_years == (2022,)
    assert query.document_ids == ("handbook",)
    assert read("the 2028–2034 programme").missing_years == (2028, 2034)


@pytest.mark.parametrize(
    "question",
    [
        "Our NGO was founded in 2010, can we coordinate KA220?",
        "We exist since 2015. Can we apply for KA210?",
        "Our association, established in Italy in March 2023, wants KA220. Can it?",
        "Our club was set up on 3 May 2023; may we apply?",
        "Unser Verein wurde 2019 gegründet. Können wir KA210 beantragen?",
        "Notre association a été fondée en 2018. Pouvons-nous demander KA210 ?",
        "Can a participant born in 2012 join a youth exchange?",
        "Our KA220 was selected before and runs until 31 May 2023, can we apply again?",
        "Unser Projekt läuft bis Ende 2023. Können wir KA210 beantragen?",
        "Her internship would run from february to august 2023. Is that allowed?",
        "We got the accreditation in 2022, may we still ask for a short-term project?",
        "our school is accredited since 2021. how often can we apply",
        "We were awarded the accreditation for school education in March 2023. Is it renewed?",
        "Our university has had the Erasmus charter since 2021, does it last?",
        "Wir sind seit 2022 akkreditiert. Dürfen wir KA122 beantragen?",
        "Wir haben 2022 die Akkreditierung bekommen. Dürfen wir KA122 beantragen?",
        "Nous avons obtenu l'accréditation en 2022, pouvons-nous demander un projet court ?",
        "Somos un centro acreditado desde 2022, ¿podemos pedir KA122?",
        "I had a scholarship in 2023. May I get another one?",
        "We ran a KA2 project in 2019, can we apply again?",
        "We applied for KA210 in 2023 and were rejected. Can we hand in the same idea again?",
    ],
)
def test_the_year_in_which_somebody_was_founded_or_something_ends_chooses_no_edition(
    read: Read, question: str
) -> None:
    assert read(question).years == ()


@pytest.mark.parametrize(
    "question",
    [
        "When was the deadline for accreditation in 2023?",
        "What was the accreditation deadline in 2023?",
        "Which are the award criteria of the accreditation in 2023?",
        "How was an accreditation won under the rules of 2023?",
        "Our project was approved in 2023. May we prolong it?",
        "We took part in KA220 in 2023. What was the maximum grant?",
        "We had KA220 in 2023: how long may it last?",
    ],
)
def test_the_year_whose_rules_are_asked_for_chooses_its_edition(read: Read, question: str) -> None:
    assert read(question).years == (2023,)


@pytest.mark.parametrize(
    "question",
    [
        "how big is the budget for 2021-2027?",
        "travel band of 2000 km",
        "2026 km away",
        "a grant of €2025",
    ],
)
def test_ranges_distances_and_amounts_are_no_years(read: Read, question: str) -> None:
    assert read(question).years == ()


@pytest.mark.parametrize(
    ("question", "action"),
    [
        ("deadline KA210?", "small-scale-partnerships"),
        ("ka 210-SCH deadline", "small-scale-partnerships"),
        ("KA122-VET grant", "mobility-vet"),
        ("short-term project", "short-term-projects"),
        ("kleinere Partnerschaften 2026", "small-scale-partnerships"),
        ("σύμπραξη συνεργασίας", "cooperation-partnerships"),
        ("minimum learners of a BIP", "bip"),
        ("\u039a\u0391210: ποιοι συμμετέχουν;", "small-scale-partnerships"),  # Greek letters
        ("\u043a\u0430 220 deadline", "cooperation-partnerships"),  # Cyrillic ones
        ("an EMJM scholarship", "mundus-joint-masters"),
        ("Erasmus Mundus design measures", "mundus-design-measures"),
        ("an Erasmus Mundus project", "erasmus-mundus"),
        ("Small scale partnerships", "small-scale-partnerships"),
    ],
)
def test_actions_by_code_and_name(read: Read, question: str, action: str) -> None:
    assert action in read(question).actions


def test_the_suffix_of_a_code_names_the_field(read: Read) -> None:
    query = read("KA220-VET deadline")
    assert (query.actions, query.fields) == (("cooperation-partnerships",), ("vet",))
    assert fold("vocational education and training") in query.headings


def test_a_programme_is_named_by_its_own_words_or_by_an_action(read: Read) -> None:
    assert "horizon" in read("is a data management plan needed in a Horizon proposal?").document_ids
    assert "en-2026" not in read("a Horizon proposal").document_ids
    assert "horizon" not in read("lump sum of a youth exchange").document_ids


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("when is the deadline", Asks.DATE),
        ("how much per day", Asks.AMOUNT),
        ("how many months can it last", Asks.DURATION),
        ("Ile trwa projekt KA220?", Asks.DURATION),
        ("Quelle est la durée d'un projet KA210 ?", Asks.DURATION),
        ("Welche Dauer hat ein KA210-Projekt?", Asks.DURATION),
        ("Πόσο διαρκεί ένα έργο KA210;", Asks.DURATION),
        ("minimum number of partners", Asks.NUMBER),
        ("which countries take part", Asks.LIST),
        ("what counts as green travel", Asks.DEFINITION),
        ("can we subcontract", Asks.YES_NO),
        ("Wie viele Partner?", Asks.NUMBER),
        ("¿Cuánto dinero?", Asks.AMOUNT),
        ("tell me about quality", Asks.OTHER),
    ],
)
def test_the_kind_of_answer(read: Read, question: str, asks: Asks) -> None:
    assert read(question).asks is asks


def test_a_follow_up_carries_action_year_and_topic(read: Read) -> None:
    query = read("and in total?", "How much does DiscoverEU Inclusion pay per day in 2023?")
    assert query.follow_up
    assert query.actions == ("discovereu-inclusion",)
    assert query.years == (2023,)
    assert "pay per day" in query.search_text


def test_a_follow_up_replaces_what_it_names(read: Read) -> None:
    query = read("and for small-scale ones?", "Deadline of cooperation partnerships in 2026?")
    assert query.actions == ("small-scale-partnerships",)
    assert query.search_text == "Deadline in 2026, and for small-scale ones?"
    back = read("and back in 2023?", "Deadline of cooperation partnerships in 2026?")
    assert back.years == (2023,)
    assert "2026" not in back.search_text


def test_a_new_topic_does_not_drag_the_old_one_along(read: Read) -> None:
    question = "Which organisations need a gender equality plan to get Horizon Europe money?"
    query = read(question, "Deadline of cooperation partnerships in 2026?")
    assert not query.follow_up
    assert query.search_text == question
    assert query.actions == ()


def test_what_is_asked_now_is_apart_from_what_is_carried_over(read: Read) -> None:
    query = read("and how long?", "Which grant does DiscoverEU Inclusion pay?")
    (part,) = query.parts
    assert (part.text, part.wants) == ("and how long?", (Asks.DURATION,))
    assert read("How long is a project?").parts == ()


def test_the_parts_of_a_question_have_their_own_terms_and_kinds(read: Read) -> None:
    many, when = read("How many partners does a CoVE need, and when is the deadline?").parts
    assert (many.wants, when.wants) == ((Asks.NUMBER,), (Asks.DATE,))
    assert any("submit" in term for term in when.terms)
    assert not any("submit" in term for term in many.terms)
    assert read("How many partners in 2023 and how many in 2026?").parts == ()


def test_results_and_complaints_have_other_dates_than_applications(read: Read) -> None:
    assert read("When is the deadline for KA210?").about_deadline
    assert not read("From when does the deadline for a complaint run?").about_deadline


def test_the_field_of_an_action_wins_over_other_words(read: Read) -> None:
    assert read("KA122-VET: do the teachers who go along count?").fields == ("vet",)
    assert read("KA210: can teachers take part?").fields == ("school",)


def test_a_document_without_a_year_is_called_by_its_title(lexicon: Lexicon) -> None:
    blended = replace(edition("en"), title="Blended mobility implementation guide for KA131")
    lump = replace(edition("en"), title="How to manage your lump sum grants")
    held = (*HELD[:1], ("blended", blended), ("lump", lump))

    def asked_of(question: str, filters: Filters | None = None) -> tuple[str, ...]:
        return understand(question, held=held, lexicon=lexicon, filters=filters).document_ids

    assert asked_of("how many days for staff? (blended mobility guide)") == ("blended",)
    assert asked_of("what does the lump sum handbook say of timesheets?") == ("lump",)
    assert len(asked_of("how many days does blended mobility last?")) == 3
    assert len(asked_of("what does the Erasmus mobility guide say?")) == 3
    assert len(asked_of("Our result is a lump sum grants guide. How many partners?")) == 3
    assert len(asked_of("Can we print a blended mobility brochure with the grant?")) == 3
    assert "en-2026" in asked_of("the blended mobility guide", Filters(year=2026))


def test_a_picked_year_is_a_year_that_is_meant(read: Read) -> None:
    assert read("How many partners?", filters=Filters(year=2023)).years == (2023,)


def test_a_question_speaks_its_own_language_after_another(read: Read) -> None:
    assert read("Who won the world cup?", "Wie lange dauert ein Projekt?").language == "en"
    assert read("und?", "Wie lange dauert ein Projekt?").language == "de"


def test_invisible_characters_are_not_read(read: Read) -> None:
    assert read("who\u200b can\u202e apply").search_text == "who can apply"


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\n", "???", "\U0001f64f \U0001f64f", "… !"])
def test_a_blank_question_is_refused(read: Read, blank: str) -> None:
    with pytest.raises(QuestionError, match="blank"):
        read(blank)


def test_a_question_too_long_is_refused_with_its_length(read: Read) -> None:
    with pytest.raises(QuestionError, match="5,000 characters; 4,000"):
        read("x" * 5000)


def test_an_unknown_filter_is_refused_with_the_choices(read: Read) -> None:
    with pytest.raises(QuestionError, match=r"no programme 'Creative'.*Horizon Europe"):
        read("who can apply", filters=Filters(programme="Creative"))


def test_chapters_of_other_actions_and_fields_are_told_apart(lexicon: Lexicon) -> None:
    school = ("Part B", "Mobility for pupils and staff in school education", "Funding rules")
    small = ("Part B", "Small-scale Partnerships")
    assert lexicon.belongs_elsewhere(small, ("cooperation-partnerships",), ())
    assert not lexicon.belongs_elsewhere(small, ("small-scale-partnerships",), ())
    assert not lexicon.belongs_elsewhere(("Part C",), ("small-scale-partnerships",), ())
    assert not lexicon.belongs_elsewhere(school, ("short-term-projects",), ())
    assert lexicon.belongs_elsewhere(school, (), ("higher education",))
    assert not lexicon.belongs_elsewhere(school, (), ("school",))
    assert not lexicon.belongs_elsewhere(small, (), ("school",))


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("Maximum grant for KA210?", (Asks.AMOUNT,)),
        ("How many months at most?", (Asks.DURATION,)),
        ("maximum number of partners, and how much money?", (Asks.NUMBER, Asks.AMOUNT)),
        ("What is the maximum?", (Asks.NUMBER,)),
    ],
)
def test_a_maximum_is_a_number_only_of_nothing_else(
    read: Read, question: str, wants: tuple[Asks, ...]
) -> None:
    assert set(read(question).wants) == set(wants)


@pytest.mark.parametrize("language", sorted(load_messages().catalogue))
@pytest.mark.parametrize("asks", sorted(SUGGESTED))
@pytest.mark.parametrize(
    "name", ["small-scale-partnerships", "youth-exchanges", "sport-staff", "mobility-vet"]
)
def test_what_is_suggested_is_read_as_meant_and_in_its_language(
    name: str, asks: Asks, language: str
) -> None:
    action = load_lexicon().actions[name]
    question = load_messages().say(SUGGESTED[asks], language, action=short_name(action, language))
    query = understand(question, held=(), lexicon=load_lexicon())
    assert query.language == language
    assert action.id in query.actions
    if asks is not Asks.NUMBER:  # that one asks who
        assert asks in query.wants


def test_who_asks_for_yes_or_no_asks_for_no_amount(read: Read) -> None:
    query = read("lump sum grant: will they pay a work package that is half done?")
    assert (query.asks, query.wants) == (Asks.YES_NO, ())
    assert read("Can we still apply after the deadline of KA210?").wants == (Asks.DATE,)


def test_what_is_asked_beside_yes_or_no_is_still_asked_for(read: Read) -> None:
    query = read("Can two schools apply alone, and how much money is there?")
    assert Asks.AMOUNT in query.wants
    assert [part.asks for part in query.parts] == [Asks.YES_NO, Asks.AMOUNT]
