"""A language model as a judge: pinned, held against labels, apart, its failures listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import EvaluationError
from corpus.settings import Settings
from eval.agreement import Agreement, agreement
from eval.judging import CORRECT, GIVES_UP, SUPPORTED, judge_run, labelled_sample, open_judge
from eval.results import Cited, Result
from eval.summary import Scored
from tests.eval_doubles import make_question
from tests.llm_server import Fails, Says, Server, llm_server

LABELS = [bool(row["label"]) for row in labelled_sample()]


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with llm_server(Says("")) as server:
        yield server


def right(label: bool, task: str) -> Says:
    words = {"correct": ("CORRECT", "WRONG"), "supported": ("SUPPORTED", "UNSUPPORTED")}[task]
    return Says(words[0] if label else words[1])


PERFECT = tuple(right(row["label"], row["task"]) for row in labelled_sample())
"""What a judge says that agrees with every label."""

ANSWERED = Scored(
    question=replace(make_question(1, "How many points?", 1), answer="60 points."),
    result=Result(
        id="Q1",
        status="answered",
        text="The threshold is 60 points. [1]\nIt is high. [1][2]\n2 x 3 = 6 [1]",
        citations=(
            Cited(1, "guide.pdf", 1, "The threshold is 60 points."),
            Cited(2, "guide.pdf", 2, "Applications close on 5 March 2026."),
        ),
        working="2 x 3 = 6",
        line={"citations": [{"number": 1, "headings": ["Rules"]}]},
    ),
    measures={},
)
REFUSED = Scored(
    question=replace(make_question(2, "How long?", 1), answer="2 years."),
    result=Result(id="Q2", status="not_in_guides", text="I found no answer."),
    measures={},
)
UNANSWERABLE = Scored(
    question=make_question(3, "The weather?"),
    result=Result(id="Q3", status="not_in_guides", text="I found no answer."),
    measures={},
)
RUN = (ANSWERED, REFUSED, UNANSWERABLE)


def test_kappa_of_a_worked_example() -> None:
    # Two raters, 50 things: 20 both yes, 15 both no, 5 and 10 apart; kappa 0.4 (p_o 0.7, p_e 0.5).
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    found = agreement(pairs)
    assert found is not None
    assert (found.n, found.raw) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert agreement([]) is None
    assert agreement([(True, True)] * 3) == Agreement(n=3, raw=1.0, kappa=None)
    assert agreement([(True, False), (False, True)]) == Agreement(n=2, raw=0.0, kappa=-1.0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_kappa_is_at_most_the_share_that_agrees(pairs: list[tuple[bool, bool]]) -> None:
    found = agreement(pairs)
    assert found is not None
    assert found.kappa is None or -1 <= found.kappa <= found.raw


def test_the_sample_is_balanced_and_of_both_kinds() -> None:
    assert len(LABELS) == 24
    assert sum(LABELS) == 12
    assert len({row["id"] for row in labelled_sample()}) == 24


def test_a_judge_is_pinned_and_held_against_labels(service: Server) -> None:
    service.script(*PERFECT, Says("Correct."), Says("SUPPORTED"), Says("unsupported"))
    judge = open_judge(Settings(llm=service.settings(judge="openai:strict")))
    judged = judge_run(RUN, judge)
    assert judged.rows == (
        ("Q1", {CORRECT: 1.0, SUPPORTED: 0.5}),
        ("Q2", {CORRECT: 0.0}),
        ("Q3", {}),
    )
    block = judged.block
    assert block["judge"]["model"] == "openai:strict"
    assert block["judge"]["temperature"] == 0
    assert len(block["judge"]["prompts_sha256"]) == 64
    assert {body["model"] for body in service.bodies} == {"strict"}
    assert {body["temperature"] for body in service.bodies} == {0}
    for name in (CORRECT, SUPPORTED):
        assert block["sample"][name] == {"n": 12, "unjudged": 0, "agreement": 1.0, "kappa": 1.0}
    assert (block["measures"][CORRECT]["value"], block["measures"][CORRECT]["n"]) == (0.5, 2)
    assert block["measures"][SUPPORTED]["undefined"] == 2
    assert block["failures"] == []
    assert len(service.bodies) == 24 + 3  # neither a refusal nor a sum is put to it
    assert "Rules: The threshold is 60 points." in service.prompt()


def test_a_judge_that_says_the_same_to_all_has_no_kappa_to_show(service: Server) -> None:
    service.script(Says("CORRECT"))
    block = judge_run((), open_judge(Settings(llm=service.settings()))).block
    assert block["sample"][CORRECT] == {"n": 12, "unjudged": 0, "agreement": 0.5, "kappa": 0.0}


def test_failures_are_listed_and_leave_measures_undefined(service: Server) -> None:
    service.script(
        *PERFECT, Says("It is hard to say."), Fails(400), Says("SUPPORTED or UNSUPPORTED?")
    )
    judged = judge_run(RUN, open_judge(Settings(llm=service.settings())))
    assert judged.rows[0] == ("Q1", {})
    whys = [(f["id"], f["measure"]) for f in judged.block["failures"]]
    assert whys == [("Q1", CORRECT), ("Q1", SUPPORTED), ("Q1", SUPPORTED)]
    assert "no verdict: 'It is hard to say.'" in judged.block["failures"][0]["why"]
    assert "does not take the request" in judged.block["failures"][1]["why"]


def test_a_dead_judge_is_not_waited_for(service: Server) -> None:
    service.script(Fails(401))
    judged = judge_run(RUN, open_judge(Settings(llm=service.settings())))
    assert len(service.bodies) == GIVES_UP
    assert len(judged.block["failures"]) == 24 + 3
    assert judged.block["failures"][-1]["why"].startswith("not asked")
    assert judged.block["sample"][CORRECT] == {"n": 0, "unjudged": 12}
    assert judged.block["measures"] == {CORRECT: judged.block["measures"][CORRECT]}


def test_without_a_model_there_is_no_judge() -> None:
    with pytest.raises(EvaluationError, match="GUIDE_LLM__JUDGE"):
        open_judge(Settings())
