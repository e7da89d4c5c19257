"""Feedback for people who work on the guides or the assistant: CSV for tables, JSON for scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from assistant.kept import Feedback


def feedback_json(rows: Sequence[Feedback]) -> dict[str, Any]:
    """The object that `guide feedback --json` prints."""
    return {"feedback": [asdict(row) for row in rows]}


def feedback_csv(rows: Sequence[Feedback]) -> str:
    """A table with a head line, commas, and lines that end in a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(Feedback)]
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return text.getvalue()


def _cell(value: object) -> object:
    """A text that a spreadsheet would run as a formula is marked as text (OWASP, CSV injection)."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
