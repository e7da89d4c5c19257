from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.api_problems import add_problems
from assistant.kept import KeptAnswers
from assistant.ui_escape import escaped
from assistant.ui_record import record_of
from assistant.ui_routes import add_window_routes
from assistant.ui_text import load_every_language
from assistant.web_policy import WebPolicy
from tests.browser.scenes import GUIDE, OLDER, QUESTION, answers
from tests.web import Double

LANGUAGES = load_every_language()
TALK = json.dumps([record_of(answers()[QUESTION])])


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[KeptAnswers]:
    with closing(KeptAnswers.open(tmp_path)) as kept:
        yield kept


@pytest.fixture
def client(kept: KeptAnswers) -> TestClient:
    app = FastAPI()
    add_problems(app)
    add_window_routes(app, Double(documents=(GUIDE, OLDER)), LANGUAGES, kept)
    return TestClient(WebPolicy(app))


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [
        ("md", "text/markdown", b"# Assistent"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("json", "application/json", b'{\n  "answers"'),
    ],
)
def test_a_conversation_can_be_taken_along(
    client: TestClient, form: str, kind: str, start: bytes
) -> None:
    answer = client.post(f"/window/conversation.{form}?language=de", content=TALK)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content.startswith(start)


def test_what_is_no_conversation_is_refused(client: TestClient) -> None:
    assert client.post("/window/conversation.md", content="{}").status_code == 422
    assert client.post("/window/conversation.exe", content=TALK).status_code == 422


def test_a_kept_answer_has_a_page_that_says_whether_it_holds(
    client: TestClient, kept: KeptAnswers
) -> None:
    answer_id = kept.keep(answers()[QUESTION])
    page = client.get(f"/answers/{answer_id}", headers={"accept-language": "fr"})
    assert page.status_code == 200
    assert '<html lang="fr">' in page.text
    assert LANGUAGES["fr"]["record.holds"].split("'")[0] in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    other = kept.keep(answers()["hostile"])
    page = client.get(f"/answers/{other}")
    assert "quote 1 no longer stands there" in page.text
    assert "<script>alert" not in page.text


def test_an_answer_that_is_not_kept_is_named(client: TestClient) -> None:
    assert client.get("/answers/unknown").status_code == 404


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_person_who_opens_an_answer_that_is_not_kept_sees_a_page(client: TestClient) -> None:
    wish = {"accept": BROWSER, "accept-language": "pl"}
    page = client.get("/answers/unknown", headers=wish)
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="pl">' in page.text
    assert escaped(LANGUAGES["pl"]["refusal.kept"]) in page.text
    assert '<a href="/">' in page.text
    assert "unknown" not in page.text
    program = client.get("/answers/unknown", headers={"accept-language": "pl"})
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["status"] == 404


def test_browsers_find_an_icon_where_a_page_names_none(client: TestClient) -> None:
    icon = client.get("/favicon.ico")
    assert icon.status_code == 200
    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.content.startswith(b"<svg")
