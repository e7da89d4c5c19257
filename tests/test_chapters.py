"""What is asked of one action is answered from its chapter, the same in each edition compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.lexicon import fold, load_lexicon
from assistant.model import Answer
from assistant.traits import asks_for_spare_round, traits_of
from assistant.understanding import understand
from assistant.years import without_comparing
from corpus.model import Document
from tests.builders import make_document
from tests.test_pipeline import open_with
from tests.test_siblings import edition

SMALL = "Part B › Key Action 2 › SMALL-SCALE PARTNERSHIPS"
COOPERATION = "Part B › Key Action 2 › COOPERATION PARTNERSHIPS"


def guide(year: int = 2026, last: str = "36", first: str = "5 March") -> Document:
    return make_document(
        f"erasmus-{year}",
        year=year,
        headings=(f"{SMALL} › Duration", "Part B › Jean Monnet › NETWORKS", COOPERATION),
        pages=(
            ["Between 6 and 24 months."],
            [f"Projects should normally last {last} months (extensions are possible)."],
            [
                f"Applicants have to submit their application by {first} at 12:00 for projects "
                "starting in autumn.",
                "If a second round is organised, applicants have to submit their application by "
                "1 October at 12:00 for projects starting in spring.",
                "A Cooperation Partnership must involve minimum three organisations from three "
                "countries.",
                "The same organisation cannot be in more than 10 applications for a deadline.",
                "The duration of a Cooperation Partnership may be extended upon request of the "
                "beneficiary.",
                "Its duration is from 12 to 36 months.",
            ],
        ),
    )


def test_the_chapter_that_is_asked_about_leads_and_no_other_follows(tmp_path: Path) -> None:
    opened = open_with(tmp_path, guide())
    asked = opened.ask("How long can KA210 last?")
    opened.close()
    assert asked.text == "Between 6 and 24 months. [1]"


def test_the_regular_deadline_answers_not_a_round_that_may_be_opened(tmp_path: Path) -> None:
    opened = open_with(tmp_path, guide())
    both = opened.ask("What is the deadline for KA220 and how many partners are needed?")
    spare = opened.ask("When is the second round of KA220, by when to apply?")
    opened.close()
    first, *others = both.text.splitlines()
    assert "5 March" in first
    assert any("minimum three organisations" in other for other in others)
    assert "1 October" in spare.text


def test_editions_that_are_compared_say_the_same_of_the_same(tmp_path: Path) -> None:
    opened = open_with(tmp_path, guide(), guide(2023, first="22 March"))
    deadlines = opened.ask("Compare the deadline for KA220 in 2023 and 2026")
    durations = opened.ask("Compare the duration of KA220 and its extension in 2023 and 2026")
    opened.close()
    rounds = _lines_by_edition(deadlines)
    assert "5 March" in rounds["erasmus-2026"][0]
    assert "22 March" in rounds["erasmus-2023"][0]
    assert "1 October" in rounds["erasmus-2026"][1]  # further rounds are told, too
    assert "1 October" in rounds["erasmus-2023"][1]
    by_edition = _lines_by_edition(durations)
    assert by_edition["erasmus-2026"] == by_edition["erasmus-2023"]


def _lines_by_edition(answer: Answer) -> dict[str, list[str]]:
    by_edition: dict[str, list[str]] = {}
    numbers = {c.number: c.document_id for c in answer.citations}
    for line in answer.text.splitlines():
        text, number = line.rsplit(" [", 1)
        by_edition.setdefault(numbers[int(number[:-1])], []).append(text)
    return by_edition


@pytest.mark.parametrize(
    ("text", "spare"),
    [
        ("If a second round is organised, applications are due by 1 October.", True),
        ("Possible additional deadline: 1 October", True),
        ("In case of an additional deadline, applicants have to submit by 1 October.", True),
        ("Εάν διοργανωθεί δεύτερος γύρος, η αίτηση υποβάλλεται έως την 1η Οκτωβρίου.", True),
        ("Applications are due by 5 March.", False),
        ("If a partner leaves, a second one may join.", False),
    ],
)
def test_rounds_that_may_be_opened_are_told_from_regular_ones(text: str, spare: bool) -> None:
    assert traits_of(text).is_spare_round is spare


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("When is the second round?", True),
        ("Wann ist die zweite Runde?", True),
        ("Is there an autumn deadline?", True),
        ("When is the deadline?", False),
        ("Quelle est la date limite ?", False),
    ],
)
def test_who_asks_for_another_round_is_understood(question: str, asks: bool) -> None:
    assert asks_for_spare_round(question) is asks


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Compare the duration of projects", "the duration of projects"),
        ("duration of projects, versus", "duration of projects,"),
        ("Vergleiche die Dauer", "die Dauer"),
        ("Confronta la durata", "la durata"),
        ("Σύγκρινε τη διάρκεια", "τη διάρκεια"),
        ("comparable costs", "comparable costs"),
    ],
)
def test_words_that_only_say_that_editions_are_compared(text: str, left: str) -> None:
    assert without_comparing(text) == left


@pytest.mark.parametrize(
    ("heading", "action"),
    [
        ("JEAN MONNET POLICY DEBATE", "jean-monnet-policy-debate"),
        ("ΠΟΛΙΤΙΚΟΣ ΔΙΑΛΟΓΟΣ JEAN MONNET", "jean-monnet-policy-debate"),
        (
            "ΔΡΑΣΕΙΣ JEAN MONNET ΣΤΟΝ ΤΟΜΕΑ ΤΗΣ ΑΝΩΤΑΤΗΣ/ΤΡΙΤΟΒΑΘΜΙΑΣ ΕΚΠΑΙΔΕΥΣΗΣ",
            "jean-monnet-he",
        ),
        (
            "ΣΧΕΔΙΟ ΚΙΝΗΤΙΚΟΤΗΤΑΣ ΓΙΑ ΦΟΙΤΗΤΕΣ ΚΑΙ ΠΡΟΣΩΠΙΚΟ ΤΗΣ ΑΝΩΤΑΤΗΣ/ΤΡΙΤΟΒΑΘΜΙΑΣ ΕΚΠΑΙΔΕΥΣΗΣ",
            "mobility-he",
        ),
        (
            "ΑΝΑΠΤΥΞΗ ΙΚΑΝΟΤΗΤΩΝ ΓΙΑ ΤΗΝ ΑΝΩΤΑΤΗ/ΤΡΙΤΟΒΑΘΜΙΑ ΕΚΠΑΙΔΕΥΣΗ",
            "capacity-building-he",
        ),
        (
            "ΑΝΑΠΤΥΞΗ ΙΚΑΝΟΤΗΤΩΝ ΣΤΟΝ ΤΟΜΕΑ ΤΗΣ ΕΠΑΓΓΕΛΜΑΤΙΚΗΣ ΕΚΠΑΙΔΕΥΣΗΣ ΚΑΙ ΚΑΤΑΡΤΙΣΗΣ (ΕΕΚ)",
            "capacity-building-vet",
        ),
        ("ΑΝΑΠΤΥΞΗ ΙΚΑΝΟΤΗΤΩΝ ΣΤΟΝ ΤΟΜΕΑ ΤΗΣ ΝΕΟΛΑΙΑΣ", "capacity-building-youth"),
        ("ΑΝΑΠΤΥΞΗ ΙΚΑΝΟΤΗΤΩΝ ΣΤΟΝ ΤΟΜΕΑ ΤΟΥ ΑΘΛΗΤΙΣΜΟΥ", "capacity-building-sport"),
    ],
)
def test_chapters_are_known_by_the_headings_that_guides_print(heading: str, action: str) -> None:
    assert load_lexicon().chapters(heading) == (action,)


def test_a_part_of_a_chapter_is_known_by_what_heads_it_in_some_editions() -> None:
    held = [("el-2025", edition(2025, "el"))]
    query = understand(
        "Jean Monnet Module 2025: maximum?", held=held, lexicon=load_lexicon(), max_chars=2000
    )
    assert fold("ΔΙΔΑΣΚΑΛΙΑ ΚΑΙ ΕΡΕΥΝΑ") in query.headings
