"""What the window says where something cannot be done, in each of its languages."""

from __future__ import annotations

import pytest

from assistant.lexicon import load_lexicon
from assistant.model import Filters
from assistant.ui_errors import reason
from assistant.ui_text import languages, load_messages, number_name
from assistant.understanding import understand
from corpus.errors import (
    BusyError,
    EmptyLibraryError,
    GuideError,
    LibraryError,
    LibraryLockedError,
    QuestionError,
    StoreUnreachableError,
    UnknownDocumentError,
)
from tests.web import edition

OTHERS = sorted(set(languages()) - {"en"})


def refused(question: str) -> GuideError:
    with pytest.raises(QuestionError) as told:
        understand(question, held=(), lexicon=load_lexicon(), max_chars=5000)
    return told.value


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_reaches_a_window_of_another_language(language: str) -> None:
    text = load_messages(language)
    assert reason(refused(" \u200b "), text) == text["refused.blank"]
    too_long = reason(refused("Wer? " * 1200), text)
    assert number_name(6000, text) in too_long
    assert number_name(5000, text) in too_long
    english = load_messages("en")
    for error in (
        BusyError("Too many.", retry_after_s=3),
        EmptyLibraryError("Empty."),
        LibraryError("Broken."),
        LibraryLockedError("Locked."),
        QuestionError("No such year."),
        StoreUnreachableError("Away."),
        UnknownDocumentError("Gone."),
    ):
        said = reason(error, text)
        assert said != str(error)
        assert said in text.values()
        assert said not in english.values()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        (Filters(document_id="gone-2025-en"), "document"),
        (Filters(programme="Creative Europe"), "programme"),
        (Filters(language="el"), "language"),
    ],
)
def test_a_choice_that_went_away_meanwhile_is_said_to_be_gone(
    language: str, chosen: Filters, name: str
) -> None:
    held = [(f"guide-{number:03}-en", edition(2026)) for number in range(300)]
    with pytest.raises(QuestionError) as told:
        understand("Who can apply?", held=held, lexicon=load_lexicon(), filters=chosen)
    text = load_messages(language)
    assert reason(told.value, text) == text[f"refused.gone_{name}"]
    assert len(str(told.value)) < 200, "it does not list a whole library"
    if name == "document":
        assert "guide-025-en" in str(told.value), "what is written most like it"
        assert str(told.value).endswith(" and 295 more.")


def test_programs_and_english_readers_are_told_the_reason_itself() -> None:
    text = load_messages("en")
    assert str(refused("x" * 6000)).startswith("The question has 6,000 characters; 5,000 are")
    assert reason(refused("x" * 6000), text).startswith("The question has 6,000 characters; 5,000")
    assert reason(LibraryError("The disk is full."), text) == "The disk is full."


@pytest.mark.parametrize(
    ("language", "pages", "many"),
    [
        ("en", "1,895", "12,345"),
        ("de", "1.895", "12.345"),
        ("el", "1.895", "12.345"),
        ("fr", "1\u202f895", "12\u202f345"),
        ("it", "1895", "12.345"),
        ("es", "1895", "12\u00a0345"),
        ("pl", "1895", "12\u00a0345"),
    ],
)
def test_numbers_are_grouped_as_the_language_does_it(language: str, pages: str, many: str) -> None:
    text = load_messages(language)
    assert [number_name(n, text) for n in (7, 895, 1895, 12345)] == ["7", "895", pages, many]
