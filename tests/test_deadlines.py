"""Deadlines are found where guides print them, and read as moments in Brussels time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.citing import cite
from assistant.deadlines import deadline_chunks, find_deadlines
from assistant.model import Citation, Deadline
from tests.builders import make_document

NOW = datetime(2026, 2, 20, 22, 30, tzinfo=UTC)


PATH = "Part B › Mobility projects for youth workers › When to apply?"


def told(
    *quotes: str, text: str = "", year: int | None = 2026, headings: str = PATH
) -> tuple[Deadline, ...]:
    """The deadlines of quotes of a page that holds them, or a text."""
    passages = [text] if text else list(quotes)
    guide = make_document("g", pages=[passages], headings=[headings], year=year)
    citations = [
        Citation(
            number=number,
            document_id="g",
            document="g.pdf",
            title="Guide",
            page=1,
            label="1",
            headings=tuple(headings.split(" › ")),
            quote=quote,
        )
        for number, quote in enumerate(quotes, start=1)
    ]
    return find_deadlines(
        citations, {"g": guide}, now=NOW, names_action=lambda heading: "projects" in heading
    )


def test_chunks_that_tell_a_deadline() -> None:
    document = make_document(
        headings=["Part B › When to apply?", "Part B › Award criteria"],
        pages=[
            ["Apply by 5 March at 12:00:00 (midday Brussels time).", "Once a year."],
            ["The plan of 5 March 2020 applies.", "By 26 March 2026 at 17:00:00 (Brussels time)."],
        ],
    )
    assert [chunk.ordinal for chunk in deadline_chunks(document)] == [0, 3]


def test_a_day_is_of_the_call_year_and_of_brussels() -> None:
    (winter,) = told("by 5 March at 12:00:00")
    assert winter.moment.isoformat() == "2026-03-05T12:00:00+01:00"
    assert winter.days == 13
    (summer,) = told("3 September at 17:00:00")
    assert summer.moment.isoformat() == "2026-09-03T17:00:00+02:00"
    (passed,) = told("by 8 June 2023 at 17:00")
    assert passed.days < 0


def test_starts_of_projects_and_days_without_an_hour_are_no_deadlines() -> None:
    quote = (
        "1 October at 12:00:00 for projects starting between 1 January and 31 May of the "
        "following year … The accreditation starts on 1 February 2027"
    )
    assert [d.moment.isoformat() for d in told(quote)] == ["2026-10-01T12:00:00+02:00"]
    assert told("5 March at 12:00", year=None) == ()


def test_the_same_moment_is_told_once() -> None:
    assert len(told("by 5 March at 12:00:00", "by 5 March at 12:00:00 (midday)")) == 1


BOTH_ROUNDS = (
    "Application deadlines\n"
    "Round 1 (for all National Agencies): 19 February at 12:00:00 (midday Brussels time)\n"
    "Round 2: National Agencies may decide to open a second deadline (Round 2). In this case, "
    "the National Agency will inform the applicants. For Round 2 applicants have to submit "
    "their applications by 1 October at 12:00:00 (midday Brussels time)."
)


def test_each_round_has_its_own_name() -> None:
    quote = (
        "Round 1 (for all National Agencies): 19 February at 12:00:00 (midday Brussels time) … "
        "For Round 2 applicants have to submit their applications by 1 October at 12:00:00"
    )
    labels = [d.what for d in told(quote, text=BOTH_ROUNDS)]
    assert labels == ["Round 1 (for all National Agencies)", "Round 2"]


def test_the_label_is_found_where_the_quote_leaves_it_out() -> None:
    quote = "applicants have to submit their applications by 1 October at 12:00:00"
    (second,) = told(quote, text=BOTH_ROUNDS)
    assert second.what == "Round 2"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "Applicants must submit their grant applications by the following date:\n"
            "12 February at 12:00:00 (midday Brussels time)\nPossible additional round:\n"
            "If an additional round is organised, applicants must submit by 1 October at 12:00:00.",
            ["Mobility projects for youth workers", "If an additional round is organised"],
        ),
        (
            "When to apply?\nApplicants have to submit their grant applications by the following "
            "dates:\n• 12 February at 12:00:00 (midday Brussels time) for projects starting "
            "between 1 June and 31 December of the same year\n• 1 October at 12:00:00 (midday "
            "Brussels time) for projects starting between 1 January and 31 May of the following "
            "year",
            [
                "for projects starting between 1 June and 31 December of the same year",
                "for projects starting between 1 January and 31 May of the following year",
            ],
        ),
        (
            "For Partnerships submitted by European NGOs²⁴⁵:\n• Applicants have to submit their "
            "grant application by 5 March at 17:00:00 (Brussels time).\nFor Partnerships in the "
            "field of sport:\n• Applicants have to submit their grant application by 5 March at "
            "17:00:00 (Brussels time).",
            [
                "For Partnerships submitted by European NGOs",
                "For Partnerships in the field of sport",
            ],
        ),
        (
            "When to apply? | Applicants must submit their application by 3 February at 17:00:00.",
            ["Mobility projects for youth workers"],
        ),
        (
            "Προθεσμίες υποβολής αιτήσεων | 1ος γύρος (για όλους): 19 Φεβρουαρίου στις 12:00:00",
            ["1ος γύρος (για όλους)"],
        ),
    ],
)
def test_a_date_has_the_label_that_it_stands_under(text: str, labels: list[str]) -> None:
    document = make_document("g", pages=[[text]])
    quote = cite(document, [document.chunks[0].span])
    assert quote is not None
    assert [d.what for d in told(quote.quote, text=text)] == labels


def test_where_nothing_says_what_a_date_is_for_there_is_no_label() -> None:
    (date,) = told("by 5 March at 12:00:00", headings="Part C › When to apply?")
    assert date.what == ""
