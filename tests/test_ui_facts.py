from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from assistant.model import Answer, Note, NoteKind
from assistant.ui_answer import answer_html
from assistant.ui_escape import escaped
from assistant.ui_facts import (
    contact_html,
    days_name,
    moment_name,
    notes_html,
    questions_html,
    zone_name,
)
from assistant.ui_text import load_messages
from tests.browser.scenes import (
    CLARIFY,
    COMPARE,
    CONDITIONS,
    DEADLINE,
    DIFFERS,
    QUESTION,
    SUM,
    answers,
)
from tests.test_ui_answer import Reader
from tests.web import HOSTILE

TEXT = load_messages()
SCENES = answers()


def html_of(name: str, /, **changes: Any) -> str:
    answer = SCENES[name]
    return answer_html(replace(answer, **changes) if changes else answer, TEXT, key="1")


def read(question: str) -> str:
    return Reader(html_of(question)).text


def test_conditions_say_what_was_said_and_whether_it_is_met() -> None:
    html = html_of(CONDITIONS)
    rows = re.findall(r'<tr class="(\w+)">(.*?)</tr>', html)
    assert [met for met, _ in rows] == ["not_met", "unknown", "met"], "what decides first"
    assert TEXT["conditions.not_met"] in rows[0][1]
    assert "founded last year" in rows[0][1]
    assert 'href="#source-1-1"' in rows[0][1]
    assert "said" not in Reader(rows[1][1]).text.replace(TEXT["conditions.unknown"], "")


def test_conditions_keep_their_sources_and_within_a_kind_the_order_of_the_guide() -> None:
    first, missed, unknown = SCENES[CONDITIONS].conditions
    source = SCENES[CONDITIONS].citations[0]
    html = html_of(
        CONDITIONS,
        citations=(source, replace(source, number=2)),
        conditions=(first, unknown, replace(missed, citation=2), replace(first, text="Later")),
    )
    rows = re.findall(r'<tr class="(\w+)">(.*?)</tr>', html)
    assert [met for met, _ in rows] == ["not_met", "unknown", "met", "met"]
    assert 'href="#source-1-2"' in rows[0][1]
    assert first.text in rows[2][1]
    assert "Later" in rows[3][1]


def test_a_sum_shows_its_working_and_where_each_number_comes_from() -> None:
    html = html_of(SUM)
    assert "55&#160;EUR a day × 4 participants × 10 days &#61; 2&#160;200&#160;EUR" in html
    assert html.count('class="yours"') == 2


def test_deadlines_show_the_hour_its_zone_and_the_distance() -> None:
    text = read(DEADLINE)
    assert "5 March 2026, 12:00 Brussels time" in text
    assert "passed 3 days ago" in text
    assert "in 12 days" in text
    html = html_of(DEADLINE)
    assert 'datetime="2026-03-05T12&#58;00&#58;00&#43;01&#58;00"' in html
    first, later = SCENES[DEADLINE].deadlines
    dated = html_of(DEADLINE, deadlines=(replace(first, timed=False),))
    assert "12:00" not in Reader(dated).text.split("Deadline")[1].split("Sources")[0]
    elsewhere = later.moment.astimezone(timezone(timedelta(hours=3)))
    there = html_of(DEADLINE, deadlines=(replace(later, local=elsewhere),))
    assert "13:00 where you are" in Reader(there).text
    gone = html_of(DEADLINE, deadlines=(replace(first, local=elsewhere),))
    assert "where you are" not in Reader(gone).text, "of no use any more"


def test_a_deadline_without_a_label_shows_none() -> None:
    unnamed = tuple(replace(d, what="") for d in SCENES[DEADLINE].deadlines)
    html = html_of(DEADLINE, deadlines=unnamed)
    said = [Reader(w).text.strip() for w in re.findall(r'class="what" dir="auto">(.*?)</p>', html)]
    assert said == ["[1]", "[1]"]


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("CAPACITY BUILDING IN THE FIELD OF VET", "Capacity building in the field of VET"),
        ("ROUND 2: KA210-YOU, EACEA", "Round 2: KA210-YOU, EACEA"),
        ("Round 1 (for all NAs)", "Round 1 (for all NAs)"),
    ],
)
def test_what_is_due_is_no_louder_than_the_rest(what: str, shown: str) -> None:
    named = tuple(replace(d, what=what) for d in SCENES[DEADLINE].deadlines)
    html = html_of(DEADLINE, deadlines=named)
    said = [Reader(w).text.strip() for w in re.findall(r'class="what" dir="auto">(.*?)</p>', html)]
    assert said == [f"{shown}\N{NO-BREAK SPACE}[1]"] * 2
    greek = tuple(replace(d, what="ΟΙΚΟΔΟΜΗΣΗ") for d in SCENES[DEADLINE].deadlines)
    assert html_of(DEADLINE, deadlines=greek).count('<span class="capitals">') == 2


def test_a_sum_that_stands_in_the_text_is_shown_once() -> None:
    calculation = SCENES[SUM].calculation
    assert calculation
    text = f"First. [1]\n{calculation.working} [1]\nThen. [1]"
    html = html_of(SUM, text=text)
    shown = Reader(html.split('class="tools"')[0]).text
    assert shown.count("2\u00a0200\u00a0EUR") == 1
    assert shown.index("First.") < shown.index("2\u00a0200\u00a0EUR") < shown.index("Then.")


def test_other_editions_have_letters_and_their_note_is_not_said_twice() -> None:
    html = html_of(DIFFERS)
    assert 'id="source-1-1"' in html
    assert 'id="source-1-A"' in html
    assert "#source-1-A" not in html, "no marker of the text leads there"
    shown = Reader(html.split('class="tools"')[0]).text
    assert shown.count("EUR 60 000") == 1
    assert "Erasmus+ Programme Guide 2025, p. 1" in shown
    assert shown.count(TEXT["notes.edition_differs"]) == 1
    alone = Reader(html_of(DIFFERS, differences=()).split('class="tools"')[0]).text
    assert "says otherwise" in alone


def test_a_comparison_names_the_editions_that_were_searched() -> None:
    line = html_of(COMPARE).split('class="searched"')[1].split("</p>")[0]
    assert (
        "Erasmus+ Programme Guide 2026 · Erasmus+ Programme Guide 2025" in Reader(f"<p{line}").text
    )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (2, "in 2 days"),
        (-1, "passed yesterday"),
        (-2, "passed 2 days ago"),
    ],
)
def test_days_in_words(days: int, said: str) -> None:
    assert days_name(days, TEXT) == said


def test_another_zone_is_named_by_its_distance() -> None:
    assert zone_name(datetime(2026, 7, 1, 12, tzinfo=UTC), TEXT) == "UTC+0000"
    assert moment_name("2026-07-01T12:00:00+00:00", TEXT) == "1 July 2026, 12:00 UTC"
    assert moment_name("yesterday", TEXT) == ""


def test_what_changes_a_decision_comes_before_what_was_assumed() -> None:
    notes = (Note("a"), Note("b", NoteKind.DEADLINE_MAY_MOVE))
    html = notes_html(notes, TEXT)
    assert html.index(">b<") < html.index(">a<") if ">b<" in html else "b</p>" in html
    assert "note warning deadline_may_move" in html
    assert "note aside assumed" in html


def test_what_has_passed_meanwhile_may_not_move_any_more() -> None:
    gone = tuple(replace(d, days=-3) for d in SCENES[DEADLINE].deadlines)
    assert "note warning deadline_may_move" in html_of(DEADLINE)
    assert "deadline_may_move" not in html_of(DEADLINE, deadlines=gone).split('class="judged"')[0]


@pytest.mark.parametrize("kind", [kind for kind in NoteKind if kind is not NoteKind.ASSUMED])
def test_every_kind_of_note_has_a_name(kind: NoteKind) -> None:
    assert TEXT[f"notes.{kind.value}"] in Reader(notes_html((Note("x", kind),), TEXT)).text


def test_questions_can_be_pressed() -> None:
    assert html_of(CLARIFY).count('<button type="button" class="ask"') == 2
    assert html_of(QUESTION).count('<button type="button" class="ask"') == 2
    html = questions_html("choices", (HOSTILE,), TEXT)
    assert Reader(html).text.count(HOSTILE) == 1
    assert questions_html("choices", (), TEXT) == ""
    assert TEXT["choices"] not in Reader(html_of(CLARIFY)).text, "the answer asks that itself"
    assert f'aria-label="{escaped(TEXT["choices"])}"' in html


def test_editions_stand_side_by_side() -> None:
    html = html_of(COMPARE)
    sides = re.findall(r'<div class="side"><h3 dir="auto">(.*?)</h3>', html)
    assert [Reader(side).text for side in sides] == [
        "Erasmus+ Programme Guide 2026",
        "Erasmus+ Programme Guide 2025",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "One line that cites both. [1] [2]"},
        {"text": "A line that cites none.\nAnd one. [1]"},
        {"question": "Which lump sums?", "notes": ()},
    ],
    ids=["both", "none", "not asked for"],
)
def test_what_is_no_comparison_stays_one_text(changes: dict[str, object]) -> None:
    assert 'class="side"' not in html_of(COMPARE, **changes)
    assert 'class="side"' not in html_of(QUESTION)


def test_dates_of_versions_are_no_years_of_editions() -> None:
    dated = tuple(
        replace(c, title=f"{c.title} (version 1, 12/11/2024)") for c in SCENES[COMPARE].citations
    )
    assert html_of(COMPARE, notes=(), citations=dated).count('class="side"') == 2


def test_years_in_the_question_make_a_comparison() -> None:
    assert html_of(COMPARE, notes=()).count('class="side"') == 2


def test_each_address_of_a_contact_has_a_line() -> None:
    said = "Your agency: A: http://a.example; B: http://b.example. All: http://c.example/all."
    html = contact_html(said, TEXT)
    assert [Reader(line).text for line in re.findall(r'<p dir="auto">(.*?)</p>', html)] == [
        "Your agency: A: http://a.example",
        "B: http://b.example",
        "All: http://c.example/all",
    ]
    assert "and after" in Reader(contact_html("See http://a.example and after", TEXT)).text


def test_a_contact_of_several_lines_keeps_them() -> None:
    answer: Answer = SCENES["Who will win?"]
    html = answer_html(answer, TEXT, key="1")
    assert html.count('<p dir="auto">') >= 2
    assert "L\u00e9argas" in html


def test_a_note_is_named_in_the_language_that_it_speaks() -> None:
    said = "Οι προθεσμίες αλλάζουν μερικές φορές."
    notes = (Note(said, NoteKind.DEADLINE_MAY_MOVE),)
    shown = Reader(html_of(DEADLINE, language="el", notes=notes)).text
    assert f"Η ημερομηνία μπορεί να αλλάξει. {said}" in shown
    assert "This date may move" not in shown
    other = (Note("Ora", NoteKind.DEADLINE_MAY_MOVE),)
    assert "This date may move. Ora" in Reader(html_of(DEADLINE, language="pt", notes=other)).text


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", -59, "passed 59 days ago"),
        ("en", -267, "passed about 9 months ago"),
        ("en", -2017, "passed more than 5 years ago"),
        ("en", 1200, "in 1,200 days"),
        ("pl", -90, "minął ok. 3 miesiące temu"),
        ("pl", -360, "minął ok. 12 miesięcy temu"),
        ("pl", -1200, "minął ponad 3 lata temu"),
        ("pl", -2017, "minął ponad 5 lat temu"),
    ],
)
def test_what_is_long_past_is_told_in_months_and_years(language: str, days: int, said: str) -> None:
    assert days_name(days, load_messages(language)) == said
