"""The API behind a proxy that takes a path prefix off: addresses that it gives lead back to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.api import create_api
from assistant.model import Section
from assistant.serve import guarded, open_desks
from corpus.settings import ServerSettings, Settings
from tests.test_api import ANSWER, GUIDE
from tests.test_api_events import EVENTS, read_events
from tests.test_api_jobs import PDF, Library
from tests.web import Double, running

PREFIX = "/tools/guide"
ASKED = {"question": "How much?"}
PLACE = Section(document_id=GUIDE.id, title="Guide", headings=("Part B",), page=1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, starter: Path) -> Iterator[httpx.Client]:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"), server=ServerSettings(root_path=f"{PREFIX}/")
    )
    answer = replace(ANSWER, differences=ANSWER.citations, sections=(PLACE,))
    pdf = next(starter.glob("*.pdf"))
    double = Double(documents=(GUIDE,), answers={"How much?": answer}, pdfs={GUIDE.id: pdf})
    with open_desks(double, settings, Library()) as desks:
        app = create_api(double, desks.kept, version="1", settings=settings, jobs=desks.jobs)
        whole = guarded(app, desks.keys, settings)
        with running(whole, settings) as address, httpx.Client(base_url=address) as client:
            yield client


def through_the_proxy(client: httpx.Client, address: str) -> httpx.Response:
    assert address.startswith(f"{PREFIX}/")
    return client.get(address.removeprefix(PREFIX))


def test_citations_lead_back(client: httpx.Client) -> None:
    answer = client.post("/api/v1/answers", json=ASKED).json()
    kept = client.get(f"/api/v1/answers/{answer['id']}").json()["answer"]
    streamed = client.post("/api/v1/answers", json=ASKED, headers=EVENTS).text
    events: dict[str, Any] = dict(read_events(streamed))
    for whole in (answer, kept, events["done"]):
        for cited in (whole["citations"], whole["differences"], whole["sections"]):
            shown = through_the_proxy(client, cited[0]["url"])
            assert shown.headers["content-type"] == "application/pdf"
    assert events["citations"]["citations"] == answer["citations"]
    messages = [{"role": "user", "content": "How much?"}]
    chat = client.post("/v1/chat/completions", json={"messages": messages}).json()
    assert chat["guide"]["citations"] == answer["citations"]
    assert f"{PREFIX}/documents/{GUIDE.id}.pdf#page=1>" in chat["choices"][0]["message"]["content"]


def test_documents_and_jobs_lead_back(client: httpx.Client) -> None:
    found = client.get(f"/api/v1/documents/{GUIDE.id}").json()
    assert through_the_proxy(client, found["pdf"]).status_code == 200
    headers = {"content-type": "application/pdf"}
    added = client.post("/api/v1/documents?name=a.pdf", content=PDF, headers=headers)
    removed = client.delete(f"/api/v1/documents/{GUIDE.id}")
    for accepted in (added, removed):
        job = through_the_proxy(client, accepted.headers["location"]).json()
        assert job["id"] == accepted.json()["id"]
