"""What each measure says, in one line for who reads a report; the formulas are in the docs."""

from __future__ import annotations

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    **{
        f"recall@{k}": f"a page that proves the answer is {where} found"
        for k, where in (
            (1, "the first page"),
            (3, "among the first three pages"),
            (5, "among the first five pages"),
            (10, "among the first ten pages"),
        )
    },
    "mrr@10": "how high the first such page stands: 1 for the first place, 1/2 for the second …",
    "ndcg@10": "how high such pages stand, where several are needed",
    "first_edition": "the first page found is of the right document",
    "right": "all key facts are stated and a gold page is cited; or it was refused, and rightly so",
    "key_facts_all": "the answer and its quotes state every key fact",
    "key_facts_share": "share of the key facts that are stated",
    "gold_cited": "a page that proves the answer is cited",
    "citation_precision": "share of the citations that are on such a page",
    "citation_recall": "share of such pages that are cited, where several are needed",
    "citation_rate": "the text has markers, and each has its citation",
    "quotes_verbatim": "quotes that stand on their page word for word, read by a second reader",
    "numbers_supported": "numbers of the answer that stand in a cited quote",
    "refusal_precision": "of what was refused, no guide answers it",
    "refusal_recall": "of what no guide answers, it was refused",
    "over_refusal": "of what a guide answers, it was refused or failed (lower is better)",
    "right_edition": "the edition that answers is the right one",
    "difference_warned": "it is said that another edition says something else",
    "language": "the answer is in the language of the question",
    "words": "words of an answer",
}
