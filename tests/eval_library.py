"""A library with one guide of four pages, questions about it, and commands run on both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result

from app import guide
from corpus.packing import pack_boxes
from corpus.passage_texts import passage_texts
from corpus.settings import load_settings
from corpus.writer import IndexWriter
from eval.questions import GoldPage, Question
from tests.builders import make_document

PAGES = (
    "Cooperation Partnerships need a score of at least 60 points to be funded.",
    "Applications must be submitted by 5 March 2026 at 12:00 midday Brussels time.",
    "The travel grant for distances between 500 and 1999 km is EUR 309 for each participant.",
    "A blended intensive programme lasts between 5 and 30 days and has at least 10 learners.",
)

QUESTIONS = (
    Question(
        id="A1",
        question="How many points does a Cooperation Partnership need?",
        lang="en",
        kind="amount",
        gold=(GoldPage(document="guide.pdf", page=1, quote="at least 60 points"),),
        key_facts=(("60",),),
    ),
    Question(
        id="A2",
        question="What is the travel grant for 800 km?",
        lang="en",
        kind="table-cell",
        gold=(GoldPage(document="guide.pdf", page=3, quote="EUR 309"),),
        key_facts=(("309",),),
    ),
    Question(
        id="A3",
        question="When is the deadline?",
        lang="en",
        kind="date",
        gold=(GoldPage(document="guide.pdf", page=1),),  # wrong on purpose
        key_facts=(("5 March",),),
    ),
)


def _draw(path: Path) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for text in PAGES:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(40, 700, text)
        canvas.showPage()
    canvas.save()
    return path


def fill(folder: Path) -> None:
    """Put the guide in a data folder, by the real store and the real English embedder."""
    settings = load_settings(environment(folder))
    document = replace(make_document(pages=PAGES), file="guide.pdf")
    writer = IndexWriter.open(settings)
    texts = passage_texts(document)
    vectors = writer.embedder().embed_passages(texts)
    writer.save(document, vectors, pack_boxes(document, ()), _draw(folder / "made.pdf"))
    writer.refresh()
    writer.close()


def environment(home: Path) -> dict[str, str]:
    """The settings of the library in a data folder."""
    return {
        "GUIDE_HOME": str(home),
        "GUIDE_EMBEDDING__MODEL": "bge-small-en-v1.5",
        "GUIDE_RETRIEVAL__RERANKER": "none",
    }


def invoke(home: Path, *arguments: str | Path, **settings: str) -> Result:
    """Run `guide` with arguments on a data folder; `settings` are further variables."""
    environ = environment(home) | settings
    return CliRunner(env=environ).invoke(guide, [str(a) for a in arguments])
