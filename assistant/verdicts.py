"""What a condition of a guide is once understood: a test of what an asker said, and its verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.asker import Asker
from assistant.citing import readable
from assistant.lexicon import fold
from assistant.model import Met
from assistant.told import Told
from corpus.model import CELL_SEPARATOR


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition is met.

    Attributes:
        said: the asker's words that decided it; "" for unknown.
        value: the number that they say, where they say one: the least that it can be where it is
            too great, else the most.
        too_great: whether it is not met because that number is too great.
        lacks: what is lacking, where that can be named: of the messages "lacks_..." the rest.
    """

    met: Met = Met.UNKNOWN
    said: str = ""
    value: float | None = None
    too_great: bool = False
    lacks: str = ""


UNKNOWN = Verdict()
Test = Callable[[Asker], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A condition that was understood.

    Attributes:
        test: decides it.
        words: how many words of the sentence it is; what follows is another condition.
        subject: conditions of one subject can be exceptions to each other.
        exclusion: whether it only shuts somebody out: of no interest to all others.
        aside: whether it shuts somebody out of what others may, also where only a footnote says it.
        concerns: whether it is about such an asker at all.
    """

    test: Test
    words: int
    subject: str
    exclusion: bool = False
    aside: bool = False
    concerns: Callable[[Asker], bool] = lambda _asker: True


_FIGURES = {
    word: str(value)
    for value, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
_COUNTED = re.compile(rf"\b(?:{'|'.join(_FIGURES)})\b")


def plain(text: str) -> str:
    """A sentence for reading: folded, number words as figures, no bullets and no footnotes.

    It has the words of the sentence, one for one; offsets are not kept.
    """
    words = fold(readable(text).replace(CELL_SEPARATOR, ": "))
    words = re.sub(r"^[•▪◦‣⁃·–—-]\s*", "", words)
    return _COUNTED.sub(lambda m: _FIGURES[m[0]], words)


def words_of(text: str) -> int:
    """How many words a sentence as read has."""
    return len(text.split())


def decided(answer: bool | None, *, whole: bool, said: str) -> Verdict:
    """A verdict on a sentence; one that was not wholly understood can only be ruled out.

    Args:
        answer: whether what was understood holds.
        whole: whether each word was understood.
        said: the asker's words.
    """
    if answer is None or (answer and not whole):
        return UNKNOWN
    return Verdict(Met.MET if answer else Met.NOT_MET, said)


def compared(told: Told, low: float, high: float | None = None, *, whole: bool = True) -> Verdict:
    """A verdict on a number that must lie in a range, both ends included."""
    number = told.range
    verdict = decided(number.within(low, high), whole=whole, said=told.said)
    too_great = high is not None and number.low > high
    return replace(verdict, value=number.low if too_great else number.high, too_great=too_great)


def all_hold(answers: Sequence[bool | None]) -> bool | None:
    """Whether all hold: no where one does not, unknown where one is or there are none."""
    if any(answer is False for answer in answers):
        return False
    return None if not answers or None in answers else True
