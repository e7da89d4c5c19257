from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.serve import build_app, listen, open_desks
from assistant.web_policy import App
from corpus.errors import SettingsError
from corpus.settings import ServerSettings, Settings
from tests.web import Double, document, running, until_ready


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    double, settings = Double(documents=(document(),)), Settings(home=tmp_path)
    with open_desks(double, settings) as desks:
        yield build_app(double, desks, settings)


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with contextlib.closing(listen(ServerSettings(port=0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port}.*guide serve --host"):
            listen(ServerSettings(port=port))


@pytest.mark.parametrize("host", ["no.such.host.invalid", "x" * 300, "203.0.113.1"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(SettingsError, match="Cannot listen on"):
        listen(ServerSettings(host=host, port=0))


class _Calls:
    """Whom this process tries to reach while it is on. An audit hook stays for good."""

    def __init__(self) -> None:
        self.made: list[object] = []
        self.on = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.on and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
            self.made.append(arguments)


def test_nobody_is_called(app: App) -> None:
    calls = _Calls()
    calls.on = True
    try:
        with TestClient(app, base_url="http://localhost") as client:
            assert client.get("/").status_code == 200
    finally:
        calls.on = False
    assert calls.made == []


def test_the_window_and_the_api_are_one_application(app: App) -> None:
    with TestClient(app, base_url="http://localhost") as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "Programme guide assistant" in page.text
        policy = page.headers["content-security-policy"]
        assert "'sha256-" in policy
        script_rule = next(rule for rule in policy.split("; ") if rule.startswith("script-src"))
        assert "unsafe" not in script_rule
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/api/v1/documents").json()["documents"]
        assert client.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"
        assert client.post("/gradio_api/upload").status_code == 404


def test_a_server_answers_on_a_free_port(app: App) -> None:
    import httpx

    with running(app) as address:
        assert until_ready(httpx.Client(base_url=address)) == {"status": "ready", "documents": 1}


def test_the_address_that_is_said_is_the_server_s_own(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GUIDE_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "import app; app.main()", "serve", "--port", "0"],
        env={**environment, "GUIDE_HOME": str(tmp_path), "GUIDE_SERVER__ROOT_PATH": "/tools/guide"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        said = next((line for line in process.stderr if line.startswith("Chat window: ")), "")
        assert said.endswith("/ (through the proxy: /tools/guide/)\n")
        address = said.split()[2]
        assert httpx.get(f"{address}healthz", timeout=30).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
