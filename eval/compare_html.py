"""Two runs over one question set as one HTML file: what moved, and each question that changed."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from eval.charts import shifts
from eval.comparing import Change, as_shown
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
from eval.metrics import NEUTRAL
from eval.results import Cited, Result
from eval.statistics import Difference
from eval.summary import Scored

DIRECTIONS = ("worse", "better", "mixed", "different")
FILTERS = {"outcome": "Came out", "kind": "Kind", "language": "Language"}
_TOKENS = re.compile(r"\s+|\S+")
_ALIKE = 0.75
"""How much of two lines must be the same for single words to be marked."""


def compare_html(
    before: Sequence[Scored],
    after: Sequence[Scored],
    *,
    names: tuple[str, str],
    summaries: tuple[Mapping[str, Any], Mapping[str, Any]],
    moved: Mapping[str, Difference],
    found: Sequence[Change],
) -> str:
    """The page.

    Args:
        before: all questions of the first run, in order.
        after: the same questions of the second.
        names: of the runs, for people.
        summaries: what stands in their `summary.json`.
        moved: the measures.
        found: the questions that changed.
    """
    pairs = {b.question.id: (a, b) for a, b in zip(before, after, strict=True)}
    counts = Counter(change.direction for change in found)
    came = ", ".join(f"{name} {counts[name]}" for name in DIRECTIONS if counts[name])
    asked = f"{len(pairs)} questions of {summaries[0]['question_set']['file']}"
    intro = f"{asked}. Came out differently: {came or 'none'}."
    return html_page(
        f"Comparison: {names[0]} and {names[1]}",
        intro,
        [*_measures(moved), *_made_with(summaries), *_questions(found, pairs)],
    )


def _measures(moved: Mapping[str, Difference]) -> Iterator[str]:
    yield "<h2>Measures</h2>"
    yield (
        '<p class="soft">Change from before to after, with its 95 % paired bootstrap interval. '
        "With this many measures, one below p = 0.05 is no news.</p>"
    )
    shares = {name: d for name, d in moved.items() if name not in NEUTRAL}
    if shares:
        yield shifts("Change of each measure", shares)
    rows = [
        (
            *(name, f"{d.before:.3f}", f"{d.after:.3f}", f"{d.change:+.3f}"),
            *(f"{d.low:+.3f} to {d.high:+.3f}", f"{d.p:.3f}", d.test, str(d.n)),
        )
        for name, d in moved.items()
    ]
    yield table(("measure", "before", "after", "change", "95 % interval", "p", "test", "n"), rows)


def _made_with(summaries: tuple[Mapping[str, Any], Mapping[str, Any]]) -> Iterator[str]:
    one, two = ({**_flat(s["identity"]), **_flat(s["versions"])} for s in summaries)
    rows = [
        (name, one.get(name, "not there"), two.get(name, "not there"))
        for name in dict.fromkeys((*one, *two))
        if one.get(name) != two.get(name)
    ]
    yield "<h2>Made with</h2>"
    if rows:
        yield table(("what differs", "before", "after"), rows, kind="facts")
    else:
        yield "<p>The same settings, index, program and versions.</p>"


def _flat(tree: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found = {}
    for name, value in tree.items():
        if isinstance(value, Mapping):
            found.update(_flat(value, f"{above}{name}."))
        else:
            found[above + name] = value if isinstance(value, str) else json.dumps(value)
    return found


def _questions(
    found: Sequence[Change], pairs: Mapping[str, tuple[Scored, Scored]]
) -> Iterator[str]:
    yield "<h2>Questions that came out differently</h2>"
    if not found:
        yield "<p>No question came out differently.</p>"
        return
    ordered = sorted(found, key=lambda change: DIRECTIONS.index(change.direction))
    yield from filters(FILTERS, [_data(change, pairs[change.id][1]) for change in ordered])
    for change in ordered:
        yield from _question(change, *pairs[change.id])
    yield NONE_FITS


def _data(change: Change, item: Scored) -> dict[str, str]:
    question = item.question
    return {"outcome": change.direction, "kind": question.kind, "language": question.lang}


def _question(change: Change, before: Scored, after: Scored) -> Iterator[str]:
    question = after.question
    yield from question_head(
        change.id,
        change.question,
        outcome=change.direction,
        tags=(question.kind, question.lang, question.topic, change.describe()),
        data=_data(change, after),
    )
    if change.measures:
        rows = [(name, as_shown(a), as_shown(b)) for name, (a, b) in change.measures.items()]
        yield table(("measure", "before", "after"), rows)
    old, new = before.result, after.result
    removed, added = _marked(old.error or old.text, new.error or new.text)
    gold = question.gold_pages
    yield '<div class="sides">'
    for name, result, text, other in (
        ("Before", old, removed, new),
        ("After", new, added, old),
    ):
        yield f"<section><h3>{name}: {escape(result.status)}</h3>"
        yield f'<p class="answer">{text}</p>'
        yield from (_citation(c, other.citations, gold) for c in result.citations)
        yield from _beside(result, other)
        yield "</section>"
    yield "</div>"
    if question.gold:
        needed = "any one of" if question.alternatives else "all of"
        pages = (f"{document} p. {page}" for document, page in gold)
        yield f"<h3>Gold pages, {needed}</h3>{items(pages)}"
    yield QUESTION_END


def _citation(cited: Cited, others: Sequence[Cited], gold: Sequence[tuple[str, int]]) -> str:
    known = {(c.document, c.page, c.quote) for c in others}
    mark = "" if (cited.document, cited.page, cited.quote) in known else " <em>only here</em>"
    page = page_name((cited.document, cited.page), gold)
    return f"<div>[{cited.number}] {page}{mark}</div><blockquote>{escape(cited.quote)}</blockquote>"


def _beside(result: Result, other: Result) -> Iterator[str]:
    """Other editions and pages found, where the runs differ in them."""
    if result.differences != other.differences:
        yield "<h4>Another edition says</h4>"
        yield from (_citation(c, other.differences, ()) for c in result.differences)
        if not result.differences:
            yield "<p>Nothing was said.</p>"
    if result.pages != other.pages:
        pages = (f"{document} p. {page}" for document, page in result.pages)
        yield f"<h4>Pages found</h4>{items(pages)}"


def _marked(before: str, after: str) -> tuple[str, str]:
    """Both texts as HTML, with the lines marked that only one has, or the words of like lines."""
    one, two = before.splitlines(), after.splitlines()
    old: list[str] = []
    new: list[str] = []
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    for what, i, j, k, end in matcher.get_opcodes():
        if what == "replace":
            like = [_marked_words(*pair) for pair in zip(one[i:j], two[k:end], strict=False)]
            old += (left for left, _ in like)
            new += (right for _, right in like)
            i, k = i + len(like), k + len(like)
        old += (_mark(line, "" if what == "equal" else "del") for line in one[i:j])
        new += (_mark(line, "" if what == "equal" else "ins") for line in two[k:end])
    return "\n".join(old), "\n".join(new)


def _marked_words(before: str, after: str) -> tuple[str, str]:
    one, two = _TOKENS.findall(before), _TOKENS.findall(after)
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _mark(before, "del"), _mark(after, "ins")
    old, new = "", ""
    for what, i, j, k, end in matcher.get_opcodes():
        equal = what == "equal"
        old += _mark("".join(one[i:j]), "" if equal else "del")
        new += _mark("".join(two[k:end]), "" if equal else "ins")
    return old, new


def _mark(text: str, tag: str) -> str:
    shown = escape(text)
    return f"<{tag}>{shown}</{tag}>" if tag and text else shown
