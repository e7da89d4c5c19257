"""The language of an answer: that of its question, or of the window where none can be told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.messages import load_messages
from assistant.model import Answer, Turn
from assistant.pipeline import Assistant
from tests.test_pipeline import GUIDES, open_with


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    opened = open_with(tmp_path_factory.mktemp("library"), *GUIDES)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "earlier", "language"),
    [
        ("KA220 2022?", "", "de"),
        ("and KA220 2022?", "KA210?", "de"),
        ("What was the minimum score of KA220 in 2022?", "", "en"),
        ("KA220 2022?", "What is the minimum score of small-scale partnerships?", "en"),
        ("Quel était le score minimal de KA220 en 2022 ?", "", "fr"),
    ],
)
def test_where_no_language_can_be_told_the_answer_speaks_the_windows(
    assistant: Assistant, question: str, earlier: str, language: str
) -> None:
    history = [Turn(role="user", content=earlier)] if earlier else []
    *_, answer = assistant.stream(question, history=history, language="de")
    assert isinstance(answer, Answer)
    assert answer.language == language
    assert answer.text.startswith(load_messages().say("no_edition", language, years="2022"))
    assert assistant.ask("KA220 2022?").language == "en"


def test_what_is_searched_does_not_hang_on_the_language_of_the_window(
    assistant: Assistant,
) -> None:
    *_, german = assistant.stream("KA220 score", language="de")
    english = assistant.ask("KA220 score")
    assert isinstance(german, Answer)
    assert (german.language, german.text) == ("de", english.text)
    assert german.citations == english.citations
    assert german.suggestions[0] != english.suggestions[0]
