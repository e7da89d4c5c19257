"""Routes that show the library: documents, their pages as text and image, their PDFs.

A document is found by its id, never by a path from the request.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi import Path as PathOf
from fastapi.responses import FileResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from assistant.api_problems import Responses, held, refusals
from assistant.api_schema import DocumentDetailOut, DocumentsOut, PageOut
from assistant.output import edition_json
from assistant.pages import PageImages
from assistant.service import Answering
from assistant.web_policy import prefix_of
from corpus.errors import DocumentError, LibraryError, QuestionError
from corpus.model import Document
from corpus.records import DocumentRecord

MOST_ROWS = 500
"""Most entries of one page of a list."""

PageNumber = Annotated[int, PathOf(ge=1, le=100_000, description="Physical page, 1-based.")]

_CACHE_SHORTLY = {"cache-control": "private, max-age=300"}
_INGEST = "ingest its file again."
_UNKNOWN = refusals(_404="The library holds no such document or page.")
_IMAGE: Responses = {
    200: {
        "content": {"image/png": {}},
        "headers": {
            "x-quote-placed": {"schema": {"type": "string", "enum": ["yes", "no"]}},
            "x-quote-top": {
                "schema": {"type": "number"},
                "description": "Where the marked quote begins, as a share of the page's height.",
            },
            "x-quote-box": {
                "schema": {"type": "string"},
                "description": "Where the marked quote stands: left, top, right and bottom as "
                'shares of the page, e.g. "0.1008,0.1188,0.3322,0.1330"; not there without one.',
            },
            "x-pages": {"schema": {"type": "integer"}, "description": "Pages of the document."},
        },
    }
}
_PDF: Responses = {
    200: {"content": {"application/pdf": {}}, "description": "The file."},
    206: {"content": {"application/pdf": {}}, "description": "The part that Range names."},
    **refusals(_400="Range cannot be read.", _416="The file has no such part."),
}
_REFUSED = {
    400: "The header Range cannot be read. An example: bytes=0-1023",
    416: "The file has no such part.",
}


class _File(FileResponse):
    """A file whose refusals are problem details, as all others are."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it, or the part that is asked for."""

        async def unless_refused(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _REFUSED:
                status = message["status"]
                headers = Headers(raw=message["headers"])
                kept = {name: headers[name] for name in ("content-range",) if name in headers}
                raise HTTPException(status, _REFUSED[status], kept)
            await send(message)

        await super().__call__(scope, receive, unless_refused)


def add_documents(app: FastAPI, service: Answering) -> None:
    """Adds the routes; those that a browser shows stand outside `/api/v1`."""
    images = PageImages(service.library)

    @app.get(
        "/api/v1/documents",
        tags=["documents"],
        summary="What the library holds",
        response_model=DocumentsOut,
    )
    def documents(
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most entries.")] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="Entries left out.")] = 0,
    ) -> Any:
        records = service.records()
        end = offset + limit
        return {
            "documents": [document_json(record) for record in records[offset:end]],
            "total": len(records),
            "next_offset": end if end < len(records) else None,
        }

    @app.get(
        "/api/v1/documents/{document_id}",
        tags=["documents"],
        summary="A document and its headings",
        response_model=DocumentDetailOut,
        responses=_UNKNOWN,
    )
    def document(request: Request, document_id: str) -> Any:
        record = held(service, document_id)
        whole = service.library.document(document_id)
        return {
            **document_json(record),
            "sha256": record.sha256,
            "saved_at": record.saved_at,
            "warnings": list(record.warnings),
            "pdf": f"{prefix_of(request.scope)}/documents/{document_id}.pdf",
            "sections": _sections_json(whole),
        }

    @app.get(
        "/api/v1/documents/{document_id}/pages/{page}",
        tags=["documents"],
        summary="The text of a page",
        response_model=PageOut,
        responses=_UNKNOWN,
    )
    def page_text(document_id: str, page: PageNumber) -> Any:
        held(service, document_id)
        return page_json(service.library.document(document_id), page)

    @app.head("/documents/{document_id}.pdf", include_in_schema=False)
    @app.get(
        "/documents/{document_id}.pdf",
        tags=["documents"],
        summary="The PDF of a document",
        response_class=FileResponse,
        responses={**_PDF, **_UNKNOWN},
    )
    def pdf(document_id: str) -> FileResponse:
        held(service, document_id)
        try:
            path = service.pdf_path(document_id)
        except LibraryError as error:
            # Its message names the place on this machine's disk, which is nobody's business.
            raise HTTPException(404, f"The PDF of {document_id} is gone: {_INGEST}") from error
        return _File(
            path,
            media_type="application/pdf",
            content_disposition_type="inline",
            filename=f"{document_id}.pdf",
            headers=_CACHE_SHORTLY,
        )

    @app.get(
        "/documents/{document_id}/pages/{page}.png",
        tags=["documents"],
        summary="A page as an image, with a quote marked on it",
        response_class=Response,
        responses={**_UNKNOWN, **_IMAGE},
    )
    def page_image(
        document_id: str,
        page: PageNumber,
        quote: Annotated[str, Query(max_length=8000, description="Text to mark.")] = "",
        scale: Annotated[float, Query(ge=0.2, le=4, description="Pixels per PDF point.")] = 1.5,
    ) -> Response:
        held(service, document_id)
        try:
            image = images.image(document_id, page, quote=quote, scale=scale)
        except (QuestionError, DocumentError) as error:
            raise HTTPException(404, str(error)) from error
        except LibraryError as error:
            raise HTTPException(404, f"The PDF of {document_id} is gone: {_INGEST}") from error
        headers = {
            "x-quote-placed": "yes" if image.placed else "no",
            "x-quote-top": f"{image.top:.4f}",
            "x-pages": str(image.pages),
            **_CACHE_SHORTLY,
        }
        if image.quote:
            headers["x-quote-box"] = ",".join(f"{share:.4f}" for share in image.quote)
        return Response(image.png, media_type="image/png", headers=headers)


def document_json(record: DocumentRecord) -> dict[str, Any]:
    """A document of the library as JSON."""
    return {
        **edition_json(record.id, record.edition),
        "file": record.file,
        "pages": record.pages,
        "chunks": record.chunks,
        "status": record.status.value,
    }


def page_json(document: Document, number: int) -> dict[str, Any]:
    """A page's text as JSON.

    Raises:
        HTTPException: 404 if there is no such page.
    """
    if not 1 <= number <= len(document.pages):
        last = len(document.pages)
        raise HTTPException(404, f"{document.id} has no page {number} (1 to {last}).")
    return {
        "document_id": document.id,
        "page": number,
        "pages": len(document.pages),
        "label": document.page(number).label,
        "text": document.page_text(number),
    }


def _sections_json(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "headings": list(section.headings),
            "page": document.page_range(section.span)[0].number,
        }
        for section in document.sections
    ]
