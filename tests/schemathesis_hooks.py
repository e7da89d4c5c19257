"""What schemathesis has to be told: how a PDF is sent, and an id that is really there."""

from __future__ import annotations

from typing import Any

import schemathesis

DOCUMENT_ID = "erasmus-plus-2026-v1-en"
"""Of the double's document."""


@schemathesis.serializer("application/pdf")
def pdf(_: object, value: object) -> bytes:
    """Bytes as they are; half of them begin like a PDF."""
    content = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
    return content if len(content) % 2 else b"%PDF-1.7\n" + content


@schemathesis.hook
def map_path_parameters(_: object, path_parameters: dict[str, Any] | None) -> Any:
    """Two of three documents asked for are there."""
    if path_parameters and len(str(path_parameters.get("document_id", ""))) % 3:
        return {**path_parameters, "document_id": DOCUMENT_ID}
    return path_parameters
