"""Hostile requests to the page of evaluations: each is refused with a reason, nothing is run."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_api
from assistant.serve import guarded, open_desks
from assistant.ui_text import load_every_language
from corpus.settings import ServerSettings, Settings
from eval.window_page import EvaluationPage
from eval.window_runs import WindowRuns
from tests.eval_doubles import Speaker
from tests.test_api_hostile import PATHS
from tests.test_eval_questions import LAUGHS
from tests.web import Double, document, running

NAMES = ("set.jsonl", "set.csv", "set.yaml")
BODIES = {
    "nothing": b"",
    "zeros": b"\x00" * 5000,
    "no text": b"\xff\xfe\x00",
    "a zip file": b"PK\x03\x04" + b"\x00" * 200,
    "zipped": gzip.compress(b"0" * 50_000_000),
    "HTML": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "deep": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "deep lists": b"- " * 100_000,
    "null": b"null",
    "of the wrong kind": b'{"id": {"$gt": ""}, "question": ["q"], "gold": "x", "filters": 7}',
    "a huge number": b'{"id": "A", "question": "q", "gold": [{"page": ' + b"9" * 9000 + b"}]}",
    "half a character": b'{"id": "A", "question": "\\ud800"}',
    "laughs": LAUGHS,
    "what holds itself": b"- &x {id: A, question: *x}\n",
    "a call": b"- !!python/object/apply:os.system [id]\n",
    "strange names": b"- {2026-01-01: x, id: A, question: q}\n",
    "one cell": b"id,question\nA," + b"q" * 900_000 + b"\x00\xff",
    "many columns": b"id,question" + b",x" * 200_000,
    "twice": b'{"id": "A", "question": "q"}\n' * 2,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, str]]:
    """A client, and the same page on a port."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, server=ServerSettings(body_timeout_s=1))
    double = Double(documents=(document(),))
    with contextlib.ExitStack() as stack:
        runs = stack.enter_context(contextlib.closing(WindowRuns(Speaker(), double, settings)))
        desks = stack.enter_context(open_desks(double, settings))
        api = create_api(double, desks.kept, version="1", settings=settings)
        EvaluationPage(runs).add(api, load_every_language(), ())
        app = guarded(api, desks.keys, settings)
        # Begun and ended once, by the server on its port.
        yield TestClient(app, base_url="http://localhost"), stack.enter_context(running(app))
        assert runs.progress() is None
        assert not (home / "runs").exists()


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_no_set_is_refused(site: tuple[TestClient, str], kind: str) -> None:
    for name in NAMES:
        response = site[0].post(f"/evaluation/runs?name={name}", content=BODIES[kind])
        assert response.status_code == 422, name
        detail = response.json()["detail"]
        assert name in detail
        assert len(detail) < 10_000
        for secret in ("root:x:", "Traceback", "site-packages", "guide-set-"):
            assert secret not in detail


def test_a_set_that_is_too_large_is_not_read(site: tuple[TestClient, str]) -> None:
    row = json.dumps({"id": "A", "question": "q" * 1000}).encode() + b"\n"
    response = site[0].post("/evaluation/runs?name=set.jsonl", content=row * 2000)
    assert response.status_code == 413

    def parts() -> Iterator[bytes]:
        yield from itertools.repeat(row, 2000)

    response = site[0].post("/evaluation/runs?name=set.jsonl", content=parts())
    assert response.status_code == 413


@pytest.mark.parametrize("path", PATHS)
def test_the_name_of_a_run_leads_nowhere(site: tuple[TestClient, str], path: str) -> None:
    name = quote(path, safe="%")
    for way in ("report", "again"):
        send = site[0].get if way == "report" else site[0].post
        response = send(f"/evaluation/runs/{name}/{way}")
        assert response.status_code in (404, 405)
        assert "root:x:" not in response.text
    response = site[0].post(f"/evaluation/runs?name={name}", content=b"x")
    assert response.status_code == 422
    assert "question sets are files that end in" in response.json()["detail"]


@pytest.mark.parametrize(
    "name",
    [
        "set\u202elnosj.",
        "set.jsonl\u0000",
        "\ufeff",
        "set.jsonl/",
        "..",
        "=cmd()",
        "ſet.ｊｓｏｎｌ",
    ],
)
def test_the_name_of_a_file_plays_no_tricks(site: tuple[TestClient, str], name: str) -> None:
    response = site[0].post("/evaluation/runs", params={"name": name}, content=b"x")
    assert response.status_code == 422


def test_what_is_left_out_or_wrong_is_said(site: tuple[TestClient, str]) -> None:
    client, _ = site
    assert client.post("/evaluation/runs", content=b"x").status_code == 422
    foreign = {"origin": "https://evil.example.org"}
    for way in ("/runs?name=set.csv", "/starter", "/stop", "/runs/x/again"):
        assert client.post(f"/evaluation{way}", headers=foreign).status_code == 403
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.request(method, "/evaluation/runs").status_code == 405
    assert client.get("/evaluation", headers={"host": "evil.example.org"}).status_code == 421


def test_who_sends_too_slowly_is_cut_off(site: tuple[TestClient, str]) -> None:
    port = int(site[1].rpartition(":")[2])
    head = (
        b"POST /evaluation/runs?name=a.csv HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
        slow.sendall(head + b"id")
        got = b""
        with contextlib.suppress(ConnectionError):
            while part := slow.recv(65536):
                got += part
    assert got.startswith(b"HTTP/1.1 408 ")
    assert site[0].get("/evaluation/state").json() == {"run": None}
