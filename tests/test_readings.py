"""What a reader makes of units decides among those that are worth about as much."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.composer import may_lead
from assistant.lexicon import load_lexicon
from assistant.pipeline import Assistant
from assistant.readers import HURRIED_UNITS, Readers
from assistant.readings import NOTHING_READ, Readings, readings_of, text_of
from assistant.retrieval import Found
from assistant.unit_reading import UNITS_READ, with_readings
from assistant.worth import Candidate
from corpus.model import ChunkKind
from tests.builders import make_document
from tests.test_pipeline import open_with

QUESTION = "What is the maximum grant, and how long can a project last?"
PATH = "Part B › KEY ACTION 2 › SMALL-SCALE PARTNERSHIPS › FUNDING RULES"
TEXTS = [
    "The maximum grant is 60 000 EUR for each project.",
    "A project can last from 6 to 24 months.",
    "Projects are evaluated by experts.",
]


class Scripted:
    """Reads what it is told to find best as an answer, all else as none, and notes what it read."""

    fingerprint = "scripted"
    languages = frozenset({"en"})

    def __init__(self, best: str) -> None:
        self.best = best
        self.read: list[tuple[str, tuple[str, ...]]] = []

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        self.read.append((query, tuple(texts)))
        return [0.9 if self.best in text else 0.1 for text in texts]


def opened(home: Path) -> Assistant:
    return open_with(home, make_document(headings=[PATH] * len(TEXTS), pages=TEXTS))


def found_by(assistant: Assistant, question: str, reader: Scripted | None) -> Found:
    query, passages = assistant.search(question)
    read = [replace(passage, reranked=True) for passage in passages]
    before = Found(passages=tuple(read), retrieve_ms=1.0, rerank_ms=2.0)
    return with_readings(query, before, reader, load_lexicon(), assistant.stems, most=4)


def candidates_of(assistant: Assistant, question: str) -> list[Candidate]:
    query, passages = assistant.search(question)
    return may_lead(query, passages, also=(), stems=assistant.stems, most=9)


def test_readings_put_candidates_in_another_order(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as assistant:
        candidates = candidates_of(assistant, "How is a project evaluated?")
    first, second, *others = candidates
    place = [(c.passage.document.id, c.unit.span) for c in candidates]
    behind = first.worth - second.worth
    read = Readings({place[0]: 0.0, place[1]: behind + 1.0})
    weighed = read.weighed(candidates)
    assert [c.unit.span for c in weighed[:2]] == [second.unit.span, first.unit.span]
    assert weighed[0].worth == second.worth, "the best reading takes nothing"
    assert weighed[1].worth < first.worth
    # What was not read counts as the least that was.
    for before in others:
        (after,) = (c for c in weighed if c.unit.span == before.unit.span)
        assert before.worth - after.worth == first.worth - weighed[1].worth


def test_nothing_read_changes_nothing(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as assistant:
        candidates = candidates_of(assistant, QUESTION)
        assert NOTHING_READ.weighed(candidates) == candidates
        assert found_by(assistant, QUESTION, None).readings == NOTHING_READ


def test_each_thing_asked_for_is_read_for_itself(tmp_path: Path) -> None:
    reader = Scripted("6 to 24 months")
    with closing(opened(tmp_path)) as assistant:
        found = found_by(assistant, QUESTION, reader)
        candidates = candidates_of(assistant, QUESTION)
    asked = [question for question, _ in reader.read]
    assert len(asked) == 2
    assert "maximum grant" in asked[0]
    assert "how long" in asked[1]
    assert all(len(texts) <= 2 for _, texts in reader.read)
    (lasting,) = (c for c in candidates if "24 months" in c.unit.text)
    (grant,) = (c for c in candidates if "60 000" in c.unit.text)
    readings = found.readings
    assert (readings.of(lasting) or 0) > 0 > (readings.of(grant) or 0)
    assert readings.weighed([grant, lasting], 1)[0].unit == lasting.unit
    assert found.rerank_ms > 2.0


def test_a_unit_counts_as_it_answers_the_part_that_it_answers_best(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as assistant:
        first, second, *_ = candidates_of(assistant, QUESTION)
    places = [(c.passage.document.id, c.unit.span) for c in (first, second)]
    read = readings_of([{places[0]: 2.0, places[1]: -1.0}, {places[0]: -3.0, places[1]: 1.0}])
    assert (read.of(first), read.of(second)) == (2.0, 1.0)
    assert read.weighed([first, second], 1)[0].unit == second.unit


def test_passages_that_no_reranker_read_are_not_read(tmp_path: Path) -> None:
    reader = Scripted("")
    with closing(opened(tmp_path)) as assistant:
        query, passages = assistant.search(QUESTION)
        found = Found(
            passages=tuple(replace(p, reranked=False) for p in passages),
            retrieve_ms=0.0,
            rerank_ms=0.0,
        )
        after = with_readings(query, found, reader, load_lexicon(), assistant.stems)
    assert after is found
    assert not reader.read


def test_a_unit_is_read_under_its_headings(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as assistant:
        first = candidates_of(assistant, "How is a project evaluated?")[0]
    path, text = text_of(first).split("\n")
    assert path.split(" › ") == list(first.passage.chunk.headings[-3:])
    assert text == first.unit.text


@pytest.mark.parametrize(("others", "read"), [(0, UNITS_READ), *HURRIED_UNITS])
def test_less_is_read_while_many_ask(others: int, read: int) -> None:
    readers = Readers()
    with ExitStack() as stack:
        for _ in range(others + 1):
            stack.enter_context(readers.one_more())
        assert readers.units(UNITS_READ) == read
    assert readers.units(UNITS_READ) == UNITS_READ


def test_a_row_is_read_under_the_heads_of_its_table(tmp_path: Path) -> None:
    heads, row = "Receiving country | Amount per day", "Greece | 137"
    document = make_document(headings=[PATH], pages=[row], context=heads)
    chunk = replace(document.chunks[0], kind=ChunkKind.TABLE)
    with closing(open_with(tmp_path, replace(document, chunks=(chunk,)))) as assistant:
        first = candidates_of(assistant, "How much per day in Greece?")[0]
    assert text_of(first).split("\n")[1:] == [heads, row]
