"""Refusals have one form, whichever part of the server makes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.test_api_openapi import GUIDE
from tests.web import Double, api_app

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
