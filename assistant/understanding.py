"""From a question and its conversation to a query. Pure: no models, no index, no clock.

What is read: the language, the kind of answer wanted, the call years, the programme, actions by
code or name, the field of education, and whether the question leans on earlier turns. What is
decided: which editions are searched. The rules:

* a picked filter wins over what the question says;
* a named year means that edition, two named years mean a comparison (`years`);
* without a year the newest edition answers; where the newest exists in the asker's language and
  in English, the asker's own is searched first; the English one prevails (as every guide says);
* documents without a call year (handbooks, digests) are searched beside the edition.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.facts import find_quantities
from assistant.lexicon import Lexicon, Match, fold
from assistant.model import Asks, Filters, Query, Turn
from assistant.programmes import programmes_asked
from assistant.vocabulary import load_vocabulary
from assistant.years import YEAR, Held, call_years, without_years
from corpus.errors import QuestionError
from corpus.language import DEFAULT, detect_language
from corpus.model import Edition

_ASKS: tuple[tuple[Asks, re.Pattern[str]], ...] = tuple(
    (asks, re.compile(pattern))
    for asks, pattern in (
        (
            Asks.DATE,
            r"\bwhen\b|deadline|\bby when\b|last day|due date|what date|closing date|how soon|"
            r"\bwann\b|\bfrist\b|\bquand\b|date limite|\bcuando\b|fecha|plazo|\bquando\b|scadenza|"
            r"\bkiedy\b|termin|\bποτε\b|προθεσμια|\bcand\b",
        ),
        (
            Asks.AMOUNT,
            r"how much|amount|which grant|grant size|\beuros?\b|\beur\b|€|lump sum|"
            r"max(?:imum)? grant|budget|\brate\b|"
            r"per day|unit cost|\bcosts?\b|top[- ]?up|\bfee\b|\bfunding do\b|per diem|\brange\b|"
            r"\bdaily\b|"
            r"wie viel (?:geld|euro|reisekosten)|\bbetrag\b|combien (?:d'argent|d'euros)|montant|"
            r"cuanto|dinero|importe|quanti soldi|importo|\bile wynosi\b|kwot|\bποσα\b|χρηματα|"
            r"\bποσο\b(?! (?:καιρο|διαρκ))|quanto dinheiro|cati bani",
        ),
        (
            Asks.DURATION,
            r"how long|\bduration\b|length|how short|shortest|longest|how many (?:days|months|"
            r"years|weeks|hours)|combien de (?:jours|mois|temps)|wie lange|cuanto (?:dura|tiempo)|"
            r"cuantos (?:dias|meses)|quanto dura|jak dlugo|\bile (?:czasu )?trwa|\bduree\b|"
            r"\bdauer\b|\bduracion\b|\bduracao\b|\bdurata\b|διαρκει|cat dureaza",
        ),
        (
            Asks.NUMBER,
            r"how many|how often|number of|minimum|maximum|at least|at most|\bmax\b|\bmin\b|"
            r"points|score|percentage|\bshare\b|\btarget for\b|\bbenchmark\b|threshold|"
            r"\bseuil|\bumbral|\bsoglia|\bschwelle|"
            r"\bpage limit\b|\bcap\b|ceiling|wie viele|combien|"
            r"cuant[oa]s|quant[ei]|\bile\b|ποσους|ποσες|ποσοι|quant[oa]s|cate\b|cati\b",
        ),
        (
            Asks.LIST,
            r"\bwhich\b|what (?:kinds?|types?|are the)|\blist\b|\bwer\b|quels|quelles|cuales",
        ),
        (
            Asks.DEFINITION,
            r"what counts as|what is an?\b|what does .+ mean|when is an? .+ an? |difference|"
            r"definition|was ist|qu'est-ce|que es\b|cos'e|co to jest|τι ειναι",
        ),
        (
            Asks.YES_NO,
            r"^(?:(?:so|and|but|hi|hello|ok)[, ]+)?(?:can|could|may|do|does|did|is|are|was|were|"
            r"must|should|will|would|has|have|kann|konnen|darf|peut|puis|puede|possono|czy|"
            r"μπορ\w+)\b|\bpossible\b|\ballowed\b|\beligible\b|can (?:i|we)\b",
        ),
    )
)

_SUPPORT = re.compile(
    r"\b(?:organi[sz]ational|individual|travel|inclusion|linguistic|subsistence) "
    r"(?:support|grant)\b|\bcourse fees?\b|\bcoaching costs?\b"
)
"""What guides pay for by the number of people, days or months."""

FACTS = frozenset({Asks.AMOUNT, Asks.DATE, Asks.DURATION, Asks.NUMBER})
"""Kinds of answers that are a figure."""

_COUNTS = re.compile(
    r"how many|how often|number of|points|score|percentage|\bshare\b|wie viele|combien d|"
    r"cuant[oa]s|quant[ei]\b|\bile\b|ποσους|ποσες|ποσοι|quant[oa]s|cate\b|cati\b"
)
"""Words that ask for a number whatever else is asked for."""
_FOLLOW_UP_START = re.compile(
    r"^(?:and|or|but|what about|how about|also|then|so|same|what if|und|was ist mit|et|y|e|"
    r"i(?! (?:m|am|have|study|want|do|was|need|get)\b)|a co|και|ve|si|for|in|is it|are they|"
    r"does it|do they|why)\b"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|those|these|that|this|there|she|he|her|his|the same|the other|such|"
    r"one|ones|instead|too|as well|davon|dazu|ça|cela|eso|ese|esa|questo|to samo)\b"
)
_SHORT_WORDS = 5
_SMALL = r"(?:in|for|of|to|at|on|with|from|by|the|a|an|under|im|für|pour|dans|en|de|per|w|σε|για)"
_DANGLING = re.compile(rf"\b{_SMALL}\s+(?={_SMALL}\s*(?:[?.!,;]|$))|\b{_SMALL}\s*(?=[?.!,;]|$)")
"""Small words that nothing follows any more."""


def understand(
    question: str,
    *,
    held: Sequence[Held],
    lexicon: Lexicon,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    max_chars: int = 4000,
) -> Query:
    """Reads a question.

    Args:
        question: as typed.
        held: the documents of the library.
        lexicon: actions, terms and fields.
        filters: what the asker picked.
        history: earlier turns, oldest first.
        max_chars: longest question.

    Raises:
        QuestionError: if it is blank or too long, or a filter names nothing in the library.
    """
    picked = filters or Filters()
    text = " ".join(_visible(question).split())
    if not text:
        raise QuestionError("The question is blank. Type a question, e.g. 'Who can apply?'.")
    if len(question) > max_chars:
        raise QuestionError(
            f"The question has {len(question):,} characters; {max_chars:,} are allowed. "
            "Ask one thing at a time."
        )
    _check_filters(picked, held)
    earlier = [_visible(t.content) for t in history if t.role == "user" and t.content.strip()]
    follow_up = bool(earlier) and _leans_back(text, lexicon)
    before = earlier[-1] if follow_up else ""
    now, then = lexicon.find(text), lexicon.find(before)
    actions = _keys(now, "action") or _keys(then, "action")
    fields = _keys(now, "field") or _keys(then, "field")
    spoken_before = detect_language(before) if before else DEFAULT
    language = detect_language(text, default=spoken_before)
    years = call_years(text, held, language) or call_years(before, held, language)
    carried = _carry_over(before, now, then) if follow_up else ""
    terms = [*_keys(now, "term"), *_keys(then, "term")]
    if language != DEFAULT:
        terms += load_vocabulary().english(f"{carried} {text}")
    own = tuple(dict.fromkeys(e.programme for _, e in held if e.programme))
    asked_of = _named(text, own)
    others = () if actions or asked_of else programmes_asked(f"{before} {text}", own)
    implied = {lexicon.actions[action].programme for action in actions}
    implied |= {other.part_of for other in others}
    programme = _one_of(asked_of or [p for p in own if p in implied])
    documents, compare, missing, notes = _editions(programme, held, picked, years, language)
    return Query(
        question=question,
        search_text=f"{carried} {text}".strip(),
        topic=without_years(f"{carried} {text}", held),
        language=language,
        document_ids=documents,
        compare=compare,
        years=years,
        missing_years=missing,
        other_programmes=tuple(other.name for other in others),
        actions=actions,
        fields=fields,
        headings=tuple(_headings(actions, fields, lexicon)),
        terms=tuple(dict.fromkeys(terms)),
        asks=_kind(text, before),
        wants=_wants(text) or _wants(before) or _wants_of_quantity(text),
        follow_up=follow_up,
        notes=notes,
    )


def _visible(text: str) -> str:
    """Text without control and invisible format characters (they can hide instructions)."""
    return "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") else " "
        for c in text
    )


def _check_filters(filters: Filters, held: Sequence[Held]) -> None:
    editions = [edition for _, edition in held]
    known: tuple[tuple[str, object, set[object]], ...] = (
        ("document", filters.document_id, {document_id for document_id, _ in held}),
        ("programme", filters.programme, {e.programme for e in editions if e.programme}),
        ("language", filters.language, {e.language for e in editions}),
    )
    for name, value, values in known:
        if value is not None and value not in values:
            choices = ", ".join(sorted(map(str, values))) or "none"
            raise QuestionError(f"The library holds no {name} '{value}'. It holds: {choices}.")


def _leans_back(text: str, lexicon: Lexicon) -> bool:
    folded = fold(text)
    words = re.findall(r"\w+", folded)
    if _FOLLOW_UP_START.match(folded) and len(words) <= 14:
        return True
    named = any(match.kind == "action" for match in lexicon.find(text))
    if len(words) <= _SHORT_WORDS:
        return not named or len(words) <= 2
    return not named and bool(_POINTS_BACK.search(folded)) and len(words) <= 12


def _keys(matches: Sequence[Match], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.key for match in matches if match.kind == kind))


def _carry_over(before: str, now: Sequence[Match], then: Sequence[Match]) -> str:
    """The earlier question without the actions, fields and years that the new one replaces."""
    text = fold(before)
    replaced = {kind for kind in ("action", "field") if any(m.kind == kind for m in now)}
    for match in sorted(then, key=lambda m: -m.start):
        if match.kind in replaced:
            text = f"{text[: match.start]} {text[match.end :]}"
    left = " ".join(YEAR.sub(" ", text).split())
    for _ in range(3):  # "in adult education in 2026?" leaves "in in ?"
        left = _DANGLING.sub("", left)
    return left.strip(" ?!.,;")


def _kind(text: str, before: str) -> Asks:
    for candidate in (text, before):
        folded = fold(candidate)
        for asks, pattern in _ASKS:
            if pattern.search(folded):
                return asks
    return Asks.OTHER


def _wants(text: str) -> tuple[Asks, ...]:
    """The kinds of facts that a question asks for, in its order.

    "Maximum", "at least" and the like ask for a number only where they say of nothing else how
    much of it: the maximum grant is an amount.
    """
    folded = fold(text)
    found = [
        (match.start(), asks)
        for asks, pattern in _ASKS
        if asks in FACTS and (match := pattern.search(folded))
    ]
    others = any(asks is not Asks.NUMBER for _, asks in found)
    if others and not _COUNTS.search(folded):
        found = [(at, asks) for at, asks in found if asks is not Asks.NUMBER]
    return tuple(asks for _, asks in sorted(found))


def _wants_of_quantity(text: str) -> tuple[Asks, ...]:
    """Who states a distance, or beside a kind of support how many or how long, wants an amount."""
    stated = find_quantities(text)
    paid = stated and _SUPPORT.search(fold(text)) is not None
    return (Asks.AMOUNT,) if paid or any(q.unit == "km" for q in stated) else ()


def _headings(actions: Sequence[str], fields: Sequence[str], lexicon: Lexicon) -> list[str]:
    headings = [fold(name) for action in actions for name in lexicon.actions[action].names.values()]
    named_fields = {lexicon.actions[action].field for action in actions}
    headings.extend(fold(lexicon.fields[f]) for f in fields if f not in named_fields)
    return list(dict.fromkeys(headings))


def _editions(
    named: str | None,
    held: Sequence[Held],
    filters: Filters,
    years: tuple[int, ...],
    language: str,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...], tuple[str, ...]]:
    """(documents to search, editions to compare, years not held, notes)."""
    if filters.document_id is not None:
        return (filters.document_id,), (), (), ()
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
        newest_first = sorted(
            (group[0] for group in chosen), key=lambda i: -(dict(held)[i].year or 0)
        )
        compare = tuple(newest_first) if len(chosen) > 1 else ()
        return (*documents, *timeless), compare, missing, ()
    documents = []
    for name in dict.fromkeys(e.programme for _, e in yearly):
        family = [(i, e) for i, e in yearly if e.programme == name]
        readable = [(i, e) for i, e in family if e.language in (language, "en")] or family
        newest = max(e.year or 0 for _, e in readable)
        documents.extend(_in_language([(i, e) for i, e in readable if e.year == newest], language))
    return (*documents, *timeless), (), (), ()


def _speaks(edition: Edition, language: str, filters: Filters) -> bool:
    return filters.language is not None or edition.language in (language, "en")


def _in_language(editions: Sequence[Held], language: str) -> list[str]:
    """Of one year's editions: the asker's language and English, the newest version of each."""
    chosen: list[str] = []
    available = {e.language for _, e in editions}
    for code in dict.fromkeys((language, "en", *sorted(available))):
        same = [(i, e) for i, e in editions if e.language == code]
        if same and (code in (language, "en") or not chosen):
            chosen.append(max(same, key=lambda held: (_version(held[1]), held[0]))[0])
    return chosen


def _version(edition: Edition) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", edition.version or "0"))


def _named(text: str, programmes: Sequence[str]) -> list[str]:
    """Those of some programmes that a question names."""
    folded = fold(text)
    named = []
    for programme in programmes:
        words = [w for w in re.findall(r"\w+", fold(programme)) if w not in _COMMON_WORDS]
        if words and any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", folded) for w in words):
            named.append(programme)
    return named


def _one_of(programmes: Sequence[str]) -> str | None:
    """The programme a question means; None for none or several."""
    return programmes[0] if len(programmes) == 1 else None


_COMMON_WORDS = frozenset({"europe", "european", "programme", "eu", "the", "of", "and", "for"})
