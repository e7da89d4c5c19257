"""What another edition says in the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.differing import Differences
from assistant.outline import figures, row_label, without_dates
from assistant.retrieval import stems_of
from assistant.units import Unit, split_units
from corpus.model import Chunk, ChunkKind, Document
from tests.builders import make_document

PART, KEY = "PART B", "KEY ACTION 2"
WHEN = "Eligibility criteria › When to apply?"


def edition(year: int, sections: Sequence[tuple[str, str]]) -> Document:
    """An edition with a page for each (path below the key action, text)."""
    return make_document(
        f"guide-{year}-en",
        year=year,
        pages=[text for _, text in sections],
        headings=[f"{PART} › {KEY} › {path}" for path, _ in sections],
    )


class Shelf:
    """Two editions or more."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {document.id: document for document in documents}

    def document(self, document_id: str) -> Document:
        return self.documents[document_id]


def other(ours: Document, theirs: Document, *, unit: int = 0, chunk: int = 0) -> str | None:
    """The quote of the other edition beside a unit of ours."""
    found = differences(ours, theirs).of(
        *unit_of(ours, chunk=chunk, unit=unit), ours, theirs.id, number=2
    )
    return None if found is None else found.quote


def differences(*documents: Document) -> Differences:
    return Differences(Shelf(*documents), stems_of)


def unit_of(document: Document, *, chunk: int = 0, unit: int = 0) -> tuple[Unit, Chunk]:
    held = document.chunks[chunk]
    return split_units(held.text, offset=held.span.start)[unit], held


def test_the_same_sentence_with_another_figure_is_said() -> None:
    ours = edition(2026, [("PARTNERSHIPS › Funding", "Each project receives EUR 60 000 at most.")])
    theirs = edition(
        2023, [("PARTNERSHIPS › Funding", "Each project receives EUR 50 000 at most.")]
    )
    assert other(ours, theirs) == "Each project receives EUR 50 000 at most."


def test_a_row_of_countries_is_told_by_the_one_asked_about() -> None:
    def of(year: int, rows: str) -> Document:
        made = edition(year, [("MOBILITY › Individual support", rows)])
        chunks = [replace(chunk, context="Country | Min-Max (per day)") for chunk in made.chunks]
        return replace(made, chunks=tuple(chunks))

    ours = of(2026, "Denmark, Germany, Sweden, France, Italy | 96-190\nSpain | 84-170")
    theirs = of(2023, "Denmark, Sweden | 90-180\nGermany, Spain, Cyprus, Malta, Portugal | 79-160")
    unit, chunk = unit_of(ours)
    told = differences(ours, theirs)
    found = told.of(unit, chunk, ours, theirs.id, number=2, countries=frozenset({"DE"}))
    assert found is not None
    assert "79-160" in found.quote
    assert told.of(unit, chunk, ours, theirs.id, number=2, countries=frozenset({"PL"})) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Each project receives EUR 60.000 at most.",  # the same sum, written otherwise
        "14 Each project receives EUR 60 000 at most.",  # the number of a footnote
        "Each project receives EUR 60 000 at most (see https://europa.eu/2023/17).",
        "The Agency publishes the results of the selection in July.",
    ],
)
def test_what_says_the_same_or_nothing_alike_is_not_said(sentence: str) -> None:
    ours = edition(2026, [("PARTNERSHIPS › Funding", "Each project receives EUR 60 000 at most.")])
    assert other(ours, edition(2023, [("PARTNERSHIPS › Funding", sentence)])) is None


def test_a_round_is_not_held_against_another_round() -> None:
    extra = "If the additional round is organised, applicants submit by {} for projects starting "
    extra += "between {} and {}."
    rounds = [(f"PARTNERSHIPS › {WHEN}", extra.format("1 October", "1 January", "31 August"))]
    ours = edition(2026, rounds)
    youth = [(f"PARTNERSHIPS › {WHEN}", extra.format("4 May", "1 August", "31 December"))]
    assert other(ours, edition(2023, youth)) is None
    same = extra.format("4 October", "1 January", "31 August")
    assert other(ours, edition(2023, [(f"PARTNERSHIPS › {WHEN}", same)])) == same


def test_a_row_with_the_same_amounts_and_more_words_says_the_same() -> None:
    words = "Costs of language learning. Rule of allocation: based on the number of participants."
    row = "Linguistic support | {} | 150 EUR per participant"
    ours = edition(2026, [("SPORT › Funding", row.format(words))])
    longer = words.replace("learning.", "learning in mobility longer than 30 days.")
    assert other(ours, edition(2023, [("SPORT › Funding", row.format(longer))])) is None
    capped = row.format(words) + ", 800 EUR at most"
    assert other(ours, edition(2023, [("SPORT › Funding", capped)])) == capped


def test_a_deadline_is_that_of_the_same_action() -> None:
    row = "When to apply? | Applicants submit by {} at 17:00:00 (Brussels time)."
    ours = edition(2026, [(f"YOUTH TOGETHER › {WHEN}", row.format("26 February"))])
    theirs = edition(
        2023,
        [
            (f"ALLIANCES FOR INNOVATION › {WHEN}", row.format("10 March")),
            (f"YOUTH TOGETHER › {WHEN}", row.format("9 March")),
        ],
    )
    assert other(ours, theirs) == row.format("9 March")


def test_a_new_action_is_not_held_against_its_neighbour() -> None:
    row = "When to apply? | Applicants submit by {} at 17:00:00 (Brussels time)."
    chapter = "PARTNERSHIPS"
    ours = edition(
        2026,
        [
            (f"{chapter} › SCHOOL DEVELOPMENT PARTNERSHIPS › {WHEN}", row.format("9 April")),
            (f"{chapter} › COOPERATION PARTNERSHIPS › {WHEN}", row.format("5 March")),
        ],
    )
    theirs = edition(
        2023, [(f"{chapter} › COOPERATION PARTNERSHIPS › {WHEN}", row.format("22 March"))]
    )
    assert other(ours, theirs, chunk=0) is None
    assert other(ours, theirs, chunk=1) == row.format("22 March")


def test_a_row_that_was_renamed_is_found_by_its_words() -> None:
    ours = edition(
        2026,
        [
            (
                "ACCREDITATION › Deadline",
                "Application deadline | 29 September at 12:00 (midday Brussels time)",
            )
        ],
    )
    theirs = edition(
        2023,
        [
            (
                "ACCREDITATION › Deadline",
                "Submission deadline | 19 October at 12:00 (midday Brussels time)",
            )
        ],
    )
    assert other(ours, theirs) == "Submission deadline | 19 October at 12:00 (midday Brussels time)"


def test_a_band_of_distances_is_held_against_the_same_band() -> None:
    ours = edition(
        2026, [("MOBILITY › Travel", "500 – 1999 km | 417 EUR\n2000 – 2999 km | 535 EUR")]
    )
    theirs = edition(
        2023,
        [("MOBILITY › Travel", "100 – 499 km | 180 EUR\nBetween 500 and 1999 km | 320 EUR")],
    )
    assert other(ours, theirs, unit=0) == "Between 500 and 1999 km | 320 EUR"
    assert other(ours, theirs, unit=1) is None


def test_a_section_that_moved_is_found_in_its_chapter() -> None:
    row = "Preparatory visit | {} EUR for each participant"
    ours = edition(2026, [("SCHOOLS › FUNDING RULES › A) For all activities", row.format(680))])
    theirs = edition(
        2023,
        [
            ("SCHOOLS › Award criteria › Grants", row.format(575)),
            ("ADULTS › FUNDING RULES", "The grant is paid in two parts."),
        ],
    )
    assert other(ours, theirs) == row.format(575)


def test_where_several_could_be_meant_none_is_said() -> None:
    ours = edition(2026, [("SCHOOLS › Funding", "Staff | 107 EUR")])
    twice = edition(2023, [("SCHOOLS › Funding", "Staff | 101 EUR\nStaff | 180 EUR")])
    assert other(ours, twice) is None


def test_a_sentence_whose_twin_is_another_of_ours_is_not_said() -> None:
    lead = "The maximum grant for a project of the {} strand is EUR {} in total."
    ours = edition(
        2026, [("CAPACITY › Funding", f"{lead.format('second', 300)} {lead.format('first', 200)}")]
    )
    theirs = edition(2023, [("CAPACITY › Funding", lead.format("first", 100))])
    assert other(ours, theirs, unit=0) is None
    assert other(ours, theirs, unit=1) == lead.format("first", 100)


def test_an_edition_with_more_detail_does_not_say_otherwise() -> None:
    ours = edition(
        2026, [("CAPACITY › Funding", "A visit lasts 5 days, and 2 days more by train.")]
    )
    theirs = edition(
        2023, [("CAPACITY › Funding", "A visit lasts 5 days, and days more by train.")]
    )
    assert other(ours, theirs) is None


def test_numbers_in_words_count() -> None:
    ours = edition(2026, [("SCHOOLS › Who", "At least six organisations must take part in it.")])
    theirs = edition(
        2023, [("SCHOOLS › Who", "At least three organisations must take part in it.")]
    )
    assert other(ours, theirs) == "At least three organisations must take part in it."


def glossary(year: int, text: str) -> Document:
    document = edition(year, [("TERMS › Green travel", text)])
    chunks = tuple(replace(c, kind=ChunkKind.DEFINITION) for c in document.chunks)
    return replace(document, chunks=chunks)


def test_a_definition_that_was_reworded_is_said() -> None:
    ours = glossary(2026, "Travel by low-emission means for at least half of the round trip.")
    theirs = glossary(2023, "Travel that uses low-emission means for the main part of the way.")
    assert (
        other(ours, theirs) == "Travel that uses low-emission means for the main part of the way."
    )
    assert other(ours, glossary(2023, ours.chunks[0].text)) is None
    assert other(ours, edition(2023, [("TERMS › Newcomer", "A new one.")])) is None


def test_an_edition_that_was_read_anew_is_looked_at_anew() -> None:
    ours = edition(2026, [("SCHOOLS › Funding", "Each project receives EUR 60 000 at most.")])
    theirs = edition(2023, [("SCHOOLS › Funding", "Each project receives EUR 60 000 at most.")])
    shelf = Shelf(ours, theirs)
    looked = Differences(shelf, stems_of)
    assert looked.of(*unit_of(ours), ours, theirs.id, number=2) is None
    corrected = edition(2023, [("SCHOOLS › Funding", "Each project receives EUR 50 000 at most.")])
    shelf.documents[theirs.id] = corrected
    assert looked.of(*unit_of(ours), ours, theirs.id, number=2) is not None


def test_figures_of_a_text() -> None:
    assert figures("12 Annex") == frozenset()
    assert figures("12 months") != frozenset()
    assert figures("seven days") == figures("7 days")
    assert without_dates("by 5 March 2026 at noon").split() == ["by", "at", "noon"]
    assert row_label("500 – 1999 km | 417 EUR") == row_label("Between 500 and 1999 km | 320 EUR")
    assert row_label("School  pupils | 48 EUR") == "schoolpupils"


def test_rows_of_two_tables_are_told_apart_by_the_heads_in_their_text() -> None:
    eu, far = "hours | Spain, Italy | Poland", "hours | Chile | Japan, Korea"
    path = "MODULES › Funding rules"
    ours = edition(2026, [(path, f"{eu}\n151-180 | 32 000 EUR | 22 000 EUR")])
    theirs = make_document(
        "guide-2023-en",
        year=2023,
        pages=[
            [
                f"{eu}\n151-180 | 27 500 EUR | 20 000 EUR",
                f"{far}\n151-180 | 16 500 EUR | 35 000 EUR",
            ]
        ],
        headings=[f"{PART} › {KEY} › {path}"],
    )
    assert other(ours, theirs, unit=1) == "151-180 | 27 500 EUR | 20 000 EUR"
