"""A run as Markdown: the numbers, then each question that came out wrong and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from eval.judged_report import OPINION, TITLE, judged_rows
from eval.metrics import PageKey
from eval.results import Result
from eval.statistics import Estimate
from eval.summary import Scored, estimates, groups

GROUP_COLUMNS = ("recall@5", "mrr@10", "right", "key_facts_all", "gold_cited", "refusal_recall")
MAX_TEXT_CHARS = 600


def report(scored: Sequence[Scored], summary: Mapping[str, Any]) -> str:
    """The report of a run.

    Args:
        scored: all questions of the run, in order.
        summary: what stands in `summary.json`.
    """
    return "\n".join(
        [
            *_head(summary),
            *_measures(estimates(scored)),
            *_judged(summary.get("judged")),
            *_timings(summary["timings_ms"]),
            *_groups(scored),
            *_wrong(scored),
            *_settings(summary),
        ]
    )


def why_wrong(item: Scored) -> list[str]:
    """Sentences that say what is wrong with an answer; empty where nothing is."""
    question, result, measures = item.question, item.result, item.measures
    if result.error:
        return [f"The pipeline raised {result.error}"]
    if not question.answerable:
        return [] if result.refuses else ["It was answered, but no guide answers it."]
    reasons = []
    if result.refuses:
        reasons.append(f'It was not answered (status "{result.status}"), but a guide answers it.')
    if measures.get("recall@10") == 0.0:
        reasons.append("No gold page is among the first ten pages found.")
    elif measures.get("recall@5", 1.0) < 1.0:
        reasons.append("Not all of the gold pages needed are among the first five pages found.")
    if result.answers:
        if measures.get("key_facts_all") == 0.0:
            share = measures["key_facts_share"] * len(question.key_facts)
            reasons.append(f"{share:.0f} of {len(question.key_facts)} key facts are stated.")
        if measures.get("gold_cited") == 0.0:
            reasons.append("No gold page is cited.")
        if measures.get("right_edition") == 0.0:
            reasons.append("Another edition answers than the one asked for.")
        if measures.get("quotes_verbatim", 1.0) < 1.0:
            reasons.append("A quote does not stand on the page that it names.")
        if measures.get("numbers_supported", 1.0) < 1.0:
            reasons.append("A number of the answer stands in no cited quote.")
        if measures.get("difference_warned") == 0.0:
            reasons.append("Another edition says something else, and the answer does not say so.")
    return reasons


def figure(estimate: Estimate) -> str:
    """An estimate for people: value, interval, n."""
    digits = 3 if estimate.value <= 1 else 1
    interval = f"[{estimate.low:.{digits}f}, {estimate.high:.{digits}f}]"
    return f"{estimate.value:.{digits}f} {interval} (n = {estimate.n})"


def _head(summary: Mapping[str, Any]) -> Iterator[str]:
    yield f"# Evaluation: {summary['question_set']['file']}"
    yield ""
    statuses = ", ".join(f"{name} {count}" for name, count in summary["statuses"].items())
    yield f"{summary['questions']} questions: {statuses}. Started {summary['started']}, "
    yield f"{summary['seconds']:.0f} s of asking. Measures are defined in `docs/evaluation.md`;"
    yield "brackets are 95 % bootstrap intervals."
    yield ""


def _measures(found: Mapping[str, Estimate]) -> Iterator[str]:
    yield "| measure | value | 95 % interval | n | undefined |"
    yield "|---|---:|---:|---:|---:|"
    for name, e in found.items():
        digits = 3 if name != "words" else 1
        interval = f"{e.low:.{digits}f} – {e.high:.{digits}f}"
        yield f"| {name} | {e.value:.{digits}f} | {interval} | {e.n} | {e.undefined} |"
    yield ""


def _judged(block: Mapping[str, Any] | None) -> Iterator[str]:
    if block is None:
        return
    yield f"## {TITLE}"
    yield ""
    yield OPINION
    yield ""
    for name, value in judged_rows(block):
        yield f"- {_text(name)}: {_text(value)}"
    yield ""


def _timings(timings: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    if not timings:
        return
    yield "| stage | median, ms | 95th percentile, ms |"
    yield "|---|---:|---:|"
    for stage, value in timings.items():
        yield f"| {stage} | {value['p50']:.0f} | {value['p95']:.0f} |"
    yield ""


def _groups(scored: Sequence[Scored]) -> Iterator[str]:
    for grouping, by_group in groups(scored).items():
        measured = {group: estimates(members) for group, members in by_group.items()}
        columns = [c for c in GROUP_COLUMNS if any(c in found for found in measured.values())]
        yield f"## By {grouping}"
        yield ""
        yield _row([grouping, "questions", *columns])
        yield _row(["---", *["---:"] * (len(columns) + 1)])
        for group, found in measured.items():
            cells = [f"{found[c].value:.3f} ({found[c].n})" if c in found else "" for c in columns]
            yield _row([group, str(len(by_group[group])), *cells])
        yield ""


def _wrong(scored: Sequence[Scored]) -> Iterator[str]:
    wrong = [(item, reasons) for item in scored if (reasons := why_wrong(item))]
    yield f"## Questions with something wrong ({len(wrong)} of {len(scored)})"
    yield ""
    for item, reasons in wrong:
        yield from _question(item, reasons)


def _question(item: Scored, reasons: Iterable[str]) -> Iterator[str]:
    question, result = item.question, item.result
    yield f"### {_text(question.id)}: {_text(question.question)}"
    yield ""
    for turn in question.history:
        yield f"- before, {turn.role}: {_text(turn.content)}"
    yield f"- why: {_text(' '.join(reasons))}"
    if question.gold:
        needed = "any one of" if question.alternatives else "all of"
        yield f"- gold, {needed}: {_pages(question.gold_pages)}"
    if question.key_facts:
        yield f"- key facts: {_text('; '.join(' / '.join(f) for f in question.key_facts))}"
    if question.answer:
        yield f"- reference: {_text(question.answer)}"
    yield f"- found: {_pages(result.pages, question.gold_pages)}"
    yield f"- answer ({result.status}): {_text(result.text)}"
    yield from _citations(result, question.gold_pages)
    yield ""


def _citations(result: Result, gold: Sequence[PageKey]) -> Iterator[str]:
    for cited in result.citations:
        mark = " (gold)" if (cited.document, cited.page) in gold else ""
        place = f"{_text(cited.document)} p. {cited.page}{mark}"
        yield f"- cites \\[{cited.number}\\] {place}: “{_text(cited.quote)}”"


def _settings(summary: Mapping[str, Any]) -> Iterator[str]:
    yield "## Made with"
    yield ""
    yield f"- question set: SHA-256 {summary['identity']['question_set']}"
    yield f"- index: {summary['identity']['index']}"
    for name, version in summary["versions"].items():
        yield f"- {name}: {version}"
    for group, values in summary["identity"]["settings"].items():
        shown = ", ".join(f"{name} = {value}" for name, value in values.items())
        yield f"- settings, {group}: {_text(shown)}"
    yield ""


def _pages(pages: Sequence[PageKey], gold: Sequence[PageKey] = ()) -> str:
    shown = [
        f"{_text(file)} p. {page}" + (" (gold)" if (file, page) in gold else "")
        for file, page in pages
    ]
    return ", ".join(shown) or "nothing"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_text(cell) for cell in cells)} |"


def _text(text: str) -> str:
    """Text of questions and guides as plain text in Markdown, on one line, not endless."""
    flat = " ".join(text.split())
    if len(flat) > MAX_TEXT_CHARS:
        flat = flat[: MAX_TEXT_CHARS - 2].rstrip() + " …"
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in flat)
