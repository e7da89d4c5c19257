"""Routes that change the library: PDFs in, documents out, and what became of it. Admins only.

A file comes as the body of a request, is looked at while it comes, and waits in the queue of
`assistant.api_jobs`. Nothing of the request becomes a path but one name (`assistant.upload_names`),
and its folder is made up here.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi import Path as PathOf
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.api_access import require_admin
from assistant.api_jobs import Job, Jobs
from assistant.api_problems import Responses, held, or_404, refusals
from assistant.api_schema import JobOut, JobsOut
from assistant.service import Answering
from assistant.upload_names import NAME_CHARS, PATTERN, upload_name
from assistant.web_policy import UPLOADS, prefix_of

HEAD_BYTES = 1024
"""Where a PDF says that it is one (ISO 32000-2, annex C of older versions: within 1,024 bytes)."""

_PDF = "application/pdf"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_TAKEN: Responses = refusals(
    _403="The key may only ask.",
    _503="Too many documents wait: come back after Retry-After.",
)
_UNFIT: Responses = refusals(
    _413="The file is too large.",
    _415="This is no PDF.",
)


def add_uploads(app: FastAPI, service: Answering, jobs: Jobs) -> None:
    """Adds the routes to a web application."""
    admin = [Depends(require_admin)]

    def accepted(job: Job, request: Request, response: Response) -> dict[str, Any]:
        response.headers["location"] = f"{prefix_of(request.scope)}/api/v1/jobs/{job.id}"
        return job_json(job)

    @app.post(
        UPLOADS,
        tags=["library"],
        summary="Add a PDF to the library",
        description="It is read later; the answer says where to look what became of it.",
        status_code=202,
        response_model=JobOut,
        responses={**_TAKEN, **_UNFIT},
        openapi_extra=_BODY,
        dependencies=admin,
    )
    async def add(
        request: Request,
        response: Response,
        name: Annotated[
            str,
            Query(
                description="What the file is called.",
                examples=["erasmus-plus-2026.pdf"],
                json_schema_extra={"pattern": PATTERN, "maxLength": NAME_CHARS},
            ),
        ],
    ) -> Any:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _PDF:
            raise HTTPException(415, f"Send the PDF as the body, with content-type {_PDF}.")
        name = upload_name(name)
        await asyncio.to_thread(jobs.check_room)
        upload = jobs.new_upload()
        try:
            await _receive(request, upload / name)
            job = await asyncio.to_thread(jobs.add, upload, name)
        except BaseException:
            jobs.drop(upload)
            raise
        return accepted(job, request, response)

    @app.delete(
        "/api/v1/documents/{document_id}",
        tags=["library"],
        summary="Take a document out of the library",
        status_code=202,
        response_model=JobOut,
        responses={**_TAKEN, **refusals(_404="The library holds no such document.")},
        dependencies=admin,
    )
    def remove(document_id: str, request: Request, response: Response) -> Any:
        held(service, document_id)
        jobs.check_room()
        return accepted(jobs.remove(document_id), request, response)

    @app.get(
        "/api/v1/jobs",
        tags=["library"],
        summary="Documents added and removed, the newest first",
        response_model=JobsOut,
        responses=refusals(_403="The key may only ask."),
        dependencies=admin,
    )
    def all_jobs(
        limit: Annotated[int, Query(ge=1, le=500, description="Most entries.")] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="Entries left out.")] = 0,
    ) -> Any:
        return {"jobs": [job_json(job) for job in jobs.all(limit=limit, offset=offset)]}

    @app.get(
        "/api/v1/jobs/{job_id}",
        tags=["library"],
        summary="What became of a document",
        response_model=JobOut,
        responses=refusals(_403="The key may only ask.", _404="There is no such job."),
        dependencies=admin,
    )
    def one_job(job_id: Annotated[str, PathOf(pattern="^[0-9a-f]{16}$")]) -> Any:
        with or_404():
            return job_json(jobs.get(job_id))


def job_json(job: Job) -> dict[str, Any]:
    """A job as JSON."""
    return {
        "id": job.id,
        "kind": job.kind.value,
        "name": job.name,
        "state": job.state.value,
        "document_id": job.document_id,
        "message": job.message,
        "outcome": job.outcome,
        "created_at": job.created_at,
        "ended_at": job.ended_at,
    }


async def _receive(request: Request, path: Path) -> None:
    """Writes the body of a request into a file, once its head says that it is a PDF.

    Raises:
        HTTPException: 415 if it does not; 400 if the sender goes away.
    """
    head = b""
    with path.open("wb") as file:
        try:
            async for piece in request.stream():
                if len(head) < HEAD_BYTES:
                    head += piece[: HEAD_BYTES - len(head)]
                    if len(head) == HEAD_BYTES:
                        _check_head(head)
                file.write(piece)
        except ClientDisconnect as error:
            raise HTTPException(400, "The file did not come whole.") from error
        _check_head(head)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())


def _check_head(head: bytes) -> None:
    if b"%PDF-" not in head:
        raise HTTPException(415, "This is no PDF: it does not begin with %PDF-.")
