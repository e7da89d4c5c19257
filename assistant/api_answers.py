"""Routes that answer: answers (whole or as events), passages, kept answers, feedback."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, Header, Request, Response
from fastapi import Path as PathOf

from assistant.api_desk import Asked, Desk
from assistant.api_events import EVENT_STREAM, answer_events, given_json, wants_events
from assistant.api_problems import ASKING, Responses, or_404, refusals
from assistant.api_schema import (
    AnswerOut,
    FeedbackIn,
    KeptAnswerOut,
    PassagesOut,
    Question,
    Search,
)
from assistant.kept import KeptAnswers, check_quotes
from assistant.output import behind, passage_json
from assistant.service import Answering
from assistant.web_policy import prefix_of

AnswerId = Annotated[str, PathOf(pattern="^[0-9a-f]{24}$", description="Id of an answer.")]

_EVENTS: Responses = {
    200: {
        "description": "The answer; as server-sent events where they are asked for.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    }
}


def add_answers(app: FastAPI, service: Answering, desk: Desk, kept: KeptAnswers) -> None:
    """Adds the routes to a web application."""

    @app.post(
        "/api/v1/answers",
        tags=["answers"],
        summary="A cited answer, or an abstention that says why",
        description="With `Accept: text/event-stream` it comes as it is made: events `status`, "
        "`passages`, `text`, `citations` and `done` (the whole answer), or `error`.",
        response_model=AnswerOut,
        responses={**_EVENTS, **ASKING},
    )
    async def answers(body: Question, accept: Annotated[str, Header()] = "") -> Any:
        asked = asked_of(body)
        if wants_events(accept):
            return await answer_events(desk.stream(asked))
        return given_json(await desk.ask(asked))

    @app.post(
        "/api/v1/passages",
        tags=["answers"],
        summary="The passages found for a question, best first",
        response_model=PassagesOut,
        responses=ASKING,
    )
    async def passages(body: Search) -> Any:
        query, found = await desk.search(asked_of(body), top_k=body.top_k)
        return {"question": query.question, "passages": [passage_json(p) for p in found]}

    @app.get(
        "/api/v1/answers/{answer_id}",
        tags=["answers"],
        summary="A kept answer, and whether it still holds",
        response_model=KeptAnswerOut,
        responses=refusals(_404="There is no such answer, or none any more."),
    )
    def kept_answer(request: Request, answer_id: AnswerId) -> Any:
        with or_404():
            found = kept.get(answer_id)
        checks = check_quotes(found, service.library)
        return {
            "id": found.id,
            "asked_at": found.asked_at,
            "fingerprint": found.fingerprint,
            "same_library": found.fingerprint == kept.fingerprint(),
            "holds": all(check.holds for check in checks) if checks else None,
            "quotes": [
                {"number": check.number, "holds": check.holds, "why": check.why} for check in checks
            ],
            "answer": behind(prefix_of(request.scope), found.record),
        }

    @app.post(
        "/api/v1/feedback",
        tags=["answers"],
        summary="Say whether an answer was good",
        description="Said again, the last word counts.",
        status_code=204,
        response_class=Response,
        responses=refusals(_404="There is no such answer, or none any more."),
    )
    def feedback(body: FeedbackIn) -> Response:
        with or_404():
            kept.feedback(body.answer_id, body.up, body.reason)
        return Response(status_code=204)

    @app.delete(
        "/api/v1/feedback/{answer_id}",
        tags=["answers"],
        summary="Take back what was said of an answer",
        status_code=204,
        response_class=Response,
        responses=refusals(_404="There is no such answer, or none any more."),
    )
    def feedback_taken_back(answer_id: AnswerId) -> Response:
        with or_404():
            kept.withdraw_feedback(answer_id)
        return Response(status_code=204)


def asked_of(body: Question) -> Asked:
    """A question as the desk takes it."""
    return Asked(body.question, body.filters(), body.turns())
