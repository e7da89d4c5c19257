"""Questions, readiness and the end of a server whose Chroma server hangs."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from assistant.api import create_api
from assistant.api_health import Readiness
from assistant.pipeline import Assistant
from assistant.serve import open_desks, reach_store
from corpus.errors import BusyError, GuideError
from corpus.settings import Settings, StoreSettings
from tests import hung_server
from tests.chroma import ChromaServer, running_chroma
from tests.test_pipeline import GUIDES, open_with
from tests.web import Double, document, running, until_ready, wait_for

QUESTION = {"question": "What is the lump sum of small-scale partnerships?"}
WAIT_S = 0.5


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with running_chroma(tmp_path_factory.mktemp("chroma")) as chroma:
        yield chroma


@contextlib.contextmanager
def served(assistant: Assistant, settings: Settings) -> Iterator[httpx.Client]:
    def probe() -> None:
        reach_store(assistant.library, assistant.records()[0].id)

    with open_desks(assistant, settings) as desks:
        readiness = Readiness(assistant, probe)
        app = create_api(assistant, desks.kept, version="1", settings=settings, readiness=readiness)
        with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
            yield client


def test_a_store_that_hangs_ends_questions_and_leaves_the_rest(
    chroma: ChromaServer, tmp_path: Path
) -> None:
    store = StoreSettings(url=chroma.url, timeout_s=WAIT_S)
    settings = Settings(home=tmp_path, store=store)
    opened = open_with(tmp_path, *GUIDES, settings=settings)
    with contextlib.closing(opened), served(opened, settings) as client:
        until_ready(client)
        assert client.post("/api/v1/answers", json=QUESTION).status_code == 200
        assert client.head("/readyz").status_code == 200
        with chroma.held(), ThreadPoolExecutor(60) as threads:
            # More than the threads of the web application, which are forty.
            probes = [threads.submit(client.get, "/readyz") for _ in range(48)]
            asked = [
                threads.submit(client.post, f"/api/v1/{what}", json=QUESTION)
                for what in ("answers", "passages")
            ]
            assert client.head("/readyz").status_code == 503
            assert client.head("/healthz").status_code == 200
            assert client.get("/api/v1/documents").json()["total"] == len(GUIDES)
            names = [thread.name for thread in threading.enumerate()]
            assert names.count("probe") <= 1
            for response in (future.result() for future in (*probes, *asked)):
                assert response.status_code == 503
                assert "not answer in time (store.timeout_s)" in response.json()["detail"]
                assert int(response.headers["retry-after"]) >= 1
        until_ready(client)
        assert client.post("/api/v1/answers", json=QUESTION).status_code == 200


def test_who_asks_during_a_probe_hears_of_it_and_starts_none() -> None:
    held, probes = threading.Event(), []

    def probe() -> None:
        probes.append(threading.current_thread())
        held.wait(30)

    readiness = Readiness(Double(documents=(document(),)), probe)
    readiness.warm_up()
    try:
        for _ in range(3):
            with pytest.raises(BusyError, match="being probed"):
                wait_for(readiness.look(0.05))
        assert len(probes) == 1
    finally:
        held.set()
    assert wait_for(readiness.look()) == 1
    assert wait_for(readiness.look()) == 1
    assert len(probes) >= 2


def test_a_fault_of_the_probe_is_told_to_who_asks() -> None:
    def probe() -> None:
        raise faults.pop()

    faults: list[Exception] = [RuntimeError("a fault"), GuideError("a reason")]
    readiness = Readiness(Double(documents=(document(),)), probe)
    readiness.warm_up()
    with pytest.raises(GuideError, match="a reason"):
        wait_for(readiness.look())
    with pytest.raises(RuntimeError, match="a fault"):
        wait_for(readiness.look())


# What is cut off cannot put its things in order.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_server_ends_though_its_threads_hang(chroma: ChromaServer, tmp_path: Path) -> None:
    settings = hung_server.settings_of(tmp_path, chroma.url)
    open_with(tmp_path, *GUIDES, settings=settings).close()
    context = multiprocessing.get_context("forkserver")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=hung_server.run, args=(str(tmp_path), chroma.url, sending))
    process.start()
    try:
        assert receiving.poll(60)
        address = f"http://127.0.0.1:{receiving.recv()}"
        with httpx.Client(base_url=address, timeout=60) as client:
            until_ready(client)
            with chroma.held(), ThreadPoolExecutor(8) as threads:
                for _ in range(8):
                    threads.submit(_ask_until_cut_off, client)
                _until_open(client, 8)
                start = time.monotonic()
                assert process.pid is not None
                os.kill(process.pid, signal.SIGTERM)
                process.join(timeout=30)
                assert process.exitcode == 0
                assert time.monotonic() - start < hung_server.STOP_S + 5
    finally:
        process.kill()
        process.join()
        receiving.close()
        sending.close()


def _ask_until_cut_off(client: httpx.Client) -> None:
    with contextlib.suppress(httpx.TransportError):
        client.post("/api/v1/answers", json=QUESTION)


def _until_open(client: httpx.Client, many: int) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if f"guide_questions_open {many}.0" in client.get("/metrics").text:
            return
        pause.wait(0.01)
    raise AssertionError("not asked")
