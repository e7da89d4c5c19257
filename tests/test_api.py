from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette

from assistant.api import create_api
from assistant.api_health import Readiness
from assistant.kept import KeptAnswers, library_fingerprint
from assistant.model import Answer, Filters, Status, Turn
from assistant.output import answer_json, passage_json
from assistant.web_policy import MAX_BODY_BYTES, WebPolicy
from corpus.errors import GuideError, LibraryLockedError, ModelError
from tests.web import HEADINGS, Double, citation, document, passage

GUIDE = document()
ANSWER = Answer(
    question="How much?",
    status=Status.ANSWERED,
    text="EUR 30 000. [1]",
    language="en",
    edition=(GUIDE.id, GUIDE.edition),
    citations=(citation(GUIDE),),
    passages=(passage(GUIDE),),
    timings_ms={"total": 4.0},
)


@pytest.fixture
def assistant(starter: Path) -> Double:
    pdf = next(starter.glob("*.pdf"))
    return Double(documents=(GUIDE,), answers={"How much?": ANSWER}, pdfs={GUIDE.id: pdf})


@contextlib.contextmanager
def open_client(assistant: Double) -> Iterator[TestClient]:
    with tempfile.TemporaryDirectory() as home:
        kept = KeptAnswers.open(
            Path(home), fingerprint=lambda: library_fingerprint(assistant.records())
        )
        readiness = Readiness(assistant)
        with contextlib.suppress(GuideError):
            readiness.warm_up()
        app = WebPolicy(create_api(assistant, kept, version="1", readiness=readiness))
        with (
            contextlib.closing(kept),
            TestClient(app, raise_server_exceptions=False) as client,
        ):
            yield client


@pytest.fixture
def client(assistant: Double) -> Iterator[TestClient]:
    with open_client(assistant) as client:
        yield client


@pytest.fixture(scope="module")
def quiet_client() -> Iterator[TestClient]:
    """For tests that leave the assistant as it is."""
    with open_client(Double(documents=(GUIDE,))) as client:
        yield client


def problem(client: TestClient, method: str, path: str, **request: object) -> tuple[int, str]:
    response = client.request(method, path, **request)  # type: ignore[arg-type]
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert {"type", "title", "detail"} <= body.keys()
    assert "Traceback" not in response.text
    return response.status_code, body["detail"]


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "documents": 1}


def test_an_empty_library_is_alive_but_not_ready() -> None:
    with open_client(Double()) as client:
        assert client.get("/healthz").status_code == 200
        status, detail = problem(client, "GET", "/readyz")
        assert status == 503
        assert "guide ingest" in detail


def test_an_answer_has_the_form_of_the_command_line(client: TestClient) -> None:
    response = client.post("/api/v1/answers", json={"question": "How much?"})
    assert response.status_code == 200
    body = response.json()
    assert len(body.pop("id")) == 24
    assert body == answer_json(ANSWER)


def test_filters_and_history_reach_the_assistant(client: TestClient, assistant: Double) -> None:
    history = [{"role": "user", "content": "KA210?"}, {"role": "assistant", "content": "Yes."}]
    body = {"question": "How much?", "programme": "Erasmus+", "year": 2026, "history": history}
    assert client.post("/api/v1/answers", json=body).status_code == 200
    assert assistant.asked == [
        (
            "How much?",
            Filters(programme="Erasmus+", year=2026),
            (Turn(role="user", content="KA210?"), Turn(role="assistant", content="Yes.")),
        )
    ]


def test_passages(client: TestClient) -> None:
    response = client.post("/api/v1/passages", json={"question": "lump sum", "top_k": 1})
    assert response.json() == {
        "question": "lump sum",
        "passages": [passage_json(passage(GUIDE))],
    }


def test_documents(client: TestClient) -> None:
    listed = client.get("/api/v1/documents").json()
    (held,) = listed["documents"]
    assert (listed["total"], listed["next_offset"]) == (1, None)
    assert held == {
        "document_id": GUIDE.id,
        "file": GUIDE.file,
        "title": GUIDE.edition.title,
        "programme": "Erasmus+",
        "year": 2026,
        "version": "1",
        "date": "2025-11-12",
        "language": "en",
        "pages": 1,
        "chunks": 1,
        "status": "indexed",
    }


def test_a_pdf_is_shown_in_the_browser(client: TestClient, starter: Path) -> None:
    response = client.get(f"/documents/{GUIDE.id}.pdf")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline;")
    assert response.content == next(starter.glob("*.pdf")).read_bytes()
    assert client.head(f"/documents/{GUIDE.id}.pdf").status_code == 200
    part = client.get(f"/documents/{GUIDE.id}.pdf", headers={"range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"%PDF-")


@pytest.mark.parametrize(
    "path",
    [
        "/documents/unknown.pdf",
        "/documents/..%2f..%2fetc%2fpasswd.pdf",
        "/documents/%2e%2e.pdf",
        f"/documents/{GUIDE.id}.pdf.pdf",
        "/api/v1/nothing",
        "/api",
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://example.org",
    ],
)
def test_what_is_not_there_is_a_problem(quiet_client: TestClient, path: str) -> None:
    status, _ = problem(quiet_client, "GET", path)
    assert status == 404


def test_a_page_is_shown_with_its_quote(client: TestClient) -> None:
    path = f"/documents/{GUIDE.id}/pages/1.png"
    response = client.get(path, params={"quote": "EUR 30 000", "scale": 1})
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/png"
    assert response.headers["x-quote-placed"] == "yes"
    assert response.headers["x-pages"] == "1"
    assert response.content.startswith(b"\x89PNG")
    assert client.get(path, params={"quote": "EUR 1"}).headers["x-quote-placed"] == "no"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/documents/{GUIDE.id}/pages/2.png", 404),
        ("/documents/unknown/pages/1.png", 404),
        (f"/documents/{GUIDE.id}/pages/0.png", 422),
        (f"/documents/{GUIDE.id}/pages/one.png", 422),
        (f"/documents/{GUIDE.id}/pages/1.png?scale=900", 422),
        (f"/documents/{GUIDE.id}/pages/1.png?scale=nan", 422),
    ],
)
def test_a_page_that_cannot_be_shown_is_a_problem(
    quiet_client: TestClient, path: str, expected: int
) -> None:
    assert problem(quiet_client, "GET", path)[0] == expected


def test_a_page_that_cannot_be_drawn_is_a_problem(
    client: TestClient, assistant: Double, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7")
    assistant.pdfs[GUIDE.id] = broken
    status, detail = problem(client, "GET", f"/documents/{GUIDE.id}/pages/1.png")
    assert status == 404
    assert "cannot be drawn" in detail


def test_a_pdf_that_is_gone_says_what_to_do(client: TestClient, assistant: Double) -> None:
    del assistant.pdfs[GUIDE.id]
    status, detail = problem(client, "GET", f"/documents/{GUIDE.id}.pdf")
    assert status == 404
    assert "ngest" in detail
    assert "secret" not in detail
    status, detail = problem(client, "GET", f"/documents/{GUIDE.id}/pages/1.png")
    assert status == 404
    assert "secret" not in detail


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"question": "  "}, "blank"),
        ({"question": "x" * 5000}, "5000"),
        ({}, "body.question"),
        ({"question": "q", "unknown": 1}, "body.unknown"),
        ({"question": "q", "year": "soon"}, "body.year"),
        ({"question": "q", "history": [{"role": "system", "content": ""}]}, "body.history.0.role"),
        ([], "body"),
    ],
)
def test_what_cannot_be_asked_is_a_problem(
    quiet_client: TestClient, body: object, said: str
) -> None:
    status, detail = problem(quiet_client, "POST", "/api/v1/answers", json=body)
    assert status == 422
    assert said in detail


def test_broken_json_and_wrong_methods_are_problems(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    assert problem(client, "POST", "/api/v1/answers", content=b"{", headers=headers)[0] == 422
    assert problem(client, "GET", "/api/v1/answers")[0] == 405
    assert problem(client, "POST", "/api/v1/documents")[0] == 405
    assert problem(client, "DELETE", f"/documents/{GUIDE.id}.pdf")[0] == 405


def test_wrong_methods_are_problems_beside_the_window_too(tmp_path: Path) -> None:
    with contextlib.closing(KeptAnswers.open(tmp_path)) as kept:
        app = create_api(Double(documents=(GUIDE,)), kept, version="1")
        app.mount("/", Starlette())  # takes whatever is left, as the window does
        with TestClient(app) as client:
            for path in ("/api/v1/answers", "/v1/models", "/healthz", "/readyz", "/metrics"):
                for method in ("TRACE", "QUERY", "BREW"):
                    assert problem(client, method, path)[0] == 405
            response = client.post("/healthz")
            assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
            assert client.get("/healthz").status_code == 200


def test_an_empty_library_and_our_own_faults_are_problems(assistant: Double) -> None:
    with open_client(Double()) as client:
        assert problem(client, "POST", "/api/v1/answers", json={"question": "q"})[0] == 503
    with open_client(assistant) as client:
        status, detail = problem(client, "POST", "/api/v1/answers", json={"question": "fault"})
        assert status == 500
        assert "a fault of ours" not in detail
        response = client.post("/api/v1/answers", json={"question": "fault"})
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "expected"),
    [(LibraryLockedError("locked, try later"), 503), (ModelError("a model is missing"), 500)],
)
def test_errors_on_purpose_keep_their_words(
    client: TestClient, assistant: Double, error: Exception, expected: int
) -> None:
    assistant.error = error
    status, detail = problem(client, "POST", "/api/v1/answers", json={"question": "q"})
    assert (status, detail) == (expected, str(error))


def test_large_requests_are_refused(client: TestClient) -> None:
    announced = b" " * (MAX_BODY_BYTES + 1)
    assert problem(client, "POST", "/api/v1/answers", content=announced)[0] == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b" " * (MAX_BODY_BYTES // 2)

    assert problem(client, "POST", "/api/v1/answers", content=pieces())[0] == 413


def test_every_response_has_the_security_headers(client: TestClient) -> None:
    for path in ("/healthz", "/api/v1/nothing", f"/documents/{GUIDE.id}.pdf", "/ui/window.css"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_only_the_windows_files_are_served(client: TestClient) -> None:
    assert client.get("/ui/window.js").status_code == 200
    assert client.get("/ui/icon.svg").headers["content-type"] == "image/svg+xml"
    assert client.get("/ui/..%2fmessages.en.toml").status_code == 404


def test_the_openapi_document_names_no_other_host(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "://" not in json.dumps(document["paths"])
    assert client.get("/docs").status_code == 404


def test_a_list_comes_in_pages(assistant: Double) -> None:
    assistant.documents = tuple(document(f"guide-{n}") for n in range(5))
    with open_client(assistant) as client:
        seen: list[str] = []
        offset: int | None = 0
        while offset is not None:
            page = client.get("/api/v1/documents", params={"limit": 2, "offset": offset}).json()
            seen += [held["document_id"] for held in page["documents"]]
            offset = page["next_offset"]
        assert seen == [f"guide-{n}" for n in range(5)]
        assert client.get("/api/v1/documents", params={"limit": 0}).status_code == 422


def test_a_document_has_its_headings(client: TestClient) -> None:
    held = client.get(f"/api/v1/documents/{GUIDE.id}").json()
    assert held["sections"] == [{"headings": list(HEADINGS), "page": 1}]
    assert held["pdf"] == f"/documents/{GUIDE.id}.pdf"
    assert held["sha256"] == GUIDE.sha256
    assert problem(client, "GET", "/api/v1/documents/unknown")[0] == 404


def test_a_page_has_its_text(client: TestClient) -> None:
    page = client.get(f"/api/v1/documents/{GUIDE.id}/pages/1").json()
    assert page == {
        "document_id": GUIDE.id,
        "page": 1,
        "pages": 1,
        "label": "1",
        "text": GUIDE.text,
    }
    status, detail = problem(client, "GET", f"/api/v1/documents/{GUIDE.id}/pages/2")
    assert (status, detail) == (404, f"{GUIDE.id} has no page 2 (1 to 1).")
    assert problem(client, "GET", "/api/v1/documents/unknown/pages/1")[0] == 404


def test_a_kept_answer_is_held_against_the_library(client: TestClient, assistant: Double) -> None:
    given = client.post("/api/v1/answers", json={"question": "How much?"}).json()
    address = f"/api/v1/answers/{given['id']}"
    kept = client.get(address).json()
    assert (kept["holds"], kept["same_library"]) == (True, True)
    assert kept["quotes"] == [{"number": 1, "holds": True, "why": ""}]
    left_out = ("id", "passages", "timings_ms")
    assert kept["answer"] == {k: v for k, v in given.items() if k not in left_out}

    assistant.documents = ()
    kept = client.get(address).json()
    assert (kept["holds"], kept["same_library"]) == (False, False)
    assert kept["quotes"][0]["why"] == "The document is gone."
    assert problem(client, "GET", f"/api/v1/answers/{'0' * 24}")[0] == 404
    assert problem(client, "GET", "/api/v1/answers/short")[0] == 422


def test_an_abstention_has_no_quotes_that_could_hold(client: TestClient) -> None:
    given = client.post("/api/v1/answers", json={"question": "Weather?"}).json()
    kept = client.get(f"/api/v1/answers/{given['id']}").json()
    assert (kept["holds"], kept["quotes"]) == (None, [])


def test_feedback_needs_an_answer(client: TestClient) -> None:
    given = client.post("/api/v1/answers", json={"question": "How much?"}).json()
    body = {"answer_id": given["id"], "up": False, "reason": "wrong page"}
    assert client.post("/api/v1/feedback", json=body).status_code == 204
    body["answer_id"] = "0" * 24
    assert problem(client, "POST", "/api/v1/feedback", json=body)[0] == 404
    assert problem(client, "POST", "/api/v1/feedback", json={"up": True})[0] == 422
    withdrawn = f"/api/v1/feedback/{given['id']}"
    assert [client.delete(withdrawn).status_code for _ in range(2)] == [204, 204]
    assert problem(client, "DELETE", f"/api/v1/feedback/{'0' * 24}")[0] == 404
    assert problem(client, "DELETE", "/api/v1/feedback/short")[0] == 422
