"""Question sets as files: JSONL, CSV (comma, semicolon or tab) and YAML, read and written.

JSONL and YAML hold the fields of `eval.questions.Question` as they are. CSV is for people with a
spreadsheet: filters are columns of their own, and cells that hold several things hold one a line:

* `gold`: `guide.pdf#page=242 the quote`
* `key_facts`: the accepted spellings of one fact, separated by ` | `
* `history`: `user: ...` and `assistant: ...`

A cell of these three that starts with `[` is read as JSON. A byte order mark is ignored, and so is
an apostrophe before what a spreadsheet would take for a formula; it is written there, too.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import EvaluationError
from eval.question_records import collect, shortened
from eval.questions import FIELDS, FILTER_TYPES, Question, to_record

CSV_COLUMNS = tuple(
    column
    for name in FIELDS
    for column in (FILTER_TYPES if name == "filters" else (name,))  # filters are flat
)
LISTS = ("history", "gold", "key_facts")
PROSE = ("question", "answer", "note")
TRUE = frozenset({"true", "yes", "1"})
FALSE = frozenset({"false", "no", "0"})
YEAR = re.compile(r"\d{4}")
GOLD_LINE = re.compile(r"(?P<document>.+?)#page=(?P<page>\d{1,9})(?:\s+(?P<quote>.*))?")
HISTORY_LINE = re.compile(r"(?P<role>user|assistant):\s*(?P<content>.*)", re.IGNORECASE)
SPELLINGS = " | "
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would work out; with marks before it, one is ours."""
MAX_CELL_CHARS = 1_000_000
YAML_GROWTH = 10
"""How many times as long as its text a YAML set may be with its references written out."""
SUFFIXES = (".jsonl", ".csv", ".yaml", ".yml")


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file, in order; the suffix decides the format.

    Raises:
        EvaluationError: if the file cannot be read or is no question set; names the lines.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise EvaluationError(
            f"{path.name}: question sets are files that end in {', '.join(SUFFIXES)}."
        )
    text = _read_text(path)
    if suffix == ".jsonl":
        return collect(_jsonl_records(text, path.name), path.name)
    if suffix == ".csv":
        return collect(_csv_records(text, path.name), path.name)
    return collect(_yaml_records(text, path.name), path.name)


def write_questions(path: Path, questions: Iterable[Question]) -> None:
    """Writes a set as JSONL or CSV; `read_questions` gives the same questions back.

    Raises:
        EvaluationError: if the suffix names neither or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        records = (json.dumps(to_record(q), ensure_ascii=False) for q in questions)
        text = "".join(f"{record}\n" for record in records)
    elif suffix == ".csv":
        text = "\ufeff" + _csv_text(questions)  # spreadsheets take UTF-8 for it only with the mark
    else:
        raise EvaluationError(f"{path.name}: sets are written as .jsonl or .csv.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror}.") from error


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvaluationError(
            f"The question set {path} cannot be read: {error.strerror}."
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EvaluationError(
            f"{path.name}, line {line}: not UTF-8 text. Save the file as UTF-8 "
            f'(in a spreadsheet: "CSV UTF-8").'
        ) from error


def _jsonl_records(text: str, source: str) -> Iterator[tuple[int, object]]:
    # Not splitlines(): it also splits at U+2028 and the like, which JSON allows inside strings.
    for line, row in enumerate(text.split("\n"), 1):
        if not row.strip():
            continue
        try:
            yield line, json.loads(row)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "out of bounds"
            raise EvaluationError(
                f"{source}, line {line}: not JSON ({reason}). Each line holds one question as a "
                f"JSON object."
            ) from error


def _csv_records(text: str, source: str) -> Iterator[tuple[int, object]]:
    csv.field_size_limit(MAX_CELL_CHARS)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        _check_header(header, source, delimiter)
        start = rows.line_num + 1
        for row in rows:
            if any(cell.strip() for cell in row):
                if len(row) > len(header):
                    raise EvaluationError(
                        f"{source}, line {start}: {len(row)} cells under {len(header)} columns. "
                        f'Put a cell that holds "{delimiter}" in double quotes.'
                    )
                yield start, _csv_record(dict(zip(header, row, strict=False)))
            start = rows.line_num + 1
    except csv.Error as error:
        raise EvaluationError(f"{source}, line {rows.line_num}: not CSV ({error}).") from error


def _check_header(header: Sequence[str], source: str, delimiter: str) -> None:
    unknown = [name for name in header if name not in CSV_COLUMNS]
    missing = [name for name in ("id", "question") if name not in header]
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    wrong = [
        f"{label} {shortened(map(repr, names))}"
        for label, names in (("unknown:", unknown), ("missing:", missing), ("twice:", twice))
        if names
    ]
    if wrong:
        raise EvaluationError(
            f"{source}, line 1: wrong columns ({'; '.join(wrong)}). Columns are separated by "
            f'"{delimiter}" here; known are {", ".join(CSV_COLUMNS)}.'
        )


def _csv_record(cells: Mapping[str, str]) -> dict[str, object]:
    """The cells of one row as a record; what cannot be understood stays text and is refused."""
    record: dict[str, object] = {}
    filters: dict[str, object] = {}
    for name, written in cells.items():
        cell = written[1:] if written.startswith("'") and FORMULA.match(written) else written
        value = cell.strip()
        if not value:
            continue
        if name in FILTER_TYPES:
            filters[name] = int(value) if name == "year" and YEAR.fullmatch(value) else value
        elif name in LISTS:
            record[name] = _csv_list(name, value)
        elif name in ("answerable", "alternatives"):
            word = value.lower()
            record[name] = True if word in TRUE else False if word in FALSE else value
        else:
            record[name] = cell if name in PROSE else value
    if filters:
        record["filters"] = filters
    return record


def _csv_list(name: str, value: str) -> object:
    if value.startswith("["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if name == "key_facts":
        return [[s.strip() for s in line.split(SPELLINGS.strip())] for line in lines]
    pattern = GOLD_LINE if name == "gold" else HISTORY_LINE
    items: list[object] = []
    for line in lines:
        found = pattern.fullmatch(line)
        if found is None:
            items.append(line)
        elif name == "gold":
            page = int(found["page"])
            items.append(
                {"document": found["document"], "page": page, "quote": found["quote"] or ""}
            )
        else:
            items.append({"role": found["role"].lower(), "content": found["content"]})
    return items


def _csv_text(questions: Iterable[Question]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, CSV_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for question in questions:
        row = to_record(question)
        filters = row.pop("filters")
        cells = {name: row[name] for name in row if name in CSV_COLUMNS}
        for name in LISTS:
            cells[name] = _csv_cell(name, row[name])
        for name in ("answerable", "alternatives"):
            cells[name] = "yes" if row[name] else "no"
        cells |= dict(filters)  # type: ignore[call-overload]
        writer.writerow({name: _marked(cell) for name, cell in cells.items()})
    return out.getvalue()


def _marked(cell: object) -> object:
    """A text that a spreadsheet would run as a formula, marked as text (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def _csv_cell(name: str, items: Any) -> str:
    """The list as lines where they read back the same, else as JSON."""
    if name == "key_facts":
        lines = [SPELLINGS.join(spellings) for spellings in items]
    elif name == "gold":
        lines = [f"{g['document']}#page={g['page']} {g['quote']}".rstrip() for g in items]
    else:
        lines = [f"{turn['role']}: {turn['content']}" for turn in items]
    cell = "\n".join(lines)
    return (
        cell
        if not cell or _csv_list(name, cell) == items
        else json.dumps(items, ensure_ascii=False)
    )


def _yaml_records(text: str, source: str) -> Iterator[tuple[int, object]]:
    try:
        import yaml  # comes with other libraries; the project does not ask for it itself
    except ImportError as error:
        raise EvaluationError(
            f"{source}: YAML needs the package PyYAML (pip install pyyaml), or convert the set to "
            f"JSONL or CSV."
        ) from error
    safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=safe)
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise EvaluationError(f"{source}: a YAML set is one list of questions.")
        if _written_out(root, {}) > YAML_GROWTH * len(text) + 1000:
            raise EvaluationError(
                f"{source}: its references (*name) make it more than {YAML_GROWTH} times as long "
                "as it is. Write out what they stand for."
            )
        for node in root.value:
            yield node.start_mark.line + 1, yaml.SafeLoader("").construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or "cannot be read"
        raise EvaluationError(f"{source}{place}: not YAML ({reason}).") from error


def _written_out(node: Any, known: dict[int, float]) -> float:
    """Characters of a YAML node with its references written out; infinite if it holds itself.

    Args:
        node: as composed.
        known: of each node that was looked at, by its id; those being looked at are infinite.
    """
    if id(node) not in known:
        known[id(node)] = math.inf
        if isinstance(node.value, str):
            length: float = len(node.value)
        else:
            parts = (part if isinstance(part, tuple) else (part,) for part in node.value)
            length = sum(_written_out(inner, known) for part in parts for inner in part)
        known[id(node)] = 1 + length
    return known[id(node)]
