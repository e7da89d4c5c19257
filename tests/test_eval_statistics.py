from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.statistics import (
    bootstrap_interval,
    compare,
    estimate,
    mcnemar,
    percentile,
    sign_flip,
)

scipy_stats = pytest.importorskip("scipy.stats")

shares = st.floats(0, 1, allow_nan=False)


def test_the_interval_agrees_with_a_plain_bootstrap() -> None:
    values = [0.0] * 30 + [1.0] * 60 + [0.5] * 10
    generator = np.random.default_rng(1)
    plain = generator.choice(values, size=(20_000, 100)).mean(axis=1)
    low, high = bootstrap_interval(values, resamples=20_000)
    assert low == pytest.approx(np.quantile(plain, 0.025), abs=0.006)
    assert high == pytest.approx(np.quantile(plain, 0.975), abs=0.006)


@given(st.lists(shares, min_size=1, max_size=50))
def test_the_interval_lies_within_the_values_and_is_the_same_each_time(values: list[float]) -> None:
    low, high = bootstrap_interval(values, resamples=200)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert (low, high) == bootstrap_interval(values, resamples=200)


def test_the_interval_covers_the_true_mean_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(7)
    samples = (generator.random((200, 80)) < 0.7).astype(float)
    intervals = [bootstrap_interval(list(sample), resamples=400) for sample in samples]
    covered = sum(low <= 0.7 <= high for low, high in intervals) / len(intervals)
    assert 0.88 <= covered <= 0.99


def test_an_estimate_counts() -> None:
    found = estimate([0.0, 1.0, 1.0, 1.0], undefined=2)
    assert (found.value, found.n, found.undefined) == (0.75, 4, 2)
    assert estimate([1.0]).low == estimate([1.0]).high == 1.0


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(gained: int, lost: int) -> None:
    expected = scipy_stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar(gained, lost) == pytest.approx(expected)


def test_mcnemar_by_hand_and_with_many() -> None:
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    assert mcnemar(3, 1) == pytest.approx(2 * (1 + 4) / 16)
    assert mcnemar(4000, 3000) < 1e-6


def test_sign_flip_agrees_with_all_arrangements() -> None:
    changes = [0.5, 0.25, 0.5, -0.1, 0.3, 0.2, 0.0]
    moved = np.array([c for c in changes if c])
    signs = np.array(np.meshgrid(*[[-1, 1]] * len(moved))).reshape(len(moved), -1)
    exact = float(np.mean(np.abs(moved @ signs) >= abs(moved.sum()) - 1e-12))
    assert sign_flip(changes) == pytest.approx(exact, abs=0.015)
    assert sign_flip([0.0, 0.0]) == 1.0
    assert sign_flip([0.1] * 2000, resamples=1500) == pytest.approx(1 / 1501)


def test_compare_takes_the_test_that_fits() -> None:
    binary = compare([0.0] * 8 + [1.0] * 2, [1.0] * 8 + [1.0, 0.0])
    assert binary.test == "McNemar"
    assert binary.p == pytest.approx(mcnemar(8, 1))
    assert binary.change == pytest.approx(0.7)
    assert binary.low > 0
    graded = compare([0.5, 0.2], [0.5, 0.4])
    assert graded.test == "permutation"
    assert (graded.before, graded.n) == (0.35, 2)
    assert graded.after == pytest.approx(0.45)
    same = compare([0.5, 0.2], [0.5, 0.2])
    assert (same.change, same.low, same.high, same.p) == (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("pair", [([], []), ([1.0], [1.0, 0.0])])
def test_compare_wants_pairs(pair: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match="not paired"):
        compare(*pair)


@given(st.lists(shares, min_size=1), st.floats(0, 1))
def test_percentile_is_a_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(v <= found for v in values) >= share * len(values) - 1e-9


def test_percentile_by_hand() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile([3.0], 0.95) == 3
