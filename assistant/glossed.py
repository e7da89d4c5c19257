"""English words beside the words of another language that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """English words, and where what they stand for is: `source[start:end]`.

    Attributes:
        english: its words; a country's code where `kind` is people.
        kind: of a slot, "people" for an adjective of nationality, "" for all others.
    """

    english: str
    start: int
    end: int
    kind: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Gloss:
    """A statement in English, its own words beside it.

    Attributes:
        text: the English. source: as typed, with single blanks.
        pieces: in order; where their words stand in `text` is in `places`. None in English.
    """

    text: str
    source: str
    pieces: tuple[Piece, ...] = ()
    places: tuple[tuple[int, int], ...] = ()

    def own(self, said: str) -> str:
        """The asker's words for what was read: stretches of `text`, parted by commas."""
        if not self.pieces or not said:
            return said
        words = said.split(", ")
        found: list[str] = []
        while words:
            for count in range(len(words), 0, -1):
                stretch = self._stretch(", ".join(words[:count]))
                if stretch:
                    break
            else:
                return self.source
            found.append(stretch)
            words = words[count:]
        return ", ".join(dict.fromkeys(found))

    def _stretch(self, said: str) -> str:
        """The words that one stretch of `text` stands for; "" where it is none."""
        for words in (said, said.rstrip(")")):
            at = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", self.text)
            if at is not None:
                break
        else:
            return ""
        held = [
            piece
            for piece, (start, end) in zip(self.pieces, self.places, strict=True)
            if start < at.end() and at.start() < end
        ]
        return self.source[held[0].start : held[-1].end] if held else ""
