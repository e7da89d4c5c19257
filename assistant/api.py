"""The HTTP API: answers, passages, documents, health. The only file that builds FastAPI routes.

Questions are answered in worker threads, off the event loop. Errors are problem details
(RFC 9457); a PDF is found by its document's id, never by a path from the request.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi import Path as PathOf
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant.api_schema import (
    AnswerOut,
    DocumentsOut,
    PassagesOut,
    Problem,
    Question,
    Search,
)
from assistant.output import answer_json, edition_json, passage_json
from assistant.pages import PageImages
from assistant.service import Answering
from assistant.ui_text import STATIC
from assistant.web_policy import PROBLEM
from corpus.errors import (
    DocumentError,
    EmptyLibraryError,
    GuideError,
    LibraryError,
    QuestionError,
)
from corpus.records import DocumentRecord

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_CACHE_SHORTLY = {"cache-control": "private, max-age=300"}
_INGEST = "ingest its file again."
_IMAGE = {
    "content": {"image/png": {}},
    "headers": {
        "x-quote-placed": {"schema": {"type": "string", "enum": ["yes", "no"]}},
        "x-pages": {"schema": {"type": "integer"}, "description": "Pages of the document."},
    },
}
_REFUSED: dict[int | str, dict[str, Any]] = {
    422: {"model": Problem, "description": "The question cannot be asked."},
    503: {"model": Problem, "description": "The library is empty or cannot be used now."},
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "The library holds no such document."}
}


def create_api(service: Answering, *, version: str) -> FastAPI:
    """A web application with the API's routes; the chat window may be mounted beside it."""
    # No docs pages: they would load scripts from another host.
    app = FastAPI(
        title="Programme guide assistant",
        version=version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    _add_problems(app)
    _add_health(app, service)
    _add_documents(app, service)
    _add_questions(app, service)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")

    # The window is mounted at the root and would take every other address.
    for path in ("/api/{_:path}", "/documents/{_:path}"):
        app.add_route(path, _nothing_here, methods=_METHODS, include_in_schema=False)
    return app


async def _nothing_here(request: Request) -> Response:
    """What is no route, or one that knows other methods only."""
    matches = ((route.matches(request.scope)[0], route) for route in request.app.routes)
    allowed = {
        method
        for match, route in matches
        if match is Match.PARTIAL
        for method in getattr(route, "methods", None) or ()
    }
    path = request.url.path
    if allowed:
        allow = ", ".join(sorted(allowed))
        raise HTTPException(405, f"{path} takes {allow} only.", headers={"allow": allow})
    raise HTTPException(404, f"There is nothing at {path}.")


def _add_health(app: FastAPI, service: Answering) -> None:
    @app.get("/healthz", summary="The process runs")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get(
        "/readyz",
        summary="Questions can be answered",
        responses={503: {"model": Problem, "description": "Not ready."}},
    )
    def readyz() -> dict[str, Any]:
        documents = len(service.records())
        if not documents:
            raise EmptyLibraryError("The library is empty. Add guides with: guide ingest PATH")
        return {"status": "ready", "documents": documents}


def _add_documents(app: FastAPI, service: Answering) -> None:
    images = PageImages(service.library)

    def check(document_id: str) -> None:
        if all(record.id != document_id for record in service.records()):
            raise HTTPException(404, f"The library holds no document {document_id!r}.")

    @app.get("/api/v1/documents", summary="What the library holds", response_model=DocumentsOut)
    def documents() -> Any:
        return {"documents": [_document_json(record) for record in service.records()]}

    @app.head("/documents/{document_id}.pdf", include_in_schema=False)
    @app.get(
        "/documents/{document_id}.pdf",
        summary="The PDF of a document",
        response_class=FileResponse,
        responses=_UNKNOWN,
    )
    def pdf(document_id: str) -> FileResponse:
        check(document_id)
        try:
            path = service.pdf_path(document_id)
        except LibraryError as error:
            # Its message names the place on this machine's disk, which is nobody's business.
            raise HTTPException(404, f"The PDF of {document_id} is gone: {_INGEST}") from error
        return FileResponse(
            path,
            media_type="application/pdf",
            content_disposition_type="inline",
            filename=f"{document_id}.pdf",
            headers=_CACHE_SHORTLY,
        )

    @app.get(
        "/documents/{document_id}/pages/{page}.png",
        summary="A page as an image, with a quote marked on it",
        response_class=Response,
        responses={**_UNKNOWN, 200: _IMAGE},
    )
    def page_image(
        document_id: str,
        page: Annotated[int, PathOf(ge=1, le=100_000)],
        quote: Annotated[str, Query(max_length=8000, description="Text to mark.")] = "",
        scale: Annotated[float, Query(ge=0.2, le=4, description="Pixels per PDF point.")] = 1.5,
    ) -> Response:
        check(document_id)
        try:
            image = images.image(document_id, page, quote=quote, scale=scale)
        except (QuestionError, DocumentError) as error:
            raise HTTPException(404, str(error)) from error
        except LibraryError as error:
            raise HTTPException(404, f"The PDF of {document_id} is gone: {_INGEST}") from error
        headers = {
            "x-quote-placed": "yes" if image.placed else "no",
            "x-pages": str(image.pages),
            **_CACHE_SHORTLY,
        }
        return Response(image.png, media_type="image/png", headers=headers)


def _add_questions(app: FastAPI, service: Answering) -> None:
    @app.post(
        "/api/v1/answers",
        summary="A cited answer, or an abstention that says why",
        response_model=AnswerOut,
        responses=_REFUSED,
    )
    def answers(body: Question) -> Any:
        answer = service.ask(body.question, filters=body.filters(), history=body.turns())
        return answer_json(answer)

    @app.post(
        "/api/v1/passages",
        summary="The passages found for a question, best first",
        response_model=PassagesOut,
        responses=_REFUSED,
    )
    def passages(body: Search) -> Any:
        query, found = service.search(
            body.question, filters=body.filters(), history=body.turns(), top_k=body.top_k
        )
        return {"question": query.question, "passages": [passage_json(p) for p in found]}


def _add_problems(app: FastAPI) -> None:
    @app.exception_handler(GuideError)
    def on_guide_error(_: Request, error: GuideError) -> Response:
        return _problem(_status_of(error), str(error))

    @app.exception_handler(HTTPException)
    def on_http_error(_: Request, error: HTTPException) -> Response:
        return _problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def on_invalid(_: Request, error: RequestValidationError) -> Response:
        # What was sent is not repeated: only where the fault is, and which.
        faults = [
            {"where": ".".join(map(str, fault["loc"])), "what": fault["msg"]}
            for fault in error.errors()
        ]
        detail = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
        return _problem(422, detail, errors=faults)

    @app.exception_handler(500)
    def on_fault(_: Request, __: Exception) -> Response:
        return _problem(500, "Something went wrong on this side; the server's log says what.")


def _document_json(record: DocumentRecord) -> dict[str, Any]:
    return {
        **edition_json(record.id, record.edition),
        "file": record.file,
        "pages": record.pages,
        "chunks": record.chunks,
        "status": record.status.value,
    }


def _status_of(error: GuideError) -> int:
    if isinstance(error, QuestionError):
        return 422
    return 503 if isinstance(error, LibraryError) else 500


def _problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return Response(json.dumps(body), status, headers, media_type=PROBLEM)
