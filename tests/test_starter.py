"""The starter guides: printed from their texts, marked unofficial, every figure with a source."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pytest
from pypdf import PdfReader

from corpus.errors import GuideError
from corpus.starter.build import FOLDER, build, source_digest
from corpus.starter.source import Grid, Heading, Items, Paragraph, read_guide

SOURCES = sorted(FOLDER.glob("*.md"))
NAMES = [source.stem for source in SOURCES]
ENGLISH = [name for name in NAMES if name.endswith("_en")]
TRANSLATIONS = [name for name in NAMES if not name.endswith("_en")]
BASES = {
    "official document read",
    "official EU page",
    "national agency or national contact point",
    "copy of official text",
    "secondary",
    "calculated",
    "made-up example",
}
# Numbers that are names: programme periods, call years, codes, parts, pages, laws, frameworks.
NAMED_NUMBERS = re.compile(
    r"""
      https?://\S+
    | \(version\s\d+,\s\d\d/\d\d/\d{4}\)
    | \b(?:19|20)\d\d(?:-(?:19|20)?\d\d)?\b
    | \bKA\s?\d+\b | \bK[A-Z]*\d\d\d(?:-[A-Z]+)?\b
    | \b(?:Key\sActions?|Part|PART|Annex|Articles?|[Vv]ersion|Volume|Step|VET\sPRIORITY)\s\d+
      (?:\sand\s\d+)?
    | \bpp?\.\s\d+(?:-\d+)? | \bET\s2020 | \bCOVID-19 | \bISCED[\s-]F? | \bISO\s\d+ | \bB1\.\d
    | \bEAC/A\d+/\d+ | \bSWD\(\d+\)\d+ | \b(?:No\s)?\d+/\d{4}\b | \b20\d\d/\d+\b
    | (?<=\[\^)\d+(?=\]) | ^\d+(?=\.\s)
    """,
    re.VERBOSE | re.MULTILINE,
)


class Figure(NamedTuple):
    guide: str
    section: str
    figure: str
    unit: str
    document: str
    edition: str
    place: str
    source: str
    basis: str


def figures() -> list[Figure]:
    with (FOLDER / "sources.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert next(rows) == list(Figure._fields)
        return [Figure(*row) for row in rows]


def spaced(text: str) -> str:
    """With plain single spaces: French sets a hard space before its colons."""
    return " ".join(text.split())


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"</?(?:b|i)>|<br/>", "", text)).strip()


@lru_cache
def sections(name: str) -> dict[str, str]:
    """The plain text below each heading, the heading itself included."""
    texts: dict[str, list[str]] = {}
    current: list[str] = []
    for block in read_guide(FOLDER / f"{name}.md").blocks:
        match block:
            case Heading(text=text):
                current = texts.setdefault(plain(text), [])
                current.append(text)
            case Paragraph(text=text):
                current.append(re.sub(r"<super>\d+</super>", "", text))
            case Items(items=items):
                current.extend(text for _, _, text in items)
            case Grid(rows=rows):
                current.extend(cell for row in rows for cell in row)
    return {
        heading: "\n".join(plain(re.sub(r"<super>\d+</super>", "", line)) for line in lines)
        for heading, lines in texts.items()
    }


def outline(name: str) -> list[tuple[int, str, list[str]]]:
    """Each heading's level and text, and the numbers in and below it up to the next heading."""
    found: list[tuple[int, str, list[str]]] = []
    for block in read_guide(FOLDER / f"{name}.md").blocks:
        match block:
            case Heading(level=level, text=text):
                found.append((level, text, []))
            case Paragraph(text=text):
                pass
            case Items(items=items):
                text = "\n".join(item for _, _, item in items)
            case Grid(rows=rows):
                text = "\n".join(cell for row in rows for cell in row)
        found[-1][2].extend(re.findall(r"\d+", re.sub(r"https?://\S+", "", text)))
    return found


def read(path: Path) -> list[str]:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache
def _read(path: Path, _changed: int) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


@pytest.mark.parametrize("name", NAMES)
def test_a_printed_guide_was_made_from_the_text_beside_it(name: str) -> None:
    metadata = PdfReader(FOLDER / f"{name}.pdf").metadata
    assert metadata is not None
    digest = source_digest(FOLDER / f"{name}.md")
    expected = ("unofficial digest", name[-2:], digest)
    assert metadata.keywords == ", ".join(expected), "run: python -m corpus.starter.build"
    assert str(metadata.subject).startswith("Unofficial digest. ")


def test_printing_a_guide_again_gives_the_same_bytes_and_the_committed_pages(
    tmp_path: Path,
) -> None:
    """One guide stands for all, as printing takes long; the digests speak for the others."""
    name = "education-and-training-monitor-2015_en"
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    build(FOLDER / f"{name}.md", first)
    build(FOLDER / f"{name}.md", second)
    assert first.read_bytes() == second.read_bytes()
    # Text and not bytes: another zlib packs the same page differently.
    assert read(first) == read(FOLDER / f"{name}.pdf")


def test_there_is_no_printed_guide_without_its_text() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*.pdf"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_that_it_is_unofficial_and_where_the_official_text_is(name: str) -> None:
    head = read_guide(FOLDER / f"{name}.md").head
    footer = spaced(head.footer.format(official=head.official))
    for number, text in enumerate(read(FOLDER / f"{name}.pdf"), start=1):
        assert footer in spaced(text), f"page {number}"


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_has_bookmarks_labels_language_and_embedded_fonts(name: str) -> None:
    path = FOLDER / f"{name}.pdf"
    reader = PdfReader(path)
    guide = read_guide(FOLDER / f"{name}.md")
    headings = [block.text for block in guide.blocks if isinstance(block, Heading)]
    assert _titles(reader.outline) == headings
    labels = reader.page_labels
    assert labels[0] == "i"
    assert "1" in labels
    assert labels[-1] == str(len(labels) - labels.index("1"))
    assert str(reader.root_object["/Lang"]) == guide.head.language == name[-2:]
    assert reader.metadata is not None
    assert reader.metadata.title == guide.head.title
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            assert "/FontFile2" in font.get("/FontDescriptor", {}), font["/BaseFont"]
    assert path.stat().st_size < 300_000


def _titles(outline: Sequence[Any]) -> list[str]:
    titles: list[str] = []
    for entry in outline:
        if isinstance(entry, list):
            titles.extend(_titles(entry))
        else:
            titles.append(str(entry["/Title"]))
    return titles


@pytest.mark.parametrize("name", NAMES)
def test_the_cover_cannot_be_taken_for_an_official_edition(name: str) -> None:
    cover = read(FOLDER / f"{name}.pdf")[0]
    head = read_guide(FOLDER / f"{name}.md").head
    assert head.edition in cover
    # What official covers print, and nothing here may: "Version 3 (2023): 04-04-2023".
    assert not re.search(r"(?i)\bversi\w+ \d", cover)
    # A digest of a period is of no call year; one year in its footer would make it that year's.
    years = re.findall(r"\b20\d\d\b", re.sub(r"20\d\d-20\d\d", "", head.official))
    assert years == (["2015"] if "monitor" in name else [])


def test_the_english_guides_have_at_least_sixty_pages() -> None:
    assert sum(len(read(path)) for path in FOLDER.glob("*_en.pdf")) >= 60


@pytest.mark.parametrize("name", ENGLISH)
def test_every_row_of_sources_stands_in_its_section(name: str) -> None:
    rows = [row for row in figures() if row.guide == name]
    assert rows
    texts = sections(name)
    assert not [row for row in rows if row.figure not in texts.get(row.section, "")]


@pytest.mark.parametrize("row", figures(), ids=lambda row: f"{row.guide}:{row.figure}")
def test_every_row_of_sources_is_complete(row: Figure) -> None:
    assert row.guide in ENGLISH
    assert row.basis in BASES
    assert row.unit
    assert row.document
    if row.basis not in ("calculated", "made-up example"):
        assert row.edition
        assert row.place
        assert row.source


@pytest.mark.parametrize("name", ENGLISH)
def test_every_figure_has_a_row_in_sources(name: str) -> None:
    known: dict[str, list[str]] = {}
    for row in figures():
        if row.guide == name:
            known.setdefault(row.section, []).append(row.figure)
    missing = {}
    for heading, text in sections(name).items():
        for figure in sorted(known.get(heading, ()), key=len, reverse=True):
            text = re.sub(rf"(?<!\d){re.escape(figure)}(?!\d)", " ", text)
        text = NAMED_NUMBERS.sub(" ", text)
        if left := re.findall(r"[^\n]{0,30}\d[^\n]{0,20}", text):
            missing[heading] = left
    assert not missing


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_translation_has_the_headings_and_figures_of_the_english_guide(name: str) -> None:
    """So its figures have the sources of the English text, section by section."""
    english = outline(f"{name[:-3]}_en")
    translated = outline(name)
    assert [level for level, _, _ in translated] == [level for level, _, _ in english]
    differing = [
        (heading, sorted(numbers), sorted(expected))
        for (_, heading, numbers), (_, _, expected) in zip(translated, english, strict=True)
        if sorted(numbers) != sorted(expected)
    ]
    assert not differing


def test_the_partnership_guides_come_in_four_languages() -> None:
    for guide in ("strategic-partnerships-2014-2020", "cooperation-partnerships-2021-2027"):
        assert {f"{guide}_{language}" for language in ("en", "fr", "de", "es")} <= set(NAMES)


def test_a_guide_without_a_head_or_with_html_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("# No head\n", encoding="utf-8")
    with pytest.raises(GuideError, match="is missing"):
        read_guide(path)
    path.write_text('+++\ntitle = "T"\n+++\n# Part\n', encoding="utf-8")
    with pytest.raises(GuideError, match="cannot be read"):
        read_guide(path)
    head = (FOLDER / f"{NAMES[0]}.md").read_text(encoding="utf-8").split("\n+++\n")[0]
    path.write_text(f"{head}\n+++\n# Part\n\n> quoted\n", encoding="utf-8")
    with pytest.raises(GuideError, match="blockquote"):
        read_guide(path)
