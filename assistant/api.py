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
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.api_access import HEALTH
from assistant.api_answers import add_answers
from assistant.api_desk import HEARTBEAT_S, Desk
from assistant.api_documents import add_documents
from assistant.api_health import Readiness, add_health
from assistant.api_jobs import Jobs
from assistant.api_metrics import Metrics
from assistant.api_problems import ANYTHING, Responses, add_problems, allowed_methods, refusals
from assistant.api_schema import Problem
from assistant.api_uploads import add_uploads
from assistant.kept import KeptAnswers
from assistant.mcp_mount import PATH, open_tools
from assistant.openai_api import add_openai
from assistant.service import Answering
from assistant.ui_text import STATIC
from corpus.settings import Settings


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
    tools = open_tools(service, desk, version=version)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if jobs is not None:
            jobs.start()
        async with tools.running():
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
    app.router.routes.append(Route(PATH, tools, include_in_schema=False))
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")

    # The window is mounted at the root and would take every other address.
    ours = (path + ANYTHING for path in ("/api", "/documents", "/v1"))
    for path in (*ours, *HEALTH, "/metrics"):
        app.router.routes.append(Route(path, _NothingHere(), include_in_schema=False))
    _complete_schema(app)
    return app


class _NothingHere:
    """What is no route, or one that knows other methods only. Takes any method whatever."""

    async def __call__(self, scope: Scope, _: Receive, __: Send) -> None:
        request = Request(scope)
        if allowed_methods(request):
            raise HTTPException(405)
        raise HTTPException(404, f"There is nothing at {request.url.path}.")


def _complete_schema(app: FastAPI) -> None:
    """Adds to the OpenAPI document what all operations share: the ways in which they refuse."""
    generate = app.openapi
    body = refusals(_400="The body cannot be read.", _413="The body is too large.")
    form = refusals(_422="The request is not as described here.")
    access = refusals(
        _401="A key is needed, where keys are asked for.",
        _403="A page of another site may not send this, or the key may only ask.",
        _429="Too many requests: come back after Retry-After.",
    )

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document["components"]["schemas"]
            schemas[Problem.__name__] = Problem.model_json_schema()
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for path, operations in document["paths"].items():
                for operation in operations.values():
                    responses = operation["responses"]
                    if "application/json" in responses.get("422", {}).get("content", {}):
                        del responses["422"]
                        _add(responses, form)
                    if "requestBody" in operation:
                        _add(responses, body)
                    if path not in HEALTH:
                        _add(responses, access)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _add(responses: dict[str, Any], more: Responses) -> None:
    for status, response in more.items():
        responses.setdefault(str(status), response)
