from __future__ import annotations

import pytest

from assistant.model import Answer, Section, Status
from assistant.ui_escape import escaped
from assistant.ui_headings import calm
from assistant.ui_sources import nearest_html
from assistant.ui_text import load_messages


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
        ("OBJECTIVES OF THE EMJM", "Objectives of the EMJM"),
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


@pytest.mark.parametrize(
    ("heading", "smaller"),
    [
        ("ΚΡΙΤΗΡΙΑ ΕΠΙΛΕΞΙΜΟΤΗΤΑΣ", True),
        ("FÖRDERFÄHIGE EINRICHTUNGEN", True),
        ("WHAT ARE THE FUNDING RULES?", False),
        ("Κριτήρια επιλεξιμότητας", False),
        ("ECHE", False),
    ],
)
def test_capitals_that_must_stay_are_smaller(heading: str, smaller: bool) -> None:
    section = Section(document_id="guide", title="Guide", headings=("Part B", heading), page=1)
    answer = Answer(
        question="?", status=Status.NOT_IN_GUIDES, text="", language="el", sections=(section,)
    )
    html = nearest_html(answer, load_messages("el"))
    assert (f'<span class="capitals">{escaped(heading)}</span>' in html) is smaller
