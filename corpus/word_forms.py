"""Phrases whose words may end in several ways and stand apart, as expressions over folded text.

The notation is that of `assistant/data/forms.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

_BETWEEN = r"[\s/-]+(?:\w{1,5}['’])?"
"""What stands between two words: "l'éducation" follows as "éducation" would."""
_DENIES = r"(?!(?:non|not|nicht|kein\w*|pas|sans|sin|senza|bez|nie|δεν|χωρισ|nao|sem|nu|fara)\b)"
_GAP = rf"(?:{_BETWEEN}{_DENIES}[\w+.]+){{0,6}}?"
"""Up to six words, none that denies; a name does not go beyond a comma or a sentence."""


def expression_of(form: str, words: Mapping[str, Sequence[str]]) -> str:
    """The regular expression of a form.

    Args:
        form: words in order; `word*` begins so, `a|b` is one of these, `..` is up to six words,
            `{name}` is one of the forms that `words` has under that name.
        words: by name, the forms that one word of a form can stand for.

    Raises:
        KeyError: if a name is not among `words`.
    """
    expression = ""
    gap = False
    for part in form.split():
        if part == "..":
            gap = True
            continue
        if expression:
            expression += (_GAP if gap else "") + _BETWEEN
        expression += _one_of(part, words)
        gap = False
    return expression


def expression_of_any(forms: Sequence[str], words: Mapping[str, Sequence[str]]) -> str:
    """The regular expression of one of several forms, neither beginning nor ending in a word."""
    return rf"(?<!\w){_either(expression_of(each, words) for each in forms)}(?!\w)"


def any_of(forms: Sequence[str], words: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """What finds one of several forms."""
    return re.compile(expression_of_any(forms, words))


def _one_of(token: str, words: Mapping[str, Sequence[str]]) -> str:
    return _either(each for part in token.split("|") for each in _meant_by(part, words))


def _meant_by(word: str, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if word.startswith("{") and word.endswith("}"):
        yield from (expression_of(each, words) for each in words[word[1:-1]])
    else:
        yield re.escape(word).replace(r"\*", r"\w*")


def _either(expressions: Iterable[str]) -> str:
    return f"(?:{'|'.join(dict.fromkeys(expressions))})"
