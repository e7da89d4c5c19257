"""What the write side warns of is said by the window in its languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ui_text import languages, load_messages
from assistant.ui_warnings import warning_name
from corpus.model import Box
from corpus.settings import Settings
from ingest.drawn import RawPage
from ingest.reading import DrawnFile, compose
from ingest.workers import Read, _without_structure
from tests.drawn_pages import HEIGHT, WIDTH, body, heading, page_of
from tests.whole_files import WordCounter

WHOLE = (Box(0, 0, WIDTH, HEIGHT),)
GARBLED = "3HQČåQtSURVWĜHGN\\QD~þWHFK"
SENTENCE = "Applicants from all countries must submit their application in time, number {}."
ENTRIES = ("1 Who can apply", "2 What is paid", "3 How to apply", "4 What comes after")


@pytest.fixture(scope="module")
def warnings() -> tuple[str, ...]:
    """Of a file in which each thing is wrong that the write side knows."""
    text = [SENTENCE.format(number) for number in range(20)]
    cover = page_of([heading("Programme Guide 2026", 100, 24), ("Version 1 of 2026", {})])
    contents = page_of(
        [("Contents", {}), *((f"{name} ........ {n}", {}) for n, name in enumerate(ENTRIES, 3))],
        number=2,
    )
    written = [
        page_of([heading(name, 80, 14), *body(*text)], number=number)
        for number, name in enumerate(ENTRIES[:3], start=3)
    ]
    spots: list[tuple[str, dict[str, object]]] = [
        (word, {"base": 100.0 + 90 * n, "x": 60.0 + 120 * n})
        for n, word in enumerate(("seen", "signed", "sealed", "sent"))
    ]
    pages = (
        cover,
        contents,
        *written,
        RawPage(number=6, width=WIDTH, height=HEIGHT, images=WHOLE),
        page_of(spots, number=7, images=WHOLE),
        page_of(body(GARBLED, GARBLED), number=8),
        RawPage(number=9, width=WIDTH, height=HEIGHT, readable=False),
        page_of(body(*text), number=10),
    )
    drawn = DrawnFile(
        pages=pages,
        labels=(),
        outline=(),
        attachments=("budget.xlsx", "{odd}.png"),
        title="Programme Guide 2019",
        author="",
        recognised=(10,),
    )
    document, _ = compose(
        drawn, Path("g.pdf"), sha256="0" * 64, settings=Settings(), tokenizer=WordCounter()
    )
    read = Read(document=document, boxes={}, seconds=0.0)
    return _without_structure(read, "SIGSEGV").document.warnings


def test_every_warning_has_words_in_every_language(warnings: tuple[str, ...]) -> None:
    assert len(warnings) == 9
    for language in languages():
        text = load_messages(language)
        said = [warning_name(warning, text) for warning in warnings]
        assert not any("guide ingest" in sentence for sentence in said), "advice for a shell"
        if language != "en":
            assert not set(said) & set(warnings)


def test_a_warning_keeps_its_pages_and_names(warnings: tuple[str, ...]) -> None:
    said = " ".join(warning_name(warning, load_messages("de")) for warning in warnings)
    assert "Seiten ohne Text, die ausgelassen sind: 1 von 10 (6). Bitte" in said
    assert "nicht durchsucht: budget.xlsx, {odd}.png." in said
    assert "lautet „Programme Guide 2019“" in said


@pytest.mark.parametrize(
    ("kept", "english", "german"),
    [
        (
            "1 of 1200 pages (1199) has no text and is left out. Install Tesseract.",
            "which are left out: 1 of 1,200 (1199).",
            "die ausgelassen sind: 1 von 1.200 (1199).",
        ),
        (  # as older libraries keep it
            "1 of 4 pages (3) have unreadable text and are left out. Install Tesseract.",
            "which are left out: 1 of 4 (3).",
            "die ausgelassen sind: 1 von 4 (3).",
        ),
        (
            "1 heading of the table of contents was not found: A {0}.",
            "that were not found (1): A {0}.",
            "Überschriften des Inhaltsverzeichnisses (1): A {0}.",
        ),
        (
            "1 headings of the table of contents were not found: A.",
            "that were not found (1): A.",
            "Überschriften des Inhaltsverzeichnisses (1): A.",
        ),
        (
            "a-2025-en does not answer any more: it was built otherwise than the library is now. "
            "Its PDF is kept; `guide ingest --rebuild` tries it again, and so on.",
            "It no longer answers",
            "Es antwortet nicht mehr",
        ),
    ],
)
def test_one_page_or_a_thousand_are_said_rightly(kept: str, english: str, german: str) -> None:
    assert english in warning_name(kept, load_messages("en"))
    assert german in warning_name(kept, load_messages("de"))
    for language in languages():
        said = warning_name(kept, load_messages(language))
        assert "guide ingest" not in said
        assert said != kept


def test_the_write_side_itself_speaks_of_one_page(warnings: tuple[str, ...]) -> None:
    assert any(
        said.startswith("1 of 10 pages (6) has no text and is left out.") for said in warnings
    )
    assert any(said.startswith("1 heading of the table of contents was") for said in warnings)


def test_any_other_warning_stays_as_it_is() -> None:
    assert warning_name("Something {else}.", load_messages("de")) == "Something {else}."
