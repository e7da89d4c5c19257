"""Words of the trade across languages."""

from __future__ import annotations

import pytest

from assistant.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Quel est le délai pour la candidature ?", ("deadline submit apply", "application apply")),
        ("Wie viele Teilnehmer sind mindestens nötig?", ("participants", "minimum at least")),
        ("¿Cuánto dinero por alumno?", ("grant amount", "pupils")),
        ("Πόσοι συμμετέχοντες ανά ημέρα;", ("participants", "days")),
        ("Ile trwa projekt?", ("how long duration", "project")),
        ("xyz", ()),
    ],
)
def test_known_words_are_put_into_english(question: str, words: tuple[str, ...]) -> None:
    found = load_vocabulary().english(question)
    assert [word for word in found if word in words] == list(words)
    assert bool(found) == bool(words)
