"""From a question and its conversation to a query. Pure: no models, no index, no clock.

What is read: the language, the kind of answer wanted, the call years, the programme, actions by
code or name, the field of education, and whether the question leans on earlier turns. What is
decided: which editions are searched. The rules:

* a picked filter wins over what the question says, but for a call year: the one that the question
  itself names goes first, also before that of a guide that was picked, and the answer says so;
* a named year means that edition, two named years mean a comparison (`years`);
* without a year the newest edition that has the action answers; where it exists in the asker's
  language and in English, the asker's own is searched first; the English one prevails (as every
  guide says);
* documents without a call year (handbooks, digests) are searched beside the edition.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import partial

from assistant.asking import kind_of, parts_of, wants_of, wants_of_quantity
from assistant.carrying import (
    called_in,
    carried_over,
    in_its_place,
    joined,
    units_stated,
    with_names,
)
from assistant.cues import load_cues
from assistant.editions import (
    document_called,
    editions_meant,
    left_out,
    released,
    siblings_of,
    year_picked,
)
from assistant.leaning import OPENING, asks_anew, goes_on, is_aside, leans_back, same_question
from assistant.lexicon import Lexicon, Match, fold
from assistant.mails import what_is_asked
from assistant.model import Asks, Filters, Part, Query, Turn
from assistant.polar import is_polar
from assistant.programmes import COMMON_WORDS, known_programmes, programmes_asked
from assistant.vocabulary import load_vocabulary
from assistant.years import Held, call_years, without_comparing, without_years
from corpus.errors import BlankQuestionError, LongQuestionError, UnknownChoiceError
from corpus.language import DEFAULT, detect_language

_ASKS_ITSELF = re.compile(
    r"(?:and |but |so )*(?:who|whom|where|why|which|wer|wem|wo|welche\w*|warum|qui|ou|pourquoi|"
    r"quien\w*|donde|por que|chi|dove|perche|kto|gdzie|dlaczego|ποιοσ|ποιοι|που|γιατι|quem|onde|"
    r"cine|unde)\b"
)
"""Says itself what is wanted: not what was wanted before."""
_OTHER_LETTERS = re.compile("\\b[\u039a\u041aK][\u0391\u0410A](?=[ -]?\\d{3}\\b)", re.IGNORECASE)
"""KA in Greek or Cyrillic letters, before the number of an action."""
_CODE = re.compile(r"\bKA\s?\d{3}(?:-[A-Z]{2,4})?\b", re.IGNORECASE)
"""Guides never print it: only a handbook that is about one action does."""
_MOST_TURNS = 6


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
        QuestionError: if it holds neither letter nor digit, or is too long, or a filter names
            nothing in the library.
    """
    picked = filters or Filters()
    text = " ".join(_visible(question).split())
    if not any(character.isalnum() for character in text):
        raise BlankQuestionError
    if len(question) > max_chars:
        raise LongQuestionError(len(question), max_chars)
    _check_filters(picked, held)
    earlier = [_visible(t.content) for t in history if t.role == "user" and t.content.strip()]
    earlier = [
        what_is_asked(said, lexicon).text for said in earlier if not load_cues().is_chat(said)
    ]
    mail = what_is_asked(_visible(question), lexicon)
    whole, text = text, mail.text
    earlier = [said for said in earlier if not is_aside(said, text, lexicon)]
    own = tuple(dict.fromkeys(e.programme for _, e in held if e.programme))
    now = lexicon.find(text)
    elsewhere = not _keys(now, "action") and (_named(whole, own) or programmes_asked(text, own))
    leans = bool(earlier) and leans_back(text, lexicon) and not programmes_asked(text, own)
    leans = leans and not load_cues().is_chat(text)
    chain = _chain(earlier, lexicon) if leans or (goes_on(text, lexicon) and not elsewhere) else ()
    before = _as_understood(chain, held, lexicon) if leans else ""
    then = lexicon.find(before)
    anew = leans and asks_anew(text, before, lexicon)
    actions = lexicon.asked_about(_first_keys((text, *chain), "action", lexicon), text)
    follow_up = leans or (bool(actions) and not _keys(now, "action"))
    fields = _first_keys((text, before), "field", lexicon) if leans else _keys(now, "field")
    fields = _of_actions(fields, actions, lexicon)
    spoken_before = detect_language(before) if before else DEFAULT
    language = _spoken(whole, now, lexicon, default=spoken_before)
    named_now = call_years(text, held, language)
    picked, not_picked = released(picked, () if _NOW.search(fold(text)) else named_now, held)
    years: tuple[int, ...]
    years_before = set(call_years(before, held, language))
    if not named_now and (year := year_picked(picked, held)) is not None:
        years, replaced = () if picked.year is None else (picked.year,), years_before - {year}
    else:
        years = named_now or next((y for t in chain if (y := call_years(t, held, language))), ())
        replaced = years_before if named_now else set()
    carried = "" if anew else carried_over(before, now, then, replaced, units_stated(text))
    if follow_up:
        before_that = () if _keys((*now, *then), "action") else actions
        names = [lexicon.actions[action].name(language) for action in before_that]
        if anew and not _keys(now, "action"):
            names = called_in(before, then, lexicon, language)
        carried = with_names(carried, names, () if named_now else years)
    said = f"{carried} {text}"
    terms = [*_keys(now, "term"), *(() if anew else _keys(then, "term"))]
    asked = text if language == DEFAULT else lexicon.without_actions(text)
    pieces = mail.led(parts_of(asked))
    # Where words of an earlier question are carried over, what is asked now is one part of it all.
    again = same_question(text, chain, lexicon) if leans else ""
    alone = (fold(again or asked),) if carried else ()
    asks, wants = _asks_and_wants(again or asked, language, pieces)
    terms += load_vocabulary().english(lexicon.without_actions(said), language)
    if language != DEFAULT:
        terms += [_GUIDES_SAY[wanted] for wanted in wants if wanted in _GUIDES_SAY]
    asked_of = _named(whole, own) or _named(before, own)
    others = () if actions else programmes_asked(f"{before} {text}", own)
    if asked_of:  # "an MSCA fellow in Horizon Europe" asks about the part
        others = tuple(other for other in others if other.part_of in asked_of)
    implied = {lexicon.actions[action].programme for action in actions}
    implied |= {other.part_of for other in others}
    programme = _one_of(asked_of or [p for p in own if p in implied])
    if picked == Filters() and not years and (called := document_called(text, held)):
        picked = Filters(document_id=called)
    in_year = [lexicon.actions[action] for action in actions]
    meant = partial(
        editions_meant,
        programme,
        held,
        years=years,
        language=language,
        has=lambda year: not in_year or any(action.exists_in(year) for action in in_year),
    )
    documents, compare, missing = meant(picked)
    without = meant(Filters())[0] if missing or not documents else ()
    inherited = "" if _ASKS_ITSELF.match(OPENING.sub("", fold(asked))) else before
    topic = without_years(_CODE.sub(" ", said) if actions else said, held)
    return Query(
        question=question if text == whole else mail.question,
        typed=question,
        search_text=in_its_place(carried, text) if anew else joined(carried, text),
        topic=without_comparing(topic) if compare else topic,
        language=language,
        document_ids=documents,
        siblings=siblings_of(documents, held, language),
        compare=compare,
        years=years or tuple(year for year in (picked.year,) if year is not None),
        missing_years=missing,
        other_programmes=tuple(other.name for other in others),
        actions=actions,
        fields=fields,
        headings=tuple(_headings(actions, fields, lexicon)),
        terms=tuple(dict.fromkeys(terms)),
        asks=kind_of(inherited) if asks is Asks.OTHER and inherited else asks,
        wants=wants
        or (wants_of(inherited) if asks is not Asks.YES_NO else ())
        or wants_of_quantity(text),
        parts=_parts(() if compare else pieces or alone, language, lexicon),
        follow_up=follow_up,
        not_picked=not_picked,
        left_out=left_out(without, missing, held),
    )


def _visible(text: str) -> str:
    """Text without control and invisible format characters (they can hide instructions).

    Codes of actions are in Latin letters, whichever keyboard typed them.
    """
    seen = "".join(
        c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") else " "
        for c in text
    )
    return _OTHER_LETTERS.sub("KA", seen)


def _check_filters(filters: Filters, held: Sequence[Held]) -> None:
    editions = [edition for _, edition in held]
    known: tuple[tuple[str, str | None, set[str]], ...] = (
        ("document", filters.document_id, {document_id for document_id, _ in held}),
        ("programme", filters.programme, {e.programme for e in editions if e.programme}),
        ("language", filters.language, {e.language for e in editions}),
    )
    for name, value, values in known:
        if value is not None and value not in values:
            raise UnknownChoiceError(name, value, values)


def _chain(earlier: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The turns that a question goes on from, the last one first: up to one that stands alone."""
    chain: list[str] = []
    for text in reversed(earlier[-_MOST_TURNS:]):
        chain.append(text)
        if not leans_back(text, lexicon) and not goes_on(text, lexicon):
            break
    return tuple(chain)


def _as_understood(chain: Sequence[str], held: Sequence[Held], lexicon: Lexicon) -> str:
    """The last of some turns with what it took over from those before, as `_chain` gives them."""
    whole = ""
    for text in reversed(chain):
        if not whole or not leans_back(text, lexicon):
            whole = text
            continue
        language = detect_language(whole, default=DEFAULT)
        now, then = lexicon.find(text), lexicon.find(whole)
        years = call_years(whole, held, language)
        if asks_anew(text, whole, lexicon):
            names = called_in(whole, then, lexicon, language)
            carried = with_names("", names, () if call_years(text, held, language) else years)
        else:
            replaced = years if call_years(text, held, language) else ()
            carried = carried_over(whole, now, then, replaced, units_stated(text))
        whole = joined(carried, text)
    return whole


def _first_keys(texts: Sequence[str], kind: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What is named in the first of some texts that names something of a kind."""
    return next((keys for text in texts if (keys := _keys(lexicon.find(text), kind))), ())


def _keys(matches: Sequence[Match], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.key for match in matches if match.kind == kind))


def _of_actions(
    fields: tuple[str, ...], actions: Sequence[str], lexicon: Lexicon
) -> tuple[str, ...]:
    """The fields that are meant: "teachers" in a question about KA122-VET does not mean schools."""
    decided = {lexicon.actions[action].field for action in actions}
    return tuple(name for name in fields if name in decided) or fields


def _spoken(text: str, now: Sequence[Match], lexicon: Lexicon, *, default: str) -> str:
    """The language of a question, whatever language the names of its actions are in.

    "Wann ist die Frist für Mobility of staff in the field of sport?" is German.
    """
    language = detect_language(text, default=default)
    own = text
    for action in _keys(now, "action"):
        name = lexicon.actions[action].names[DEFAULT]
        own = re.sub(re.escape(name), " ", own, flags=re.IGNORECASE)
    if language != DEFAULT or own == text or len(own.split()) < _TELLING_WORDS:
        return language
    return detect_language(own, default=language)


def _parts(pieces: Sequence[str], language: str, lexicon: Lexicon) -> tuple[Part, ...]:
    """What a question asks for, one after the other."""
    parts = []
    for piece in pieces:
        asks, wants = _asks_and_wants(piece, language)
        terms = _keys(lexicon.find(piece), "term")
        if language == DEFAULT:
            terms = (*terms, *load_vocabulary().english(piece, language))
        parts.append(Part(text=piece, terms=terms, asks=asks, wants=wants))
    return tuple(parts)


def _asks_and_wants(
    text: str, language: str, pieces: Sequence[str] = ()
) -> tuple[Asks, tuple[Asks, ...]]:
    """The kind of answer a text wants, and the kinds of facts.

    "Will they pay half of it?" names money, but asks for no amount; a deadline that is named
    answers whether something is still in time. Of several pieces all must ask for yes or no.
    """
    wants = wants_of(text)
    others = any(wants_of(piece) and not is_polar(piece, language) for piece in pieces)
    if others or not is_polar(text, language):
        return kind_of(text), wants
    return Asks.YES_NO, tuple(asks for asks in wants if asks is Asks.DATE)


def _headings(actions: Sequence[str], fields: Sequence[str], lexicon: Lexicon) -> list[str]:
    named = [lexicon.actions[action] for action in actions]
    headings = [fold(h) for action in named for h in (*action.names.values(), *action.headings)]
    named_fields = {lexicon.actions[action].field for action in actions}
    headings.extend(fold(lexicon.fields[f]) for f in fields if f not in named_fields)
    return list(dict.fromkeys(headings))


def _named(text: str, programmes: Sequence[str]) -> list[str]:
    """Those of some programmes that a question names."""
    folded = fold(text)
    named = []
    for programme in programmes:
        words = [w for w in re.findall(r"\w+", fold(programme)) if w not in COMMON_WORDS]
        known = known_programmes().get(programme)
        if any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", folded) for w in words) or (
            known is not None and known.is_named_in(text)  # as other languages have it
        ):
            named.append(programme)
    return named


def _one_of(programmes: Sequence[str]) -> str | None:
    """The programme a question means; None for none or several."""
    return programmes[0] if len(programmes) == 1 else None


_NOW = re.compile(
    r"\b(?:now|nowadays|currently|today|this year|maintenant|aujourd'hui|jetzt|heute|ahora|hoy|"
    r"adesso|oggi|ora|teraz|obecnie|dzis|τωρα|σημερα|φετοσ|agora|hoje|acum|azi)\b"
)
"""Who tells of an earlier year and asks about now means the year that was picked."""
_GUIDES_SAY = {
    Asks.AMOUNT: "grant amount EUR",
    Asks.DURATION: "duration",
    Asks.DATE: "when to apply, deadline, submit by",
}
"""What guides write where a question in another language asks for it without a word for it."""
_TELLING_WORDS = 3
"""Fewer words tell no language."""
