"""Values that were filled into form fields. The only home of pypdf.

PDFium draws fields but does not give their values as text of the page.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TICKED = "☒"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """What a form field holds.

    Attributes:
        page: 1-based.
        corners: left, bottom, right, top in PDF user space.
        text: the value; "☒" for a ticked box.
    """

    page: int
    corners: tuple[float, float, float, float]
    text: str


def form_values(path: Path, *, password: str = "") -> tuple[FieldValue, ...]:
    """The filled fields of a PDF, in the order of its annotations; none where pypdf fails."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It complains of every oddity that it mends; what is wrong with a file is said by our reader.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path, password=password or None)
        return tuple(
            value
            for number, page in enumerate(reader.pages, 1)
            for annotation in page.get("/Annots") or ()
            if (value := _value(number, annotation.get_object())) is not None
        )
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return ()  # a broken form does not lose the file


def _value(page: int, annotation: Any) -> FieldValue | None:
    if annotation.get("/Subtype") != "/Widget":
        return None
    kind, value = _inherited(annotation, "/FT"), _inherited(annotation, "/V")
    if kind == "/Btn":
        state = str(annotation.get("/AS", "/Off"))
        text = _TICKED if value is not None and state not in ("/Off", "") else ""
    elif isinstance(value, list):
        text = ", ".join(map(str, value))
    else:
        text = str(value) if kind in ("/Tx", "/Ch") and value is not None else ""
    if not text.strip():
        return None
    left, bottom, right, top = (float(side) for side in annotation["/Rect"])
    return FieldValue(
        page=page,
        corners=(min(left, right), min(bottom, top), max(left, right), max(bottom, top)),
        text=" ".join(text.split()),
    )


def _inherited(field: Any, key: str) -> Any:
    """An attribute of a field or of the fields above it."""
    for _ in range(16):
        if key in field:
            return field[key]
        if "/Parent" not in field:
            return None
        field = field["/Parent"].get_object()
    return None
