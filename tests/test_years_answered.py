"""What is said of the years that a question names, that were picked, or that are not held."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.cues import load_cues
from assistant.lexicon import load_lexicon
from assistant.model import Filters, NoteKind, Passage, Query, Status
from assistant.refusing import relevant
from assistant.retrieval import stems_of
from assistant.years import call_years
from tests.builders import make_document
from tests.test_pipeline import GUIDES, open_with


@pytest.mark.parametrize(("missing", "reason"), [((2022,), "no_edition"), ((), "ended")])
def test_an_action_is_not_said_to_be_missing_from_an_edition_that_is_not_held(
    missing: tuple[int, ...], reason: str
) -> None:
    year = None if missing else 2026
    guide = make_document(
        "guide",
        headings=("BLENDED MOBILITY",),
        pages=(["In 2022 learners of a blended programme travelled for five days."],),
        year=year,
    )
    passages = [Passage(rank=1, score=1.0, chunk=chunk, document=guide) for chunk in guide.chunks]
    lexicon = load_lexicon()
    action = "small-scale-partnerships" if missing else "strategic-partnerships"
    question = "How much does it get?"
    query = Query(
        question=question,
        search_text=question,
        topic=question,
        language="en",
        document_ids=("guide",),
        actions=(action,),
        years=missing,
        missing_years=missing,
    )
    found = relevant(query, passages, cues=load_cues(), lexicon=lexicon, stems=stems_of)
    assert found.refusal is not None
    assert found.refusal.name == reason


def test_the_year_of_the_question_answers_and_the_picked_one_is_said_not_to_count(
    tmp_path: Path,
) -> None:
    question = "What is the minimum score of cooperation partnerships in 2023?"
    with closing(open_with(tmp_path, *GUIDES)) as assistant:
        answer = assistant.ask(question, filters=Filters(year=2026))
    assert answer.text.startswith("The minimum score is 60 points. [1]")
    assert answer.edition is not None
    assert answer.edition[1].year == 2023
    said = "The question names 2023, so the chosen call year 2026 does not count for it."
    assert said in answer.notes


def test_the_year_of_the_question_answers_and_a_picked_guide_is_said_not_to_count(
    tmp_path: Path,
) -> None:
    question = "What is the minimum score of cooperation partnerships in"
    picked = Filters(document_id="erasmus-2026")
    with closing(open_with(tmp_path, *GUIDES)) as assistant:
        answer = assistant.ask(f"{question} 2023?", filters=picked)
        nowhere = assistant.ask(f"{question} 2022?", filters=picked)
    assert answer.edition is not None
    assert answer.edition[1].year == 2023
    title = {g.id: g.edition.title for g in GUIDES}["erasmus-2026"]
    for year, given in ((2023, answer), (2022, nowhere)):
        said = f"The question names {year}, so the chosen guide “{title}” does not count for it."
        assert said in given.notes
    assert nowhere.status is Status.NOT_IN_GUIDES


def test_what_the_choices_leave_out_is_not_said_to_be_missing_from_the_library(
    tmp_path: Path,
) -> None:
    greek = make_document("greek-2026", year=2026, pages=(["Οι αιτήσεις."],), language="el")
    chosen = Filters(year=2023, language="el")
    with closing(open_with(tmp_path, *GUIDES, greek)) as assistant:
        answer = assistant.ask("What is the minimum score of KA220?", filters=chosen)
        nowhere = assistant.ask("What is the minimum score of KA220 in 2022?", filters=chosen)
    assert answer.status is nowhere.status is Status.NOT_IN_GUIDES
    assert answer.text.startswith("With the choices made, no edition for 2023 is left")
    assert answer.contact is None
    (note,) = answer.notes
    title = {g.id: g.edition.title for g in GUIDES}["erasmus-2023"]
    assert note.kind is NoteKind.LEFT_OUT
    assert note.endswith(f"what the library holds for this: {title} (English).")
    assert nowhere.text.startswith("The library holds no edition for 2022")
    assert NoteKind.LEFT_OUT not in {note.kind for note in nowhere.notes}


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("What are the rates (not 2023)?", ()),
        ("diploma in June 2026, internship from february to august 2027, allowed?", ()),
        ("Ihr Praktikum läuft ab März 2027. Geht das?", ()),
        ("Which deadline in March 2026?", (2026,)),
        ("Quel délai en mars 2026 ?", (2026,)),
    ],
)
def test_the_month_of_a_call_names_its_year_that_of_a_journey_does_not(
    question: str, years: tuple[int, ...]
) -> None:
    assert call_years(question, (), "en") == years
