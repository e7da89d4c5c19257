"""Which units of guides answer questions of applicants: what a reader of units is tuned on.

    python -m benchmarks.unit_examples examples.jsonl QUESTIONS ...

Asks English questions of sets (`.jsonl`; `.tsv` in the columns of `kinds.tsv`) of the library of
the settings (`GUIDE_HOME`; all guides indexed), 0.6 s each, and writes for each the units that are
worth most, with whether they answer it: they stand on a gold page and hold a key fact. Of
questions that no guide answers none does; of a `.tsv`, which has no gold pages, only those count.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.composer import PASSAGES_SEARCHED, may_lead
from assistant.pipeline import Assistant
from assistant.readings import text_of
from assistant.refusing import relevant
from assistant.unit_reading import as_read
from assistant.wiring import open_assistant
from assistant.worth import Candidate
from corpus.language import DEFAULT
from corpus.settings import load_settings
from eval.key_facts import facts_stated
from eval.question_files import read_questions
from eval.questions import Question

UNITS = 20
"""Of a question; of one that nothing answers the best are enough."""
UNITS_OF_UNANSWERABLE = 8


@dataclass(frozen=True, slots=True)
class Example:
    """A question as it is searched for, its best units, what each is worth, whether it answers."""

    question: str
    answerable: bool
    texts: Sequence[str]
    worth: Sequence[float]
    answers: Sequence[bool]


def questions_of(path: Path) -> Iterator[Question]:
    """English questions of a set."""
    if path.suffix != ".tsv":
        yield from (each for each in read_questions(path) if each.lang == DEFAULT)
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, (_, answerable, language, question) in enumerate(rows):
            if answerable != "yes" and language == DEFAULT:
                yield Question(id=f"{number}", question=question, answerable=False)


def example_of(assistant: Assistant, asked: Question) -> Example | None:
    """What may lead the answer to a question; None where it is refused before, or not read."""
    query, passages = assistant.search(
        asked.question, filters=asked.filters, history=asked.history, top_k=PASSAGES_SEARCHED
    )
    stems, lexicon = assistant.stems, assistant.lexicon
    usable = relevant(query, passages, cues=assistant.cues, lexicon=lexicon, stems=stems)
    if usable.refusal is not None or query.compare or not usable.passages[0].reranked:
        return None
    most = UNITS if asked.answerable else UNITS_OF_UNANSWERABLE
    candidates = may_lead(query, usable.passages, also=(), stems=stems, most=most)
    files = {record.id: record.file for record in assistant.records()}
    return Example(
        question=as_read(query, query.search_text),
        answerable=asked.answerable,
        texts=[text_of(candidate) for candidate in candidates],
        worth=[candidate.worth for candidate in candidates],
        answers=[answers(asked, candidate, files) for candidate in candidates],
    )


def answers(asked: Question, candidate: Candidate, files: dict[str, str]) -> bool:
    """Whether a unit stands on a gold page and holds a key fact."""
    document, unit = candidate.passage.document, candidate.unit
    page = files[document.id], document.page_at(unit.span.start).number
    lead = document.text_at(unit.lead) if unit.lead else ""
    held = facts_stated(f"{lead} {unit.text}", asked.key_facts)
    return page in asked.gold_pages and held > 0


def collect(assistant: Assistant, paths: Sequence[Path]) -> Iterator[Example]:
    """The examples of sets, in order."""
    for path in paths:
        for asked in questions_of(path):
            example = example_of(assistant, asked)
            if example is not None and example.texts:
                yield example


def read_examples(path: Path) -> list[Example]:
    """What this script has written."""
    with path.open(encoding="utf-8") as lines:
        return [Example(**json.loads(line)) for line in lines]


def main() -> None:
    """Asks and writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("to", type=Path, help="file to write")
    parser.add_argument("questions", type=Path, nargs="+", help="sets of questions")
    given = parser.parse_args()
    with closing(open_assistant(load_settings())) as assistant:
        found = list(collect(assistant, given.questions))
    lines = [json.dumps(asdict(example), ensure_ascii=False) for example in found]
    given.to.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(found)} questions, {sum(any(each.answers) for each in found)} with an answer")


if __name__ == "__main__":
    main()
