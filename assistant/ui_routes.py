"""The window's own addresses beside Gradio's: conversations to take along, kept answers to read.

What a browser sends is checked like any other input; faults are problem details, as in the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from assistant.kept import KeptAnswers, check_quotes
from assistant.service import Answering
from assistant.ui_export import data, markdown
from assistant.ui_export_pdf import pdf
from assistant.ui_kept_page import kept_page
from assistant.ui_text import FALLBACK, STATIC, language_for
from assistant.web_policy import prefix_of

if TYPE_CHECKING:
    from fastapi import FastAPI

Languages = Mapping[str, Mapping[str, str]]

_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}


def add_window_routes(
    app: FastAPI, service: Answering, languages: Languages, kept: KeptAnswers | None
) -> None:
    """Adds the routes; the window is mounted after them, for it takes every other address."""
    _add_export(app, languages)
    _add_icon(app)
    if kept is not None:
        _add_kept(app, service, languages, kept)


def _add_export(app: FastAPI, languages: Languages) -> None:
    from fastapi import Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import Response

    def file_of(body: bytes, form: str, messages: Mapping[str, str], base: str) -> bytes:
        if form == "pdf":
            return pdf(body, messages, base=base)
        return (data(body) if form == "json" else markdown(body, messages, base=base)).encode()

    async def export(
        request: Request, form: Literal["md", "pdf", "json"], language: str = FALLBACK
    ) -> Response:
        messages = languages.get(language, languages[FALLBACK])
        # The browser's own name of this server: a proxy may speak to it by another.
        origin = request.headers.get("origin") or f"{request.url.scheme}://{request.url.netloc}"
        base = f"{origin}{prefix_of(request.scope)}"
        file = await run_in_threadpool(file_of, await request.body(), form, messages, base)
        return Response(
            file,
            media_type=_TYPES[form],
            headers={"content-disposition": f'attachment; filename="conversation.{form}"'},
        )

    # Names that are imported here are not found where the annotations are read.
    export.__annotations__ |= {"request": Request, "return": Response}
    app.post("/window/conversation.{form}", include_in_schema=False, response_model=None)(export)


def _add_icon(app: FastAPI) -> None:
    """The icon where browsers look for it on pages that name none, such as a PDF."""
    from fastapi.responses import FileResponse

    def icon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")

    icon.__annotations__ |= {"return": FileResponse}
    app.get("/favicon.ico", include_in_schema=False, response_model=None)(icon)


def _add_kept(app: FastAPI, service: Answering, languages: Languages, kept: KeptAnswers) -> None:
    from fastapi import Request
    from fastapi.responses import HTMLResponse

    from assistant.api_problems import or_404

    def page(request: Request, answer_id: str) -> HTMLResponse:
        with or_404():
            answer = kept.get(answer_id)
        language = language_for(request.headers.get("accept-language", ""), languages)
        checks = check_quotes(answer, service.library)
        return HTMLResponse(kept_page(answer, checks, languages, language))

    page.__annotations__ |= {"request": Request, "return": HTMLResponse}
    app.get("/answers/{answer_id}", include_in_schema=False, response_model=None)(page)
