"""Two parts of a chapter that are called alike."""

from __future__ import annotations

import pytest

from ingest.outline import Heading
from ingest.twins import nest_twins

CHAPTER = "Mobility for pupils and staff in school education"
SHORT = "Short-term projects for mobility of pupils and staff in school education"
ACCREDITED = SHORT.replace("Short-term", "Accredited")
CRITERIA = "Eligibility criteria"


def paths(*rows: tuple[float, str]) -> list[tuple[str, ...]]:
    """Paths of headings with levels once they are nested."""
    headings = [
        Heading(page=1, index=index, level=level, text=text)
        for index, (level, text) in enumerate(rows)
    ]
    stack: list[Heading] = []
    found = []
    for heading in nest_twins(headings):
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        found.append(tuple(each.text for each in stack))
    return found


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param((3, 3, 4, 4, 4), id="the second stands deeper than the first"),
        pytest.param((3, 3, 3, 3, 3), id="the parts stand beside what they hold"),
        pytest.param((4, 3, 4, 4, 4), id="and below it"),
        pytest.param((5, 4, 6, 5, 5), id="both deep"),
    ],
)
def test_each_part_is_above_what_it_holds(levels: tuple[float, ...]) -> None:
    short, first, accredited, second, rules = levels
    found = paths(
        (2, CHAPTER),
        (3, "Activities"),
        (short, SHORT),
        (first, CRITERIA.replace("bility", "blity")),  # as it is misspelt in one of them
        (first + 1, "Project duration"),
        (accredited, ACCREDITED),
        (second, CRITERIA),
        (second + 1, "Project duration"),
        (rules, "Funding rules"),
        (2, "Another chapter"),
        (3, "Activities"),
    )
    assert found[2] == (CHAPTER, SHORT)
    assert found[4][:2] == (CHAPTER, SHORT)
    assert found[5] == (CHAPTER, ACCREDITED)
    assert found[7] == (CHAPTER, ACCREDITED, CRITERIA, "Project duration")
    assert found[8] == (CHAPTER, "Funding rules")
    assert found[10] == ("Another chapter", "Activities")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Travel", "Individual support"),
        (SHORT, SHORT),
        ("Rules for partners of projects in the field of youth", "Costs of projects in sport"),
        ("Costs of partners of all other actions", "Lump sums of partners of all other actions"),
    ],
)
def test_other_headings_stay_as_they_are(one: str, other: str) -> None:
    rows = ((2, CHAPTER), (3, one), (3, CRITERIA), (4, other), (4, CRITERIA))
    assert paths(*rows)[2] == (CHAPTER, CRITERIA)
