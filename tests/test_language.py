"""Languages of questions and documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import language as identifying
from corpus.language import detect_language, keep_unpacked

ASKED = (
    "how many partners do we need?",
    "Wie viel Reisekosten gibt es?",
    "ποια ποσά μπορώ να ζητήσω;",
)


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


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The identifier is opened anew in the test, and after it."""
    monkeypatch.setattr(identifying, "_kept_in", None)
    identifying._identifier.cache_clear()
    yield
    identifying._identifier.cache_clear()


def guesses() -> list[tuple[str, float]]:
    identifying._identifier.cache_clear()
    return [identifying._identifier().classify(text) for text in ASKED]


@pytest.mark.usefixtures("anew")
def test_the_identifier_kept_unpacked_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = guesses()
    keep_unpacked(tmp_path / "models")
    assert guesses() == packed
    (kept,) = (tmp_path / "models").iterdir()
    monkeypatch.setattr("py3langid.langid.MODEL_FILE", "not to be opened again")
    assert guesses() == packed
    assert list((tmp_path / "models").iterdir()) == [kept]


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_damaged_identifier_is_written_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, share: float
) -> None:
    keep_unpacked(tmp_path)
    packed = guesses()
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: int(share * len(whole))])
    assert guesses() == packed
    assert "damaged" in caplog.text
    assert kept.stat().st_size == len(whole)


@pytest.mark.usefixtures("anew")
def test_without_a_folder_to_write_in_languages_are_told_all_the_same(tmp_path: Path) -> None:
    packed = guesses()
    (tmp_path / "file").touch()
    keep_unpacked(tmp_path / "file" / "models")
    assert guesses() == packed
