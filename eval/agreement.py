"""How far two raters agree on yes-no labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of two raters over the same things.

    Attributes:
        n: things both rated. raw: share on which they agree.
        kappa: Cohen's kappa (1960), agreement beyond chance: 1 all, 0 no better than chance. None
            where both gave everything one and the same label: then chance explains it all.
    """

    n: int
    raw: float
    kappa: float | None


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement | None:
    """Agreement over pairs of labels, kappa = (p_o - p_e) / (1 - p_e); None for no pairs."""
    n = len(pairs)
    if not n:
        return None
    observed = sum(one == two for one, two in pairs) / n
    yes_one, yes_two = (sum(labels) / n for labels in zip(*pairs, strict=True))
    chance = yes_one * yes_two + (1 - yes_one) * (1 - yes_two)
    kappa = None if chance == 1 else (observed - chance) / (1 - chance)
    return Agreement(n=n, raw=observed, kappa=kappa)
