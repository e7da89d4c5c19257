"""Questions that say too little to look for, and those of something else altogether."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.confidence import NEVER, OFF_TOPIC, TUNED_OFF_TOPIC, confidence_needed
from assistant.cues import load_cues
from assistant.model import Asks, Passage, Query, Status
from assistant.off_topic import READ_BELOW, TUNED_BELOW
from assistant.pipeline import Assistant
from assistant.refusing import choices, relevant
from assistant.retrieval import stems_of
from corpus.settings import AnswerSettings
from tests.builders import make_document, make_query
from tests.test_pipeline import open_with

GUIDE = make_document(
    headings=("Part B › SMALL-SCALE PARTNERSHIPS",),
    pages=(
        [
            "Organisations in Botswana, Mongolia and Samoa can take part in some actions.",
            "Best value for money matters in purchases.",
        ],
    ),
)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with closing(open_with(tmp_path, GUIDE)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "language"), [("And in 2026?", "en"), ("Τι;", "el"), ("And?", "en")]
)
def test_a_question_that_says_too_little_is_asked_back(
    assistant: Assistant, question: str, language: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status is Status.CLARIFY
    assert answer.text == assistant.messages.say("bare", language)
    assert answer.contact is None
    assert not answer.sections


def passage(score: float, *, reranked: bool = True) -> Passage:
    return Passage(rank=1, score=score, chunk=GUIDE.chunks[0], document=GUIDE, reranked=reranked)


def tuned(score: float) -> Passage:
    return replace(passage(score), tuned=True)


def like(cosine: float) -> Passage:
    return replace(passage(1.0, reranked=False), alike=(cosine,))


def query(question: str, **other: object) -> Query:
    return make_query(question, document_ids=(GUIDE.id,), **other)


@pytest.mark.parametrize(
    ("asked", "best", "never"),
    [
        (query("What is the capital of Mongolia?"), passage(OFF_TOPIC / 2), True),
        (query("What is the capital of Mongolia?"), passage(READ_BELOW / 2), True),
        (query("What is the capital of Mongolia?"), passage(READ_BELOW * 2), False),
        (query("Is Mongolia in the call?"), passage(OFF_TOPIC * 2), False),
        (query("What is the capital of Mongolia?"), tuned(TUNED_BELOW * 0.9), True),
        (query("What is the capital of Mongolia?"), tuned(TUNED_BELOW * 1.1), False),
        (query("Is Mongolia in the call?"), tuned(TUNED_OFF_TOPIC * 0.9), True),
        (query("Is Mongolia in the call?"), tuned(TUNED_OFF_TOPIC * 1.1), False),
        (query(GUIDE.chunks[0].text[:40]), passage(OFF_TOPIC / 2, reranked=False), False),
        (query("Who cooks rice in June?"), passage(OFF_TOPIC / 2, reranked=False), True),
        (query("Wie hoch ist der Berg?", language="de"), like(0.84), True),
        (query("Wie hoch ist der Berg?", language="de"), like(0.86), False),
        (query("Wer zahlt den Zuschuss?", language="de"), like(0.8), False),
        (query("Wer zahlt?", language="de", actions=("youth-exchanges",)), like(0.8), False),
        (query("Wer zahlt?", language="de", terms=("insurance",)), like(0.8), True),
        (query("Wer zahlt?", language="de", terms=("partner",)), like(0.8), False),
    ],
)
def test_what_is_like_no_passage_and_in_no_word_of_programmes_is_never_answered(
    asked: Query, best: Passage, never: bool
) -> None:
    needed = confidence_needed(asked, [best], AnswerSettings(), stems_of)
    assert (needed == NEVER) is never


@pytest.mark.parametrize(
    ("question", "single"),
    [("Money?", True), ("Partnerships?", False), ("money purchases", False)],
)
def test_a_single_word_that_says_hardly_anything_is_asked_back(
    assistant: Assistant, question: str, single: bool
) -> None:
    found = relevant(
        query(question),
        [passage(0.001)],
        cues=load_cues(),
        lexicon=assistant.lexicon,
        stems=stems_of,
    )
    assert (found.refusal is not None and found.refusal.name == "bare") is single


@pytest.mark.parametrize(
    ("question", "which"),
    [
        ("What is a lump sum?", False),
        ("Was ist eine Pauschale?", False),
        ("What is the lump sum?", True),
    ],
)
def test_who_asks_what_a_word_means_is_not_asked_for_an_action(
    assistant: Assistant, question: str, which: bool
) -> None:
    names = ("SMALL-SCALE PARTNERSHIPS", "COOPERATION PARTNERSHIPS", "YOUTH EXCHANGES")
    guide = make_document(
        headings=tuple(f"Part B › {name}" for name in names), pages=("The lump sum.",) * 3
    )
    found = [
        Passage(rank=i, score=1.0, chunk=chunk, document=guide)
        for i, chunk in enumerate(guide.chunks, start=1)
    ]
    asked = query(question, topic="lump sum", wants=(Asks.AMOUNT,))
    meant = choices(asked, found, stems=stems_of, lexicon=assistant.lexicon)
    assert bool(meant) is which


@pytest.mark.parametrize(
    ("question", "nothing"),
    [
        ("asdfghjk", True),
        ("xxxxxxx xxxxxxx", True),
        ("qwertz", True),
        ("Mongolia?", False),
        ("and a ferry?", False),
        ("KA210?", False),
        ("schools?", False),
    ],
)
def test_a_word_that_says_nothing_goes_on_from_nothing(
    assistant: Assistant, question: str, nothing: bool
) -> None:
    found = relevant(
        query(question, follow_up=True, actions=("small-scale-partnerships",)),
        [passage(0.9)],
        cues=load_cues(),
        lexicon=assistant.lexicon,
        stems=stems_of,
    )
    assert (found.refusal is not None and found.refusal.name == "bare") is nothing


def test_letters_that_are_no_words_are_asked_back_at_first_too(assistant: Assistant) -> None:
    found = relevant(
        query("x" * 300),
        [passage(0.9)],
        cues=load_cues(),
        lexicon=assistant.lexicon,
        stems=stems_of,
    )
    assert found.refusal is not None
    assert found.refusal.status is Status.CLARIFY
