"""Who can say what the guides do not: of the programme that is asked about, nobody's elsewhere."""

from __future__ import annotations

import pytest

from assistant.contacts import contact
from assistant.lexicon import load_lexicon
from assistant.messages import load_messages
from assistant.programmes import known_programmes
from assistant.understanding import understand
from corpus.agencies import load_agencies
from tests.test_understanding import HELD

MESSAGES, LEXICON, KNOWN = load_messages(), load_lexicon(), load_agencies()


def told(question: str, *, searched: tuple[str | None, ...] = ("Erasmus+", None)) -> str | None:
    query = understand(question, held=HELD, lexicon=LEXICON)
    return contact(query, MESSAGES, LEXICON, searched)


@pytest.mark.parametrize(
    "question",
    [
        "Who can I call for Horizon Europe?",
        "Wen kann ich zu Horizont Europa anrufen?",
        "What is the phone number for MSCA fellowships?",
    ],
)
def test_horizon_europe_has_contact_points_of_its_own(question: str) -> None:
    said = told(question)
    assert said is not None
    assert KNOWN.horizon_contact_points in said
    assert KNOWN.horizon_enquiries in said
    assert "erasmus" not in said
    assert "EACEA" not in said


def test_the_only_programme_that_was_searched_is_meant_where_none_is_named() -> None:
    said = told("Who will win?", searched=("Horizon Europe",))
    assert said is not None
    assert KNOWN.horizon_contact_points in said


def test_other_programmes_are_on_the_portal_or_nobody_is_named() -> None:
    said = told("Who can I call for Creative Europe?")
    assert said == (
        "Calls of Creative Europe and who helps with them are on the Funding & Tenders Portal: "
        f"{KNOWN.portal}"
    )
    assert told("Who can I call about a Fulbright grant?") is None


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("Who will win?", KNOWN.official_list),
        ("Who can I call about KA210 in Greece?", "iky.gr"),
        ("Telefon der österreichischen Nationalagentur?", "erasmusplus.at"),
        ("Telephone of the Greek national agency, for a trip to Sweden?", "iky.gr"),
        ("Ποιο είναι το τηλέφωνο της ελληνικής Εθνικής Υπηρεσίας;", "iky.gr"),
        ("the German agency?", "bibb.de"),
        ("Is Erasmus+ better than Horizon Europe?", KNOWN.official_list),
        ("Whom do I ask about the European Solidarity Corps?", KNOWN.official_list),
    ],
)
def test_erasmus_has_its_agencies(question: str, address: str) -> None:
    said = told(question)
    assert said is not None
    assert address in said


@pytest.mark.parametrize("language", sorted(MESSAGES.catalogue))
def test_every_language_has_the_sentences(language: str) -> None:
    for name, values in (
        ("contact_horizon", {"points": "P", "service": "S"}),
        ("contact_portal", {"programme": "X", "portal": "Y"}),
    ):
        said = MESSAGES.say(name, language, **values)
        assert all(value in said for value in values.values())
        assert language == "en" or said != MESSAGES.say(name, "en", **values)


def test_whom_a_programme_has_for_questions_is_known_or_left_open() -> None:
    kinds = {programme.asked_of for programme in known_programmes().values()}
    assert kinds == {"", "agencies", "horizon", "portal"}
