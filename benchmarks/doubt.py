"""Fits how likely it is that no guide answers a question (`assistant.doubting`), and measures it.

    python benchmarks/doubt.py

Asks the English questions of `weighing.jsonl`, which the reader of units was not tuned on, of the
library of the settings (`GUIDE_HOME`; all guides indexed), some five minutes. Those that get past
all other reasons to refuse are weighed by a logistic regression on their signs. Prints the weights,
and, with weights fitted without the sixth of the questions that one is of, how many unanswerable
ones are doubted at which cost.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.composer import PASSAGES_SEARCHED
from assistant.doubting import Signs, signs_of
from assistant.extractive import draft
from assistant.pipeline import Assistant
from assistant.refusing import relevant
from assistant.retrieval import Found
from assistant.unit_reading import with_readings
from assistant.wiring import open_assistant
from corpus.language import DEFAULT
from corpus.settings import load_settings
from eval.question_files import read_questions

QUESTIONS = Path(__file__).parent / "questions" / "weighing.jsonl"
FOLDS = 6
KEPT_SMALL = 10.0
"""Weight of the squares of the weights, as if signs had a spread of one."""
SHARES = (0.01, 0.02, 0.03, 0.05)
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that nothing else refuses."""

    fold: int
    answerable: bool
    signs: Signs


def asked(assistant: Assistant) -> Iterator[Asked]:
    """Those that get as far as an answer."""
    stems, lexicon = assistant.stems, assistant.lexicon
    for each in read_questions(QUESTIONS):
        if each.lang != DEFAULT:
            continue
        query, passages = assistant.search(
            each.question, filters=each.filters, history=each.history, top_k=PASSAGES_SEARCHED
        )
        found = Found(passages=passages, retrieve_ms=0, rerank_ms=0)
        found = with_readings(query, found, assistant.unit_reader, lexicon, stems)
        usable = relevant(query, passages, cues=assistant.cues, lexicon=lexicon, stems=stems)
        if usable.refusal is not None or query.follow_up or not usable.passages[0].reranked:
            continue
        shown = draft(
            query,
            usable.passages,
            readings=found.readings,
            stems=stems,
            settings=assistant.settings.answer,
        ).shown
        signs = signs_of(query, shown)
        if signs is not None:
            yield Asked(zlib.crc32(each.id.encode()) % FOLDS, each.answerable, signs)


def fitted(rows: Array, unanswerable: Array) -> tuple[Array, float]:
    """Weights and constant of a logistic regression; both answers count as much as a third."""
    spread, mean = rows.std(0) + 1e-9, rows.mean(0)
    signs = np.column_stack(((rows - mean) / spread, np.ones(len(rows))))
    rare = (unanswerable == 0).sum() / max(1, unanswerable.sum()) / 3
    counts = np.where(unanswerable > 0, rare, 1.0)
    kept_small = np.diag([*[KEPT_SMALL] * rows.shape[1], 1e-6])
    weights = np.zeros(signs.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-signs @ weights))
        slope = signs.T @ (counts * (likely - unanswerable)) + kept_small @ weights
        curve = (signs * (counts * likely * (1 - likely))[:, None]).T @ signs + kept_small
        weights -= np.linalg.solve(curve, slope)
    each = weights[:-1] / spread
    return each, float(weights[-1] - each @ mean)


def report(all_of: Sequence[Asked]) -> None:
    """Prints what `fitted` gives for all, and what it would have given for questions left out."""
    rows = np.array([astuple(each.signs) for each in all_of])
    unanswerable = np.array([float(not each.answerable) for each in all_of])
    folds = np.array([each.fold for each in all_of])
    odds = np.zeros(len(rows))
    for left_out in range(FOLDS):
        out = folds == left_out
        weights, constant = fitted(rows[~out], unanswerable[~out])
        odds[out] = rows[out] @ weights + constant
    weights, constant = fitted(rows, unanswerable)
    print(f"{len(rows)} questions, {int(unanswerable.sum())} of them unanswerable")
    print(f"constant {constant:.2f}")
    for sign, weight in zip(fields(Signs), weights, strict=True):
        print(f"{sign.name} {weight:.2f}")
    answered = np.sort(odds[unanswerable == 0])[::-1]
    for share in SHARES:
        least = answered[int(len(answered) * share)]
        caught = int(((odds > least) & (unanswerable == 1)).sum())
        above = 1 / (1 + np.exp(-least))
        print(f"answerable doubted {share:.2f} (above {above:.2f}): unanswerable {caught}")


def main() -> None:
    """Asks, fits and prints."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with closing(open_assistant(load_settings())) as assistant:
        found = list(asked(assistant))
    report(found)


if __name__ == "__main__":
    main()
