"""Tuned weights are those of the bundled model with what the file adds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from corpus.bert import Floats
from corpus.conversion import GRAPH, ensure_converted, recipe_hash
from corpus.errors import ModelError
from corpus.onnx_session import OnnxModel
from corpus.onnx_weights import OnnxWeights
from corpus.tuned_weights import TunedWeights
from corpus.weights import MS_MARCO_MINILM, UNIT_READER, verified_file, verified_tuning
from corpus.wordpiece import FileTokenizer
from tests.bert_reference import forward

QUESTION = "how long can a youth exchange be"
UNIT = "ACTIVITIES\nDuration of activity: from 5 to 21 days, excluding travel days."


@pytest.fixture(scope="module")
def bundled() -> OnnxWeights:
    return OnnxWeights(verified_file(MS_MARCO_MINILM, "model.onnx"))


def pair() -> tuple[list[int], list[int]]:
    tokenizer = FileTokenizer(verified_file(UNIT_READER, "tokenizer.json"))
    question, unit = tokenizer.encode(QUESTION), tokenizer.encode(UNIT)
    ids = [101, *question, 102, *unit, 102]
    return ids, [0] * (len(question) + 2) + [1] * (len(unit) + 1)


def written(path: Path, **added: Floats) -> Path:
    np.savez_compressed(path, **cast(Any, added))
    return path


def test_a_file_that_adds_nothing_changes_nothing(bundled: OnnxWeights, tmp_path: Path) -> None:
    tuned = TunedWeights(bundled, written(tmp_path / "none.npz"))
    ids, types = pair()
    assert forward(tuned, ids, types) == forward(bundled, ids, types)


def test_a_matrix_is_the_sum_of_what_it_was_and_what_is_added(
    bundled: OnnxWeights, tmp_path: Path
) -> None:
    base = bundled.layer(3).wide
    random = np.random.default_rng(0)
    down = random.normal(size=(base.weight.shape[0], 4)).astype(np.float16)
    up = 0.05 * random.normal(size=(4, base.weight.shape[1])).astype(np.float16)
    bias = np.ones(base.weight.shape[1], np.float16)
    added = {"layer3/wide/down": down, "layer3/wide/up": up, "layer3/wide/bias": bias}
    tuned = TunedWeights(bundled, written(tmp_path / "wide.npz", **added))
    layer = tuned.layer(3)
    meant = base.weight * base.scale + down.astype(np.float32) @ up.astype(np.float32)
    # int8 with a scale for each output: no number is off by more than half a step.
    off = np.abs(layer.wide.weight * layer.wide.scale - meant)
    assert (off <= layer.wide.scale / 2 + 1e-6).all()
    assert layer.wide.bias.tolist() == bias.tolist()
    assert layer.narrow.weight is not None
    assert (layer.narrow.weight == bundled.layer(3).narrow.weight).all()
    assert (tuned.layer(4).wide.weight == bundled.layer(4).wide.weight).all()


def test_the_graph_gives_what_the_tuned_weights_mean(
    bundled: OnnxWeights, model_home: Path
) -> None:
    tuning = verified_tuning(UNIT_READER)
    assert tuning is not None
    ids, types = pair()
    graph = OnnxModel(ensure_converted(model_home, UNIT_READER) / GRAPH)
    exact = float(forward(TunedWeights(bundled, tuning), ids, types)[0])
    assert float(graph.run(ids, types)[0]) == pytest.approx(exact, abs=0.6)
    assert exact != pytest.approx(float(forward(bundled, ids, types)[0]), abs=0.6)


def test_another_tuning_is_converted_anew() -> None:
    other = replace(UNIT_READER, tuning=("unit_reader.npz", "0" * 64))
    hashes = {recipe_hash(bundle) for bundle in (MS_MARCO_MINILM, UNIT_READER, other)}
    assert len(hashes) == 3


def test_a_tuning_that_is_not_the_pinned_one_is_refused(tmp_path: Path) -> None:
    assert verified_tuning(MS_MARCO_MINILM) is None
    for name, sha256 in (("unit_reader.npz", "0" * 64), ("absent.npz", "0" * 64)):
        other = replace(UNIT_READER, tuning=(name, sha256))
        with pytest.raises(ModelError, match=rf"{name} is missing or is not.*Install"):
            verified_tuning(other)
