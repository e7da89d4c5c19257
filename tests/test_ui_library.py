from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.keys import Scope
from assistant.serve import build_app, open_desks
from assistant.ui_escape import escaped
from assistant.ui_text import load_messages
from corpus.settings import AccessSettings, Settings
from tests.test_api_jobs import Library
from tests.web import Double, bearer, document, record

GUIDE = document()


@pytest.fixture(scope="module")
def clients(
    tmp_path_factory: pytest.TempPathFactory, starter: Path
) -> Iterator[tuple[TestClient, str, str]]:
    """A client, a key that may only ask, and an admin's."""
    double = Double(documents=(GUIDE,), pdfs={GUIDE.id: next(starter.glob("*.pdf"))})
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, access=AccessSettings(keys="always"))
    with contextlib.ExitStack() as stack:
        desks = stack.enter_context(open_desks(double, settings, Library()))
        asker, admin = (desks.keys.create(s.value, s)[1] for s in (Scope.ASK, Scope.ADMIN))
        app = build_app(double, desks, settings)
        client = stack.enter_context(TestClient(app, base_url="http://localhost"))
        yield client, asker, admin


def test_only_an_admin_sees_the_page(clients: tuple[TestClient, str, str]) -> None:
    client, asker, admin = clients
    assert client.get("/library").status_code == 401
    assert client.get("/library", headers=bearer(asker)).status_code == 403
    page = client.get("/library", headers={**bearer(admin), "accept-language": "de"})
    assert page.status_code == 200
    assert "Bibliothek" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for way in ("edition", "again"):
        address = f"/library/documents/{GUIDE.id}/{way}"
        assert client.post(address, headers=bearer(asker), json={"year": 2025}).status_code == 403


@pytest.mark.parametrize(("may", "status", "reason"), [("", 401, "key"), ("ask", 403, "admin")])
def test_a_person_who_may_not_sees_a_page_that_says_so(
    clients: tuple[TestClient, str, str], may: str, status: int, reason: str
) -> None:
    client, asker, _ = clients
    wish = {"accept": "text/html,*/*;q=0.8", "accept-language": "it"}
    page = client.get("/library", headers={**wish, **(bearer(asker) if may else {})})
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert escaped(load_messages("it")[f"refusal.{reason}"]) in page.text
    assert "guide keys" not in page.text
    assert ("www-authenticate" in page.headers) == (status == 401), "the browser asks for the key"
    program = client.get("/library", headers=bearer(asker) if may else {})
    assert program.headers["content-type"] == "application/problem+json"


def test_documents_come_with_warnings(
    clients: tuple[TestClient, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _, admin = clients
    (held,) = client.get("/library/documents", headers=bearer(admin)).json()["documents"]
    assert held["document_id"] == GUIDE.id
    assert held["warnings"] == []
    assert held["status"] == "indexed"
    warned = replace(record(GUIDE), warnings=("Files attached to the PDF are not indexed: a.",))
    monkeypatch.setattr(Double, "records", lambda _: (warned,))
    german = {**bearer(admin), "accept-language": "de"}
    (held,) = client.get("/library/documents", headers=german).json()["documents"]
    assert held["warnings"] == ["An das PDF angehängte Dateien werden nicht durchsucht: a."]


@pytest.mark.parametrize(
    ("document_id", "sent", "status"),
    [
        (GUIDE.id, {"year": 2025, "version": None, "date": "2024-11-12"}, 202),
        (GUIDE.id, {}, 422),
        (GUIDE.id, {"year": 1}, 422),
        (GUIDE.id, {"language": "<b>"}, 422),
        (GUIDE.id, {"title": " "}, 422),
        (GUIDE.id, {"official": True}, 422),
        ("unknown", {"year": 2025}, 404),
    ],
)
def test_what_is_no_correction_is_refused(
    clients: tuple[TestClient, str, str], document_id: str, sent: dict[str, object], status: int
) -> None:
    client, _, admin = clients
    address = f"/library/documents/{document_id}/edition"
    assert client.post(address, headers=bearer(admin), json=sent).status_code == status


def test_a_document_is_put_into_the_queue_again(clients: tuple[TestClient, str, str]) -> None:
    client, _, admin = clients
    address = f"/library/documents/{GUIDE.id}/again"
    job_id = client.post(address, headers=bearer(admin)).json()["id"]
    job = client.get(f"/api/v1/jobs/{job_id}", headers=bearer(admin)).json()
    assert (job["kind"], job["document_id"]) == ("again", GUIDE.id)
