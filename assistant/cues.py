"""What a question asks for that no programme guide can say, and sentences that are no question.

Cues are words, read from `assistant/data/cues.toml`, so that a refusal can be explained in one
sentence. A cue never makes an answer; it only keeps one from being made up of near passages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assistant.lexicon import fold, folded_forms
from assistant.model import Status
from corpus.accents import without_format_signs
from corpus.word_forms import expression_of_any

SMALL_TALK = "chat"
"""Kind of the cues of what is no question about a programme."""
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")


@dataclass(frozen=True, slots=True)
class Cue:
    """One kind of thing that guides do not say; `kind` names the message that says why.

    Attributes:
        pattern: over the folded question. named: over the question as typed, found as well.
        unless: over folded titles of documents that do say it.
    """

    kind: str
    status: Status
    pattern: re.Pattern[str]
    named: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def stands_in(self, question: str, folded: str, titles: Sequence[str]) -> bool:
        """Whether its words stand in a question, and none of the documents says it."""
        if self.pattern.search(folded) is None:
            return False
        if self.named is not None and self.named.search(question) is None:
            return False
        return self.unless is None or not any(map(self.unless.search, titles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """All cues, in the order in which they are tried, and the pattern of instructions."""

    cues: tuple[Cue, ...]
    instruction: re.Pattern[str]

    def find(self, question: str, titles: Iterable[str] = ()) -> Cue | None:
        """The first cue whose words stand in a question.

        Args:
            question: as typed.
            titles: of the documents found for it.
        """
        folded, among = fold(question), [fold(title) for title in titles]
        return next((cue for cue in self.cues if cue.stands_in(question, folded, among)), None)

    def is_chat(self, text: str) -> bool:
        """Whether a text asks nothing about a programme, as "thanks!" does not."""
        cue = self.find(text)
        return cue is not None and cue.kind == SMALL_TALK

    def is_instruction(self, text: str) -> bool:
        """Whether a text tells an assistant how to behave."""
        return self.instruction.search(_seen(text)) is not None

    def without_instructions(self, question: str) -> str:
        """The question without the sentences that tell an assistant how to behave.

        Blank where nothing else is said.
        """
        if not self.is_instruction(question):
            return question
        kept = (s for s in _SENTENCE.findall(question) if not self.is_instruction(s))
        return "".join(kept).strip()


@lru_cache(maxsize=20_480)
def _seen(text: str) -> str:
    """A text folded, without zero-width signs; kept, because passages are read again and again."""
    return fold(without_format_signs(text))


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Reads the data file that comes with the package."""
    raw = tomllib.loads(files("assistant").joinpath("data/cues.toml").read_text("utf-8"))
    words = folded_forms(raw["words"])

    def patterns(entry: Mapping[str, Any]) -> list[str]:
        together: list[str] = entry.get("together", [])
        return [*(_together(each, words) for each in together), *entry.get("patterns", ())]

    return Cues(
        cues=tuple(
            Cue(
                entry["kind"],
                Status(entry["status"]),
                _any_of(patterns(entry)),
                named=re.compile(entry["named"]) if "named" in entry else None,
                unless=re.compile(entry["unless"]) if "unless" in entry else None,
            )
            for entry in raw["cue"]
        ),
        instruction=_any_of([p for entry in raw["instruction"] for p in entry["patterns"]]),
    )


def _together(forms: str, words: Mapping[str, Sequence[str]]) -> str:
    """The expression of forms that stand in a question in any order, and of some that do not."""
    wanted, _, unwanted = fold(forms).partition(" ! ")
    without = f"(?!.*{expression_of_any([unwanted], words)})" if unwanted else ""
    stand = (f"(?=.*{expression_of_any([each], words)})" for each in wanted.split(" & "))
    return f"^{without}{''.join(stand)}"


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
