"""What is carried over from an earlier question into one that goes on from it.

Words are looked for as the lexicon reads them, without capitals and accents, and kept as their
asker typed them, for what is carried over is shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from assistant.facts import find_quantities, spans_of_quantities
from assistant.lexicon import Lexicon, Match, folded_letters
from assistant.model import Query, Turn
from assistant.years import YEAR
from corpus.language import DEFAULT, detect_language

_SMALL = (
    r"(?:in|for|of|to|at|on|with|from|by|the|an?|under|im|fur|zu[mr]?|bei|der|die|das|den|dem|"
    r"pour|dans|en|des?|du|l[ae]s?|aux?|para|por|del?|el|los|di|nel(?:l[ao])?|dell[aoe]|per|il|w|"
    r"na|dla|z|do|em|no|pentru|din|σε|για|στ(?:ον?|ην?|ισ|ουσ|α)|τον?|την?|του|τησ|των|απο|με|"
    r"and|und|et|y|e|i|si|και)"
)
_NOTHING_FOLLOWS = re.compile(
    rf"\s*(?:[?.!,;]|$|(?:{_SMALL}|gets?|ha(?:s|ve)|receives?|lasts?|be|is|are|appl(?:y|ies)|needs?|"
    r"must|can|could|may|will|pays?|costs?|runs?|takes?|covers?)\b)"
)
_SMALL_BEFORE = re.compile(rf"(?:\b{_SMALL}\s+)+$")
_DATED_BEFORE = re.compile(
    r"(?:\b(?:for|για|pour|fur|para|per|dla|pentru)\s+)?(?:\b(?:in|im|en|nel|w|em|din|το|του|στο)\s+)?"
    r"(?:\b(?:year|jahr|annee|ano|anno|roku?|anul|ετοσ)\s+)?$"
)
"""What dates something with the year after it: "in 2025", "im Jahr 2025", "για το 2025"."""
_DATED_AFTER = re.compile(r"\s+(?:roku|r\.)(?!\w)")
_OPENS = re.compile(
    r"(?:and|but|or|what|who|how|when|where|which|is|are|can|do|does|und|aber|wie|wer|was|wann|"
    r"welche[rs]?|et|mais|qui|quand|combien|quels?|quelles?|y|pero|quién|cuánt[oa]s?|cuándo|qué|e|"
    r"ma|chi|quant[oiae]|quando|qual[ei]|i|a|ale|kto|ile|jaki?e?|kiedy|και|ποι(?:ος|α|ο|οι)|"
    r"πόσ(?:ο|α|οι|ους|ες)|πότε|τι)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|they)\b")
_I = re.compile(r"I\b")
"""Has its capital amid a sentence, too."""


_SENTENCE = 4
"""So many words, the first with a capital, are read as a sentence of their own."""


def joined(carried: str, text: str) -> str:
    """What is carried over and what is asked now, as one sentence to read."""
    if not carried or not text:
        return carried or text
    if not _OPENS.match(text):
        whole = text[0].isupper() and min(len(carried.split()), len(text.split())) >= _SENTENCE
        return f"{carried}. {text}" if whole else f"{carried} {text}"
    first = text[0] if _I.match(text) else text[0].lower()
    return f"{carried}, {first}{text[1:]}"


def in_its_place(named: str, text: str) -> str:
    """A question with what is meant in the place of "it"; before it where there is none."""
    told, found = _IT.subn(lambda _: named, text, count=1)
    return told if found and named else joined(named, text)


def with_names(carried: str, names: Sequence[str], years: Collection[int]) -> str:
    """What is carried over, with the names that were given before that, and years it lacks."""
    missing = [str(year) for year in years if str(year) not in carried]
    if names or not carried:
        return joined(" ".join((*names, *missing)), carried).strip()
    return " ".join((carried, *missing))


def carried_over(
    before: str,
    now: Sequence[Match],
    then: Sequence[Match],
    years: Collection[int],
    units: Collection[str] = (),
) -> str:
    """The earlier question without what the new one replaces, in its asker's words.

    Args:
        before: the earlier question.
        now: what the lexicon knows of the new one; actions go before actions, fields before fields.
        then: what it knows of the earlier one.
        years: those of the earlier one that are not meant any more.
        units: of the quantities that the new one states in place of those before.
    """
    folded, places = folded_letters(before)
    replaced = {kind for kind in ("action", "field") if any(m.kind == kind for m in now)}
    kept_fields = {m.key for m in now if m.kind == "field"}  # "pupils" are of the same schools
    cuts = [(m.start, m.end) for m in then if m.kind in replaced and m.key not in kept_fields]
    cuts += _dates(folded, years)
    cuts += spans_of_quantities(folded, units)
    kept: list[str] = []
    end, rest = len(folded), ""
    for start, stop in sorted(cuts, reverse=True):
        if stop > end:
            continue
        rest = folded[stop:end] + rest
        kept.append(before[places[stop] : places[end]])
        left = folded[:start]
        small = _SMALL_BEFORE.search(left) if _NOTHING_FOLLOWS.match(rest) else None
        end = small.start() if small else start
    kept.append(before[: places[end]])
    return _put_together(reversed(kept)).strip(" ?!.,;\u037e")


def called_in(before: str, then: Sequence[Match], lexicon: Lexicon, language: str) -> list[str]:
    """What an earlier question calls its actions: their names, but codes and parts as typed.

    A "design measure" is more than the name of its chapter says.
    """
    _, places = folded_letters(before)
    names = []
    for match in then:
        if match.kind == "action":
            typed = before[places[match.start] : places[match.end]]
            code = any(letter.isdigit() for letter in typed)
            name = lexicon.actions[match.key].name(language)
            more = language == DEFAULT and not _singular(typed) <= _singular(name)
            names.append(typed if code or more else name)
    return list(dict.fromkeys(names))


def _singular(text: str) -> set[str]:
    return {word.removesuffix("s") for word in re.findall(r"[a-z]{3,}", text.casefold())}


def units_stated(text: str) -> frozenset[str]:
    """Units of the quantities that a text states."""
    return frozenset(quantity.unit for quantity in find_quantities(text))


def _dates(folded: str, years: Collection[int]) -> list[tuple[int, int]]:
    """Where some years stand, with the words that date something by them."""
    dates = []
    for match in YEAR.finditer(folded):
        if int(match[1]) in years:
            before = _DATED_BEFORE.search(folded[: match.start()])
            after = _DATED_AFTER.match(folded, match.end())
            start = before.start() if before else match.start()
            dates.append((start, after.end() if after else match.end()))
    return dates


def _put_together(pieces: Iterable[str]) -> str:
    text = ""
    for piece in pieces:
        text = text.rstrip() + piece if piece[:1] in tuple("?!.,;\u037e") else f"{text} {piece}"
    return " ".join(text.split())


def tells_no_language(query: Query, turns: Sequence[Turn]) -> bool:
    """Whether neither a question nor what it goes on from tells its language.

    Args:
        query: as understood.
        turns: earlier ones, oldest first.
    """
    before = [turn.content for turn in turns if turn.role == "user"][-1:] if query.follow_up else []
    return query.language == DEFAULT and not any(
        detect_language(text, default="") for text in (query.question, *before)
    )
