"""What helps beside an answer: optional rounds, actions to choose from; nothing for small talk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.model import Status
from assistant.pipeline import Assistant
from tests.builders import make_document
from tests.test_pipeline import GUIDES, open_with


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    opened = open_with(tmp_path_factory.mktemp("library"), *GUIDES)
    yield opened
    opened.close()


def test_a_second_round_comes_with_the_sentence_that_says_it_may_be_opened(tmp_path: Path) -> None:
    rounds = (
        "Round 1: 19 February at 12:00:00 (midday Brussels time)\n"
        "Round 2: National Agencies may decide to open a second deadline (Round 2). In this case, "
        "the National Agency will inform the applicants through its website. For Round 2 "
        "applicants must submit their applications by 1 October at 12:00:00 (midday Brussels time)."
    )
    headings = ("Part B › Cooperation Partnerships › Application deadlines",)
    guide = make_document("a-2026", year=2026, pages=([rounds],), headings=headings)
    opened = open_with(tmp_path, guide)
    try:
        answer = opened.ask("What is the deadline for cooperation partnerships?")
    finally:
        opened.close()
    assert "may decide to open a second deadline (Round 2). For Round 2" in answer.text
    assert [d.what for d in answer.deadlines] == ["Round 1", "Round 2"]


@pytest.mark.parametrize("question", ["hello", "what is the weather in Paris?", "And thanks!"])
def test_small_talk_gets_no_agency_and_no_places(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.OUT_OF_SCOPE
    assert answer.text.endswith("or when to apply.")
    assert answer.contact is None
    assert answer.sections == ()


def test_what_is_most_asked_about_is_offered_first(tmp_path: Path) -> None:
    names = (
        "Mobility for learners and staff in adult education",
        "European Partnerships for School Development",
        "European Youth Together",
        "Alliances for Innovation",
        "Small-scale Partnerships",
        "Cooperation Partnerships",
        "Centres of Vocational Excellence",
    )
    guide = make_document(
        "a-2026",
        headings=tuple(f"Part B › {name}" for name in names),
        pages=tuple([f"The deadline is {n} March at 12:00."] for n in range(3, 3 + len(names))),
    )
    opened = open_with(tmp_path, guide)
    try:
        anything = opened.ask("What is the deadline?").choices
        partnership = opened.ask("What is the deadline for partnerships?").choices
    finally:
        opened.close()
    first = ["Cooperation Partnerships", "Small-scale Partnerships"]
    assert anything[:3] == tuple(f"When is the deadline for {n}?" for n in (*first, names[0]))
    assert len(anything) == 5
    assert partnership[:3] == tuple(f"When is the deadline for {n}?" for n in (*first, names[1]))
