"""Refusals have one form, whichever part of the server makes them."""

from __future__ import annotations

import contextlib
import logging
import select
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from assistant import web_policy
from assistant.serve import build_app, open_desks
from corpus.settings import AccessSettings, ServerSettings, Settings
from tests.test_api_openapi import GUIDE
from tests.web import Double, api_app, running

PROBLEM = "application/problem+json"


def is_problem(response: Any, status: int) -> str:
    """Checks that a response is problem details with an id; gives what it says."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert body["request_id"] == response.headers["x-request-id"]
    return str(body["detail"])


# --- parts of a file ---


@pytest.fixture(scope="module")
def client(starter: Path) -> Iterator[TestClient]:
    pdf = next(starter.glob("*.pdf"))
    double = Double(documents=(GUIDE,), pdfs={GUIDE.id: pdf})
    with api_app(double) as app, TestClient(app, base_url="http://localhost") as client:
        yield client


def test_a_part_that_a_file_has_not_is_a_problem(client: TestClient) -> None:
    path = f"/documents/{GUIDE.id}.pdf"
    size = int(client.head(path).headers["content-length"])
    for asked, status in (("bytes=999999999-", 416), ("bytes=x-y", 400), ("pages=1-2", 400)):
        response = client.get(path, headers={"range": asked})
        assert is_problem(response, status).startswith(("The file has no", "The header Range"))
        held = response.headers.get("content-range")
        assert held == (f"bytes */{size}" if status == 416 else None)
        head = client.head(path, headers={"range": asked})
        assert (head.status_code, head.headers["content-type"]) == (status, PROBLEM)
    assert client.get(path, headers={"range": "bytes=0-4"}).status_code == 206


# --- by the rules before the application, and beside it ---


@contextlib.contextmanager
def site(home: Path, **access: object) -> Iterator[TestClient]:
    """The whole application with its window, for a client elsewhere."""
    double = Double(documents=(GUIDE,))
    settings = Settings(
        home=home,
        server=ServerSettings(body_timeout_s=1),
        access=AccessSettings.model_validate(access),
    )
    with open_desks(double, settings) as desks:
        app = build_app(double, desks, settings)
        with TestClient(app, base_url="http://localhost", client=("192.0.2.7", 1)) as client:
            yield client


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with site(tmp_path_factory.mktemp("home")) as client:
        yield client


def refused(client: TestClient, status: int, **request: Any) -> None:
    """Both interfaces refuse, each in its form."""
    for path in ("/api/v1/answers", "/v1/chat/completions"):
        response = client.post(path, **request)
        detail = is_problem(response, status)
        told = response.json().get("error")
        if path.startswith("/v1/"):
            kind = "invalid_request_error"
            assert told == {"message": detail, "type": kind, "param": None, "code": None}
        else:
            assert told is None


def test_the_rules_refuse_in_the_form_of_the_interface(beside: TestClient, tmp_path: Path) -> None:
    refused(beside, 403, headers={"origin": "https://evil.example.org"})
    refused(beside, 421, headers={"host": "evil.example.org"})
    refused(beside, 413, content=b"x" * (2 << 20))
    refused(beside, 413, content=[b"x" * (1 << 19)] * 4)  # found out on the way
    with site(tmp_path, keys="always", per_minute=2) as client:
        refused(client, 401)
        refused(client, 429)


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/nothing/at/all.php",
        "/ui/nothing.js",
        "/assets/nothing.js",
        "/static/../../etc/passwd",
        "/gradio_api/nothing",
        "/gradio_api/info/nothing",
        "/api/v2/answers",
    ],
)
def test_what_is_nowhere_is_a_problem(beside: TestClient, path: str) -> None:
    assert "othing" in is_problem(beside.get(path), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/queue/data?session_hash=nobody",
        "/gradio_api/queue/data?session_hash=",
        "/gradio_api/call/ask/nothing",
        "/gradio_api/call/v2/ask/nothing",
    ],
)
def test_a_stream_that_nobody_feeds_is_refused_in_silence(
    beside: TestClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert "no such session" in is_problem(beside.get(path), 404)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_wrong_methods_and_bodies_of_the_window_are_problems(beside: TestClient) -> None:
    response = beside.post("/config")
    assert is_problem(response, 405) == "/config takes GET only."
    assert is_problem(beside.post("/gradio_api/queue/join", json={}), 422)
    assert beside.get("/config").status_code == 200


# --- while more is being sent ---


def head(length: int) -> bytes:
    lines = (
        "POST /api/v1/answers HTTP/1.1",
        "host: localhost",
        "content-type: application/json",
        f"content-length: {length}",
    )
    return "\r\n".join((*lines, "", "")).encode()


@contextlib.contextmanager
def connected(body_timeout_s: float) -> Iterator[socket.socket]:
    with (
        api_app(Double(documents=(GUIDE,)), body_timeout_s=body_timeout_s) as app,
        running(app) as address,
        socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), timeout=20) as client,
    ):
        yield client


def all_of(client: socket.socket) -> bytes:
    return b"".join(iter(partial(client.recv, 65536), b""))


def send_without_end(client: socket.socket) -> None:
    while True:
        client.sendall(b"x" * (1 << 20))


def test_who_sends_too_much_may_send_it_all_and_is_told() -> None:
    size = 30 << 20  # more than waits anywhere on its way
    with connected(30) as client:
        client.sendall(head(size))
        for _ in range(size >> 20):
            client.sendall(b"x" * (1 << 20))
        assert all_of(client).startswith(b"HTTP/1.1 413 ")


def test_who_sends_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_policy, "LINGER_BYTES", 4 << 20)
    with connected(30) as client:
        client.sendall(head(1 << 40))
        with pytest.raises(ConnectionError):
            send_without_end(client)


def test_who_is_too_slow_may_go_on_and_is_told() -> None:
    with connected(1) as client:
        client.sendall(head(3) + b"{")
        assert select.select([client], [], [], 20)[0]  # it is refused
        for piece in (b"\n", b"}"):
            client.sendall(piece)
        assert all_of(client).startswith(b"HTTP/1.1 408 ")
