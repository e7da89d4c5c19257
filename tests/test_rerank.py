"""Rerankers put the passage that answers first."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from assistant.rerank import Reranker, open_reranker
from corpus.errors import ModelError
from corpus.onnx_weights import OnnxWeights
from corpus.settings import EmbeddingSettings, RetrievalSettings, Settings
from corpus.weights import MS_MARCO_MINILM, verified_file
from corpus.wordpiece import FileTokenizer
from tests.bert_reference import forward
from tests.tiny_models import write_cross_encoder

QUESTION = "How much is the travel grant for 500 km?"
PASSAGES = [
    "Projects last between 15 and 24 months.",
    "The travel grant is EUR 309 for distances between 100 and 1,999 km.",
    "",
    "Weather in Brussels is mild in March.",
]


def _open(home: Path, name: str = "auto", threads: int = 2) -> Reranker:
    reranker = open_reranker(
        Settings(
            home=home,
            embedding=EmbeddingSettings(threads=threads),
            retrieval=RetrievalSettings(reranker=name),
        )
    )
    assert reranker is not None
    return reranker


@pytest.fixture(scope="module")
def bundled(model_home: Path) -> Reranker:
    return _open(model_home)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cross_encoder(tmp_path_factory.mktemp("models") / "tiny-cross")


def test_the_passage_that_answers_is_first(bundled: Reranker) -> None:
    scores = bundled.score(QUESTION, PASSAGES)
    assert scores.index(max(scores)) == 1
    assert scores[1] > 0.9
    assert max(scores[0], *scores[2:]) < 0.1
    assert bundled.languages == frozenset({"en"})
    assert bundled.fingerprint.startswith("ms-marco-MiniLM-L-12-v2@")


def test_scores_do_not_depend_on_company_or_threads(bundled: Reranker, model_home: Path) -> None:
    together = bundled.score(QUESTION, PASSAGES)
    assert together == [bundled.score(QUESTION, [passage])[0] for passage in PASSAGES]
    assert together == _open(model_home, threads=1).score(QUESTION, PASSAGES)
    assert bundled.score(QUESTION, []) == []


def test_the_score_is_the_sigmoid_of_the_logit(bundled: Reranker) -> None:
    weights = OnnxWeights(verified_file(MS_MARCO_MINILM, "model.onnx"))
    tokenizer = FileTokenizer(verified_file(MS_MARCO_MINILM, "tokenizer.json"))
    question, passage = tokenizer.encode("travel grant"), tokenizer.encode("Grants are paid.")
    ids = [101, *question, 102, *passage, 102]
    types = [0] * (len(question) + 2) + [1] * (len(passage) + 1)
    (logit,) = forward(weights, ids, types)
    (score,) = bundled.score("travel grant", ["Grants are paid."])
    assert math.log(score / (1 - score)) == pytest.approx(float(logit), abs=0.6)


def test_only_the_passage_is_cut(bundled: Reranker) -> None:
    filling = "Projects last between 15 and 24 months. " * 100
    cut, answered = bundled.score(QUESTION, [filling + PASSAGES[1], PASSAGES[1] + filling])
    assert cut < 0.1 < answered
    (score,) = bundled.score("word " * 600 + QUESTION, [PASSAGES[1]])
    assert 0 <= score <= 1


def test_any_cross_encoder_folder(tiny: Path, model_home: Path) -> None:
    reranker = _open(model_home, str(tiny))
    scores = reranker.score(QUESTION, PASSAGES)
    assert len(scores) == len(PASSAGES)
    assert all(0 < score < 1 for score in scores)
    assert reranker.score(QUESTION, []) == []
    assert reranker.languages is None
    assert reranker.fingerprint.startswith("tiny-cross@")


def test_a_classifier_is_refused(tmp_path: Path, model_home: Path) -> None:
    folder = write_cross_encoder(tmp_path / "classes", labels=3)
    with pytest.raises(ModelError, match="gives 3 scores for each pair"):
        _open(model_home, str(folder))


def test_a_missing_folder_is_refused(model_home: Path) -> None:
    with pytest.raises(ModelError, match="There is no model folder /no/such/folder"):
        _open(model_home, "/no/such/folder")


def test_none_is_none(model_home: Path) -> None:
    retrieval = RetrievalSettings(reranker="none")
    assert open_reranker(Settings(home=model_home, retrieval=retrieval)) is None
