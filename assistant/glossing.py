"""What askers say in other languages, word for word in the English that `asker` reads.

A closed vocabulary (`assistant/data/gloss.toml`) of plain statements and of questions whether they
will do. It reads all or nothing: one word that is not in it, and nothing is read. Denials, doubts,
conditions, plans and the past are not in it, so that what is said of them is never taken as told.
The gloss is no English to be shown: each piece of it knows the asker's words that it stands for.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.gloss_words import (
    ACTION,
    COUNTRY,
    NUMBER,
    PEOPLE,
    START,
    Phrase,
    Table,
    tables,
    tokens_of,
)
from assistant.glossed import Gloss, Piece
from assistant.lexicon import Lexicon, fold
from assistant.parties import ends_in_noun, is_adjective
from assistant.peoples import peoples
from corpus.countries import load_countries
from corpus.language import DEFAULT

_CLOSES, _OPENS = frozenset(".,;:?!)"), frozenset("(")
_ENDS = frozenset(".;?!")
_UNREAD = -1
_SIGNS = {sign: sign for sign in ".,:?!()-–&"} | {";": ";", "¿": "", "¡": "", START: ""}
_LISTS = frozenset(("and", "or", ",", "to", "-", "–"))
_COUNTS = re.compile(r"^(?:aged )?(?:one|\d+)\b")
_OF_SOME = re.compile(r"\b(?:one|both|another|\d+) (?:of )?(?:the|our|my|some)\b", re.IGNORECASE)
"""A part of what is told: "one of our partners"."""
_PEOPLE = re.compile(r"(?:participants|young people|pupils|students|children)$")
_ENDS_IN_PEOPLE = re.compile(rf"\b{_PEOPLE.pattern}")
_NO_PEOPLE = re.compile(r"\b(?:projects?|partnership|exchange|activity|course|of|lasts?)$|\d$")
_DETERMINED = re.compile(r"(?:^|\s)(?:an?|the|no|our|my|another|without|any|one|\d+)$")


def gloss(question: str, language: str, lexicon: Lexicon) -> Gloss | None:
    """A question in English; None where it holds a word that is not read.

    Args:
        question: as typed. English is left as it is.
        language: of the question.
        lexicon: names of actions, in any language.
    """
    if language == DEFAULT:
        return Gloss(question, question)
    table = tables().get(language)
    if table is None:
        return None
    source = " ".join(unicodedata.normalize("NFC", question).split())
    tokens = tokens_of(source, table, lexicon)
    pieces = _read(tokens, table) if tokens else None
    if not pieces or _several_numbers(pieces):
        return None
    placed = _placed(pieces)
    found = _joined(source, placed if table.articles else _determined(placed))
    return None if _OF_SOME.search(found.text) else found


def _several_numbers(pieces: Sequence[Piece]) -> bool:
    """Whether one number is told in several: "two or three", "14, 16 and 17", a project's years."""
    words = [piece.english for piece in pieces]
    return any(
        one.kind == NUMBER and sign in _LISTS and _COUNTS.match(two)
        for one, sign, two in zip(pieces, words[1:], words[2:], strict=False)
    ) or any(
        two.startswith("aged ") and (_NO_PEOPLE.search(one) or ends_in_noun(one))
        for one, two in itertools.pairwise(words)
    )


def _read(tokens: Sequence[Piece], table: Table) -> list[Piece] | None:
    """The words in as few phrases as hold them all, longer ones first; None where none do."""
    # Of what begins at each place, from the end: in how many phrases it is read, and the first.
    best: list[tuple[int, Piece | None]] = [(0, None)]
    for at in reversed(range(len(tokens))):
        found: tuple[int, Piece | None] | None = None
        for length, piece in _fitting(tokens[at:], table):
            rest = best[-length]
            if rest[0] >= 0 and (found is None or rest[0] + 1 < found[0]):
                found = (rest[0] + 1, piece)
        best.append(found or (_UNREAD, None))
    best.reverse()
    if best[0][0] < 0:
        return None
    pieces: list[Piece] = []
    for place, (_, first) in enumerate(best):
        if first is not None and (not pieces or tokens[place].start >= pieces[-1].end):
            pieces.append(first)
    return [piece for piece in pieces if piece.english]


def _fitting(tokens: Sequence[Piece], table: Table) -> Iterator[tuple[int, Piece]]:
    """What can be read at the first of some tokens, the longest first: how many, and the piece."""
    first = tokens[0]
    by_length: dict[int, list[tuple[int, Phrase]]] = {}
    for key in dict.fromkeys((fold(first.word), first.kind)):
        for phrase in table.phrases.get(key, ()):
            exact = _fit(tokens[: len(phrase.words)], phrase.words)
            if exact is not None:
                by_length.setdefault(len(phrase.words), []).append((exact, phrase))
    for length in sorted(by_length, reverse=True):
        most = max(exact for exact, _ in by_length[length])
        said = {p.english: p for exact, p in by_length[length] if exact == most}
        if len(said) == 1:  # two that say different say nothing
            (phrase,) = said.values()
            yield length, _filled(tokens[:length], phrase)
    if 1 not in by_length and first.kind:
        yield 1, first
    elif 1 not in by_length and first.word in _SIGNS:
        yield 1, replace(first, english=_SIGNS[first.word])


def _fit(tokens: Sequence[Piece], words: Sequence[str]) -> int | None:
    """How many words are written as in a phrase, the others without accents; None if one is not."""
    if len(tokens) < len(words):
        return None
    exact = 0
    for token, word in zip(tokens, words, strict=True):
        if word in (NUMBER, COUNTRY, ACTION):
            if token.kind != word:
                return None
        elif token.word == word:
            exact += 1
        elif token.word != fold(token.word) or token.word != fold(word):
            return None
    return exact


def _filled(held: Sequence[Piece], phrase: Phrase) -> Piece:
    slots = [
        token.english
        for token, word in zip(held, phrase.words, strict=True)
        if word in (NUMBER, COUNTRY, ACTION)
    ]
    filling = iter(slots)
    english = re.sub(r"[#%@]", lambda _: next(filling), phrase.english)
    kind = PEOPLE if english.startswith(PEOPLE) else ""
    return Piece(english.removeprefix(PEOPLE), held[0].start, held[-1].end, kind)


def _placed(pieces: Sequence[Piece]) -> list[Piece]:
    """With adjectives of nationality as English has them: "German", after its noun "from ..."."""
    adjectives: dict[str, str] = {}
    for adjective, code in peoples()[0].items():
        adjectives.setdefault(code, adjective)
    placed: list[Piece] = []
    noun_before = False
    for at, piece in enumerate(pieces):
        english = piece.english
        if piece.kind == PEOPLE:
            following = (p for p in pieces[at + 1 :] if not _is_adjective(p))
            after = next((p.english for p in following), "")
            if noun_before and after.startswith("in "):
                english = ""  # "une école française en Espagne" is in Spain
            elif noun_before and not (ends_in_noun(after, whole=True) or _PEOPLE.match(after)):
                english = f"from {load_countries().names[english][DEFAULT][0]}"
            else:
                english = adjectives[english]
        placed.append(replace(piece, english=english))
        if piece.english in _ENDS:
            noun_before = False
        noun = ends_in_noun(piece.english) or _ENDS_IN_PEOPLE.search(piece.english)
        noun_before = noun_before or bool(noun)
    return [piece for piece in placed if piece.english]


def _is_adjective(piece: Piece) -> bool:
    return piece.kind == PEOPLE or is_adjective(piece.english)


def _determined(pieces: Sequence[Piece]) -> list[Piece]:
    """With "a" before one organisation that a language names without an article."""
    done = list(pieces)
    for at, piece in enumerate(pieces):
        if not ends_in_noun(piece.english) or piece.english.endswith("s"):
            continue
        first = at
        while first and _is_adjective(pieces[first - 1]):
            first -= 1
        before = pieces[first - 1].english if first else ""
        alone = ends_in_noun(piece.english, whole=True)
        if alone and not _DETERMINED.search(before):
            done[first] = replace(done[first], english=f"a {done[first].english}")
    return done


def _joined(source: str, pieces: Sequence[Piece]) -> Gloss:
    """The pieces as one text."""
    text = ""
    places: list[tuple[int, int]] = []
    for before, piece in zip((None, *pieces), pieces, strict=False):
        tight = piece.english[0] in _CLOSES or (before is not None and before.english in _OPENS)
        text += "" if tight or not text else " "
        places.append((len(text), len(text) + len(piece.english)))
        text += piece.english
    return Gloss(text, source, tuple(pieces), tuple(places))
