"""Languages of questions and documents."""

import pytest

from corpus.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how many partners do we need for a small scale partnership?", "en"),
        ("¿Cuánto dinero se puede pedir en una asociación a pequeña escala?", "es"),
        ("Wie viel Reisekosten gibt es für einen Schüler bei grüner Anreise?", "de"),
        ("Combien de jours dure une période d'observation ?", "fr"),
        ("Quante organizzazioni servono per un partenariato?", "it"),
        ("Ile wynosi dzienne wsparcie indywidualne?", "pl"),
        ("ποια ποσά μπορώ να ζητήσω;", "el"),
        ("Que organizações podem participar num projeto de cooperação?", "pt"),
        ("Câte organizații pot participa la un parteneriat?", "ro"),
    ],
)
def test_questions_are_recognised(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "   ", "KA210 2026?", "12 000", "DiscoverEU 2023"])
def test_an_undecided_text_counts_as_the_default(text: str) -> None:
    assert detect_language(text) == "en"
    assert detect_language("", default="el") == "el"


@pytest.mark.parametrize(
    ("text", "language"),
    [("Кто может подать заявку на грант?", "ru"), ("من يمكنه التقديم للحصول على منحة؟", "ar")],
)
def test_a_script_of_its_own_is_not_taken_for_english(text: str, language: str) -> None:
    assert detect_language(text) == language
