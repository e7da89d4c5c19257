"""A Chroma server that hangs, dies, or hides behind a proxy: nobody waits for it for long."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from corpus.chroma import open_chroma
from corpus.errors import LibraryError, StoreUnreachableError
from corpus.index import Index
from corpus.settings import Settings, StoreSettings
from corpus.writer import IndexWriter
from tests.builders import unit_vectors
from tests.chroma import ChromaServer, free_port, running_chroma
from tests.small_library import EMBEDDER, GUIDE, dense, save

WAIT_S = 0.5
DIMENSION = 8


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with running_chroma(tmp_path_factory.mktemp("chroma")) as server:
        yield server


def settings_of(home: Path, url: str) -> Settings:
    return Settings(home=home, store=StoreSettings(url=url, timeout_s=WAIT_S))


def test_a_server_that_hangs_is_given_up_and_asked_again(
    server: ChromaServer, tmp_path: Path
) -> None:
    vectors = unit_vectors(3, dimension=DIMENSION)
    store = open_chroma(tmp_path, url=server.url, library_id="hangs", timeout_s=WAIT_S)
    with contextlib.closing(store):
        store.add("guide", ["a", "b", "c"], vectors)
        (before,) = store.search(vectors[:1], top_k=2)
        with server.held():
            start = time.monotonic()
            with pytest.raises(StoreUnreachableError, match=r"not answer in time \(store.timeout"):
                store.search(vectors[:1], top_k=2)
            with pytest.raises(StoreUnreachableError, match="not answer in time"):
                open_chroma(tmp_path, url=server.url, library_id="hangs", timeout_s=WAIT_S)
            assert time.monotonic() - start < 10 * WAIT_S
        assert store.search(vectors[:1], top_k=2) == [before]


def test_many_threads_wait_for_a_store_no_longer_than_one(
    server: ChromaServer, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path / "home", server.url)
    with contextlib.closing(IndexWriter.open(settings, embedder=EMBEDDER)) as writer:
        save(writer, GUIDE)

    def ask(_: int) -> str:
        with pytest.raises(StoreUnreachableError) as raised:
            dense(index, "grant")
        return str(raised.value)

    with contextlib.closing(Index.open(settings, embedder=EMBEDDER)) as index:
        with server.held(), ThreadPoolExecutor(12) as threads:
            start = time.monotonic()
            asked = threads.map(ask, range(12))
            assert index.records()  # what needs no store goes on
            assert len(set(asked)) == 1
            assert time.monotonic() - start < 6 * WAIT_S
        assert dense(index, "grant")


def test_a_server_that_has_gone_may_come_back(tmp_path: Path) -> None:
    port, vectors = free_port(), unit_vectors(3, dimension=DIMENSION)
    with running_chroma(tmp_path, port) as server:
        store = open_chroma(tmp_path, url=server.url, library_id="goes", timeout_s=WAIT_S)
        store.add("guide", ["a", "b", "c"], vectors)
    with contextlib.closing(store):
        with pytest.raises(StoreUnreachableError, match="chroma run"):
            store.search(vectors, top_k=1)
        with running_chroma(tmp_path, port):
            assert [hits[0].chunk_id for hits in store.search(vectors, top_k=1)] == ["a", "b", "c"]


@pytest.mark.parametrize(("status", "away"), [(502, True), (503, True), (404, False)])
def test_a_proxy_without_its_server_is_no_server(tmp_path: Path, status: int, away: bool) -> None:
    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        thread = Thread(target=proxy.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{proxy.server_port}"
            with pytest.raises(LibraryError, match="cannot be used") as raised:
                open_chroma(tmp_path, url=url, library_id="proxy")
        finally:
            proxy.shutdown()
            thread.join()
    assert isinstance(raised.value, StoreUnreachableError) is away
