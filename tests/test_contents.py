"""Printed tables of contents."""

from __future__ import annotations

import pytest

from ingest.contents import Entry, find_contents
from ingest.laying_out import lay_out
from tests.drawn_pages import page_of

WIDTH_CHARS = 80


def entries_of(*lines: str) -> tuple[Entry, ...]:
    """The entries of a page with these lines; "title|12" gets leaders up to the number."""
    drawn: list[tuple[str, dict[str, object]]] = [("Contents", {"base": 60.0})]
    for line in lines:
        title, bar, label = line.partition("|")
        dots = "." * (WIDTH_CHARS - len(title) - len(label) - 2)
        drawn.append((f"{title} {dots} {label}" if bar else line, {}))
    return find_contents(lay_out([page_of(drawn)], [()])).entries


def test_a_title_that_fills_its_line_leaves_no_room_for_leaders() -> None:
    long = "Mobility projects for students and staff of higher education, and their partners"
    assert len(long) == WIDTH_CHARS
    entries = entries_of(
        "What is a project?|40",
        f"{long[:-2]}45",
        "Accreditation in the fields of vocational education and training and of school ed",
        "ucation|80",
        "Youth exchanges|95",
        "Glossary|120",
    )
    assert [(entry.title, entry.label) for entry in entries] == [
        ("What is a project?", "40"),
        (long[:-2], "45"),
        (
            "Accreditation in the fields of vocational education and training and of school ed "
            "ucation",
            "80",
        ),
        ("Youth exchanges", "95"),
        ("Glossary", "120"),
    ]


@pytest.mark.parametrize(
    "begun",
    [
        "Accreditation of organisations that took part in the programme from 2014 up to 202",
        "Short KA2",
    ],
)
def test_a_number_at_a_line_end_is_no_page_where_it_does_not_fit(begun: str) -> None:
    entries = entries_of("What is it?|40", begun, "and more|80", "Youth|95", "Glossary|120")
    assert [entry.label for entry in entries] == ["40", "80", "95", "120"]
    assert entries[1].title == f"{begun} and more"


def test_members_of_a_series_are_known_without_accents() -> None:
    entries = entries_of(
        "ΜΕΡΟΣ Α – ΓΕΝΙΚΑ|4",
        "Στόχοι|6",
        "Μέρος Β – ΔΡΑΣΕΙΣ|40",
        "Βασική δράση|42",
        "ΜΕΡΟΣ Γ – ΑΙΤΟΥΝΤΕΣ|80",
    )
    assert [entry.level for entry in entries] == [0.0, 0.5, 0.0, 0.5, 0.0]


def test_the_index_of_a_book_names_no_headings() -> None:
    lines = ["Adjustments|9", "Alimony|31", "Annuities|13", "Business|5", "Child|40", "Death|2"]
    drawn: list[tuple[str, dict[str, object]]] = [("Index", {"base": 60.0})]
    drawn += [(line.replace("|", " ........................ "), {}) for line in lines]
    contents = find_contents(lay_out([page_of(drawn)], [()]))
    assert contents.entries == ()
    assert contents.blocks
