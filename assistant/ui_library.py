"""The page on which an admin keeps the library: what it holds, and what is being done to it.

It is there for whom the API lets change the library (`assistant.api_access`): with an admin key,
or on this machine, where the server asks for none. Every change waits in the queue of
`assistant.api_jobs`; PDFs come and go by the API's own routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Day  # noqa: N812 - a field has that name
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.api_access import require_admin
from assistant.api_jobs import Jobs
from assistant.api_problems import held
from assistant.extensions import Languages, Links
from assistant.output import edition_json
from assistant.service import Answering
from assistant.ui_choices import counted
from assistant.ui_escape import escaped
from assistant.ui_frame import admin_page_html, script_html
from assistant.ui_text import FALLBACK, language_for
from assistant.ui_warnings import warning_name
from corpus.errors import QuestionError
from corpus.records import DocumentRecord

if TYPE_CHECKING:
    from fastapi import FastAPI

LINK = ("library", "shelf.name")
ADDRESS = f"/{LINK[0]}"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$")]


class EditionIn(BaseModel):
    """Fields of an edition that are to be corrected; what is not sent stays, null is none."""

    model_config = ConfigDict(extra="forbid")

    title: Words = ""
    programme: Words | None = None
    year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    version: Words | None = None
    date: Day | None = None
    language: Code = FALLBACK


def add_library(
    app: FastAPI, service: Answering, languages: Languages, jobs: Jobs, links: Links = (LINK,)
) -> None:
    """Adds the page and what it asks for beside the API."""
    from fastapi import Depends, Request
    from fastapi.responses import HTMLResponse

    admin = [Depends(require_admin)]

    def wanted(request: Request) -> str:
        return language_for(request.headers.get("accept-language", ""), languages)

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(library_page(languages, wanted(request), links))

    def documents(request: Request) -> dict[str, Any]:
        text = languages[wanted(request)]
        return {"documents": [_document(record, text) for record in service.records()]}

    def correct(document_id: str, edition: EditionIn) -> dict[str, str]:
        correction = edition.model_dump(exclude_unset=True)
        if not correction:
            raise QuestionError("Nothing was changed.")
        jobs.check_room()
        return {"id": jobs.correct(held(service, document_id).id, correction).id}

    def again(document_id: str) -> dict[str, str]:
        record = held(service, document_id)
        jobs.check_room()
        return {"id": jobs.again(record.id, service.pdf_path(record.id), record.file).id}

    # Names that are imported here are not found where the annotations are read.
    page.__annotations__ |= {"request": Request, "return": HTMLResponse}
    documents.__annotations__ |= {"request": Request}
    hidden: dict[str, Any] = {"include_in_schema": False, "dependencies": admin}
    app.get(ADDRESS, response_model=None, **hidden)(page)
    app.get(f"{ADDRESS}/documents", **hidden)(documents)
    app.post(f"{ADDRESS}/documents/{{document_id}}/edition", status_code=202, **hidden)(correct)
    app.post(f"{ADDRESS}/documents/{{document_id}}/again", status_code=202, **hidden)(again)


def _document(record: DocumentRecord, text: Mapping[str, str]) -> dict[str, Any]:
    return {
        **edition_json(record.id, record.edition),
        "file": record.file,
        "size": counted("page", record.pages, text),
        "status": record.status.value,
        "corrected": list(record.corrected),
        "warnings": [warning_name(warning, text) for warning in record.warnings],
    }


def library_page(languages: Languages, language: str, links: Links) -> str:
    """A whole HTML page; the scripts fill it."""
    text = languages[language]
    return admin_page_html(
        languages,
        language,
        name=LINK[1],
        links=links,
        script=script_html("library_queue.js") + script_html("library.js"),
        body=f'<p class="given">{escaped(text["shelf.lead"])}</p>'
        f'<label class="add"><input type="file" accept="application/pdf,.pdf" multiple>'
        f"<span>{escaped(text['shelf.upload'])}</span></label>"
        '<p class="note" role="status"></p><ul class="jobs queue"></ul>'
        f'<div role="alert">{_box("failures")}</div>{_box("successes")}'
        f'<p class="path none" hidden>{escaped(text["shelf.empty"])}</p>'
        '<ul class="documents"></ul>',
    )


def _box(kind: str) -> str:
    """A box that can be folded; it is there while something is in it."""
    return (
        f'<div class="box {kind}" hidden><details><summary></summary>'
        '<ul class="jobs"></ul></details></div>'
    )
