"""Problem details (RFC 9457): what every error of the API looks like."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant.api_schema import Problem
from assistant.problem import PROBLEM, problem
from assistant.service import Answering
from assistant.web_policy import refusal_body
from corpus.errors import (
    BusyError,
    GuideError,
    LibraryError,
    LibraryLockedError,
    QuestionError,
    StoreUnreachableError,
    UnknownDocumentError,
)
from corpus.records import DocumentRecord

ANYTHING = "/{_:path}"
"""End of the path of routes that only say that there is nothing."""
LATER_S = 10
"""When to come back to a library that another process writes to, or whose store is away."""

_FAULT = "Something went wrong on this side; the server's log says what."

Responses = dict[int | str, dict[str, Any]]


def refusals(**texts: str) -> Responses:
    """Error responses for the OpenAPI document: `refusals(_404="No such document.")`."""
    return {
        int(name.removeprefix("_")): {
            "description": text,
            "content": {PROBLEM: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
        }
        for name, text in texts.items()
    }


ASKING = refusals(
    _422="The question cannot be asked.",
    _503="The library is empty, or there is too much to do: come back after Retry-After.",
)


@contextlib.contextmanager
def or_404() -> Iterator[None]:
    """Around what is looked up by the id in a path: where there is nothing, that is the answer.

    Raises:
        HTTPException: 404 in place of a `QuestionError`.
    """
    try:
        yield
    except QuestionError as error:
        raise HTTPException(404, str(error)) from error


def held(service: Answering, document_id: str) -> DocumentRecord:
    """The document of the library with the id in a path.

    Raises:
        HTTPException: 404 where there is none.
    """
    for record in service.records():
        if record.id == document_id:
            return record
    raise HTTPException(404, f"The library holds no document {document_id!r}.")


def problem_of(error: GuideError) -> dict[str, Any]:
    """An error raised on purpose as problem details."""
    return problem(_status_of(error), str(error))


def add_problems(app: FastAPI) -> None:
    """Makes every error of an application problem details."""

    @app.exception_handler(GuideError)
    def on_guide_error(request: Request, error: GuideError) -> Response:
        return _respond(request, problem_of(error), _retry_headers(error))

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> Response:
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        detail = str(error.detail)
        if error.status_code == 404 and detail.lower() == "not found":  # nobody's own words
            detail = f"There is nothing at {request.url.path}."
        if error.status_code == 405:
            # The framework names the methods of one route of several.
            headers["allow"] = ", ".join(allowed_methods(request))
            detail = f"{request.url.path} takes {headers['allow']} only."
        return _respond(request, problem(error.status_code, detail), headers)

    @app.exception_handler(RequestValidationError)
    def on_invalid(request: Request, error: RequestValidationError) -> Response:
        # What was sent is not repeated: only where the fault is, and which.
        faults = [
            {"where": ".".join(map(str, fault["loc"])), "what": fault["msg"]}
            for fault in error.errors()
        ]
        detail = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
        return _respond(request, problem(422, detail, errors=faults))

    @app.exception_handler(500)
    def on_fault(request: Request, __: Exception) -> Response:
        return _respond(request, problem(500, _FAULT))


def allowed_methods(request: Request) -> list[str]:
    """What the routes at the address of a request take; none where there is no route."""
    matches = ((route.matches(request.scope)[0], route) for route in request.app.routes)
    return sorted(
        {
            method
            for match, route in matches
            if match is Match.PARTIAL and not getattr(route, "path", "").endswith(ANYTHING)
            for method in getattr(route, "methods", None) or ()
        }
    )


def _status_of(error: GuideError) -> int:
    if isinstance(error, UnknownDocumentError):
        return 404
    if isinstance(error, QuestionError):
        return 422
    return 503 if isinstance(error, (LibraryError, BusyError)) else 500


def _retry_headers(error: GuideError) -> dict[str, str]:
    if isinstance(error, BusyError):
        return {"retry-after": str(error.retry_after_s)}
    passing = isinstance(error, (LibraryLockedError, StoreUnreachableError))
    return {"retry-after": str(LATER_S)} if passing else {}


def _respond(
    request: Request, body: dict[str, Any], headers: dict[str, str] | None = None
) -> Response:
    kind, policy, content = refusal_body(request.scope, body)
    said = {**(headers or {}), "content-security-policy": policy.decode()}
    return Response(content, body["status"], said, media_type=kind)
