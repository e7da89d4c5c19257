"""The running server: readiness, counters, logs, back-pressure, time limits, a good end."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.api_health import Readiness
from assistant.model import Answer, Status
from assistant.serve import GRACE_S, listen, make_server
from assistant.web_policy import App
from assistant.web_protocol import PatientProtocol
from corpus.cli import set_up_logging
from corpus.errors import EmptyLibraryError, LibraryError
from corpus.settings import LogSettings, ServerSettings, Settings
from tests.test_api_events import read_events
from tests.web import Double, api_app, citation, document, running

GUIDE = document()
ANSWER = Answer(
    question="How much?",
    status=Status.ANSWERED,
    text="EUR 30 000. [1]",
    language="en",
    citations=(citation(GUIDE),),
    removed={"quote": 2},
    timings_ms={"retrieve": 50.0, "total": 250.0},
)


@pytest.fixture
def double() -> Double:
    return Double(documents=(GUIDE,), answers={"How much?": ANSWER})


def server(**values: int) -> Settings:
    return Settings(server=ServerSettings.model_validate(values))


# --- readiness ---


def test_ready_means_warm_not_empty_and_in_reach() -> None:
    double = Double()
    unreachable: list[LibraryError] = []

    def probe() -> None:
        for error in unreachable:
            raise error

    readiness = Readiness(double, probe)
    with pytest.raises(EmptyLibraryError):
        readiness.check()
    double.documents = (GUIDE,)
    readiness.warm_up()
    assert readiness.check() == 1
    unreachable.append(LibraryError("The server cannot be reached."))
    with pytest.raises(LibraryError, match="reached"):
        readiness.check()


def test_what_stands_in_the_way_is_said_and_tried_again(double: Double) -> None:
    double.error = LibraryError("The index is gone.")
    with api_app(double) as app, TestClient(app) as client:
        pause = threading.Event()
        details = set()
        while "The index is gone." not in details:
            response = client.get("/readyz")
            assert response.status_code == 503
            details.add(response.json()["detail"])
            pause.wait(0.01)
        double.error = None
        while client.get("/readyz").status_code != 200:
            pause.wait(0.01)


# --- counters and logs ---


def measured_client(double: Double, settings: Settings) -> contextlib.AbstractContextManager[App]:
    return api_app(double, settings=settings, measured=True)


def test_counters_say_what_happened(double: Double) -> None:
    with measured_client(double, Settings()) as app, TestClient(app) as client:
        client.post("/api/v1/answers", json={"question": "How much?"})
        client.post(
            "/api/v1/answers",
            json={"question": "Weather?"},
            headers={"accept": "text/event-stream"},
        )
        client.post("/api/v1/answers", json={"question": " "})
        client.get("/api/v1/documents/unknown")
        response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    lines = response.text.splitlines()
    for line in (
        'guide_answers_total{status="answered"} 1.0',
        'guide_answers_total{status="not_in_guides"} 1.0',
        'guide_quotes_removed_total{reason="quote"} 2.0',
        'guide_requests_total{method="POST",route="/api/v1/answers",status="200"} 2.0',
        'guide_requests_total{method="POST",route="/api/v1/answers",status="422"} 1.0',
        'guide_requests_total{method="GET",route="/api/v1/documents/{document_id}",status="404"}'
        " 1.0",
        'guide_stage_seconds_bucket{le="0.3",stage="total"} 1.0',
        "guide_questions_open 0.0",
        "guide_documents 1.0",
    ):
        assert line in lines
    (age,) = (line for line in lines if line.startswith("guide_index_age_seconds"))
    assert float(age.split()[1]) > 0


def test_a_request_has_an_id_that_stays_with_it(double: Double) -> None:
    with measured_client(double, Settings()) as app, TestClient(app) as client:
        given = client.get("/healthz", headers={"x-request-id": "abc-1"})
        assert given.headers["x-request-id"] == "abc-1"
        made = client.get("/api/v1/nothing", headers={"x-request-id": "a b\x7f"})
        assert len(made.headers["x-request-id"]) == 32
        assert made.json()["request_id"] == made.headers["x-request-id"]


@pytest.mark.parametrize("questions", [False, True])
def test_logs_are_data_and_have_questions_only_when_asked_for(
    double: Double, questions: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    log = LogSettings(level="INFO", format="json", questions=questions)
    settings = Settings(log=log)
    set_up_logging(settings)
    try:
        with measured_client(double, settings) as app, TestClient(app) as client:
            client.post("/api/v1/answers", json={"question": "How much?"})
            client.post("/api/v1/answers", json={"question": "A secret?"})
            client.get(f"/documents/{GUIDE.id}/pages/1.png?quote=secret")
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        logging.captureWarnings(False)
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    # The last ones are lines of the client in this process.
    text = json.dumps([entry for entry in entries if not entry["logger"].startswith("httpx")])
    answers = [entry for entry in entries if entry["logger"] == "guide.answers"]
    assert [entry["status"] for entry in answers] == ["answered", "not_in_guides"]
    requests = [entry for entry in entries if entry["logger"] == "guide.requests"]
    assert requests[0]["path"] == "/api/v1/answers"
    assert requests[0]["status"] == 200
    assert requests[0]["ms"] > 0
    assert ("secret" in text) is questions
    assert [entry.get("question") for entry in answers] == (
        ["How much?", "A secret?"] if questions else [None, None]
    )


# --- back-pressure and time limits ---


def test_too_many_questions_are_told_to_come_back(double: Double) -> None:
    double.held.clear()
    with (
        api_app(double, settings=server(at_once=1, queue=1)) as app,
        running(app) as address,
        httpx.Client(base_url=address) as client,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        try:
            asked = [threads.submit(_ask, client) for _ in range(6)]
            refused = []
            for future in concurrent.futures.as_completed(asked):
                refused.append(future.result())
                if len(refused) == 4:
                    double.held.set()
        finally:
            double.held.set()
        done = [future.result() for future in asked]
    assert sorted(response.status_code for response in done) == [200, 200, 503, 503, 503, 503]
    for response in refused[:4]:
        assert int(response.headers["retry-after"]) >= 1
        assert "Come back" in response.json()["detail"]


def _ask(client: httpx.Client) -> httpx.Response:
    return client.post("/api/v1/answers", json={"question": "How much?"}, timeout=60)


def test_an_answer_that_takes_too_long_is_given_up(double: Double) -> None:
    double.held.clear()
    with (
        api_app(double, settings=server(timeout_s=1)) as app,
        running(app) as address,
        httpx.Client(base_url=address) as client,
    ):
        try:
            late = _ask(client)
            streamed = client.post(
                "/api/v1/answers",
                json={"question": "How much?"},
                headers={"accept": "text/event-stream"},
                timeout=60,
            )
        finally:
            double.held.set()
    assert late.status_code == 503
    assert late.headers["retry-after"] == "1"
    assert read_events(streamed.text)[-1][1]["status"] == 503


@contextlib.contextmanager
def stopped_in_flight(double: Double, grace_s: int) -> Iterator[Future[httpx.Response]]:
    """An answer that is held while its server is told to stop; in the end the server has ended."""
    double.held.clear()
    with (
        api_app(double) as app,
        contextlib.closing(listen(ServerSettings(port=0))) as listener,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        server_ = make_server(app, Settings())
        server_.config.timeout_graceful_shutdown = grace_s
        ran = threads.submit(server_.run, sockets=[listener])
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
            asked = threads.submit(_ask, client)
            pause = threading.Event()
            while not double.asked:
                pause.wait(0.01)
            server_.should_exit = True
            try:
                yield asked
            finally:
                double.held.set()
        ran.result(timeout=20)


def test_answers_in_flight_finish_when_the_server_is_stopped(double: Double) -> None:
    with stopped_in_flight(double, GRACE_S) as asked:
        double.held.set()
        assert asked.result().status_code == 200


def test_an_answer_that_does_not_finish_in_time_is_sent_away_without_a_traceback(
    double: Double, caplog: pytest.LogCaptureFixture
) -> None:
    with stopped_in_flight(double, 1) as asked:
        response = asked.result()
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert response.json()["request_id"] == response.headers["x-request-id"]
    assert "stopped" in response.json()["detail"]
    assert not [record for record in caplog.records if record.exc_info]


class Hasty(PatientProtocol):
    head_timeout_s = 0.2


def test_slow_clients_are_told_and_cut_off(double: Double) -> None:
    with (
        api_app(double, body_timeout_s=0.2) as app,
        contextlib.closing(listen(ServerSettings(port=0))) as listener,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        server_ = make_server(app, Settings())
        server_.config.http = Hasty
        server_.config.load()
        ran = threads.submit(server_.run, sockets=[listener])
        try:
            for sent in (
                b"",
                b"GET /healthz HT",
                b"POST /api/v1/answers HTTP/1.1\r\nhost: localhost\r\nx-slow: ",
                b"POST /api/v1/answers HTTP/1.1\r\nhost: localhost\r\n"
                b"content-type: application/json\r\ncontent-length: 100\r\n\r\n{",
            ):
                head, _, body = talk(listener, sent).partition(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
                named = json.loads(body)["request_id"]
                assert f"x-request-id: {named}".encode() in head.splitlines()
            assert talk(listener, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", once=True)
        finally:
            server_.should_exit = True
            ran.result(timeout=20)


def talk(listener: socket.socket, sent: bytes, *, once: bool = False) -> bytes:
    """What the server answers, up to the end of the connection."""
    with socket.create_connection(listener.getsockname(), timeout=20) as client:
        client.sendall(sent)
        got = b""
        while part := client.recv(65536):
            got += part
            if once:
                break
        return got


def test_heart_beats_are_sent_while_nothing_happens(double: Double) -> None:
    double.held.clear()
    with api_app(double, heartbeat_s=0.05) as app, running(app) as address:
        with httpx.stream(
            "POST",
            f"{address}/api/v1/answers",
            json={"question": "How much?"},
            headers={"accept": "text/event-stream"},
        ) as response:
            beats = 0
            for line in response.iter_lines():
                beats += line.startswith(":")
                if beats == 3:
                    double.held.set()
        assert beats >= 3


def test_who_goes_away_frees_the_place(double: Double) -> None:
    double.held.clear()
    with (
        api_app(double, settings=server(at_once=1, queue=0)) as app,
        running(app) as address,
        httpx.Client(base_url=address) as client,
    ):
        with client.stream(
            "POST",
            "/api/v1/answers",
            json={"question": "How much?"},
            headers={"accept": "text/event-stream"},
        ) as response:
            next(response.iter_lines())
        double.held.set()
        pause = threading.Event()
        while _ask(client).status_code == 503:
            pause.wait(0.01)
