"""What people say of a document's edition where its cover says nothing, or something wrong.

A correction belongs to the bytes of a PDF: it holds however often the file is read again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from corpus.model import Edition

CORRECTABLE = ("title", "programme", "year", "version", "date", "language")
"""Fields of an edition that may be corrected; the first and the last are never empty."""

Correction = Mapping[str, str | int | date | None]
"""Values by field of `CORRECTABLE`; None where the document has none."""


def correct(edition: Edition, correction: Correction) -> Edition:
    """The edition with what was corrected."""
    return replace(edition, **dict(correction)) if correction else edition  # type: ignore[arg-type]


def pack_correction(correction: Correction) -> str:
    """As JSON, fields in their order."""
    values = {
        name: value.isoformat() if isinstance(value, date) else value
        for name in CORRECTABLE
        if name in correction
        for value in [correction[name]]
    }
    return json.dumps(values, ensure_ascii=False)


def unpack_correction(text: str | None) -> Correction:
    """The inverse of `pack_correction`; empty for None."""
    values: dict[str, str | int | date | None] = json.loads(text) if text else {}
    day = values.get("date")
    if isinstance(day, str):
        values["date"] = date.fromisoformat(day)
    return values
