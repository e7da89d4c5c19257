"""The page "Evaluation": a question set is run with progress, its report shown, past runs listed.

For whom the API lets change the library. The page asks for all it shows under its own address;
the script `data/evaluation.js` fills it. Nothing here waits for an answer: runs have a thread of
their own (`eval.window_runs`).
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from assistant.api_access import require_admin
from assistant.extensions import Languages, Links
from assistant.ui_escape import escaped
from assistant.ui_frame import admin_page_html
from assistant.ui_text import language_for
from assistant.web_policy import window_policy
from corpus.errors import EvaluationError
from eval.html_page import data_file, page_policy
from eval.past_runs import PastRun
from eval.question_files import SUFFIXES, read_questions
from eval.questions import Question
from eval.window_runs import Progress, WindowRuns

if TYPE_CHECKING:
    from fastapi import FastAPI

ADDRESS = "evaluation"
NAME = "evaluation.name"
STARTER = "starter-questions"
"""The bundled set: about the starter guides."""
MEASURES = ("right", "recall@5", "gold_cited", "quotes_verbatim", "refusal_recall", "over_refusal")
"""The main numbers of a run; the report has all."""

_ODD = re.compile(r"[\x00-\x1f\x7f]|^\.+$")
_NAME_CHARS = 60
"""Kept of the name of a file, from its end: at most 240 bytes."""
_NOT_STORED = {"cache-control": "no-store"}
"""Questions of a help desk are nobody's cache's business."""


class EvaluationPage:
    """See `assistant.extensions.AdminPage`."""

    address = ADDRESS
    name = NAME

    def __init__(self, runs: WindowRuns) -> None:
        self._runs = runs

    def add(self, app: FastAPI, languages: Languages, links: Links) -> None:
        """Adds the page and what it asks for."""
        from fastapi import Depends, HTTPException, Request
        from fastapi.concurrency import run_in_threadpool
        from fastapi.responses import HTMLResponse, Response
        from starlette.requests import ClientDisconnect

        runs = self._runs
        script = data_file("evaluation.js")

        def page(request: Request) -> HTMLResponse:
            language = language_for(request.headers.get("accept-language", ""), languages)
            html = evaluation_page(languages, language, links, script)
            policy = window_policy(html.encode()).decode()
            return HTMLResponse(html, headers={"content-security-policy": policy})

        def page_script() -> Response:
            return Response(script, media_type="text/javascript")

        def state() -> dict[str, Any]:
            now = runs.progress()
            return {"run": None if now is None else _progress_json(now)}

        def past() -> dict[str, Any]:
            return {"runs": [_run_json(run) for run in runs.past()]}

        async def start(request: Request, name: str) -> dict[str, Any]:
            try:
                body = await request.body()
            except ClientDisconnect as error:
                # Gone, or too slow or too much: then the one who cut it off says so.
                raise HTTPException(400, "The set broke off.") from error
            return await run_in_threadpool(begin, body, name)

        def begin(body: bytes, name: str) -> dict[str, Any]:
            try:
                questions = read_set(body, name)
            except EvaluationError as error:
                raise HTTPException(422, str(error)) from error
            return _progress_json(runs.start(questions, PurePath(file_name(name)).stem))

        def starter() -> dict[str, Any]:
            with as_file(files("eval").joinpath("data", f"{STARTER}.jsonl")) as path:
                return _progress_json(runs.start(read_questions(path), STARTER))

        def again(name: str) -> dict[str, Any]:
            try:
                return _progress_json(runs.again(name))
            except EvaluationError as error:
                raise HTTPException(404, str(error)) from error

        def stop() -> dict[str, Any]:
            runs.stop()
            return state()

        def report(name: str) -> HTMLResponse:
            try:
                path = runs.report(name)
            except EvaluationError as error:
                raise HTTPException(404, str(error)) from error
            policy = f"{page_policy()}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            headers = {"content-security-policy": policy, **_NOT_STORED}
            return HTMLResponse(path.read_bytes(), headers=headers)

        # Names that are imported here are not found where the annotations are read.
        page.__annotations__ |= {"request": Request, "return": HTMLResponse}
        page_script.__annotations__ |= {"return": Response}
        start.__annotations__ |= {"request": Request}
        report.__annotations__ |= {"return": HTMLResponse}
        hidden: dict[str, Any] = {
            "include_in_schema": False,
            "dependencies": [Depends(require_admin)],
        }
        root = f"/{ADDRESS}"
        app.get(root, response_model=None, **hidden)(page)
        app.get(f"{root}/page.js", response_model=None, **hidden)(page_script)
        app.get(f"{root}/state", **hidden)(state)
        app.get(f"{root}/runs", **hidden)(past)
        app.post(f"{root}/runs", status_code=202, **hidden)(start)
        app.post(f"{root}/starter", status_code=202, **hidden)(starter)
        app.post(f"{root}/stop", status_code=202, **hidden)(stop)
        app.post(f"{root}/runs/{{name}}/again", status_code=202, **hidden)(again)
        app.get(f"{root}/runs/{{name}}/report", response_model=None, **hidden)(report)


def read_set(body: bytes, name: str) -> tuple[Question, ...]:
    """The questions of a file that was sent.

    Args:
        body: what the file holds.
        name: what it is called; its suffix names the format.

    Raises:
        EvaluationError: as `eval.question_files.read_questions`.
    """
    with tempfile.TemporaryDirectory(prefix="guide-set-") as folder:
        # Messages name the file as the sender knows it.
        path = Path(folder) / file_name(name)
        path.write_bytes(body)
        return read_questions(path)


def file_name(name: str) -> str:
    """A name that a sender gave a file, as one that any folder takes."""
    last = _ODD.sub("_", name.replace("\\", "/").rpartition("/")[2])
    return last[-_NAME_CHARS:] or "questions"


def evaluation_page(languages: Languages, language: str, links: Links, script: str) -> str:
    """A whole HTML page; the script fills it."""
    text = languages[language]
    digest = hashlib.sha256(script.encode()).hexdigest()[:12]
    return admin_page_html(
        languages,
        language,
        name=NAME,
        links=links,
        script=f'<script src="{ADDRESS}/page.js?v={digest}" defer></script>',
        words=("evaluation.",),
        body=f'<p class="given">{escaped(text["evaluation.lead"])}</p>{_choices_html(text)}'
        '<p class="note" role="status"></p><section class="now" hidden></section>'
        f"<h2>{escaped(text['evaluation.past'])}</h2>"
        '<ul class="documents"></ul>',
    )


def _choices_html(text: Mapping[str, str]) -> str:
    return (
        '<p class="sets"><label class="add">'
        f'<input type="file" accept="{",".join(SUFFIXES)}">'
        f"<span>{escaped(text['evaluation.upload'])}</span></label>"
        f'<button type="button" class="starter">{escaped(text["evaluation.starter"])}</button></p>'
    )


def _progress_json(now: Progress) -> dict[str, Any]:
    return {
        "name": now.name,
        "stage": now.stage.value,
        "done": now.done,
        "total": now.total,
        "failed": now.failed,
        "seconds_left": None if now.seconds_left is None else round(now.seconds_left),
        "missing": list(now.missing),
        "message": now.message,
    }


def _run_json(run: PastRun) -> dict[str, Any]:
    summary = run.summary or {}
    measures = summary.get("measures", {})
    return {
        "name": run.name,
        "question_set": run.question_set,
        "stamp": run.stamp,
        "asked": run.asked,
        "total": run.total,
        "finished": run.summary is not None,
        "goes_on": run.goes_on,
        "failed": len(summary.get("failed", ())),
        "measures": {
            name: {"value": measures[name]["value"], "n": measures[name]["n"]}
            for name in MEASURES
            if name in measures
        },
    }
