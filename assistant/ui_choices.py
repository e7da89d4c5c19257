"""What the library holds, as sentences and choices of the chat window."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.language_names import in_reading_order, own_name
from assistant.model import Filters
from assistant.ui_escape import escaped
from assistant.ui_text import form_for, number_name
from corpus.errors import QuestionError
from corpus.records import DocumentRecord

Choice = tuple[str, str]
"""What is shown, and the value that stands for it; the value "" stands for "not picked"."""

CHOICES = (
    ("guide", "newest_guide"),
    ("programme", "any_programme"),
    ("year", "newest_year"),
    ("guide_language", "any_language"),
)
"""What can be chosen, and how it is called while it is not."""

LONGEST_YEAR = 4


def in_order(records: Iterable[DocumentRecord]) -> tuple[DocumentRecord, ...]:
    """Documents as people look for them: by programme, newest first, then by title."""
    return tuple(
        sorted(
            records,
            key=lambda r: (
                r.edition.programme is None,
                (r.edition.programme or "").casefold(),
                -(r.edition.year or 0),
                r.edition.title.casefold(),
                r.id,
            ),
        )
    )


def guide_choices(records: Sequence[DocumentRecord], messages: Mapping[str, str]) -> list[Choice]:
    """Newest that fits, then every guide by its title, with the file where titles are equal."""
    count = Counter(r.edition.title for r in records)
    named = (
        (f"{r.edition.title} · {r.file}" if count[r.edition.title] > 1 else r.edition.title, r.id)
        for r in records
    )
    return [(messages["newest_guide"], ""), *named]


def programme_choices(
    records: Sequence[DocumentRecord], messages: Mapping[str, str]
) -> list[Choice]:
    """Any programme, then every programme of the library."""
    names = dict.fromkeys(r.edition.programme for r in records if r.edition.programme)
    return [(messages["any_programme"], ""), *((name, name) for name in names)]


def year_choices(records: Sequence[DocumentRecord], messages: Mapping[str, str]) -> list[Choice]:
    """Newest, then every call year, newest first."""
    years = sorted({r.edition.year for r in records if r.edition.year}, reverse=True)
    return [(messages["newest_year"], ""), *((str(year), str(year)) for year in years)]


def language_choices(
    records: Sequence[DocumentRecord], messages: Mapping[str, str]
) -> list[Choice]:
    """Any language, then every language of a guide, by its own name."""
    named = [(own_name(code), code) for code in {r.edition.language for r in records}]
    named.sort(key=lambda choice: in_reading_order(choice[0]))
    return [(messages["any_language"], ""), *named]


def choices_html(records: Sequence[DocumentRecord], messages: Mapping[str, str]) -> str:
    """The lists to choose from, and for the window's script what each guide settles.

    On a small screen a line that says what is chosen stands for them until it is pressed.
    """
    held = (guide_choices, programme_choices, year_choices, language_choices)
    lists = "".join(
        f'<label><span>{escaped(messages[name])}</span><select name="{name}">'
        f"{''.join(map(_option, of(records, messages)))}</select></label>"
        for (name, _), of in zip(CHOICES, held, strict=True)
    )
    settled = {
        r.id: [r.edition.programme or "", str(r.edition.year or ""), r.edition.language]
        for r in records
    }
    fold = messages["search_in"].format(choices=f"{messages['newest_guide']} …")
    return (
        f'<div><button type="button" class="fold">{escaped(fold)}</button>'
        f'<div class="lists">{lists}<button type="button" class="settled" hidden '
        f'value="{escaped(json.dumps(settled))}"></button></div></div>'
    )


def _option(choice: Choice) -> str:
    return f'<option value="{escaped(choice[1])}">{escaped(choice[0])}</option>'


def filters_of(
    guide: str | None, programme: str | None, year: str | None, language: str | None = None
) -> Filters:
    """The choices as filters. A guide settles programme, year and language by itself.

    Raises:
        QuestionError: if the year is no number; the window offers only numbers.
    """
    if guide:
        return Filters(document_id=guide)
    if year and not (year.isascii() and year.isdecimal() and len(year) <= LONGEST_YEAR):
        raise QuestionError("The call year is no year. Choose one of the list.")
    return Filters(
        programme=programme or None,
        year=int(year) if year else None,
        language=language or None,
    )


def library_sentence(records: Sequence[DocumentRecord], messages: Mapping[str, str]) -> str:
    """One sentence: how many guides, of which programmes and years; or what an empty one needs.

    A document of no programme is not called a guide: it may be anything.
    """
    if not records:
        return messages["no_document"]
    years: dict[str, set[int]] = {}
    for record in records:
        if record.edition.programme is not None:
            named = years.setdefault(record.edition.programme, set())
            named |= {record.edition.year} if record.edition.year else set()
    programmes = [
        f"{name} ({', '.join(map(str, sorted(of)))})" if of else name for name, of in years.items()
    ]
    others = sum(record.edition.programme is None for record in records)
    held = [counted("guide", len(records) - others, messages)] if years else []
    if others:
        held.append(counted("other" if years else "document", others, messages))
    return messages["library.holds" if years else "library.holds_only"].format(
        documents=_listed(held, messages["library.and"]),
        pages=counted("page", sum(record.pages for record in records), messages),
        programmes=_listed(programmes, messages["library.and"]),
    )


def counted(noun: str, count: int, messages: Mapping[str, str]) -> str:
    """So many of something, as in: one page, 1,200 pages."""
    name = f"library.one_{noun}" if count == 1 else f"library.many_{noun}s"
    return form_for(count, messages[name]).format(count=number_name(count, messages))


def _listed(parts: Sequence[str], last: str) -> str:
    """As in: A, B and C."""
    if not parts:
        return ""
    head, tail = parts[:-1], parts[-1]
    return f"{', '.join(head)} {last} {tail}" if head else tail
