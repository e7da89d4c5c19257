from __future__ import annotations

import re
import string
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui_text import (
    DATA,
    FALLBACK,
    STATIC,
    language_for,
    languages,
    load_every_language,
    load_examples,
    load_messages,
)

ENGLISH = load_messages()
SPOKEN = ("de", "el", "en", "es", "fr", "it", "pl")


def test_the_window_speaks_seven_languages() -> None:
    assert languages() == SPOKEN
    assert load_every_language().keys() == set(SPOKEN)


@pytest.mark.parametrize("language", SPOKEN)
def test_a_language_has_every_sentence_with_its_places(language: str) -> None:
    file = tomllib.loads((DATA / f"messages.{language}.toml").read_text(encoding="utf-8"))
    count = sum(len(v) if isinstance(v, dict) else 1 for v in file.values())
    assert count == len(ENGLISH) - 1, "all but the name of the language itself"
    for name, sentence in load_messages(language).items():
        assert _places(sentence) == _places(ENGLISH[name]), name
        assert sentence.strip(), name
    assert len(load_messages(language)["deadlines.months"].split()) == 12


def _places(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence)} - {None}


@pytest.mark.parametrize("language", SPOKEN)
def test_no_sign_begins_a_line(language: str) -> None:
    parted = re.compile(r" [?!:;»%]|« ")
    found = {n: s for n, s in load_messages(language).items() if parted.search(s)}
    assert not found


def test_no_language_repeats_english_where_it_has_words_of_its_own() -> None:
    for language in set(SPOKEN) - {FALLBACK}:
        other = load_messages(language)
        same = [name for name, text in other.items() if text == ENGLISH[name]]
        assert len(same) < 20, (language, same)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        ("", "en"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("sv, pl;q=0.5, fr;q=0.7", "fr"),
        ("en;q=0.1, EL-gr;q=0.2", "el"),
        ("*", "en"),
        ("it;q=nonsense, es", "es"),
    ],
)
def test_the_language_is_the_best_that_the_browser_wants(wanted: str, chosen: str) -> None:
    assert language_for(wanted, SPOKEN) == chosen


@given(st.text(max_size=200))
def test_any_header_gives_a_language(header: str) -> None:
    assert language_for(header, SPOKEN) in SPOKEN


def test_starting_points_are_there_in_every_language_for_every_kind_of_asker() -> None:
    examples = load_examples()
    assert all(set(e.questions) == set(SPOKEN) for e in examples)
    assert {e.asker for e in examples} == {
        name.removeprefix("askers.") for name in ENGLISH if name.startswith("askers.")
    }
    assert examples[0].question("sv") == examples[0].question("en")


def test_the_scripts_use_sentences_that_exist() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    used = set(re.findall(r'words\("([a-z_.]+)"\)', code))
    assert used
    assert used <= set(ENGLISH)
