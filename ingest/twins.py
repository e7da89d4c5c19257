"""Two parts of a chapter that are called alike, and what belongs to each.

A chapter on "Mobility for pupils in school education" has a part "Short-term projects for mobility
of pupils in school education" and one "Accredited projects for mobility of pupils in school
education", each with its own eligibility criteria. Typography often tells nothing of it: the names
of the parts look like the headings below them, or stand deeper than these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from corpus.accents import unaccented
from ingest.outline import Heading

_SHARED_WORDS = 5
"""So many words at least the names of two parts have in common, at their ends."""
_OWN_WORDS = 3
"""So many at most each has for itself, before those."""
_OF_CHAPTER = 0.7
"""Share of the common words that the name of the chapter has as well."""
_STEM = 5
_ALIKE = 0.85
"""Likeness of two headings that are one, but for a slip."""


def nest_twins(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """Headings with each part of such a chapter above what follows it.

    What follows the second part, and has no counterpart after the first, is of the whole chapter.
    """
    nested = list(headings)
    words = [_words(heading.text) for heading in nested]
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, one in enumerate(words):
        if len(one) > _SHARED_WORDS:
            alike[tuple(one[-_SHARED_WORDS:])].append(index)
    for indices in alike.values():
        for first, second in pairwise(indices):
            shared = _shared(words[first], words[second])
            chapter = _chapter(nested, words, first, second, shared)
            if chapter is not None:
                _nest(nested, chapter, first, second)
    return tuple(nested)


def _shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The words that two names end with, where each has a few before them; else none."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    own = (len(one) - count, len(other) - count)
    return list(one[-count:]) if count and all(0 < words <= _OWN_WORDS for words in own) else []


def _chapter(
    headings: Sequence[Heading],
    words: Sequence[list[str]],
    first: int,
    second: int,
    shared: Sequence[str],
) -> int | None:
    """The innermost heading above both whose name has most of the words that they share."""
    level = min(heading.level for heading in headings[first : second + 1])
    for index in range(first - 1, -1, -1):
        if headings[index].level >= level:
            continue
        level = headings[index].level
        named = {word[:_STEM] for word in words[index]}
        if shared and sum(word[:_STEM] in named for word in shared) >= _OF_CHAPTER * len(shared):
            return index
    return None


def _nest(headings: list[Heading], chapter: int, first: int, second: int) -> None:
    """Puts two parts right below their chapter, and above all else that it holds from there on."""
    above = headings[chapter].level
    end = next(
        (i for i in range(second + 1, len(headings)) if headings[i].level <= above), len(headings)
    )
    level = above + (min(h.level for h in headings[first:end]) - above) / 4
    headings[first] = replace(headings[first], level=level)
    headings[second] = replace(headings[second], level=level)
    next_level = headings[second + 1].level if second + 1 < end else level
    titles = [" ".join(_words(heading.text)) for heading in headings[first + 1 : second]]
    after = next(
        (
            index
            for index in range(second + 1, end)
            if headings[index].level <= next_level
            and not _has(titles, " ".join(_words(headings[index].text)))
        ),
        end,
    )
    outermost = min((h.level for h in headings[after:end]), default=level)
    for index in range(after, end):
        if headings[index].level == outermost:
            headings[index] = replace(headings[index], level=level)


def _has(titles: Sequence[str], title: str) -> bool:
    return any(SequenceMatcher(None, title, other).ratio() >= _ALIKE for other in titles)


def _words(text: str) -> list[str]:
    return unaccented(text.casefold(), "NFKD").split()
