"""A run as one HTML file that needs nothing else: numbers, charts, every question.

Texts of questions and guides are escaped everywhere; a content policy lets only the page's own
script run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from eval.charts import bars, intervals, strips
from eval.key_facts import facts_stated
from eval.metrics import PageKey
from eval.report import GROUP_COLUMNS, why_wrong
from eval.results import Result
from eval.summary import Scored, estimates, groups

CHARTED = (
    *("right", "key_facts_all", "gold_cited", "citation_precision", "quotes_verbatim"),
    *("numbers_supported", "right_edition", "difference_warned"),
    *("refusal_precision", "refusal_recall", "over_refusal"),
)
RECALLS = ("recall@1", "recall@3", "recall@5", "recall@10", "mrr@10", "ndcg@10")
PASSAGE_CHARS = 300
FILTERS = (("outcome", "Outcome"), ("kind", "Kind"), ("language", "Language"))


def report_html(scored: Sequence[Scored], summary: Mapping[str, Any]) -> str:
    """The page.

    Args:
        scored: all questions of the run, in order.
        summary: what stands in `summary.json`.
    """
    style = files("eval").joinpath("data/report.css").read_text(encoding="utf-8")
    script = files("eval").joinpath("data/report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    title = f"Evaluation: {summary['question_set']['file']}"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{style}</style></head><body>",
            "<header>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="soft">{escape(_line(summary))}</p>',
            "</header><main>",
            *_charts(scored, summary),
            *_numbers(scored),
            *_questions(scored),
            *_settings(summary),
            f"</main><script>{script}</script></body></html>",
        ]
    )


def _line(summary: Mapping[str, Any]) -> str:
    statuses = ", ".join(f"{name} {count}" for name, count in summary["statuses"].items())
    return f"{summary['questions']} questions: {statuses}. Started {summary['started']}."


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
    yield _table(("measure", "value", "95 % interval", "n", "undefined"), rows)
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
        table = _table((grouping, "questions", *columns), rows_of)
        yield f'<details class="group"><summary>By {escape(grouping)}</summary>{table}</details>'


def _questions(scored: Sequence[Scored]) -> Iterator[str]:
    yield "<h2>Questions</h2>"
    yield '<div class="filters" hidden>'
    for key, label in FILTERS:
        values = sorted({_data(item)[key] for item in scored} - {""})
        choices = "".join(f"<option>{escape(value)}</option>" for value in values)
        yield (
            f'<label>{label}<select data-filter="{key}"><option value="">all</option>'
            f"{choices}</select></label>"
        )
    yield '<label>Words<input id="words" type="search"></label>'
    yield '<output id="shown" aria-live="polite"></output></div>'
    for item in scored:
        yield from _question(item)
    yield '<p id="none" class="none" hidden>No question fits. Set the filters to “all”.</p>'


def _data(item: Scored) -> dict[str, str]:
    right = item.measures.get("right")
    outcome = "unscored" if right is None else "right" if right else "wrong"
    return {
        "outcome": "failed" if item.result.error else outcome,
        "kind": item.question.kind,
        "language": item.question.lang,
    }


def _question(item: Scored) -> Iterator[str]:
    question, data = item.question, _data(item)
    attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in data.items())
    tags = (question.kind, question.lang, question.topic, *why_wrong(item))
    yield f'<details class="question" id="{escape(question.id)}"{attributes}><summary>'
    yield f'<span class="{data["outcome"]}">{data["outcome"]}</span>'
    yield f"<span>{escape(question.id)}</span>"
    yield f'<span class="text">{escape(question.question)}</span>'
    yield f'<span class="tags">{escape(" · ".join(filter(None, tags)))}</span></summary>'
    yield '<div class="inside">'
    if question.history:
        turns = (f"{turn.role}: {turn.content}" for turn in question.history)
        yield f"<h3>Before</h3>{_list(turns)}"
    yield from _answer(item.result, question.gold_pages)
    if question.gold:
        needed = "any one of" if question.alternatives else "all of"
        shown = (
            f"{g.document} p. {g.page}" + (f": “{g.quote}”" if g.quote else "")
            for g in question.gold
        )
        yield f"<h3>Gold pages, {needed}</h3>{_list(shown)}"
    if question.key_facts:
        stated = (
            ("stated: " if facts_stated(item.result.text, [fact]) else "missing: ")
            + " / ".join(fact)
            for fact in question.key_facts
        )
        yield f"<h3>Key facts</h3>{_list(stated)}"
    if question.answer:
        yield f"<h3>Reference answer</h3><p>{escape(question.answer)}</p>"
    yield from _found(item.result, question.gold_pages)
    yield "</div></details>"


def _answer(result: Result, gold: Sequence[PageKey]) -> Iterator[str]:
    yield f"<h3>Answer ({escape(result.status)})</h3>"
    yield f'<p class="answer">{escape(result.error or result.text)}</p>'
    for cited in result.citations:
        page = _page((cited.document, cited.page), gold)
        yield f"<div>[{cited.number}] {page}</div><blockquote>{escape(cited.quote)}</blockquote>"


def _found(result: Result, gold: Sequence[PageKey]) -> Iterator[str]:
    if not result.pages:
        return
    yield "<h3>Pages found</h3><ol>"
    yield "".join(f"<li>{_page(page, gold)}</li>" for page in result.pages)
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
        rows += [(f"{group}.{name}", str(value)) for name, value in values.items()]
    yield _table(("what", "value"), rows, kind="facts")


def _page(page: PageKey, gold: Sequence[PageKey]) -> str:
    shown = escape(f"{page[0]} p. {page[1]}")
    return f'<span class="gold">{shown} (gold)</span>' if page in gold else shown


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>"
        + f'<th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    table = f"<table class={kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll">{table}</div>'
