"""The whole road on the real guides, through the command line, as a user would walk it.

Reads and embeds seven official guides (about 1,900 pages): minutes, not seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from corpus.matching import stands_in

pytestmark = pytest.mark.shared

TUTORIAL_RECALL_AT_5 = 0.372
TUTORIAL_MRR_AT_10 = 0.271
"""The usual pipeline (pypdf, 1,000/200 characters, MiniLM, Chroma) on the same questions."""


def guide(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    return subprocess.run(
        [sys.executable, "-c", "import app; app.main()", *arguments],
        env={**environment, "GUIDE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def home(guides: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds all real guides."""
    folder = tmp_path_factory.mktemp("real-library")
    done = guide(folder, "ingest", str(guides), "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert len(report["files"]) == 7
    assert {entry["status"] for entry in report["files"]} == {"indexed"}
    assert sum(entry["pages"] for entry in report["files"]) > 1800
    return folder


@pytest.fixture(scope="module")
def run(home: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the development questions."""
    folder = tmp_path_factory.mktemp("run")
    questions = shared / "golden" / "questions-dev.jsonl"
    done = guide(home, "eval", str(questions), "--out", str(folder))
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def results(run: Path) -> list[dict[str, Any]]:
    lines = (run / "results.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("erasmus-plus-programme-guide-2026_en.pdf", ("Erasmus+", 2026, "1", "en", 456)),
        ("erasmus-plus-programme-guide-2023-v3_en.pdf", ("Erasmus+", 2023, "3", "en", 442)),
        ("erasmus-plus-programme-guide-2025-v2_el.pdf", ("Erasmus+", 2025, "2", "el", 514)),
        ("erasmus-plus-programme-guide-2021-v2_el.pdf", ("Erasmus+", 2021, "2", "el", 389)),
    ],
)
def test_editions_are_read_from_the_covers(
    home: Path, file: str, expected: tuple[str, int, str, str, int]
) -> None:
    listed = json.loads(guide(home, "documents", "--json").stdout)["documents"]
    document = next(d for d in listed if d["file"] == file)
    keys = ("programme", "year", "version", "language", "pages")
    assert tuple(document[key] for key in keys) == expected


def test_the_run_beats_the_usual_pipeline(run: Path, results: list[dict[str, Any]]) -> None:
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    measures = summary["measures"]
    assert len(results) == 120
    assert not [r["id"] for r in results if r.get("error")]
    assert measures["recall@5"]["value"] > TUTORIAL_RECALL_AT_5
    assert measures["mrr@10"]["value"] > TUTORIAL_MRR_AT_10


def test_every_quote_of_the_run_stands_on_its_page(
    guides: Path, results: list[dict[str, Any]]
) -> None:
    @cache
    def reader(file: str) -> PdfReader:
        return PdfReader(guides / file)

    @cache
    def page_text(file: str, page: int) -> str:
        return str(reader(file).pages[page - 1].extract_text())

    cited = [citation for result in results for citation in result["citations"]]
    assert len(cited) > 100
    missing = [
        (c["document"], c["page"], c["quote"])
        for c in cited
        if not stands_in(c["quote"], page_text(c["document"], c["page"]))
    ]
    assert missing == []


def test_an_answer_in_the_shell_is_one_json_object(home: Path) -> None:
    done = guide(home, "ask", "What lump sums are there for KA220 in 2026?", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert "400 000" in answer["text"]
    assert (answer["citations"][0]["page"], answer["edition"]["year"]) == (242, 2026)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "   "), 2, "blank"),
        (("ask", "x" * 5000), 2, "5,000 characters"),
        (("ask", "Who can apply?", "--year", "1999"), 0, ""),
        (("ask", "Who can apply?", "--document", "nothing"), 2, "holds no document"),
        (("ingest", "/nowhere/guide.pdf"), 1, "guide.pdf"),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_wrong_use_gets_a_sentence_and_its_code(
    home: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = guide(home, *arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_run_costs_nothing(home: Path, guides: Path) -> None:
    done = guide(home, "ingest", str(guides), "--json")
    report = json.loads(done.stdout)
    assert {entry["status"] for entry in report["files"]} == {"unchanged"}


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    done = guide(tmp_path, "ask", "Who can apply?")
    assert done.returncode == 1
    assert "guide ingest" in done.stderr
