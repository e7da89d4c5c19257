"""Words that only carry a question are no words to look for."""

from __future__ import annotations

import pytest

from assistant.plain_words import without_plain_words


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Do we need an accreditation?", "we an accreditation?"),
        ("Do the youth workers need to live there?", "the youth workers to live there?"),
        ("What's the max grant?", "What the maximum grant?"),
        ("min. points", "minimum points"),
        ("Can prison inmates take part in KA1?", "Can prison inmates in ?"),
        ("We don\u2019t have an OID", "We have an OID"),
        ("support for special needs", "support for special needs"),
        ("How long may it last?", "howlong may it last?"),
        ("maximum and minimum", "maximum and minimum"),
        ("participants in one KA122 project", "participants in KA122 project"),
        ("more than one project", "more than one project"),
        ("only one call, at least one activity", "only one call, at least one activity"),
        ("one or two projects", "one or two projects"),
    ],
)
def test_what_carries_a_question_is_left_out(question: str, left: str) -> None:
    assert " ".join(without_plain_words(question).split()) == left
