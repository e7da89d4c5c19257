from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import (
    CUTOFFS,
    MEASURES,
    PageKey,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    score,
)
from eval.questions import GoldPage, Question
from eval.results import Cited, Result, parse_result
from eval.summary import Scored, estimates, summarise

ir_measures = pytest.importorskip("ir_measures")

pages = st.tuples(st.sampled_from(["a.pdf", "b.pdf"]), st.integers(1, 9))
rankings = st.lists(pages, max_size=25)
golds = st.lists(pages, min_size=1, max_size=5, unique=True)


def oracle(ranked: list[PageKey], gold: list[PageKey], *, any_one: bool) -> dict[str, float]:
    """The same measures by ir_measures; alternatives are merged into one document beforehand."""
    names = {page: "gold" if any_one and page in gold else f"{page[0]}#{page[1]}" for page in gold}
    distinct = list(dict.fromkeys(names.get(p, f"{p[0]}#{p[1]}") for p in dict.fromkeys(ranked)))
    relevant = [ir_measures.Qrel("q", name, 1) for name in set(names.values())]
    run = [ir_measures.ScoredDoc("q", name, float(-rank)) for rank, name in enumerate(distinct)]
    wanted = [ir_measures.R @ k for k in CUTOFFS]
    wanted += [ir_measures.RR @ 10, ir_measures.nDCG @ 10]
    computed = ir_measures.calc_aggregate(wanted, relevant, run)
    return {str(measure): value for measure, value in computed.items()}


@given(ranked=rankings, gold=golds, any_one=st.booleans())
@settings(max_examples=200)
def test_ranking_measures_agree_with_ir_measures(
    ranked: list[PageKey], gold: list[PageKey], any_one: bool
) -> None:
    # Merged alternatives shorten the oracle's ranking: pages after the first gold one move up.
    # No measure here looks past the first of them, so a full ranking shows it just the same.
    expected = oracle(ranked, gold, any_one=any_one)
    for k in CUTOFFS:
        assert recall_at(ranked, gold, k, any_one=any_one) == pytest.approx(expected[f"R@{k}"])
    assert reciprocal_rank(ranked, gold) == pytest.approx(expected["RR@10"])
    assert ndcg_at(ranked, gold, any_one=any_one) == pytest.approx(expected["nDCG@10"])


def test_ranking_measures_by_hand() -> None:
    ranked = [("g", 1), ("g", 1), ("g", 2), ("g", 3)]  # three distinct pages
    gold = [("g", 3), ("g", 2), ("h", 2)]
    assert recall_at(ranked, gold, 2, any_one=False) == pytest.approx(1 / 3)
    assert recall_at(ranked, gold, 3, any_one=False) == pytest.approx(2 / 3)
    assert recall_at(ranked, gold, 2, any_one=True) == 1.0
    assert recall_at(ranked, gold, 1, any_one=True) == 0.0
    assert reciprocal_rank(ranked, gold) == 0.5
    # (1/log2(3) + 1/log2(4)) / (1 + 1/log2(3) + 1/log2(4)) and 1/log2(3)
    assert ndcg_at(ranked, gold, any_one=False) == pytest.approx(0.5307, abs=1e-4)
    assert ndcg_at(ranked, gold, any_one=True) == pytest.approx(0.6309, abs=1e-4)
    assert reciprocal_rank([("g", n) for n in range(1, 12)], [("g", 11)]) == 0.0


# -- one question by hand, then one fault after the other --------------------------------------

FILES = {"guide-id": "guide.pdf", "other-id": "other.pdf"}
PAGES = {("guide.pdf", 7): "The threshold is 60 points.", ("guide.pdf", 8): "Or 70 points."}
QUESTION = Question(
    id="A1",
    question="threshold?",
    lang="en",
    kind="amount",
    gold=(GoldPage(document="guide.pdf", page=7), GoldPage(document="guide.pdf", page=9)),
    key_facts=(("60", "sixty"), ("points",)),
    note="[table] [pair: 2023 says 55]",
)
OTHER = Cited(2, "other.pdf", 3, "The threshold is 55 points.")
UNANSWERABLE = Question(id="U1", question="weather?", lang="en", answerable=False)
RESULT = Result(
    id="A1",
    status="answered",
    text="The threshold is 60 points [1].",
    language="en",
    edition_id="guide-id",
    citations=(Cited(1, "guide.pdf", 7, "The threshold is 60 points."),),
    differences=(OTHER,),
    pages=(("guide.pdf", 7), ("guide.pdf", 8)),
    timings_ms={"total": 40.0},
)
REFUSAL = Result(id="U1", status="not_in_guides", text="The guides do not say.", language="en")
PERFECT = {
    **dict.fromkeys(MEASURES, 1.0),
    "over_refusal": 0.0,
    "words": 5.0,
}


def stands(document: str, page: int, quote: str) -> bool | None:
    text = PAGES.get((document, page))
    return None if text is None else quote in text


def scored(
    result: Result, question: Question = QUESTION, refusal: Result = REFUSAL
) -> list[Scored]:
    pairs = [(question, result), (UNANSWERABLE, refusal)]
    return [
        Scored(question=q, result=r, measures=score(q, r, quote_stands=stands, files=FILES))
        for q, r in pairs
    ]


def values(
    result: Result, question: Question = QUESTION, refusal: Result = REFUSAL
) -> dict[str, float]:
    return {name: e.value for name, e in estimates(scored(result, question, refusal)).items()}


def test_a_right_answer_and_a_right_refusal_are_perfect() -> None:
    assert values(RESULT) == PERFECT


@pytest.mark.parametrize(
    ("fault", "moved"),
    [
        (
            {"pages": (("guide.pdf", 8), ("guide.pdf", 7))},
            {"recall@1": 0.0, "mrr@10": 0.5, "ndcg@10": pytest.approx(0.6309, abs=1e-4)},
        ),
        (
            {"pages": (("other.pdf", 7),)},
            dict.fromkeys(
                [*(f"recall@{k}" for k in CUTOFFS), "mrr@10", "ndcg@10", "first_edition"], 0.0
            ),
        ),
        (  # a wrong page: the quote does stand on page 8, but that proves nothing
            {
                "citations": (Cited(1, "guide.pdf", 8, "70 points"),),
                "text": "70 points, or sixty [1].",
            },
            {
                "gold_cited": 0.0,
                "citation_precision": 0.0,
                "citation_recall": 0.0,
                "right": 0.5,
                "words": 4.0,
            },
        ),
        (  # a swapped quote
            {"citations": (Cited(1, "guide.pdf", 7, "Or 60 points."),)},
            {"quotes_verbatim": 0.0},
        ),
        (
            {"text": "The threshold is 60 points or 70 [1]."},
            {"numbers_supported": 0.5, "words": 7.0},
        ),
        (
            {"text": "The threshold is 160 points [1]."},  # the fact stands in the quote
            {"numbers_supported": 0.0},
        ),
        (
            {
                "text": "The threshold is 160 points [1].",
                "citations": (Cited(1, "guide.pdf", 7, "160 points"),),
            },
            {
                "quotes_verbatim": 0.0,
                "key_facts_all": 0.0,
                "key_facts_share": 0.5,
                "right": 0.5,
            },
        ),
        ({"text": "The threshold is 60 points [2]."}, {"citation_rate": 0.0}),
        ({"text": "The threshold is 60 points."}, {"citation_rate": 0.0}),
        ({"edition_id": "other-id"}, {"right_edition": 0.0}),
        ({"edition_id": None}, {"right_edition": 0.0}),
        ({"differences": ()}, {"difference_warned": 0.0}),
        ({"differences": (replace(OTHER, document="guide.pdf"),)}, {"difference_warned": 0.0}),
        (  # the working is the sum's own; the same numbers elsewhere in the text are not
            {
                "text": "60 points for each [1].\n60 points x 4 = 240 points [1]",
                "working": "60 points x 4 = 240 points",
            },
            {"words": 10.0},
        ),
        (
            {
                "text": "60 points for 4, 240 in all [1].\n60 points x 4 = 240 points [1]",
                "working": "60 points x 4 = 240 points",
            },
            {"numbers_supported": pytest.approx(1 / 3), "words": 13.0},
        ),
        (
            {"text": "60 points x 4 = 240 points [1]"},
            {"numbers_supported": pytest.approx(1 / 3), "words": 6.0},
        ),
        ({"language": "el"}, {"language": 0.5}),
        ({"language": "en-GB"}, {}),
        (  # a refused answerable question: citations, quotes, numbers and words are undefined
            {"status": "not_in_guides", "text": "60 points", "citations": ()},
            {
                "key_facts_all": 0.0,
                "key_facts_share": 0.0,
                "gold_cited": 0.0,
                "citation_recall": 0.0,
                "difference_warned": 0.0,
                "right": 0.5,
                "refusal_precision": 0.5,
                "over_refusal": 1.0,
            }
            | dict.fromkeys(
                [
                    "citation_precision",
                    "citation_rate",
                    "quotes_verbatim",
                    "numbers_supported",
                    "words",
                ]
            ),
        ),
    ],
)
def test_each_planted_fault_moves_exactly_the_right_numbers(
    fault: dict[str, object], moved: dict[str, float | None]
) -> None:
    expected = {n: v for n, v in (PERFECT | moved).items() if v is not None}
    assert values(replace(RESULT, **fault)) == expected  # type: ignore[arg-type]


def test_a_failed_question_is_wrong_in_everything_it_calls_for() -> None:
    failed = Result(id="A1", status="failed", error="ValueError: broken")
    moved = dict.fromkeys(
        [
            *(f"recall@{k}" for k in CUTOFFS),
            *("mrr@10", "ndcg@10", "first_edition", "right_edition", "difference_warned"),
            *("key_facts_all", "key_facts_share", "gold_cited", "citation_recall"),
        ],
        0.0,
    )
    expected = {
        name: PERFECT[name]
        for name in PERFECT
        if name
        not in (
            "citation_precision",
            "citation_rate",
            "quotes_verbatim",
            "numbers_supported",
            "words",
        )
    }
    assert values(failed) == expected | moved | {"language": 0.5, "right": 0.5, "over_refusal": 1.0}
    summary = summarise(scored(failed))
    assert summary["failed"] == [{"id": "A1", "error": "ValueError: broken"}]
    assert summary["statuses"] == {"failed": 1, "not_in_guides": 1}


def test_a_failure_is_no_refusal() -> None:
    failed = Result(id="U1", status="failed", error="ValueError: broken")
    moved = values(RESULT, refusal=failed)
    assert moved["refusal_recall"] == 0.0
    assert "refusal_precision" not in moved  # nothing was refused


def test_an_answer_to_an_unanswerable_question_is_wrong() -> None:
    moved = values(RESULT, refusal=replace(RESULT, id="U1"))
    assert moved["refusal_recall"] == 0.0
    assert moved["right"] == 0.5
    assert moved["over_refusal"] == 0.0


def test_all_gold_pages_are_needed_where_they_are_no_alternatives() -> None:
    moved = values(RESULT, replace(QUESTION, alternatives=False))
    assert moved["recall@5"] == 0.5
    assert moved["citation_recall"] == 0.5
    assert moved["gold_cited"] == 1.0
    assert moved["mrr@10"] == 1.0


def test_a_comparison_may_cite_both_editions_instead_of_warning() -> None:
    """By hand: gold in two editions; both cited 1, one cited 0, two but not both of them 0."""
    both = (*QUESTION.gold, GoldPage(document="other.pdf", page=3))
    comparison = replace(QUESTION, kind="comparison", gold=both)
    alone = replace(RESULT, differences=())
    cites_both = replace(alone, citations=(*RESULT.citations, OTHER))
    third = replace(alone, citations=(*RESULT.citations, replace(OTHER, document="third.pdf")))
    assert values(cites_both, comparison)["difference_warned"] == 1.0
    assert values(alone, comparison)["difference_warned"] == 0.0
    assert values(third, comparison)["difference_warned"] == 0.0
    assert values(cites_both, replace(QUESTION, gold=both))["difference_warned"] == 0.0


def test_differences_are_measured_only_where_the_note_says_that_there_is_one() -> None:
    assert "difference_warned" not in values(RESULT, replace(QUESTION, note="[table]"))


def test_differences_and_working_are_read_from_stored_answers() -> None:
    cited = {"number": 2, "document": "other.pdf", "page": 3, "quote": OTHER.quote}
    line = {
        "id": "A1",
        "status": "answered",
        "differences": [cited],
        "calculation": {"factors": [], "result": "8", "working": "2 x 4 = 8"},
    }
    result = parse_result(line)
    assert (result.differences, result.working) == ((OTHER,), "2 x 4 = 8")
    bare = parse_result({"id": "A1", "status": "answered", "calculation": None})
    assert (bare.differences, bare.working) == ((), "")


def test_a_question_without_gold_or_facts_is_undefined_and_counted() -> None:
    bare = Question(id="A1", question="?")
    summary = summarise(scored(RESULT, bare))
    measures = summary["measures"]
    assert isinstance(measures, dict)
    assert "recall@5" not in summary
    assert "recall@5" in summary["undefined"]  # type: ignore[operator]
    assert measures["right"]["n"] == 1
    assert measures["right"]["undefined"] == 1


def test_pages_that_cannot_be_read_are_left_out_of_the_quote_check() -> None:
    unreadable = replace(RESULT, citations=(*RESULT.citations, Cited(2, "gone.pdf", 1, "x")))
    assert values(unreadable)["quotes_verbatim"] == 1.0
    assert values(unreadable)["citation_precision"] == 0.5


def test_groups_and_timings() -> None:
    slow = replace(REFUSAL, timings_ms={"total": 80.0})
    summary = summarise(scored(RESULT, refusal=slow))
    assert summary["timings_ms"] == {"total": {"p50": 40.0, "p95": 80.0, "n": 2}}
    groups = summary["groups"]
    assert isinstance(groups, dict)
    assert {name: list(group) for name, group in groups.items()} == {
        "document": ["guide.pdf"],
        "history": ["without"],
        "kind": ["amount"],
        "language": ["en"],
    }
    assert groups["kind"]["amount"]["measures"]["recall@5"]["n"] == 1
    assert groups["language"]["en"]["questions"] == 2
