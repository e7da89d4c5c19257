from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from corpus.model import Edition
from ingest.edition import FrontMatter, document_id, read_edition, title_conflict
from ingest.layout import lines_of
from tests.drawn_pages import page_of

ENGLISH = "The applicant has to submit the grant application before the deadline of the call. " * 5
GREEK = "Ο αιτών πρέπει να υποβάλει την αίτηση επιχορήγησης πριν από τη λήξη της προθεσμίας. " * 5
SHA = "ab12cd34" * 8


def front(
    *lines: tuple[str, float],
    running: Sequence[str] = (),
    sample: str = ENGLISH,
    stem: str = "file",
) -> FrontMatter:
    """A cover with lines of text, each with its font size."""
    page = page_of(
        [(text, {"size": size, "base": 100 + 60.0 * n}) for n, (text, size) in enumerate(lines)]
    )
    return FrontMatter(
        cover=lines_of(page.words, 1),
        running=running,
        body_size=10.0,
        sample=sample,
        file_stem=stem,
    )


@pytest.mark.parametrize(
    ("version", "number", "day"),
    [
        ("Version 1 12/11/2025 (2026)", "1", date(2025, 11, 12)),
        ("Version 3 (2026): 04-04-2026", "3", date(2026, 4, 4)),
        ("Version 2 (2026) of 20 January 2026", "2", date(2026, 1, 20)),
    ],
)
def test_a_programme_guide(version: str, number: str, day: date) -> None:
    edition = read_edition(front(("Erasmus+", 50), ("Programme Guide", 31), (version, 10)))
    assert edition == Edition(
        title=f"Erasmus+ Programme Guide 2026 (version {number}, {day:%d/%m/%Y})",
        language="en", programme="Erasmus+", year=2026, version=number, date=day,
    )  # fmt: skip
    assert document_id(edition, SHA) == f"erasmus-plus-2026-v{number}-en"


def test_another_language_keeps_its_words() -> None:
    edition = read_edition(
        front(
            ("Erasmus+", 50),
            ("Οδηγός Προγράμματος", 31),
            ("Έκδοση 2 (2021): 08-04-2021", 10),
            sample=GREEK,
        )
    )
    assert edition.title == "Erasmus+ Οδηγός Προγράμματος 2021 (έκδοση 2, 08/04/2021)"
    assert document_id(edition, SHA) == "erasmus-plus-2021-v2-el"


def test_the_year_of_publication_is_no_call_year() -> None:
    edition = read_edition(
        front(
            ("history of changes", 9), running=["EU Grants: HE Programme Guide: V5.1 – 15.09.2025"]
        )
    )
    assert edition == Edition(
        title="Horizon Europe Programme Guide (version 5.1, 15/09/2025)",
        language="en", programme="Horizon Europe", version="5.1", date=date(2025, 9, 15),
    )  # fmt: skip
    assert document_id(edition, SHA) == "horizon-europe-programme-guide-ab12cd34"


def test_a_guide_of_a_programme_that_is_not_numbered() -> None:
    edition = read_edition(
        front(("Blended mobility guide for Erasmus+ KA131", 24), ("18-07-2022", 11))
    )
    assert (edition.programme, edition.year, edition.date) == ("Erasmus+", None, date(2022, 7, 18))
    assert document_id(edition, SHA) == "blended-mobility-guide-for-erasmus-ka131-ab12cd34"


def test_an_academic_year_is_the_year_of_its_call() -> None:
    edition = read_edition(
        front(("texto", 9), running=["Convocatoria de Movilidad curso 2026/2027"])
    )
    assert (edition.year, edition.title) == (2026, "Convocatoria de Movilidad curso 2026/2027")


def test_unknown_documents_get_a_title_and_no_year() -> None:
    edition = read_edition(front(("Background checks November - 2015", 20), ("body", 10)))
    assert (edition.programme, edition.year) == (None, None)
    nameless = read_edition(front(("small", 10), stem="my_notes-2"))
    assert nameless.title == "my notes 2"
    assert document_id(nameless, SHA) == "my-notes-2-ab12cd34"
    chinese = Edition(title="项目经验", language="en")
    assert document_id(chinese, SHA) == "document-ab12cd34"


@pytest.mark.parametrize(
    ("sample", "language"),
    [
        ("项目描述：负责四川省甘孜州丹巴磨子电站", "zh"),
        ("日本語の文書です。あいうえお", "ja"),
        ("يجب على مقدم الطلب", "ar"),
        ("განმცხადებელმა უნდა", "ka"),
        ("The word 项目 in a text that is English, as most of it is.", "en"),
        ("12 345", "en"),
    ],
)
def test_a_script_tells_the_language(sample: str, language: str) -> None:
    assert read_edition(front(("A guide", 20), sample=sample)).language == language


def test_a_running_head_in_words_is_a_better_title_than_one_in_codes() -> None:
    codes = "VerDate 11-2014 16:21 Jkt 250001 PO 00001 Fmt 4702 E:06AU.SGM"
    edition = read_edition(
        front(("body", 9), ("text", 9), running=[codes, "Federal Register / Proposed Rules"])
    )
    assert edition.title == "Federal Register / Proposed Rules"


def test_the_period_of_a_programme_is_no_call_year() -> None:
    edition = read_edition(front(("Erasmus+ partnerships 2021-2027", 24), ("text", 10)))
    assert edition.year is None


def test_a_long_first_page_has_only_its_uppermost_heading_as_title() -> None:
    lines = [("Eligible countries", 22.0), *[(f"line {n} of the text", 10.0) for n in range(30)]]
    page = page_of(
        [(text, {"size": size, "base": 40 + 24.0 * n}) for n, (text, size) in enumerate(lines)]
    )
    more = page_of([("Another heading", {"size": 22.0, "base": 800.0})])
    edition = read_edition(
        FrontMatter(
            cover=[*lines_of(page.words, 1), *lines_of(more.words, 1)],
            running=(),
            body_size=10.0,
            sample=ENGLISH,
            file_stem="x",
        )
    )
    assert edition.title == "Eligible countries"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Stand: 3. März 2026", date(2026, 3, 3)),
        ("1er juillet 2026", date(2026, 7, 1)),
        ("25 de noviembre de 2026", date(2026, 11, 25)),
        ("2026-11-25", date(2026, 11, 25)),
        ("31/02/2026", None),
        ("Applications close on 3 May 2027", None),
        ("Προθεσμία: 3/5/2027", None),
        ("99.99.2026", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_edition(front(("A guide", 20), (text, 10))).date == day


def test_a_conflict_with_the_metadata_is_said() -> None:
    edition = Edition(title="Guía 2026", language="es", year=2026, date=date(2025, 1, 1))
    said = title_conflict(edition, "CONVOCATORIA DE MOVILIDAD CURSO 2005/2006")
    assert said is not None
    assert "2005/2006" in said
    for harmless in (
        "",
        "Microsoft Word - guide.docx",
        "Guide 2026",
        "guía 2026",
        "of 2025",
        "Call 2026/27",
        "Curso 2025-2026",
        "Programme 2014-2020",
        "Programme 2014‑2020",
        "Programme 2014 – 2020",
        "Programme from 2014 to 2020",
        "2014 bis 2020",
        "Rules of 01/02/2020",
    ):
        assert title_conflict(edition, harmless) is None, harmless
    assert title_conflict(replace(edition, year=None), "Programme guide 2024 v1") is None


def test_a_cover_without_letters_or_sizes_has_the_name_of_the_file() -> None:
    nothing = replace(front(stem="notes"), body_size=0.0)
    assert read_edition(nothing).title == "notes"
    for size in (0.0, -14.0):
        flat = front(("The grant deadline", size), stem="notes")
        assert read_edition(replace(flat, body_size=size)).title
