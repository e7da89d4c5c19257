"""Whether a country may take part at all: how the guide lists it, in the guide's own words.

"Is Switzerland eligible?" names no action whose conditions could be held against anything. What a
guide says of it is the list in which it stands, what heads that list, and the footnote at its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.citing import quoted_lines, readable
from assistant.extractive import Draft
from assistant.glossing import gloss
from assistant.lexicon import Lexicon, fold
from assistant.messages import Messages
from assistant.model import Passage, Query
from assistant.parties import reader
from assistant.standing import Place, Places, Standing, guide_that_lists
from assistant.units import UnitKind, split_units, units_of
from corpus.countries import load_countries
from corpus.model import Document, Span
from corpus.settings import AnswerSettings

MOST_COUNTRIES = 3

_ASKS = re.compile(
    r"\b(?:eligible|eligibility|take part|takes part|taking part|participat\w+|apply|join|joins|"
    r"partners?|members?|associated|non associated|third countr\w+|(?:programme|program|partner) "
    r"countr\w+|status|covered|included|part of|in erasmus|region|coordinat\w+|belongs?|"
    r"(?:work|cooperate|collaborate) with)\b"
)
_ORGANISATION = re.compile(
    r"(?:organi[sz]ations?|schools?|universit\w+|ngos?|associations?|institutions?|institutes?|"
    r"compan(?:y|ies)|municipalit\w+|clubs?)"
)
_ONLY = re.compile(
    r"(?:a|an|the|one|is|are|can|could|may|do|does|will|it|be|there|to|of|in|from|for|or|and|as|"
    r"by|with|at|all|what|which|how|also|still|now|currently|today|this|year|our|my|we|i|us|me|if|"
    r"whether|tell|please|hi|hello|possible|allowed|ok|considered|counts?|take|takes|taking|part|"
    r"participat\w*|eligib\w*|apply|applies|applying|applicants?|partners?|"
    r"countr(?:y|ies)|programme|program|erasmus|plus|projects?|actions?|joins?|"
    r"joining|included|covered|members?|state|associated|non|not|third|status|region|coordinat\w*|"
    rf"belongs?|work|cooperate|collaborate|eu|european|union|guide|\d{{4}}|{_ORGANISATION.pattern})"
)
"""Whoever says more asks for more."""
_ABOUT = re.compile(r"take part|consult")
"""What heads a list and says what it means, or where more is said."""
_REGION = re.compile(r"\d+")
_REFERENCE = re.compile(r"[*]?([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")


def where_listed(
    query: Query,
    passages: Sequence[Passage],
    lexicon: Lexicon,
    messages: Messages,
    settings: AnswerSettings,
) -> Draft | None:
    """How a guide lists the countries that a question asks about.

    Args:
        query: as understood. One that names an action is left to `conditions`.
        passages: as ranked; the first guide of theirs whose lists can be read is taken.
        lexicon: names of actions.
        messages: sentences.
        settings: limits of words and quotes.

    Returns:
        None where the question asks anything else, or the guide does not list what it names.
    """
    if query.actions or query.wants or query.compare or query.other_programmes:
        return None
    read = gloss(query.search_text if query.follow_up else query.question, query.language, lexicon)
    if read is None or not _ASKS.search(fold(read.text)):
        return None
    guide = guide_that_lists(passages)
    if guide is None:
        return None
    document, places = guide
    named = _named(read.text, places)
    return _composed(document, places, named, query, messages, settings) if named else None


def _named(text: str, places: Places) -> list[str]:
    """Keys of the countries that a question asks about, if it asks about nothing else."""
    found = reader(places)
    of_people = rf"\b(?:{'|'.join(found.adjectives)})\b"
    keys = [found.adjectives[word.casefold()] for word in re.findall(of_people, text, re.I)]
    keys += found.keys(text)
    rest = re.sub(rf"\b{found.names}|{of_people}", " ", text, flags=re.IGNORECASE)
    words = re.findall(r"\w+", fold(rest))
    known = [key for key in dict.fromkeys(keys) if key in places.by_key and places.by_key[key].row]
    if not 0 < len(known) <= MOST_COUNTRIES or not all(map(_ONLY.fullmatch, words)):
        return []
    # "Can a German school apply?" asks about schools.
    all_members = all(places.by_key[key].standing is Standing.MEMBER for key in known)
    return [] if all_members and any(map(_ORGANISATION.fullmatch, words)) else known


def _composed(
    document: Document,
    places: Places,
    keys: Sequence[str],
    query: Query,
    messages: Messages,
    settings: AnswerSettings,
) -> Draft | None:
    """What the list is for each country, then what heads these lists and what footnotes add."""
    told: list[tuple[str, tuple[Span, ...]]] = []
    for key in keys:
        place = places.by_key[key]
        said = how_listed(document, key, place, query.language, messages)
        told.append((said, place.row))
    for standing in dict.fromkeys(places.by_key[key].standing for key in keys):
        told += [(_text(document, span), (span,)) for span in _rule(places, standing)]
    for key in keys:
        told += [(_text(document, s), (s,)) for s in _notes(document, places.by_key[key])]
    lines, citations = quoted_lines(document, told, settings)
    return Draft(lines=lines, citations=citations) if lines else None


def how_listed(
    document: Document, key: str, place: Place, language: str, messages: Messages
) -> str:
    """The sentence that says how a guide lists a country."""
    region = _REGION.search(place.region)
    values = {
        "country": name_of(document, key, place, language),
        "region": region[0] if region else "",
    }
    return messages.say(f"listed_{place.standing.value}", language, **values)


def name_of(document: Document, key: str, place: Place, language: str) -> str:
    """What a country is called in a language, or else in the guide."""
    forms = load_countries().names.get(key, {}).get(language)
    return forms[0] if forms else readable(document.text_at(place.row[-1]))


def _rule(places: Places, standing: Standing) -> list[Span]:
    """The sentences that head a list."""
    head = places.heads.get(standing is not Standing.THIRD)
    sentences = [u for u in units_of(head) if u.kind is UnitKind.SENTENCE] if head else []
    said = [u for u in sentences if "countries" in u.text and not u.text.isupper()]
    return [unit.span for unit in said if _ABOUT.search(unit.text)]


def _notes(document: Document, place: Place) -> Iterator[Span]:
    """The footnote at a country's name."""
    after = _REFERENCE.match(document.text, place.row[-1].end)
    if after is None:
        return
    page = document.page_at(place.row[-1].start).span
    for line in re.finditer(r"^.*$", document.text_at(page), re.MULTILINE):
        if line[0].startswith(f"{after[1]} "):
            units = split_units(line[0], offset=page.start + line.start())
            yield from (unit.span for unit in units)


def _text(document: Document, span: Span) -> str:
    text = readable(document.text_at(span))
    return f"{text[:-1]}." if text.endswith(":") else text
