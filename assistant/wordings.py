"""The words of a question and of what may answer it, and how many both have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


def wording(stems: Iterable[str]) -> frozenset[str]:
    """The words of a text without its figures, to tell whether two texts say the same."""
    return frozenset(word for word in stems if word.isalpha() or not any(map(str.isdigit, word)))


def squeezed(text: str) -> str:
    """Letters and figures alone: "Non- Green travel: 309EUR" is "Non-Green travel: 309 EUR"."""
    return "".join(filter(str.isalnum, text.casefold()))


def in_common(one: frozenset[str], two: frozenset[str]) -> float:
    """Share of the words of two texts that both have (Jaccard), 0 where neither has any."""
    return len(one & two) / len(one | two) if one or two else 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """The question's words in one language of guides, with their weights."""

    weights: dict[str, float] = field(default_factory=dict)
    whole: float = field(init=False)
    """Of all weights."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole", sum(self.weights.values()))

    def share(self, words: frozenset[str]) -> float:
        """How much of the question some words hold, 0…1."""
        if not self.whole:
            return 0.0
        return sum([w for word, w in self.weights.items() if word in words]) / self.whole
