"""Which editions a question is put to: of the year it means, in a language that its asker reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from assistant.lexicon import fold
from assistant.model import Filters
from assistant.programmes import COMMON_WORDS
from assistant.years import Held
from corpus.language import DEFAULT
from corpus.model import Edition

_GUIDE_NAMED = re.compile(
    r"(?:(?:\b(?:in|according to|per|see|from|what do(?:es)?|do(?:es)?) (?:the |this )?|\(|^)"
    r"((?:[a-z0-9+]{1,20}[ -]){2,4})(?:guides?|guidelines|handbook|manual|brochure|leaflet)\b)"
)
_IN_TITLES = COMMON_WORDS | {"erasmus", "horizon", "guide", "guidelines", "handbook", "manual"}


def year_picked(picked: Filters, held: Sequence[Held]) -> int | None:
    """The call year that was picked, by itself or as that of a guide."""
    guide = dict(held).get(picked.document_id or "")
    return guide.year if guide is not None else picked.year


def released(
    picked: Filters, named: Collection[int], held: Sequence[Held]
) -> tuple[Filters, int | str | None]:
    """The choices that hold for years that a question names; the year or guide that does not.

    A choice holds for a conversation; who names a year may have forgotten it.
    """
    year = year_picked(picked, held)
    if not named or year is None:
        return picked, None
    if picked.document_id is None:
        return replace(picked, year=None), None if year in named else year
    if set(named) == {year}:
        return picked, None
    guide = dict(held)[picked.document_id]
    freed = replace(picked, document_id=None, year=None, programme=guide.programme)
    return freed, None if year in named else guide.title


def left_out(
    without: Sequence[str], missing: Collection[int], held: Sequence[Held]
) -> tuple[str, ...]:
    """What only the choices made keep from being searched: of the years that are missing, or all.

    Args:
        without: what would be searched without any choices.
        missing: years of which nothing is searched; none where nothing is at all.
        held: the documents of the library.
    """
    known = dict(held)
    return tuple(i for i in without if not missing or known[i].year in missing)


def editions_meant(
    named: str | None,
    held: Sequence[Held],
    filters: Filters,
    years: tuple[int, ...],
    language: str,
    *,
    has: Callable[[int], bool],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """(documents to search, editions to compare, years not held).

    `has` tells whether an action that is named existed in a year: one that ended is looked up in
    the newest edition that has it.
    """
    document = dict(held)[filters.document_id] if filters.document_id else None
    picked = filters.programme or (document and document.programme)
    if named and picked and named != picked:
        return (), (), ()  # what is chosen is of another programme than what is asked about
    if filters.document_id is not None:
        return (filters.document_id,), (), ()
    programme = filters.programme or named
    fitting = [
        (i, e)
        for i, e in held
        if (programme is None or e.programme in (programme, None))
        and (filters.language is None or e.language == filters.language)
    ]
    wanted = (filters.year,) if filters.year is not None else years
    yearly = [(i, e) for i, e in fitting if e.year is not None]
    timeless = [i for i, e in fitting if e.year is None and _speaks(e, language, filters)]
    if wanted:
        groups = [(year, [(i, e) for i, e in yearly if e.year == year]) for year in wanted]
        missing = tuple(year for year, found in groups if not found)
        chosen = [_in_language(found, language) for _, found in groups if found]
        documents = [i for group in chosen for i in group]
        known = dict(held)
        if documents and not any(known[i].language in (language, "en") for i in documents):
            timeless = []  # in words of the question, they would crowd out what is asked for
        newest_first = sorted((group[0] for group in chosen), key=lambda i: -(known[i].year or 0))
        compare = tuple(newest_first) if len(chosen) > 1 else ()
        return (*documents, *timeless), compare, missing
    documents = []
    for name in dict.fromkeys(e.programme for _, e in yearly):
        family = [(i, e) for i, e in yearly if e.programme == name]
        readable = [(i, e) for i, e in family if e.language in (language, "en")] or family
        held_years = [e.year or 0 for _, e in readable]
        newest = max(filter(has, held_years), default=max(held_years))
        documents.extend(_in_language([(i, e) for i, e in readable if e.year == newest], language))
    return (*documents, *timeless), (), ()


def document_called(text: str, held: Sequence[Held]) -> str | None:
    """The one document without a call year that a question calls by its title.

    "(blended mobility guide)" names "Blended mobility implementation guide for ...".
    """
    called = [set(re.findall(r"\w+", words)) for words in _GUIDE_NAMED.findall(fold(text))]
    fitting = []
    for document_id, edition in held:
        title = set(re.findall(r"\w+", fold(edition.title))) - _IN_TITLES
        if edition.year is None and any(len(words & title) > 1 for words in called):
            fitting.append(document_id)
    return fitting[0] if len(fitting) == 1 else None


def siblings_of(documents: Sequence[str], held: Sequence[Held], language: str) -> tuple[str, ...]:
    """Editions in the asker's language of the programmes that are searched in another one.

    Of each programme the one nearest in time: it says in the asker's words where to look. English
    ones where none is in the asker's language: most that is known across languages is English.

    Args:
        documents: ids of the editions to search.
        held: all editions.
        language: of the question.
    """
    known = dict(held)
    found: list[str] = []
    for programme, year in ((known[of].programme, known[of].year) for of in documents):
        of_programme = [
            (i, e) for i, e in held if programme == e.programme and programme and e.year
        ]
        own = [(i, e) for i, e in of_programme if e.language == language]
        readable = own or [(i, e) for i, e in of_programme if e.language == DEFAULT]
        if year is None or not readable or any(i in documents for i, _ in readable):
            continue
        nearest = min(abs((e.year or 0) - year) for _, e in readable)
        near = [(i, e) for i, e in readable if abs((e.year or 0) - year) == nearest]
        found.append(max(near, key=lambda held: (held[1].year, version_of(held[1]), held[0]))[0])
    return tuple(dict.fromkeys(found))


def _speaks(edition: Edition, language: str, filters: Filters) -> bool:
    return filters.language is not None or edition.language in (language, "en")


def _in_language(editions: Sequence[Held], language: str) -> list[str]:
    """Of one year's editions: the asker's language and English, the newest version of each."""
    chosen: list[str] = []
    available = {e.language for _, e in editions}
    for code in dict.fromkeys((language, "en", *sorted(available))):
        same = [(i, e) for i, e in editions if e.language == code]
        if same and (code in (language, "en") or not chosen):
            chosen.append(max(same, key=lambda held: (version_of(held[1]), held[0]))[0])
    return chosen


def version_of(edition: Edition) -> tuple[int, ...]:
    """The version of an edition in a form that can be compared."""
    return tuple(int(part) for part in re.findall(r"\d+", edition.version or "0"))
