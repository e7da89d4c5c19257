from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.key_facts import facts_stated, numbers


def states(text: str, spelling: str) -> bool:
    return facts_stated(text, [[spelling]]) == 1


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("at least 5 learners", "5"),
        ("5.", "5"),
        ("(5)", "5"),
        ("5, 10 or 15", "5"),
        ("from 500-1999 km", "500"),
        ("EUR 60 000 in all", "60000"),
        ("EUR 60\u202f000", "60,000"),
        ("EUR 60.000", "60 000"),
        ("1'250'000", "1 250 000"),
        ("24.574 billion", "24,574"),
        ("10\u00a0% of it", "10%"),
        ("10% of it", "10 %"),
        ("€ 60 000", "€60.000"),
        ("Self\u2011Employed people", "self-employed"),
        ("the applicant\u2019s  \n office", "applicant's office"),
        ("ﬁnancial", "financial"),
        ("ΦΟΡΕΙΣ", "φορεις"),
        ("60 points [1].", "60 points"),
        ("EUR 275\u00b3\u2079", "275"),
        ("min. 15 participants", "15 participants"),
        ("sole traders", "sole trader"),
    ],
)
def test_stated(text: str, spelling: str) -> None:
    assert states(text, spelling)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("15 learners", "5"),
        ("5 000 learners", "5"),
        ("5,000", "5"),
        ("5.000", "5"),
        ("50", "5"),
        ("5.5", "5"),
        ("1,5", "5"),
        ("120 000", "20 000"),
        ("60 000 000", "60 000"),
        ("60 points [5]", "5"),
        ("[60]", "60"),
        ("no numbers", "5"),
        ("anything", " "),
        ("", "5"),
    ],
)
def test_not_stated(text: str, spelling: str) -> None:
    assert not states(text, spelling)


def test_one_spelling_of_each_fact_is_enough() -> None:
    facts = (("24.574", "24,574"), ("1.7 billion", "1.7"), ("top-up",))
    assert facts_stated("24 574 million and 1.7 more", facts) == 2
    assert facts_stated("", facts) == 0


@given(st.integers(0, 10**12), st.sampled_from([",", ".", " ", "\u00a0", "\u202f", "'"]))
def test_a_number_is_found_however_its_thousands_are_set_apart(number: int, mark: str) -> None:
    assert states(f"about {number:,} euro".replace(",", mark), str(number))
    assert numbers(f"about {number:,} euro [3].".replace(",", mark)) == (str(number),)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_is_never_found_in_another(one: int, other: int) -> None:
    assert states(f"EUR {one:,}.", f"{other}") == (one == other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("EUR 60 000 [1] and 10 % [2], again 60.000", ("60000", "10")),
        ("1,7 billion, that is 1.7", ("1.7",)),
        ("1. First step\n2) Second 15", ("15",)),
        ("on 12/11/2025 at 17:00", ("12", "11", "2025", "17", "00")),
        ("no number [12]", ()),
        ("EUR 33 000 [2]\n151-180: EUR 5", ("33000", "151", "180", "5")),
        ("33 000 [2] 151 and 12\n345", ("33000", "151", "12", "345")),
        ("60  \u00a0000", ("60000",)),
        ("rate 0,5 %\u00b2", ("0.5",)),
    ],
)
def test_numbers(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


@pytest.mark.shared
def test_reference_answers_of_the_real_set_state_nearly_all_facts(shared: Path) -> None:
    """The rule is neither too strict nor too loose for what people wrote."""
    stated = wanted = foreign = 0
    path = shared / "golden" / "questions-dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["answerable"]]
    for row, other in zip(rows, rows[1:] + rows[:1], strict=True):
        facts = [fact for fact in row["key_facts"] if any(c.isdigit() for c in fact[0])]
        stated += facts_stated(row["answer"], facts)
        foreign += facts_stated(other["answer"], facts)
        wanted += len(facts)
    assert stated / wanted > 0.95
    assert foreign / wanted < 0.25
