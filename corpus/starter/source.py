"""Reads the text of a starter guide.

A guide is one Markdown file in this folder with a head between two lines of `+++`:

    +++
    title = "Strategic Partnerships 2014-2020: an unofficial digest"
    subject = "Erasmus+ Key Action 2"       # small line above the title
    covers = "Erasmus+ 2014-2020"           # programme and years, as people say them
    edition = "Digest edition 1, 25 November 2026"
    language = "en"                         # BCP-47
    official = "Erasmus+ Programme Guide of the call year (2014 to 2020)"   # for every footer
    notice = "This digest is ..."           # the paragraph on the cover
    contents = "Contents"                   # heading of the printed table of contents
    footer = "Unofficial digest - the official source is: {official}"
    +++

The rest is CommonMark with pipe tables, and no HTML. `#` opens a part on a new page, `##` an
action or chapter (write action names in capitals, as the official guides do), `###` and
`####` what stands below it. Three things are added:

* a paragraph that begins with `[^3]:` is a footnote; it is printed small where it stands (write it
  right below what it belongs to), and `[^3]` in a sentence or cell refers to it;
* a line `!widths 30 70` before a table sets the columns' shares of the page width;
* a table's first row is its header row and is repeated on the next page.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import GuideError

_HEAD = re.compile(r"\A\+\+\+\n(?P<head>.*?)\n\+\+\+\n(?P<body>.*)\Z", re.DOTALL)
_NOTE = re.compile(r"\A\[\^(?P<number>\d+)\]:\s+")
_REFERENCE = re.compile(r"\[\^(\d+)\]")
_WIDTHS = re.compile(r"\A!widths(?P<shares>(?: \d+)+)\Z")
_INLINE = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "softbreak": " ",
    "hardbreak": "<br/>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the cover and every footer of a guide say; see the module's description."""

    title: str
    subject: str
    covers: str
    edition: str
    language: str
    official: str
    notice: str
    contents: str
    footer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; `level` 1 opens a part on a new page."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `text` is reportlab's inline mark-up (`<b>`, `<i>`, `<super>`)."""

    text: str
    note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list; each item's text is inline mark-up, `depth` 0 is outermost, `mark` its bullet."""

    items: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A ruled table; the first row is the header. Cells are inline mark-up.

    Attributes:
        shares: relative column widths, one for each column; empty to share by content.
    """

    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...] = ()


Block = Heading | Paragraph | Items | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A starter guide: its head and its blocks in reading order."""

    head: Head
    blocks: tuple[Block, ...]


def read_guide(path: Path) -> Guide:
    """Read the source of a guide.

    Raises:
        GuideError: the head is missing or incomplete, or the text holds something the printed
            guide cannot show (HTML, images, quotations, code).
    """
    match = _HEAD.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise GuideError(f"{path.name}: the head between two lines '+++' is missing")
    try:
        head = Head(**tomllib.loads(match["head"]))
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise GuideError(f"{path.name}: its head cannot be read: {error}") from error
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("reference")
    return Guide(head=head, blocks=_blocks(parser.parse(match["body"]), path.name))


def _blocks(tokens: list[Token], name: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    shares: tuple[int, ...] = ()
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _closing(tokens, index)
        inside = tokens[index + 1 : end]
        if token.type == "heading_open":
            blocks.append(Heading(level=int(token.tag[1]), text=inside[0].content))
        elif token.type == "paragraph_open":
            widths = _WIDTHS.match(inside[0].content)
            if widths:
                shares = tuple(int(share) for share in widths["shares"].split())
            else:
                blocks.append(_paragraph(inside[0]))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            blocks.append(Items(items=tuple(_items(tokens[index : end + 1]))))
        elif token.type == "table_open":
            blocks.append(Grid(rows=_rows(inside), shares=shares))
            shares = ()
        else:
            line = token.map[0] if token.map else 0
            raise GuideError(f"{name}: line {line} below the head holds '{token.type}'")
        index = end + 1
    return tuple(blocks)


def _closing(tokens: list[Token], start: int) -> int:
    """The index of the token that closes the one at `start` (itself where it opens nothing)."""
    level = 0
    for index in range(start, len(tokens)):
        level += tokens[index].nesting
        if level == 0:
            return index
    return len(tokens) - 1


def _paragraph(inline: Token) -> Paragraph:
    note = _NOTE.match(inline.content)
    text = _inline(inline)
    if note is None:
        return Paragraph(text=text)
    text = re.sub(r"\A<super>\d+</super>:\s+", "", text)
    return Paragraph(text=f"<super>{note['number']}</super> {text}", note=True)


def _inline(token: Token) -> str:
    parts = [
        _REFERENCE.sub(r"<super>\1</super>", escape(child.content, quote=False))
        if child.type == "text"
        else _INLINE[child.type]
        for child in token.children or ()
    ]
    return "".join(parts)


def _items(tokens: list[Token]) -> list[tuple[int, str, str]]:
    items: list[tuple[int, str, str]] = []
    lists: list[int | None] = []
    mark = ""
    for token in tokens:
        if token.type == "bullet_list_open":
            lists.append(None)
        elif token.type == "ordered_list_open":
            lists.append(int(token.attrs.get("start", 1)))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            number = lists[-1]
            mark = "•" if number is None else f"{number}."
            lists[-1] = None if number is None else number + 1
        elif token.type == "inline":
            items.append((len(lists) - 1, mark, _inline(token)))
            mark = ""
    return items


def _rows(tokens: list[Token]) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return tuple(tuple(row) for row in rows)
