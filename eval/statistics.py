"""Intervals and tests: how far a number can be trusted, and whether two runs differ.

All pseudo-random draws come from a seed, so that the same results give the same report.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SEED = 20260101
RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean with what stands behind it.

    Attributes:
        value: the mean. n: questions it is over. undefined: questions left out of it.
        low, high: percentile bootstrap interval at `CONFIDENCE`.
    """

    value: float
    n: int
    undefined: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed between two runs over the same questions.

    Attributes:
        before, after: means over the `n` questions where both are defined.
        low, high: paired percentile bootstrap interval of after - before.
        p: two-sided p-value: exact McNemar test where all values are 0 or 1, else sign-flip
            permutation test.
        test: which of the two.
    """

    before: float
    after: float
    n: int
    low: float
    high: float
    p: float
    test: str

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


def estimate(values: Sequence[float], undefined: int = 0) -> Estimate:
    """Mean of at least one value, with its interval."""
    low, high = bootstrap_interval(values)
    return Estimate(
        value=math.fsum(values) / len(values),
        n=len(values),
        undefined=undefined,
        low=low,
        high=high,
    )


def bootstrap_interval(
    values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean (Efron and Tibshirani 1993, chapter 13).

    A resample of n values with replacement is a multinomial draw over the distinct values, which
    costs the same for ten questions and for ten thousand.
    """
    distinct, counts = np.unique(np.asarray(values, dtype=float), return_counts=True)
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(len(values), counts / len(values), size=resamples)
    means = draws @ distinct / len(values)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)


def compare(before: Sequence[float], after: Sequence[float]) -> Difference:
    """Paired comparison; value i of both belongs to the same question.

    Raises:
        ValueError: if the lengths differ or there are no pairs.
    """
    if len(before) != len(after) or not before:
        raise ValueError(f"not paired: {len(before)} and {len(after)} values")
    changes = [b - a for a, b in zip(before, after, strict=True)]
    low, high = bootstrap_interval(changes)
    if set(before) | set(after) <= {0.0, 1.0}:
        test, p = "McNemar", mcnemar(changes.count(1.0), changes.count(-1.0))
    else:
        test, p = "permutation", sign_flip(changes)
    return Difference(
        before=math.fsum(before) / len(before),
        after=math.fsum(after) / len(after),
        n=len(before),
        low=low,
        high=high,
        p=p,
        test=test,
    )


def mcnemar(gained: int, lost: int) -> float:
    """Exact two-sided p-value of McNemar's test (1947): discordant pairs as fair coin tosses."""
    n = gained + lost
    tail = ways = 1  # ways to choose k of n, k from 0 up
    for k in range(min(gained, lost)):
        ways = ways * (n - k) // (k + 1)
        tail += ways
    return min(1.0, 2 * tail / (1 << n))


def sign_flip(changes: Sequence[float], *, resamples: int = 10_000, seed: int = SEED) -> float:
    """Two-sided p-value of the paired permutation test (Fisher 1935): signs flipped at random.

    Smucker et al. (CIKM 2007) recommend it for means of retrieval measures. The observed
    arrangement counts among the resamples, so that p is never 0.
    """
    moved = np.asarray([c for c in changes if c], dtype=float)
    if not moved.size:
        return 1.0
    generator = np.random.default_rng(seed)
    observed = abs(moved.sum()) - 1e-12
    extreme, left = 0, resamples
    while left:
        size = min(left, max(1, 1_000_000 // moved.size))
        signs = generator.integers(0, 2, size=(size, moved.size)) * 2 - 1
        extreme += int(np.count_nonzero(np.abs(signs @ moved) >= observed))
        left -= size
    return (extreme + 1) / (resamples + 1)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
