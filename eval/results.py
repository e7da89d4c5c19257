"""One line of `results.jsonl`: what the assistant answered to one question of a set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import EvaluationError

RESULTS_FILE = "results.jsonl"
ANSWERED = frozenset({"answered", "partly"})
FAILED = "failed"
"""Status of a question whose pipeline raised; no answer has it."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of a stored answer: file name, 1-based physical page, quote, `[number]`."""

    number: int
    document: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A stored answer, as far as the measures need it.

    Attributes:
        pages: the best distinct pages in rank order, (file name, page).
        edition_id: document id of the edition that answered, None where none is named.
        differences: what other editions say with other figures.
        working: the sum shown in the text, in one line; "" where there is none.
        timings_ms: by stage.
        error: why the question failed; None where it did not.
        line: the stored object itself, for reports.
    """

    id: str
    status: str
    text: str = ""
    language: str = ""
    edition_id: str | None = None
    citations: tuple[Cited, ...] = ()
    differences: tuple[Cited, ...] = ()
    working: str = ""
    pages: tuple[tuple[str, int], ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None
    line: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def answers(self) -> bool:
        """Whether the question was answered; the other statuses abstain."""
        return self.status in ANSWERED

    @property
    def stated(self) -> str:
        """The text of an answer with its quotes, where key facts are looked for; "" of others."""
        quotes = (citation.quote for citation in self.citations)
        return "\n".join((self.text, *quotes)) if self.answers else ""

    @property
    def refuses(self) -> bool:
        """Whether the assistant abstained; a failure is neither answer nor refusal."""
        return self.error is None and not self.answers


def parse_result(line: Mapping[str, Any]) -> Result:
    """A stored object as a result.

    Raises:
        KeyError, TypeError, ValueError: if it is none.
    """
    edition = line.get("edition") or {}
    return Result(
        id=str(line["id"]),
        status=str(line["status"]),
        text=str(line.get("text", "")),
        language=str(line.get("language", "")),
        edition_id=edition.get("document_id"),
        citations=_cited(line.get("citations", ())),
        differences=_cited(line.get("differences", ())),
        working=str((line.get("calculation") or {}).get("working", "")),
        pages=tuple((str(document), int(page)) for document, page in line.get("pages", ())),
        timings_ms={str(k): float(v) for k, v in (line.get("timings_ms") or {}).items()},
        error=line.get("error"),
        line=line,
    )


def _cited(rows: Iterable[Mapping[str, Any]]) -> tuple[Cited, ...]:
    return tuple(
        Cited(int(c["number"]), str(c["document"]), int(c["page"]), str(c["quote"])) for c in rows
    )


def read_results(path: Path, *, torn_end: bool = False) -> tuple[Result, ...]:
    """The results of a file, in its order.

    Args:
        path: a `results.jsonl`.
        torn_end: leave out a last line that was cut off in the middle of writing.

    Raises:
        EvaluationError: if the file cannot be read or a line is no result.
    """
    try:
        rows = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"The results {path} cannot be read: {error}.") from error
    complete, rest = rows[:-1], rows[-1]
    if rest.strip() and not torn_end:
        complete.append(rest)
    results = []
    for number, row in enumerate(complete, 1):
        try:
            results.append(parse_result(json.loads(row)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise EvaluationError(f"{path}, line {number}: not a result ({error!r}).") from error
    return tuple(results)
