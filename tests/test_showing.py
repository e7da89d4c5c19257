"""What an answer shows of a guide's words can be read alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.model import Passage
from assistant.rows import RowReader
from assistant.showing import Presenter
from assistant.units import units_of
from assistant.worth import Candidate
from tests.builders import make_document


@pytest.mark.parametrize(
    ("heading", "context", "figure", "shown"),
    [
        ("Duration", "", "Between 6 and 24 months.", "Duration: Between 6 and 24 months."),
        ("Διάρκεια", "", "Από 6 έως 24 μήνες.", "Διάρκεια: Από 6 έως 24 μήνες."),
        (
            "AMOUNTS",
            "Visits; Amount",
            "680 EUR per participant.",
            "Visits: 680 EUR per participant.",
        ),
        ("AMOUNTS", "", "680 EUR per participant.", "680 EUR per participant."),
        ("How long?", "", "Between 6 and 24 months.", "Between 6 and 24 months."),
        ("Duration", "", "Between calls nothing is paid.", "Between calls nothing is paid."),
        ("Duration", "", "Projects last 6 to 24 months.", "Projects last 6 to 24 months."),
    ],
)
def test_a_figure_without_a_subject_is_shown_under_its_label(
    heading: str, context: str, figure: str, shown: str
) -> None:
    document = make_document(
        headings=(f"Part B › {heading}",), pages=(f"{heading}\nVisits\nOf all projects.\n{figure}",)
    )
    chunk = replace(document.chunks[0], context=context)
    unit = next(unit for unit in units_of(chunk) if unit.text == figure)
    passage = Passage(rank=1, score=1.0, chunk=chunk, document=document)
    candidate = Candidate(
        unit=unit, passage=passage, worth=1.0, held=frozenset(), supplies=frozenset()
    )
    rows = RowReader(worth=lambda _: 0.0, named=lambda _: False)
    got = Presenter(rows).show(candidate, ())
    assert f"{got.lead} {got.text}".strip() == shown
    said = " ".join(document.text[span.start : span.end] for span in got.spans)
    assert said.replace(f"{heading} ", f"{heading}: ").replace("Visits ", "Visits: ") == shown
