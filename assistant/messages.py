"""The sentences around quotes, in the asker's language where the catalogue has it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogue: language → name → sentence."""

    catalogue: Mapping[str, Mapping[str, str]]

    def say(self, name: str, language: str, **values: str) -> str:
        """A sentence in a language, in English where there is none.

        Raises:
            KeyError: if English has no such sentence.
        """
        sentences = self.catalogue.get(language, {})
        template = sentences.get(name) or self.catalogue[FALLBACK][name]
        return template.format(**values)

    def speaking(self, language: str) -> Messages:
        """The same with the sentences of a language in the place of the English ones."""
        own = {**self.catalogue[FALLBACK], **self.catalogue.get(language, {})}
        return Messages({**self.catalogue, FALLBACK: own})


def load_messages() -> Messages:
    """Reads the catalogue that comes with the package."""
    return Messages(
        tomllib.loads(files("assistant").joinpath("data/messages.toml").read_text("utf-8"))
    )
