"""The window's sentences and starting points, read from the files in `assistant/data/ui`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "ui"
STATIC = DATA / "static"
"""Style, script and icon of the window: the only files that are served as they lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question to start with, for libraries that hold a guide of this programme."""

    programme: str
    question: str


def load_messages(language: str = "en") -> Mapping[str, str]:
    """All sentences in one language, by dotted name ("ask", "status.answered")."""
    with (DATA / f"messages.{language}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file)))


def load_examples() -> tuple[Example, ...]:
    """All starting points, in the order of the file."""
    with (DATA / "examples.toml").open("rb") as file:
        return tuple(Example(**entry) for entry in tomllib.load(file)["examples"])


def _flat(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, dict):
            pairs += _flat(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, str(value)))
    return pairs
