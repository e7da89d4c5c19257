"""The contract: checked in, and held by the server whatever is sent to it.

`python -m tests.test_api_openapi` writes `docs/openapi.json` anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from assistant.api import create_api
from assistant.api_health import Readiness
from assistant.serve import DISTRIBUTION, guarded, open_desks
from assistant.web_policy import App
from corpus.settings import LimitSettings, ServerSettings, Settings
from tests.conftest import PROJECT
from tests.test_api_jobs import Library
from tests.web import Double, document, running

FILE = PROJECT / "docs" / "openapi.json"
GUIDE = document()


@contextmanager
def whole_api() -> Iterator[tuple[FastAPI, App]]:
    """The API with all of its routes, bare and behind its rules."""
    pdf = next((PROJECT / "corpus" / "starter").glob("*.pdf"))
    double = Double(documents=(GUIDE,), pdfs={GUIDE.id: pdf})
    with tempfile.TemporaryDirectory() as home:
        readiness = Readiness(double)
        readiness.warm_up()
        settings = Settings(
            home=Path(home),
            limits=LimitSettings(max_file_mb=1),
            server=ServerSettings(body_timeout_s=1),
        )
        with open_desks(double, settings, Library()) as desks:
            app = create_api(
                double,
                desks.kept,
                version=version(DISTRIBUTION),
                settings=settings,
                jobs=desks.jobs,
                readiness=readiness,
            )
            yield app, guarded(app, desks.keys, settings)


def contract() -> dict[str, Any]:
    """The OpenAPI document as the server gives it."""
    with whole_api() as (app, _):
        return app.openapi()


def test_the_contract_is_the_one_checked_in() -> None:
    assert contract() == json.loads(FILE.read_text("utf-8")), (
        "The API has changed: look at the difference, then run python -m tests.test_api_openapi"
    )


def test_every_operation_says_what_it_does_and_how_it_fails() -> None:
    document = contract()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["tags"], path
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert "application/problem+json" in response["content"], (method, path)
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert reference in document["components"]["schemas"]


def test_the_server_holds_the_contract_whatever_is_sent_to_it() -> None:
    # All checks on the edges of every field; docs/api.md has the long run.
    command = [sys.executable, "-m", "schemathesis.cli", "run", "--no-color", "--seed", "1"]
    command += ["--phases", "examples,coverage"]
    with whole_api() as (_, app), running(app) as address:
        done = subprocess.run(
            [*command, f"{address}/api/v1/openapi.json"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


if __name__ == "__main__":
    FILE.write_text(json.dumps(contract(), indent=1, ensure_ascii=False) + "\n", "utf-8")
