"""Deadlines are found where guides print them, and read as moments in Brussels time."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.deadlines import deadline_chunks, find_deadlines
from assistant.model import Citation
from tests.builders import make_document

NOW = datetime(2026, 2, 20, 22, 30, tzinfo=UTC)


def cited(quote: str) -> Citation:
    return Citation(
        number=1,
        document_id="g",
        document="g.pdf",
        title="Guide",
        page=1,
        label="1",
        headings=("Part B", "When to apply?"),
        quote=quote,
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
    (winter,) = find_deadlines([cited("by 5 March at 12:00:00")], {"g": 2026}, now=NOW)
    assert winter.moment.isoformat() == "2026-03-05T12:00:00+01:00"
    assert winter.days == 13
    assert winter.what == "When to apply?"
    (summer,) = find_deadlines([cited("3 September at 17:00:00")], {"g": 2026}, now=NOW)
    assert summer.moment.isoformat() == "2026-09-03T17:00:00+02:00"
    (passed,) = find_deadlines([cited("by 8 June 2023 at 17:00")], {"g": 2026}, now=NOW)
    assert passed.days < 0


def test_starts_of_projects_and_days_without_an_hour_are_no_deadlines() -> None:
    quote = (
        "1 October at 12:00:00 for projects starting between 1 January and 31 May of the "
        "following year … The accreditation starts on 1 February 2027"
    )
    found = find_deadlines([cited(quote)], {"g": 2026}, now=NOW)
    assert [d.moment.isoformat() for d in found] == ["2026-10-01T12:00:00+02:00"]
    assert find_deadlines([cited("5 March at 12:00")], {"g": None}, now=NOW) == ()


def test_the_same_moment_is_told_once() -> None:
    quotes = [cited("by 5 March at 12:00:00"), cited("by 5 March at 12:00:00 (midday)")]
    assert len(find_deadlines(quotes, {"g": 2026}, now=NOW)) == 1
