from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.model import Filters
from assistant.ui_choices import in_order
from assistant.ui_starts import LEAST_CHARS, MOST_STARTS, Start, Starts, fits_some, telling_headings
from assistant.ui_text import load_every_language, load_examples
from corpus.model import Document, Edition, Page, Section, Span
from tests.web import Double, document, edition, record

LANGUAGES = load_every_language()
TEXT = LANGUAGES["en"]
SMALL_SCALE = "How much money can a Small-scale Partnership get?"
CHAPTERS = (
    "COOPERATION PARTNERSHIPS",
    "SMALL-SCALE PARTNERSHIPS",
    "ERASMUS ACCREDITATION IN THE FIELDS OF VOCATIONAL EDUCATION AND TRAINING, SCHOOL EDUCATION "
    "AND ADULT EDUCATION",
    "MOBILITY PROJECTS FOR YOUNG PEOPLE – YOUTH EXCHANGES",
)
WORDS = "Each applicant describes the project, its partners and its costs in the form. " * 6


def guide(
    of: Edition, *headings: str, document_id: str = "", body: str = WORDS, navigation: bool = False
) -> Document:
    """A guide with a chapter under each heading."""
    text, sections = "", []
    for heading in headings:
        start = len(text)
        text += f"{heading}\n{body}\n"
        span = Span(start, len(text))
        sections.append(Section(headings=(heading,), span=span, navigation=navigation))
    plain = document(document_id or f"{of.programme}-{of.year}-{of.language}", of=of)
    page = Page(number=1, span=Span(0, len(text)), label="1")
    return replace(plain, text=text, pages=(page,), sections=tuple(sections), chunks=())


def starts(
    *documents: Document, language: str = "en", chosen: Filters | None = None
) -> list[Start]:
    double = Double(documents=documents)
    return list(Starts(double, LANGUAGES).of(in_order(double.records()), language, chosen))


def test_every_kind_of_asker_has_a_question_where_the_newest_guide_has_its_chapter() -> None:
    for language in LANGUAGES:
        text = LANGUAGES[language]
        found = starts(guide(edition(), *CHAPTERS), language=language)
        assert [start.whose for start in found] == [
            text[f"askers.{asker}"]
            for asker in ("school", "vet", "university", "youth", "sport", "any")
        ]
        questions = {e.question(language) for e in load_examples()}
        assert {start.question for start in found} <= questions


def test_a_chapter_that_the_newest_edition_lacks_is_not_asked_about() -> None:
    old, new = guide(edition(2020), *CHAPTERS), guide(edition(2026), CHAPTERS[0])
    questions = [start.question for start in starts(old, new)]
    assert "Who can apply for a Cooperation Partnership?" in questions
    assert SMALL_SCALE not in questions
    assert SMALL_SCALE in [start.question for start in starts(old)]


def test_what_is_chosen_answers_what_is_offered() -> None:
    old, new = guide(edition(2020), CHAPTERS[0]), guide(edition(2026), *CHAPTERS)
    other = guide(edition(2020, "CERV"), "Which costs are covered?")
    for chosen in (Filters(document_id=old.id), Filters(programme="Erasmus+", year=2020)):
        questions = [start.question for start in starts(old, new, other, chosen=chosen)]
        assert "Who can apply for a Cooperation Partnership?" in questions
        assert SMALL_SCALE not in questions
    known = starts(old, new, other, chosen=Filters(programme="CERV"))
    assert [start.question for start in known] == ["Which costs are covered?"]
    assert SMALL_SCALE in [s.question for s in starts(old, new, other, chosen=Filters(year=2026))]
    nothing = Filters(programme="CERV", year=2026)
    assert starts(old, new, other, chosen=nothing) == []


def test_each_language_asks_of_the_edition_that_is_searched_for_it() -> None:
    english = guide(edition(2026), CHAPTERS[0])
    greek = guide(
        replace(edition(2026), language="el"), "ΣΥΜΠΡΑΞΕΙΣ ΜΙΚΡΗΣ ΚΛΙΜΑΚΑΣ", document_id="greek"
    )
    found = starts(english, greek, language="el")
    small_scale = next(e for e in load_examples() if e.question("en") == SMALL_SCALE)
    assert small_scale.question("el") in [start.question for start in found]
    assert SMALL_SCALE not in [start.question for start in starts(english, greek)]


def test_printed_contents_are_no_chapters() -> None:
    assert starts(guide(edition(), *CHAPTERS, navigation=True)) == []


def test_other_guides_are_asked_about_by_their_own_headings() -> None:
    handbook = guide(edition(None, None), "3.1 Keeping records of costs", "Who checks the reports?")
    assert starts(handbook) == [
        Start(whose="Handbook Programme Guide", question="Who checks the reports?"),
        Start(
            whose="Handbook Programme Guide",
            question=TEXT["starts.heading"].format(heading="Keeping records of costs"),
        ),
    ]
    assert starts(handbook, language="de")[1].question == (
        "Was sagt der Leitfaden über „Keeping records of costs“?"
    )


def test_headings_fill_what_examples_leave_and_guides_without_an_example_come_first() -> None:
    erasmus = guide(edition(), CHAPTERS[1], "How are projects paid?")
    other = guide(edition(2025, "CERV"), "Which costs are covered?", "Who reads the reports?")
    found = starts(erasmus, other)
    assert [start.question for start in found] == [
        SMALL_SCALE,
        "What is the deadline for Small-scale Partnerships in the field of sport?",
        "Which costs are covered?",
        "How are projects paid?",
        "Who reads the reports?",
        TEXT["starts.heading"].format(heading="SMALL-SCALE PARTNERSHIPS"),
    ]
    assert len(found) == MOST_STARTS


@pytest.mark.parametrize(
    "heading",
    [
        "Introduction",
        "PART B",
        "The following costs are covered:",
        "2.1.4 – 2.1.9 | 30 % | 45 %",
        "A heading that is far too long to be asked about in one question of a person",
    ],
)
def test_headings_that_are_no_topics_are_left(heading: str) -> None:
    assert telling_headings(guide(edition(), heading)) == ()


def test_questions_are_known_by_the_sign_of_their_script() -> None:
    held = guide(edition(), "Costs that are not covered;", "Ποιος ελέγχει τις εκθέσεις;")
    assert telling_headings(held)[0] == "Ποιος ελέγχει τις εκθέσεις;"


def test_headings_with_little_below_or_that_recur_are_left() -> None:
    short = guide(edition(), "Who can apply?", body="x" * (LEAST_CHARS // 2))
    assert telling_headings(short) == ()
    once = guide(edition(), "Award criteria", "Eligible costs")
    sections = (once.sections[0], replace(once.sections[1], headings=("C", "Award criteria")))
    assert telling_headings(replace(once, sections=sections)) == ()


def test_capitals_are_written_as_the_text_of_the_guide_writes_them() -> None:
    of = guide(edition(), "WHO IMPLEMENTS THE ERASMUS+ PROGRAMME OF THE EU?", "ΟΙ ΦΟΡΕΙΣ ΤΗΣ ΕΕ")
    text = of.text + (
        "Erasmus+ is for those who implement it. See https://erasmus-plus.ec.europa.eu. "
        "Whoever implements the programme of the EU. Οι φορείς της ΕΕ."
    )
    assert telling_headings(replace(of, text=text)) == (
        "Who implements the Erasmus+ programme of the EU?",
        "Οι φορείς της ΕΕ",
    )


def test_starting_points_follow_the_library() -> None:
    double = Double(documents=[guide(edition(), CHAPTERS[1])])
    known = Starts(double, LANGUAGES)
    first = known.of(double.records(), "en")
    assert known.of(double.records(), "en") is first
    double.documents = [guide(edition(2027), "Who checks the reports?")]
    assert [s.question for s in known.of(double.records(), "en")] == ["Who checks the reports?"]
    double.documents = []
    assert known.of(double.records(), "en") == ()


def test_choices_that_leave_no_document_are_known() -> None:
    records = (record(document(of=edition(2026))),)
    assert fits_some(records, Filters())
    assert fits_some(records, Filters(year=2026, language="en", programme="Erasmus+"))
    for none in (Filters(year=2025), Filters(language="el"), Filters(document_id="other")):
        assert not fits_some(records, none)
    assert fits_some((), Filters(year=2025)), "an empty library is said elsewhere"
