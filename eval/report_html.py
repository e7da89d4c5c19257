"""A run as one HTML file that needs nothing else: numbers, charts, every question."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from eval.charts import bars, intervals, strips
from eval.html_page import (
    NONE_FITS,
    QUESTION_END,
    filters,
    html_page,
    items,
    page_name,
    question_head,
    table,
)
from eval.judged_report import judged_html
from eval.key_facts import facts_stated
from eval.meanings import MEANINGS
from eval.metrics import PageKey
from eval.report import GROUP_COLUMNS, why_wrong
from eval.results import Cited, Result
from eval.summary import Scored, estimates, groups

CHARTED = (
    *("right", "key_facts_all", "gold_cited", "citation_precision", "quotes_verbatim"),
    *("numbers_supported", "right_edition", "difference_warned"),
    *("refusal_precision", "refusal_recall", "over_refusal"),
)
RECALLS = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")
PASSAGE_CHARS = 300
FILTERS = {"outcome": "Outcome", "kind": "Kind", "language": "Language"}

Draw = Callable[[Cited], bytes | None]
"""A citation to its page as PNG, with the quote marked; None where that cannot be drawn."""


def report_html(
    scored: Sequence[Scored], summary: Mapping[str, Any], *, draw: Draw | None = None
) -> str:
    """The page.

    Args:
        scored: all questions of the run, in order.
        summary: what stands in `summary.json`.
        draw: gives the page images that stand beside citations; None leaves them out.
    """
    return html_page(
        f"Evaluation: {summary['question_set']['file']}",
        _line(scored, summary),
        [
            *_charts(scored, summary),
            *_numbers(scored),
            *(judged_html(summary["judged"]) if "judged" in summary else ()),
            *_questions(scored, draw),
            *_settings(summary),
        ],
    )


def _line(scored: Sequence[Scored], summary: Mapping[str, Any]) -> str:
    statuses = ", ".join(f"{name} {count}" for name, count in summary["statuses"].items())
    begun = datetime.fromisoformat(summary["started"]).astimezone(UTC)
    decided = [item.measures["right"] for item in scored if "right" in item.measures]
    right = f"Right: {sum(decided):.0f} of {len(decided)}. " if decided else ""
    return (
        f"{summary['questions']} questions: {statuses}. {right}"
        f"Begun on {begun.day} {begun:%B %Y, %H:%M} UTC."
    )


def _charts(scored: Sequence[Scored], summary: Mapping[str, Any]) -> Iterator[str]:
    found = estimates(scored)
    yield "<h2>Summary</h2>"
    yield '<p class="soft">Lines are 95 % bootstrap intervals over questions.</p>'
    charts = (
        ("The answer", {name: found[name] for name in CHARTED if name in found}),
        ("Finding the page", {name: found[name] for name in RECALLS if name in found}),
    )
    for title, these in charts:
        if these:
            yield intervals(title, these)
    scores = _best_scores(scored)
    if scores:
        yield strips("Score of the best passage, by what was done", scores)
    if summary["timings_ms"]:
        yield bars("Time by stage: median and 95th percentile", summary["timings_ms"])


def _best_scores(scored: Sequence[Scored]) -> dict[str, list[float]]:
    """Where abstention cuts: the score of the first passage by right and wrong of the choice."""
    found: dict[str, list[float]] = {}
    for answerable in (True, False):
        for answers in (True, False):
            kind = "answerable" if answerable else "unanswerable"
            name = f"{kind}, {'answered' if answers else 'refused'}"
            values = [
                float(item.result.line["passages"][0]["score"])
                for item in scored
                if item.question.answerable == answerable
                and item.result.answers == answers
                and item.result.line.get("passages")
            ]
            if values:
                found[name] = values
    return found


def _numbers(scored: Sequence[Scored]) -> Iterator[str]:
    yield "<h2>All measures</h2>"
    rows = [
        (name, f"{e.value:.3f}", f"{e.low:.3f} – {e.high:.3f}", str(e.n), str(e.undefined))
        for name, e in estimates(scored).items()
    ]
    yield table(("measure", "value", "95 % interval", "n", "undefined"), rows)
    said = table(("measure", "what it says"), [(row[0], MEANINGS[row[0]]) for row in rows], "facts")
    yield f'<details class="group"><summary>What they say</summary>{said}</details>'
    for grouping, by_group in groups(scored).items():
        measured = {group: estimates(members) for group, members in by_group.items()}
        columns = [c for c in GROUP_COLUMNS if any(c in found for found in measured.values())]
        rows_of = [
            (
                group,
                str(len(by_group[group])),
                *(f"{found[c].value:.3f} ({found[c].n})" if c in found else "" for c in columns),
            )
            for group, found in measured.items()
        ]
        inside = table((grouping, "questions", *columns), rows_of)
        yield f'<details class="group"><summary>By {escape(grouping)}</summary>{inside}</details>'


def _questions(scored: Sequence[Scored], draw: Draw | None) -> Iterator[str]:
    yield "<h2>Questions</h2>"
    yield from filters(FILTERS, [_data(item) for item in scored])
    for item in scored:
        yield from _question(item, draw)
    yield NONE_FITS


def _data(item: Scored) -> dict[str, str]:
    right = item.measures.get("right")
    outcome = "unscored" if right is None else "right" if right else "wrong"
    return {
        "outcome": "failed" if item.result.error else outcome,
        "kind": item.question.kind,
        "language": item.question.lang,
    }


def _question(item: Scored, draw: Draw | None) -> Iterator[str]:
    question, data = item.question, _data(item)
    tags = (question.kind, question.lang, question.topic, *why_wrong(item))
    yield from question_head(
        question.id, question.question, outcome=data["outcome"], tags=tags, data=data
    )
    if question.history:
        turns = (f"{turn.role}: {turn.content}" for turn in question.history)
        yield f"<h3>Before</h3>{items(turns)}"
    yield from _answer(item.result, question.gold_pages, draw)
    if question.gold:
        needed = "any one of" if question.alternatives else "all of"
        shown = (
            f"{g.document} p. {g.page}" + (f": “{g.quote}”" if g.quote else "")
            for g in question.gold
        )
        yield f"<h3>Gold pages, {needed}</h3>{items(shown)}"
    if question.key_facts:
        stated = (
            ("stated: " if facts_stated(item.result.stated, [fact]) else "missing: ")
            + " / ".join(fact)
            for fact in question.key_facts
        )
        yield f"<h3>Key facts</h3>{items(stated)}"
    if question.answer:
        yield f"<h3>Reference answer</h3><p>{escape(question.answer)}</p>"
    yield from _found(item.result, question.gold_pages)
    yield QUESTION_END


def _answer(result: Result, gold: Sequence[PageKey], draw: Draw | None) -> Iterator[str]:
    yield f"<h3>Answer ({escape(result.status)})</h3>"
    yield f'<p class="answer">{escape(result.error or result.text)}</p>'
    for cited in result.citations:
        yield from _citation(cited, gold, draw)
    if result.differences:
        yield "<h3>Another edition says</h3>"
    for cited in result.differences:
        yield from _citation(cited, (), draw)


def _citation(cited: Cited, gold: Sequence[PageKey], draw: Draw | None) -> Iterator[str]:
    page = page_name((cited.document, cited.page), gold)
    yield f"<div>[{cited.number}] {page}</div><blockquote>{escape(cited.quote)}</blockquote>"
    png = draw(cited) if draw else None
    if png is not None:
        said = escape(f"Page {cited.page} of {cited.document} with the quote marked")
        data = base64.b64encode(png).decode()
        yield f'<details class="group"><summary>{said}</summary>'
        yield f'<img class="page" alt="{said}" src="data:image/png;base64,{data}"></details>'


def _found(result: Result, gold: Sequence[PageKey]) -> Iterator[str]:
    if not result.pages:
        return
    yield "<h3>Pages found</h3><ol>"
    yield "".join(f"<li>{page_name(page, gold)}</li>" for page in result.pages)
    yield '</ol><details class="group"><summary>Passages found</summary><ol>'
    for passage in result.line.get("passages", ()):
        first, last = passage["pages"]
        place = f"{passage['document']} p. {first}" + (f"–{last}" if last != first else "")
        heads = " › ".join(passage["headings"])
        text = passage["text"]
        short = text if len(text) <= PASSAGE_CHARS else text[:PASSAGE_CHARS].rstrip() + " …"
        yield f"<li>{escape(place)} ({passage['score']:.3f}) {escape(heads)}"
        yield f"<blockquote>{escape(short)}</blockquote></li>"
    yield "</ol></details>"


def _settings(summary: Mapping[str, Any]) -> Iterator[str]:
    yield "<h2>Made with</h2>"
    identity = summary["identity"]
    rows = [("question set, SHA-256", identity["question_set"]), ("index", identity["index"])]
    rows += [(name, version) for name, version in summary["versions"].items()]
    for group, values in identity["settings"].items():
        rows += [(f"{group}.{name}", str(value) or "–") for name, value in values.items()]
    yield table(("what", "value"), rows, kind="facts")
