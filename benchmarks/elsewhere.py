"""Asks questions that are about something else than guides, and counts those that are answered.

    python benchmarks/elsewhere.py [benchmarks/questions/elsewhere.tsv]

Each line of the file is a language and a question. The library is that of the settings
(`GUIDE_HOME`). Prints, by language, how many were asked and how many were answered.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from contextlib import closing
from pathlib import Path

from assistant.wiring import open_assistant
from corpus.settings import load_settings

QUESTIONS = Path(__file__).parent / "questions" / "elsewhere.tsv"


def main() -> None:
    """Asks and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="?", default=QUESTIONS)
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    path = parser.parse_args().questions
    opened = closing(open_assistant(load_settings()))
    with path.open(encoding="utf-8", newline="") as file, opened as a:
        for language, question in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            asked[language] += 1
            if a.ask(question).status.cites:
                answered[language] += 1
                print(f"answered ({language}): {question}")
    for language in sorted(asked):
        print(f"{language}: {answered[language]} of {asked[language]}")
    print(f"all: {answered.total()} of {asked.total()}")


if __name__ == "__main__":
    main()
