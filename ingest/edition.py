"""Which edition a document is: read from its cover, running heads and first pages.

The PDF's own Title is never used: it often belongs to another document. Its Author tells the
digests of this project, nothing else. The call year is the one the cover names ("Programme Guide
2026", "Version 1 (2026)"); the year of publication, which is often the one before, never stands in
for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.language import detect_language
from corpus.model import Edition
from ingest.layout import Line

DIGEST_AUTHOR = "Programme Guide Assistant"
"""Author in the metadata of each digest of this project; `corpus.starter.build` writes it."""

_PROGRAMMES = (
    ("Erasmus+", r"Erasmus\s?(?:\+|Plus\b)"),
    ("Horizon Europe", r"Horizon Europe\b|\bHE(?=\s+Programme Guide)"),
    ("European Solidarity Corps", r"European Solidarity Corps"),
    ("Creative Europe", r"Creative Europe"),
    ("Digital Europe", r"Digital Europe(?: Programme)?"),
    ("CERV", r"\bCERV\b|Citizens, Equality, Rights and Values"),
    ("LIFE", r"\bLIFE(?= (?:Programme|Call|Guide))"),
    ("Interreg", r"Interreg"),
    ("EU4Health", r"EU4Health"),
    ("Connecting Europe Facility", r"Connecting Europe Facility|\bCEF\b"),
    ("Single Market Programme", r"Single Market Programme"),
    ("Innovation Fund", r"Innovation Fund"),
)
_VERSION_WORDS = (
    "version|versión|versione|versão|versie|versiune[a]?|verze|verzia|verzió|verzija|različica"
    "|wersja|versioon|versija|versjon|έκδοση|версия|sürüm|leagan|verżjoni"
)
_DUE = re.compile(
    r"\b(?:deadlines?|clos(?:es?|ing)|due|until|appl(?:y|ications?)|submi\w+|frist\w*|bis zum|"
    r"date limite|jusqu\S+|plazo\w*|fecha límite|hasta|scadenz\w+|entro|termin\w*|προθεσμ\w+|"
    r"prazo\w*|termen\w*)\b",
    re.IGNORECASE,
)
"""What is due on a day: it is not the day of the edition."""
_VERSION = re.compile(
    rf"(?<!\w)(?P<word>{_VERSION_WORDS}|v)(?:\.\s?|\s?)(?P<number>\d{{1,2}}(?:\.\d{{1,2}})*)(?!\d)",
    re.IGNORECASE,
)
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](20\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(20\d\d)-(\d{2})-(\d{2})(?!\d)")
_WORD_DATE = re.compile(
    r"(?<!\d)(\d{1,2})(?:\.|er|º)?\s+(?:de\s+)?([^\W\d_]{3,})\.?,?\s+(?:de\s+)?(20\d\d)(?!\d)"
)
_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
        " dicembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października"
        " listopada grudnia",
        "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου"
        " οκτωβρίου νοεμβρίου δεκεμβρίου",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}
_CALL_YEAR = re.compile(
    r"(?<![\d/.-])(?P<year>20[0-4]\d)"
    r"(?:(?:\s?[/‐-―−-]\s?|\s(?:to|until|bis|à|au|al?|hasta|fino al|até|tot|do|έως)\s)"
    r"(?P<end>(?:20)?\d\d))?(?!\d|[/.‐-―-]\d)"
)
"""A year, or a span of years."""
_CALL_SPAN = 2
"""Years between the first and the last of a call's span ("2026/27"), at most."""
_LOOKED_AT_CHARS = 400
_TITLE_CHARS = 140
_COVER_LINES = 25
"""A first page with more lines is not a cover."""

_CALL_WORDS = re.compile(
    r"call|curso|convocatoria|appel|ausschreibung|bando|edital|nabór|výzva|felhívás|apel|poziv"
    r"|πρόσκληση|guide|guía|guida|guia|leitfaden|przewodnik|handbook|οδηγός|year|année|jahr",
    re.IGNORECASE,
)
"""Words beside which a year is that of a call, in documents of no known programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What an edition is read from.

    Attributes:
        cover: lines of the first page that has text.
        running: texts of running heads and feet.
        body_size: font size of most text.
        sample: running text for detecting the language.
        file_stem: name of the file, the last resort for a title.
        author: of the metadata; it tells the digests of this project.
    """

    cover: Sequence[Line]
    running: Sequence[str]
    body_size: float
    sample: str
    file_stem: str
    author: str = ""


def read_edition(front: FrontMatter) -> Edition:
    """The edition that cover and running heads name."""
    language = detect_language(front.sample)
    cover = sorted(front.cover, key=lambda line: (round(line.base), line.box.x0))
    display = _display_lines(cover, front.body_size)
    running = [text for text in front.running if _letters(text) > 8]
    named = [*display, *running]
    programme = _programme(named) or _programme(
        [line.text for line in cover[:8]] if display else []
    )
    version, word, day = _version([*[line.text for line in cover], *running])
    title = _title(display, running, front.file_stem)
    calls = [text for text in named if programme or _CALL_WORDS.search(text)]
    year = _call_year([*_version_lines(cover, running), *calls])
    return Edition(
        title=_full_title(title, programme, year, version, word, day),
        language=language,
        programme=programme,
        year=year,
        version=version,
        date=day,
        official=front.author != DIGEST_AUTHOR,
    )


def document_id(edition: Edition, sha256: str) -> str:
    """Id of a document, readable and the same on every machine.

    A numbered edition of a programme's guide is called "erasmus-plus-2026-v1-en"; anything else
    by its title and the first eight digits of its hash.
    """
    if edition.programme and edition.year and edition.version:
        name = edition.programme.replace("+", " plus")
        return _slug(f"{name} {edition.year} v{edition.version} {edition.language}")
    return f"{_slug(edition.title.partition('(')[0])[:48].strip('-') or 'document'}-{sha256[:8]}"


def title_conflict(edition: Edition, metadata_title: str) -> str | None:
    """A sentence for the person who ingests where the PDF's own title names another year.

    The period of a programme ("2014-2020") is no such year, and a document that names no year of
    its own contradicts nothing.
    """
    shown = " ".join(metadata_title.split())
    spans = [(first, last) for first, last in _year_spans(shown) if last - first <= _CALL_SPAN]
    named = {edition.year, edition.date.year if edition.date else edition.year}
    if edition.year is None or not spans or shown.casefold() in edition.title.casefold():
        return None
    if any(first <= year <= last for first, last in spans for year in named if year):
        return None
    return (
        f"The PDF's own title says “{shown[:_TITLE_CHARS]}”; the document says "
        f"“{edition.title}”, which is used."
    )


def _display_lines(cover: Sequence[Line], body_size: float) -> list[str]:
    """The lines of the cover in display type, in order: its title."""
    letters = [line for line in cover if _letters(line.text) > 2]
    largest = max((line.size for line in letters), default=0.0)
    if largest < 1.3 * body_size:
        return []
    on_cover = len(cover) <= _COVER_LINES
    # On a first page with text below, only its uppermost heading is the title.
    least = max(0.6 * largest, 1.25 * body_size) if on_cover else 0.9 * largest
    display: list[str] = []
    for line in letters:
        if line.size >= least:
            display.append(line.text)
        elif display and not on_cover:
            break
    return display


def _programme(texts: Iterable[str]) -> str | None:
    joined = " \n".join(texts)
    found = []
    for name, pattern in _PROGRAMMES:
        match = re.search(pattern, joined, re.IGNORECASE if name == "Erasmus+" else 0)
        if match:
            found.append((match.start(), name))
    return min(found)[1] if found else None


def _version(texts: Sequence[str]) -> tuple[str | None, str, date | None]:
    """Version, the word printed before it, and its date."""
    for index, text in enumerate(texts):
        match = _VERSION.search(text)
        if match:
            day = _date(text) or next(
                filter(None, map(_date, texts[max(0, index - 1) : index + 2])), None
            )
            word = match["word"].casefold()
            return match["number"], "version" if word == "v" else word, day
    undated = (text for text in texts if not _DUE.search(text))
    days = [day for day in map(_date, undated) if day and len(texts) < 60]
    return None, "", days[0] if days else None


def _date(text: str) -> date | None:
    """The first day written in a text, European order."""
    numeric = [(m.start(), m[3], m[2], m[1]) for m in _NUMERIC_DATE.finditer(text)]
    iso = [(m.start(), m[1], m[2], m[3]) for m in _ISO_DATE.finditer(text)]
    words = [
        (m.start(), m[3], _MONTHS.get(m[2].casefold(), 0), m[1]) for m in _WORD_DATE.finditer(text)
    ]
    candidates = [(at, int(y), int(m), int(d)) for at, y, m, d in [*numeric, *iso, *words]]
    for _, year, month, day in sorted(candidates):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _version_lines(cover: Sequence[Line], running: Sequence[str]) -> list[str]:
    texts = [*[line.text for line in cover], *running]
    return [text for text in texts if _VERSION.search(text)]


def _call_year(texts: Iterable[str]) -> int | None:
    """The first call year named; a longer span is a programme's period."""
    spans = (span for text in texts for span in _year_spans(text))
    return next((first for first, last in spans if last - first <= _CALL_SPAN), None)


def _year_spans(text: str) -> Iterator[tuple[int, int]]:
    """First and last year of all years and spans of years in a text; dates are left out."""
    for match in _CALL_YEAR.finditer(_WORD_DATE.sub(" ", text[:_LOOKED_AT_CHARS])):
        year, end = int(match["year"]), match["end"]
        last = year if end is None else int(end) if len(end) == 4 else year // 100 * 100 + int(end)
        if last >= year:
            yield year, last


def _title(display: Sequence[str], running: Sequence[str], file_stem: str) -> str:
    """The title without version and date."""
    if display:
        title = " ".join(display)
    elif running:
        worded = [text for text in running if _letters(text) >= 0.5 * len(text)] or running
        title = max(worded, key=len) if len(worded) < 3 else worded[0]
    else:
        title = file_stem.replace("_", " ").replace("-", " ")
    for pattern in (_VERSION, _NUMERIC_DATE, _ISO_DATE):
        title = pattern.sub(" ", title)
    title = re.sub(r"\(\s*\)|\s+[:–—-]*\s*\Z", " ", " ".join(title.split()))
    title = title.strip(" :–—-|,")
    if len(title) > _TITLE_CHARS:
        title = title[:_TITLE_CHARS].rsplit(" ", 1)[0] + " …"
    return title


def _full_title(
    title: str,
    programme: str | None,
    year: int | None,
    version: str | None,
    word: str,
    day: date | None,
) -> str:
    """As people call it: "Erasmus+ Programme Guide 2026 (version 1, 12/11/2025)"."""
    if programme and programme not in title:
        for name, pattern in _PROGRAMMES:
            if name == programme:
                title = re.sub(pattern, programme, title)
    title = re.sub(r"\AEU Grants:\s*(?=.*Programme Guide)", "", title)
    if year and not re.search(rf"\b{year}", title):
        title = f"{title} {year}"
    details = [f"{word} {version}"] if version else []
    if day:
        details.append(day.strftime("%d/%m/%Y"))
    return f"{title} ({', '.join(details)})" if details else title


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
