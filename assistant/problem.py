"""What problem details (RFC 9457) hold, whichever part of the server refuses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

PROBLEM = "application/problem+json"

_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""Where versions of Python differ: the names of RFC 9110."""


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The fields of problem details."""
    return {
        "type": "about:blank",
        "title": _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }


def for_request(body: dict[str, Any], path: str, request_id: str | None) -> dict[str, Any]:
    """Problem details with the id of a request, and as its client reads errors.

    Args:
        body: the fields.
        path: of the request, without the prefix of a proxy.
        request_id: None where there is none.
    """
    whole = {**body, "request_id": request_id} if request_id else dict(body)
    if path.startswith("/v1/"):
        whole["error"] = openai_error(body)
    return whole


def openai_error(body: dict[str, Any]) -> dict[str, Any]:
    """Problem details as the clients of OpenAI's interface read errors."""
    kind = "invalid_request_error" if body["status"] < 500 else "server_error"
    return {"message": body["detail"], "type": kind, "param": None, "code": None}
