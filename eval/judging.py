"""Measures that a language model judges: apart from the deterministic ones, and never mixed in.

A judge is pinned by its name, the hash of what it is told and temperature 0, and is first held
against a small hand-labelled sample (`eval/data/judge-sample.jsonl`). What it fails to
judge is listed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import Any

from assistant.citing import MARKER
from assistant.generation import LanguageModel
from assistant.prompt import Message, correctness_messages, judge_rules, support_messages
from corpus.errors import EvaluationError, LanguageModelError
from corpus.settings import Settings
from eval.agreement import agreement
from eval.results import Result
from eval.statistics import estimate
from eval.summary import Scored, as_json

CORRECT, SUPPORTED = "judged_correct", "judged_supported"
GIVES_UP = 5
"""After so many failures in a row the judge is not asked any more."""
_LABELS = {"CORRECT": True, "WRONG": False, "SUPPORTED": True, "UNSUPPORTED": False}
_TASKS = {CORRECT: "correct", SUPPORTED: "supported"}
"""Of the labelled sample, by the measure they stand for."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """What the judge did not judge: the question (or label) by id, the measure, and why."""

    id: str
    measure: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a judge said of a run.

    Attributes:
        rows: for each question in order its judged measures, as far as they are defined.
        block: the same in numbers, as it stands in `summary.json` under "judged".
    """

    rows: tuple[tuple[str, Mapping[str, float]], ...]
    block: Mapping[str, Any]


@dataclass
class Judge:
    """A language model as a judge; counts its failures, so that a dead one is not waited for."""

    model: LanguageModel
    failures: list[Unjudged] = field(default_factory=list)
    _in_a_row: int = 0

    @property
    def identity(self) -> dict[str, object]:
        """What pins it."""
        rules = hashlib.sha256(judge_rules().encode()).hexdigest()
        return {
            "model": self.model.name,
            "address": self.model.address,
            "temperature": 0,
            "prompts_sha256": rules,
        }

    def says(self, messages: Sequence[Message], *, id: str, measure: str) -> bool | None:  # noqa: A002
        """Its verdict; None where it gave none, which is noted.

        Args:
            messages: that ask for one of two words.
            id: of what is judged.
            measure: that is wanted.
        """
        verdict, why = None, f"not asked: {GIVES_UP} failures in a row before"
        if self._in_a_row < GIVES_UP:
            try:
                verdict, why = _verdict("".join(self.model.stream(messages)))
                self._in_a_row = 0
            except LanguageModelError as error:
                self._in_a_row += 1
                why = str(error)
        if verdict is None:
            self.failures.append(Unjudged(id, measure, why))
        return verdict


def _verdict(said: str) -> tuple[bool | None, str]:
    """What a judge's words mean, None and why where they hold no verdict or two."""
    words = {w for w in re.findall(r"[A-Z]+", said.upper()) if w in _LABELS}
    return (_LABELS[words.pop()], "") if len(words) == 1 else (None, f"no verdict: {said[:80]!r}")


def open_judge(settings: Settings) -> Judge:
    """The judge that the settings name: `llm.judge`, else `llm.model`.

    Raises:
        EvaluationError: if they name none.
        LanguageModelError: if it needs a key and has none.
    """
    name = settings.llm.judge or settings.llm.model
    if not name:
        raise EvaluationError(
            "There is no judge. Set GUIDE_LLM__JUDGE (or GUIDE_LLM__MODEL) to a language model."
        )
    return Judge(LanguageModel(settings.llm.model_copy(update={"model": name})))


def judge_run(scored: Sequence[Scored], judge: Judge) -> Judged:
    """Holds the judge against the labelled sample, then has it judge every answer of a run."""
    sample = {measure: _against_labels(judge, measure) for measure in _TASKS}
    rows = tuple((item.question.id, _measures(item, judge)) for item in scored)
    measures = {}
    for name in _TASKS:
        values = [row[name] for _, row in rows if name in row]
        if values:
            measures[name] = as_json(estimate(values, undefined=len(rows) - len(values)))
    block = {
        "judge": judge.identity,
        "measures": measures,
        "sample": sample,
        "failures": [{"id": f.id, "measure": f.measure, "why": f.why} for f in judge.failures],
    }
    return Judged(rows=rows, block=block)


def labelled_sample() -> tuple[dict[str, Any], ...]:
    """Labelled by hand; see `docs/evaluation.md`."""
    text = files("eval").joinpath("data/judge-sample.jsonl").read_text("utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def _against_labels(judge: Judge, measure: str) -> dict[str, object]:
    pairs: list[tuple[bool, bool]] = []
    rows = [row for row in labelled_sample() if row["task"] == _TASKS[measure]]
    for row in rows:
        messages = (
            correctness_messages(row["question"], row["answer"], row["reference"])
            if measure == CORRECT
            else support_messages(row["sentence"], row["quotes"])
        )
        said = judge.says(messages, id=row["id"], measure=measure)
        if said is not None:
            pairs.append((row["label"], said))
    found = agreement(pairs)
    if found is None:
        return {"n": 0, "unjudged": len(rows)}
    return {
        "n": found.n,
        "unjudged": len(rows) - found.n,
        "agreement": found.raw,
        "kappa": found.kappa,
    }


def _measures(item: Scored, judge: Judge) -> dict[str, float]:
    question, result = item.question, item.result
    ask = partial(judge.says, id=question.id)
    measures: dict[str, float | None] = {}
    if question.answerable and question.answer:
        measures[CORRECT] = _correct(item, ask) if result.answers else 0.0
    if result.answers:
        measures[SUPPORTED] = _supported(result, ask)
    return {name: value for name, value in measures.items() if value is not None}


def _correct(item: Scored, ask: Callable[..., bool | None]) -> float | None:
    question = item.question
    shown = MARKER.sub("", item.result.text)
    said = ask(correctness_messages(question.question, shown, question.answer), measure=CORRECT)
    return None if said is None else float(said)


def _supported(result: Result, ask: Callable[..., bool | None]) -> float | None:
    """Share of the lines that their quotes say; sums are worked out, not said, and left out."""
    quotes = {c.number: c.quote for c in result.citations}
    headings = {c["number"]: c.get("headings", ()) for c in result.line.get("citations", ())}
    said: list[bool | None] = []
    for line in result.text.splitlines():
        numbers = [n for n in map(int, MARKER.findall(line)) if n in quotes]
        sentence = MARKER.sub("", line).strip()
        if not numbers or sentence == result.working:
            continue
        cited = "\n".join(f"{' › '.join(headings.get(n, ()))}: {quotes[n]}" for n in numbers)
        said.append(ask(support_messages(sentence, cited), measure=SUPPORTED))
    judged = [verdict for verdict in said if verdict is not None]
    return sum(judged) / len(judged) if judged and len(judged) == len(said) else None
