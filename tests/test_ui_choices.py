from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.model import Filters
from assistant.ui_choices import (
    counted,
    filters_of,
    guide_choices,
    in_order,
    language_choices,
    library_sentence,
    programme_choices,
    year_choices,
)
from assistant.ui_text import load_messages
from corpus.errors import QuestionError
from corpus.records import DocumentRecord
from tests.web import document, edition, record

TEXT = load_messages()


def library() -> tuple[DocumentRecord, ...]:
    editions = [
        edition(2025),
        edition(None, None),
        edition(2026),
        edition(2024, "Horizon Europe"),
    ]
    documents = [document(f"d{n}", of=of) for n, of in enumerate(editions)]
    return in_order(record(d, n) for n, d in enumerate(documents))


def test_order_is_by_programme_then_newest_first_and_unnamed_last() -> None:
    assert [r.id for r in library()] == ["d2", "d0", "d3", "d1"]


def test_choices_come_from_the_library_with_the_newest_as_default() -> None:
    records = library()
    assert guide_choices(records, TEXT)[:2] == [
        (TEXT["newest_guide"], ""),
        ("Erasmus+ Programme Guide 2026", "d2"),
    ]
    assert [value for _, value in programme_choices(records, TEXT)] == [
        "",
        "Erasmus+",
        "Horizon Europe",
    ]
    assert language_choices(records, TEXT) == [(TEXT["any_language"], ""), ("English", "en")]
    assert [value for _, value in year_choices(records, TEXT)] == ["", "2026", "2025", "2024"]


def test_languages_go_by_their_own_names_latin_letters_first() -> None:
    codes = ("ar", "el", "en", "de", "cs", "is", "pt-br", "uk", "qaa")
    records = [record(document(of=replace(edition(), language=code))) for code in codes]
    assert language_choices(records, TEXT)[1:] == [
        ("čeština", "cs"),
        ("Deutsch", "de"),
        ("English", "en"),
        ("íslenska", "is"),
        ("português (BR)", "pt-br"),
        ("QAA", "qaa"),
        ("ελληνικά", "el"),
        ("українська", "uk"),
        ("العربية", "ar"),
    ]


def test_guides_of_the_same_title_are_told_apart_by_file() -> None:
    first, second = document("a"), document("b")
    names = [name for name, _ in guide_choices([record(first), record(second)], TEXT)]
    assert len(set(names)) == 3


def test_a_chosen_guide_settles_programme_and_year() -> None:
    assert filters_of("d2", "Erasmus+", "2025") == Filters(document_id="d2")
    assert filters_of("", None, "", "el") == Filters(language="el")
    assert filters_of("", "Erasmus+", "2025") == Filters(programme="Erasmus+", year=2025)
    assert filters_of(None, None, None) == Filters()


def test_one_sentence_says_what_the_library_holds_and_for_which_years() -> None:
    assert library_sentence(library(), TEXT) == (
        "The library holds 3 guides and one other document (4 pages): "
        "Erasmus+ (2025, 2026) and Horizon Europe (2024)."
    )
    alone = [record(document())]
    assert library_sentence(alone, TEXT) == (
        "The library holds one guide (one page): Erasmus+ (2026)."
    )
    undated = [record(document(of=replace(edition(), year=None)))]
    assert library_sentence(undated, TEXT) == ("The library holds one guide (one page): Erasmus+.")
    assert "guide ingest" in library_sentence([], TEXT)
    forms = [record(document(of=edition(None, None)), row) for row in (1, 2)]
    assert library_sentence(forms, TEXT) == "The library holds 2 documents (2 pages)."
    assert library_sentence([*alone, *forms], load_messages("de")) == (
        "Die Bibliothek enthält einen Leitfaden und 2 andere Dokumente (3 Seiten): Erasmus+ (2026)."
    )


def test_pages_are_counted_as_the_language_does_it() -> None:
    many = [replace(entry, pages=500) for entry in library()]
    assert "2,000 pages" in library_sentence(many, TEXT)
    assert "2.000 Seiten" in library_sentence(many, load_messages("de"))


def test_a_year_that_no_list_offers_is_refused() -> None:
    for year in ("soon", "²", "1" * 5000):
        with pytest.raises(QuestionError, match="no year"):
            filters_of("", "", year)


def test_polish_has_the_form_that_a_number_asks_for() -> None:
    polish = load_messages("pl")
    for count, said in ((2, "2 strony"), (5, "5 stron"), (12, "12 stron"), (1899, "1899 stron")):
        assert counted("page", count, polish) == said
    assert counted("page", 1, polish) == "jedna strona"
