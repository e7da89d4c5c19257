"""Questions that are to be answered by yes or no."""

import pytest

from assistant.polar import is_polar


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "lump sum grant: will they pay for a work package that is half done?"),
        ("en", "Our group has 9 young people and two leaders, is 9 enough?"),
        ("en", "we would book a package of a language school for our pupils, ok?"),
        ("en", "swiss university as full partner in KA220, possible?"),
        ("en", "We are two schools. Do we need a bank guarantee for the grant?"),
        ("en", "hello, could my students also get the top-up amount"),
        ("en", "the trip is in June. too late for this call? can we still go"),
        ("de", "Jugendaustausch: darf ein Teilnehmer mit 31 noch mit?"),
        ("de", "Zahlt die Agentur auch die Kosten der Übersetzung?"),
        ("fr", "le budget : peut-on acheter des ordinateurs ?"),
        ("fr", "On peut changer de partenaire sans l'accord de l'agence ?"),
        ("es", "proyecto lump sum: ¿podemos pagar una web con el dinero?"),
        ("it", "possiamo mettere in budget un sito internet?"),
        ("pl", "czy budżet może obejmować sprzęt?"),
        ("el", "μπορούμε να αλλάξουμε το ποσό της επιχορήγησης;"),
        ("pt", "podemos pedir 50 euros a cada participante?"),
        ("ro", "avem voie să plătim o firmă din grant?"),
    ],
)
def test_who_asks_for_leave_or_duty_wants_yes_or_no(language: str, question: str) -> None:
    assert is_polar(question, language)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "How much can we get for travel?"),
        ("en", "Can you say what the lump sums are?"),
        ("en", "is there a maximum per person for course fees?"),
        ("en", "do we have a minimum number of partners?"),
        ("en", "has the lump sum changed since 2023?"),
        ("en", "did the rate go up between 2023 and 2026?"),
        ("en", "deadline small-scale partnerships"),
        ("en", "who can apply for KA210?"),
        ("en", "we are a school, until when can we apply?"),
        ("de", "Wie viel können wir bekommen?"),
        ("de", "Gibt es eine Obergrenze für Kursgebühren?"),
        ("fr", "combien peut-on demander ?"),
        ("es", "¿cuánto podemos pedir?"),
        ("it", "quanto possiamo chiedere?"),
        ("pl", "ile możemy dostać?"),
        ("el", "πόσα χρήματα μπορούμε να πάρουμε;"),
        ("pt", "quantos parceiros podemos ter?"),
        ("ro", "câți bani putem primi?"),
    ],
)
def test_who_asks_how_much_which_or_what_differs_wants_more(language: str, question: str) -> None:
    assert not is_polar(question, language)
