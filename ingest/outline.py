"""Headings of a document and what follows from them: the path of every block."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.blocks import Block, Role
from ingest.cleaning import clean_text

NOTE_MARKS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading and where its section begins.

    Attributes:
        page: 1-based.
        index: of the block (on its page) at which the section begins; the number of blocks of
            the page where it begins after the last one.
        level: smaller is further out.
        pictured: the page shows it as a picture only; the block is what follows it.
    """

    page: int
    index: int
    text: str
    level: float
    pictured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The headings of a document in reading order.

    Attributes:
        pages: the blocks of each page, where a heading that was glued to its text is now apart.
        navigation: (page, index) of blocks that are printed contents.
        missing: entries of the printed contents that no page shows.
    """

    pages: tuple[tuple[Block, ...], ...]
    headings: tuple[Heading, ...]
    navigation: frozenset[tuple[int, int]]
    missing: tuple[str, ...] = ()


def heading_paths(outline: Outline) -> dict[tuple[int, int], tuple[str, ...]]:
    """The heading path of every block; row labels of criteria tables come last."""
    at = defaultdict(list)
    for heading in outline.headings:
        at[heading.page, heading.index].append(heading)
    stack: list[tuple[float, str]] = []
    paths = {}
    for number, blocks in enumerate(outline.pages, 1):
        for index in range(len(blocks) + 1):
            for heading in at.get((number, index), ()):
                while stack and stack[-1][0] >= heading.level:
                    stack.pop()
                stack.append((heading.level, heading.text))
            if index < len(blocks):
                label = tuple(filter(None, map(clean_text, blocks[index].label)))
                path = tuple(text for _, text in stack)
                paths[number, index] = (*path, *(text for text in label if text not in path[-1:]))
    return paths


def note_sources(blocks: Sequence[Block]) -> dict[int, int]:
    """For each footnote of a page (by its index), the block that refers to it."""
    sources: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if block.role is Role.FOOTNOTE:
            continue
        lines = block.lines or [line for cell in block.cells for line in cell.lines]
        for line in lines:
            for match in NOTE_MARKS.findall(line.text):
                sources.setdefault(match, index)
    found = {}
    for index, block in enumerate(blocks):
        if block.role is Role.FOOTNOTE:
            match = NOTE_MARKS.match(block.lines[0].text)
            if match and match[0] in sources:
                found[index] = sources[match[0]]
    return found


def heading_text(text: str) -> str:
    """A heading as it stands in a path: without footnote references and leaders."""
    return " ".join(NOTE_MARKS.sub("", text).split()).strip(" .·…").strip() or text.strip()
