"""Models that cannot be loaded are refused with a sentence, soon, on any network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

from corpus.embedders import embedder_fingerprint, open_embedder, open_tokenizer
from corpus.errors import ModelError
from corpus.sentence_models import fingerprint_of, load_sentence_transformer, local_folder
from corpus.settings import EmbeddingSettings, Settings
from tests.tiny_models import write_embedder

NOWHERE = "no-such-owner/no-such-model-anywhere"


class _Nothing(BaseHTTPRequestHandler):
    """A hub that has no models."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def empty_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Nothing) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        _point_to(address, monkeypatch)
        yield
        server.shutdown()
        thread.join()


def _point_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(
        constants,
        "HUGGINGFACE_CO_URL_TEMPLATE",
        address + "/{repo_id}/resolve/{revision}/{filename}",
    )


def _settings(model: str) -> Settings:
    return Settings(embedding=EmbeddingSettings(model=model))


def test_a_wrong_name_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    _point_to("http://127.0.0.1:9", monkeypatch)
    for use in (open_embedder, open_tokenizer, embedder_fingerprint):
        with pytest.raises(ModelError, match=rf"{NOWHERE}.*cannot be reached.*Correct the name"):
            use(_settings(NOWHERE))


def test_a_wrong_name_with_a_network(empty_hub: None) -> None:
    with pytest.raises(ModelError, match=rf"{NOWHERE} cannot be downloaded.*Correct the name"):
        load_sentence_transformer(NOWHERE)


def test_offline_mode_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE is set"):
        load_sentence_transformer(NOWHERE)


def test_an_endpoint_that_is_no_web_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "file:///etc")
    with pytest.raises(ModelError, match="HF_ENDPOINT is file:///etc"):
        load_sentence_transformer(NOWHERE)


@pytest.mark.parametrize("name", ["/no/such/folder", "./no-such-folder", "~/no-such-folder-here"])
def test_a_missing_folder(name: str) -> None:
    with pytest.raises(ModelError, match="There is no model folder"):
        open_embedder(_settings(name))


def test_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_embedder(_settings(str(tmp_path)))


def test_a_folder_under_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_embedder(tmp_path / "tiny")
    monkeypatch.setenv("HOME", str(tmp_path))
    embedder = open_embedder(_settings("~/tiny"))
    assert embedder.dimension == 16
    assert embedder.fingerprint == fingerprint_of(str(tmp_path / "tiny"))


def test_a_damaged_model(tmp_path: Path) -> None:
    folder = write_embedder(tmp_path / "tiny")
    before = fingerprint_of(str(folder))
    (folder / "model.safetensors").write_bytes(b"not tensors")
    with pytest.raises(ModelError, match=r"tiny cannot be loaded"):
        open_embedder(_settings(str(folder)))
    assert fingerprint_of(str(folder)) != before


def test_large_files_are_sampled(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(bytes(6 << 20))
    before = fingerprint_of(str(tmp_path))
    with weights.open("r+b") as stream:
        stream.seek(-100, 2)
        stream.write(b"changed")
    assert fingerprint_of(str(tmp_path)) != before


def test_a_name_that_cannot_be_one_has_no_folder() -> None:
    assert local_folder("not a name at all") is None
    with pytest.raises(ModelError, match="not in the local model cache"):
        fingerprint_of(NOWHERE)
