"""The question set of the starter guides: every quote stands on the page it names."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "corpus" / "starter"
FILE = PROJECT / "eval" / "data" / "starter-questions.jsonl"
FIELDS = [
    *("id", "question", "lang", "history", "kind", "filters", "answerable"),
    *("gold", "alternatives", "key_facts", "answer", "note"),
]
KINDS = {
    *("fact", "list", "yes-no", "amount", "date", "procedure", "comparison", "calculation"),
    *("follow-up", "table-cell", "definition", "unanswerable"),
}
# Kinds whose right answer need not repeat words of the page.
DERIVED = {"yes-no", "comparison", "calculation"}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()
]


def normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    text = re.sub("[\u2018\u2019]", "'", re.sub("[\u201c\u201d\u00ab\u00bb]", '"', text))
    return re.sub(r"\s+", " ", text).strip().casefold()


@lru_cache
def pages(document: str) -> tuple[str, ...]:
    return tuple(normal(page.extract_text()) for page in PdfReader(FOLDER / document).pages)


def stands_in(fact: str, text: str) -> bool:
    """Whether a fact stands in a text; a number only between number boundaries."""
    fact = normal(fact)
    if not fact[0].isdigit():
        return fact in text
    pattern = re.escape(fact).replace(r"\ ", "[ .,]?")
    return re.search(rf"(?<!\d){pattern}(?!\d)", text) is not None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_has_the_form_of_the_set(question: dict[str, Any]) -> None:
    assert list(question) == FIELDS
    assert re.fullmatch(r"B5\d\d", question["id"])
    assert question["kind"] in KINDS
    assert set(question["filters"]) <= {"programme", "year"}
    roles = [turn["role"] for turn in question["history"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2)
    if question["kind"] == "follow-up":
        assert question["history"]
    if not question["answerable"]:
        assert question["kind"] in ("unanswerable", "follow-up")
        assert not question["gold"]
        assert not question["key_facts"]


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question["answerable"]],
    ids=lambda question: question["id"],
)
def test_quotes_and_key_facts_stand_on_the_gold_pages(question: dict[str, Any]) -> None:
    assert question["gold"]
    assert question["key_facts"]
    texts = []
    for gold in question["gold"]:
        texts.append(pages(gold["document"])[gold["page"] - 1])
        assert normal(gold["quote"]) in texts[-1]
        assert len(gold["quote"].split()) <= 25
    for spellings in question["key_facts"]:
        assert any(stands_in(fact, normal(question["answer"])) for fact in spellings), spellings
        if question["kind"] not in DERIVED:
            assert any(stands_in(fact, text) for fact in spellings for text in texts), spellings


def test_the_set_is_large_and_mixed_enough() -> None:
    assert len(QUESTIONS) >= 60
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    asked = [(normal(question["question"]), str(question["history"])) for question in QUESTIONS]
    assert len(set(asked)) == len(asked)
    assert sum(not question["answerable"] for question in QUESTIONS) >= 12
    assert sum(bool(question["history"]) for question in QUESTIONS) >= 5
    assert len(Counter(question["lang"] for question in QUESTIONS)) >= 5
    used = {gold["document"] for question in QUESTIONS for gold in question["gold"]}
    assert used >= {path.name for path in FOLDER.glob("*_en.pdf")}


@pytest.mark.shared
def test_no_question_is_taken_from_the_golden_set(shared: Path) -> None:
    golden = set()
    for path in (shared / "golden").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            golden.add(normal(json.loads(line)["question"]))
    assert golden
    assert not golden & {normal(question["question"]) for question in QUESTIONS}
