"""Hand-made pages for tests: words where a word processor would put them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Box
from ingest.drawn import ASCENT, DESCENT, RawPage, Word

WIDTH, HEIGHT = 595.0, 842.0
LETTER = 0.5
"""Width of a letter and of a space, in font sizes."""

Lines = list[tuple[str, dict[str, object]]]
"""Texts of lines, each with options of `words_of`."""


def words_of(
    text: str,
    *,
    x: float = 56.0,
    base: float = 100.0,
    size: float = 10.0,
    bold: bool = False,
    italic: bool = False,
    line: int = 0,
) -> list[Word]:
    """The words of one line. `^12` after a word is a raised small number glued to it."""
    words: list[Word] = []
    for token in text.split():
        parts = token.split("^")
        for index, part in enumerate(parts):
            raised = index > 0
            if not part:
                continue
            part_size = 0.65 * size if raised else size
            part_base = base - 0.35 * size if raised else base
            width = LETTER * part_size * len(part)
            words.append(
                Word(
                    part,
                    Box(
                        x,
                        part_base - ASCENT * part_size,
                        x + width,
                        part_base + DESCENT * part_size,
                    ),
                    part_base,
                    part_size,
                    bold,
                    italic,
                    line,
                    raised and bool(parts[0]),
                )
            )
            x += width
        x += LETTER * size
    return words


def page_of(
    lines: Sequence[tuple[str, dict[str, object]]],
    *,
    number: int = 1,
    rulings: Sequence[Box] = (),
    images: Sequence[Box] = (),
) -> RawPage:
    """A page from (text, options of `words_of`) lines; `base` goes down by 13 where not given."""
    words: list[Word] = []
    base = 70.0
    for index, (text, options) in enumerate(lines):
        base = float(options.get("base", base + 13.0))  # type: ignore[arg-type]
        words += words_of(text, **{**options, "base": base, "line": index})  # type: ignore[arg-type]
    return RawPage(
        number=number,
        width=WIDTH,
        height=HEIGHT,
        words=tuple(words),
        rulings=tuple(rulings),
        images=tuple(images),
    )


def body(*texts: str, base: float = 100.0) -> Lines:
    """Paragraphs one below the other, with a gap between them."""
    lines: Lines = []
    for text in texts:
        lines.append((text, {"base": base}))
        base += 26
    return lines


def heading(text: str, base: float, size: float = 10.0) -> tuple[str, dict[str, object]]:
    """A bold line."""
    return text, {"base": base, "bold": True, "size": size}
