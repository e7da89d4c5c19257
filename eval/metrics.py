"""The deterministic measures of one question: no judge, no network, no randomness.

Each value lies in 0…1 and is the better the higher, but for `over_refusal` (lower) and `words`
(neither). A measure that has nothing to measure on a question is not in the result at all; it is
never a made-up number. `docs/evaluation.md` gives every formula and its source.

Rankings are of *distinct* pages. Where the gold pages of a question are alternatives, finding one
is finding all: they count as one relevant page, found at the rank of the first of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from eval.key_facts import facts_stated, numbers
from eval.questions import Question
from eval.results import Result

PageKey = tuple[str, int]
"""File name and 1-based physical page."""

QuoteStands = Callable[[str, int, str], bool | None]
"""(file, page, quote) to whether the quote stands on that page; None where it cannot be told."""

CUTOFFS = (1, 3, 5, 10)
DEPTH = 10
MEASURES = (
    *(f"recall@{k}" for k in CUTOFFS),
    "mrr@10",
    "ndcg@10",
    "first_edition",
    "right",
    "key_facts_all",
    "key_facts_share",
    "gold_cited",
    "citation_precision",
    "citation_recall",
    "citation_rate",
    "quotes_verbatim",
    "numbers_supported",
    "refusal_precision",
    "refusal_recall",
    "over_refusal",
    "right_edition",
    "difference_warned",
    "language",
    "words",
)
"""All measures, in the order of reports."""

COMPARISON = "comparison"
"""The kind of question that asks for two editions."""

LOWER_IS_BETTER = frozenset({"over_refusal"})
NEUTRAL = frozenset({"words"})

_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\S*\w\S*")
_PAIR = "[pair:"
"""In the note of a question that another edition answers with something else."""


def recall_at(
    ranked: Sequence[PageKey], gold: Sequence[PageKey], k: int, *, any_one: bool
) -> float:
    """Share of the gold pages among the first `k` distinct pages.

    Args:
        ranked: pages, best first; repetitions count once, at their first rank.
        gold: distinct gold pages, at least one.
        k: how many distinct pages are looked at.
        any_one: gold pages are alternatives, so the result is 0 or 1.
    """
    found = len(set(gold) & set(_distinct(ranked)[:k]))
    return float(found > 0) if any_one else found / len(gold)


def reciprocal_rank(
    ranked: Sequence[PageKey], gold: Sequence[PageKey], depth: int = DEPTH
) -> float:
    """1 / rank of the first gold page among the first `depth` distinct pages, else 0."""
    for rank, page in enumerate(_distinct(ranked)[:depth], 1):
        if page in gold:
            return 1 / rank
    return 0.0


def ndcg_at(
    ranked: Sequence[PageKey], gold: Sequence[PageKey], k: int = DEPTH, *, any_one: bool
) -> float:
    """Normalised discounted gain: binary gains over log2(rank + 1) (Järvelin and Kekäläinen 2002).

    Args: as for `recall_at`. With alternatives there is one relevant page, the first found.
    """
    hits = [rank for rank, page in enumerate(_distinct(ranked)[:k], 1) if page in gold]
    if any_one:
        hits, relevant = hits[:1], 1
    else:
        relevant = min(len(gold), k)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, relevant + 1))
    return sum(1 / math.log2(rank + 1) for rank in hits) / ideal


def score(
    question: Question,
    result: Result,
    *,
    quote_stands: QuoteStands,
    files: Mapping[str, str],
) -> dict[str, float]:
    """All measures that are defined for one question and its result.

    A failed question counts as wrong: every measure that the question itself calls for is 0
    (`over_refusal` is 1). Measures of citations, numbers and refusals that were never made stay
    undefined.

    Args:
        question: with its gold.
        result: of the same question.
        quote_stands: independent check of a quote; None as its answer leaves the quote out.
        files: file name of each document id of the library.
    """
    return {
        **_retrieval(question, result),
        **_correctness(question, result, files),
        **_citations(question, result, quote_stands),
        **_refusals(question, result),
    }


def _retrieval(question: Question, result: Result) -> dict[str, float]:
    gold = question.gold_pages
    if not gold:
        return {}
    any_one = question.alternatives
    measures = {f"recall@{k}": recall_at(result.pages, gold, k, any_one=any_one) for k in CUTOFFS}
    measures["mrr@10"] = reciprocal_rank(result.pages, gold)
    measures["ndcg@10"] = ndcg_at(result.pages, gold, any_one=any_one)
    first = result.pages[0][0] if result.pages else None
    measures["first_edition"] = float(first in question.gold_documents)
    return measures


def _correctness(question: Question, result: Result, files: Mapping[str, str]) -> dict[str, float]:
    measures: dict[str, float] = {}
    if question.key_facts:
        stated = facts_stated(result.stated, question.key_facts)
        measures["key_facts_all"] = float(stated == len(question.key_facts))
        measures["key_facts_share"] = stated / len(question.key_facts)
    if question.gold:
        cited = {(c.document, c.page) for c in result.citations}
        measures["gold_cited"] = float(bool(cited & set(question.gold_pages)))
        measures["citation_recall"] = recall_at(
            sorted(cited), question.gold_pages, len(cited), any_one=question.alternatives
        )
        edition = files.get(result.edition_id) if result.edition_id else None
        measures["right_edition"] = float(edition in question.gold_documents)
    if question.answerable and _PAIR in question.note:
        measures["difference_warned"] = float(_warns(question, result))
    if question.lang and (result.language or result.error):
        measures["language"] = float(_primary(result.language) == _primary(question.lang))
    if not question.answerable:
        measures["right"] = float(result.refuses)
    elif question.key_facts or question.gold:
        measures["right"] = min(measures.get("key_facts_all", 1.0), measures.get("gold_cited", 1.0))
    return measures


def _citations(question: Question, result: Result, quote_stands: QuoteStands) -> dict[str, float]:
    if not result.answers:
        return {}
    measures = {"citation_rate": float(_markers_resolve(result))}
    measures["words"] = float(len(_WORD.findall(_MARKER.sub(" ", result.text))))
    if question.gold and result.citations:
        gold = set(question.gold_pages)
        on_gold = sum((c.document, c.page) in gold for c in result.citations)
        measures["citation_precision"] = on_gold / len(result.citations)
    checks = [quote_stands(c.document, c.page, c.quote) for c in result.citations]
    known = [check for check in checks if check is not None]
    if known:
        measures["quotes_verbatim"] = sum(known) / len(known)
    # A sum that is shown names numbers of its own: they follow from others, and stand nowhere.
    unworked = result.text.replace(result.working, " ", 1) if result.working else result.text
    named = numbers(unworked)
    if named:
        supported = {number for c in result.citations for number in numbers(c.quote)}
        measures["numbers_supported"] = sum(n in supported for n in named) / len(named)
    return measures


def _refusals(question: Question, result: Result) -> dict[str, float]:
    measures: dict[str, float] = {}
    if result.refuses:
        measures["refusal_precision"] = float(not question.answerable)
    if question.answerable:
        measures["over_refusal"] = float(not result.answers)
    else:
        measures["refusal_recall"] = float(result.refuses)
    return measures


def _warns(question: Question, result: Result) -> bool:
    """Whether an answer shows what another edition says; a comparison may cite both itself."""
    if not result.answers:
        return False
    cited = {c.document for c in result.citations}
    if question.kind == COMPARISON and len(cited) > 1 and cited >= question.gold_documents:
        return True
    return any(c.document not in cited for c in result.differences)


def _markers_resolve(result: Result) -> bool:
    """Whether the text carries at least one `[n]` and each refers to a citation."""
    markers = {int(number) for number in _MARKER.findall(result.text)}
    return bool(markers) and markers <= {c.number for c in result.citations}


def _distinct(ranked: Sequence[PageKey]) -> list[PageKey]:
    return list(dict.fromkeys(ranked))


def _primary(code: str) -> str:
    """The language of a BCP-47 code without region or script."""
    return code.casefold().partition("-")[0]
