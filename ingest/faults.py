"""Which pages of a file cannot be indexed as they are, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.drawn import RawPage
from ingest.quality import Letters, TextLayer, judge_letters, text_layer

_GARBLED_SHARE = 0.5
"""Share of pages with a wrong character map from which on no page is trusted."""

_COVERS = 4
"""From this many pages on, a picture as first and last page is a cover: nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with the pages of a file; page numbers are 1-based.

    Attributes:
        count: of all pages.
        broken: could not be loaded.
        bare: are pictures without text. sparse: pictures with a few words on them.
        garbled: have letters that are not the ones drawn.
        empty: no page has text.
        untrusted: so much is garbled that the file is not to be trusted at all.
    """

    count: int
    broken: tuple[int, ...]
    bare: tuple[int, ...]
    sparse: tuple[int, ...]
    garbled: tuple[int, ...]
    empty: bool
    untrusted: bool

    @property
    def has_covers_only(self) -> bool:
        """Whether the only pages without text are the first and the last, as in a booklet."""
        return self.count > _COVERS and set(self.bare) <= {1, self.count}

    @property
    def for_ocr(self) -> tuple[int, ...]:
        """Pages whose text OCR may give."""
        bare = () if self.has_covers_only else self.bare
        if self.untrusted:
            return tuple(n for n in range(1, self.count + 1) if n not in self.broken)
        return tuple(sorted({*bare, *self.sparse, *self.garbled}))


def find_faults(pages: Sequence[RawPage]) -> Faults:
    """Looks at the text layer of each page."""
    count = len(pages)
    layers = {page.number: text_layer(page) for page in pages if page.readable}
    bare = tuple(number for number, layer in layers.items() if layer is TextLayer.MISSING)
    texts = {
        page.number: [word.text for word in page.words] for page in pages if page.number not in bare
    }
    judged = {number: judge_letters(words) for number, words in texts.items()}
    garbled = tuple(number for number, letters in judged.items() if not letters.are_readable)
    return Faults(
        count=count,
        broken=tuple(page.number for page in pages if not page.readable),
        bare=bare,
        sparse=tuple(number for number, layer in layers.items() if layer is TextLayer.SPARSE),
        garbled=garbled,
        empty=not any(texts.values()),
        untrusted=len(garbled) > _GARBLED_SHARE * count
        or not sum(judged.values(), Letters()).are_readable,
    )
