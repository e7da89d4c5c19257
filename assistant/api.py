"""The HTTP API as one web application; its routes are in the `api_*` modules beside it.

Questions are answered in threads of the desk, off the event loop. Errors are problem details
(RFC 9457).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assistant.api_answers import add_answers
from assistant.api_desk import HEARTBEAT_S, Desk
from assistant.api_documents import add_documents
from assistant.api_health import Readiness, add_health
from assistant.api_jobs import Jobs
from assistant.api_metrics import Metrics
from assistant.api_problems import add_problems, refusals
from assistant.api_schema import Problem
from assistant.api_uploads import add_uploads
from assistant.kept import KeptAnswers
from assistant.mcp_server import add_mcp, make_server, mcp_running
from assistant.openai_api import add_openai
from assistant.service import Answering
from assistant.ui_text import STATIC
from corpus.settings import Settings

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_api(
    service: Answering,
    kept: KeptAnswers,
    *,
    version: str,
    settings: Settings | None = None,
    jobs: Jobs | None = None,
    metrics: Metrics | None = None,
    readiness: Readiness | None = None,
    heartbeat_s: float = HEARTBEAT_S,
) -> FastAPI:
    """A web application with the API's routes; the chat window may be mounted beside it.

    Args:
        service: answers.
        kept: where answers are kept.
        version: of this program.
        settings: how many questions are answered at once, and the like.
        jobs: the queue of documents to add and remove; without it the library cannot be changed.
        metrics: what is counted.
        readiness: when questions can be answered.
        heartbeat_s: longest silence of a stream.
    """
    metrics = metrics or Metrics()
    desk = Desk(service, kept, (settings or Settings()).server, heartbeat_s=heartbeat_s)

    metrics.watch(service, lambda: desk.waiting)
    tools = make_server(service, desk, version=version)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if jobs is not None:
            jobs.start()
        async with mcp_running(tools):
            yield
        # Answers that are being worked on are finished and kept.
        await asyncio.to_thread(desk.close)

    # No docs pages: they would load scripts from another host.
    app = FastAPI(
        title="Programme guide assistant",
        version=version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    add_problems(app)
    add_health(app, readiness or Readiness(service), metrics)
    add_documents(app, service)
    add_answers(app, service, desk, kept)
    if jobs is not None:
        add_uploads(app, service, jobs)
    add_openai(app, service, desk)
    add_mcp(app, tools)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")

    # The window is mounted at the root and would take every other address.
    for path in ("/api/{_:path}", "/documents/{_:path}", "/v1/{_:path}"):
        app.add_route(path, _nothing_here, methods=_METHODS, include_in_schema=False)
    _complete_schema(app)
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


def _complete_schema(app: FastAPI) -> None:
    """Errors of the OpenAPI document are problem details, also the framework's own."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document["components"]["schemas"]
            schemas[Problem.__name__] = Problem.model_json_schema()
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            faults = refusals(_422="The request is not as described here.")[422]
            for path in document["paths"].values():
                for operation in path.values():
                    responses = operation["responses"]
                    if "application/json" in responses.get("422", {}).get("content", {}):
                        responses["422"] = faults
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
