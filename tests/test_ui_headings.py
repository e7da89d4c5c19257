from __future__ import annotations

import pytest

from assistant.ui_headings import calm


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("WHAT ARE THE FUNDING RULES?", "What are the funding rules?"),
        (
            "MOBILITY PROJECTS FOR YOUNG PEOPLE – ‘YOUTH EXCHANGES’",
            "Mobility projects for young people – ‘youth exchanges’",
        ),
        (
            "PART A – GENERAL INFORMATION ABOUT A GRANT",
            "Part A – general information about a grant",
        ),
        ("KEY ACTION 1: ERASMUS MUNDUS IN THE EU", "Key action 1: Erasmus Mundus in the EU"),
        ("KA220-SCH IN SPAIN", "KA220-SCH in Spain"),
        ("CRITÈRES D'ÉLIGIBILITÉ", "Critères d'éligibilité"),
        ("Duration of project", "Duration of project"),
        ("DEADLINE: 5 March", "DEADLINE: 5 March"),
        ("FÖRDERFÄHIGE EINRICHTUNGEN", "FÖRDERFÄHIGE EINRICHTUNGEN"),
        ("ΚΡΙΤΗΡΙΑ ΕΠΙΛΕΞΙΜΟΤΗΤΑΣ", "ΚΡΙΤΗΡΙΑ ΕΠΙΛΕΞΙΜΟΤΗΤΑΣ"),
        ("ECHE", "ECHE"),
        ("2021 – 2027", "2021 – 2027"),
    ],
)
def test_capitals_are_calm_and_names_stay(heading: str, shown: str) -> None:
    assert calm(heading) == shown
