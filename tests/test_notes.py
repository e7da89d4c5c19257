from __future__ import annotations

import pytest

from ingest.notes import is_mere_reference


@pytest.mark.parametrize(
    "note",
    [
        "⁴⁵² https://ec.europa.eu/info/unit-cost-decision-volunteers_en.pdf",
        "⁴⁰⁴https://enlargement.ec.europa.eu/document/download/30108255_en?filename=a_2020.pdf",
        "¹⁴ http://ec.europa.eu/tools/distance_en.htm.",
        "³ www.example.eu/a; https://example.org/b",
        "⁴⁰⁰ eur-lex.europa.eu/legal-content/EN/TXT/PDF/?uri=CELEX:52022DC0657",
        "⁵⁰⁰ See article 13(1) of the Directive.",
        "²¹⁶ See definition under glossary on “participant with fewer opportunities”.",
        "⁷ Please see Part C.",
        "⁸ Βλ. μέρος Γ του παρόντος οδηγού.",
        "⁹ Siehe Teil C.",
    ],
)
def test_what_only_points_elsewhere(note: str) -> None:
    assert is_mere_reference(note)


@pytest.mark.parametrize(
    "note",
    [
        "³⁷ Erasmus+ National Agencies: https://erasmus-plus.ec.europa.eu/contacts",
        "¹⁶³ Up to 20% of the budget can be allocated to organisations from other countries.",
        "⁴⁰¹ Science, Technology, Engineering and Maths",
        "⁴³⁶ Organisations from Belarus are not eligible.",
        "¹⁰ Seed funding is not eligible.",
        "¹¹ See Part C. "
        + "An organisation that has applied twice for one grant is excluded. " * 2,
        "¹² Verify your status before 1 March.",
        "",
    ],
)
def test_what_says_something(note: str) -> None:
    assert not is_mere_reference(note)
