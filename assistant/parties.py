"""Organisations that a question names: what they are, how many, and from which countries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.lexicon import fold
from assistant.peoples import peoples
from assistant.standing import Places
from corpus.countries import countries_in, load_countries
from corpus.world import world_in


class Kind(StrEnum):
    """What an organisation is, as far as rules tell apart."""

    HIGHER = "higher education"
    VOCATIONAL = "vocational"
    SCHOOL = "school"
    NON_PROFIT = "non-profit"
    COMPANY = "company"
    PUBLIC = "public"
    INFORMAL = "informal group"
    OTHER = "other"


_NOUNS = {
    Kind.INFORMAL: r"informal (?:youth )?groups?(?: of (?:young people|youngsters|friends))?",
    Kind.VOCATIONAL: r"(?:vet|vocational)(?: education| training)? "
    r"(?:schools?|colleges?|providers?|cent(?:re|er)s?)",
    Kind.HIGHER: r"universit(?:y|ies)(?: of applied sciences)?|uni|heis?|"
    r"higher education institutions?",
    Kind.SCHOOL: r"(?:primary |secondary |upper secondary |high |elementary |grammar )?schools?|"
    r"kindergartens?",
    Kind.NON_PROFIT: r"(?:youth )?ngos?|non-?profit organi[sz]ations?|non-?profits?|"
    r"(?:youth )?associations?|charit(?:y|ies)",
    Kind.COMPANY: r"compan(?:y|ies)|smes?|enterprises?|firms?|start-?ups?",
    Kind.PUBLIC: r"municipalit(?:y|ies)|city councils?|ministr(?:y|ies)|public bod(?:y|ies)|"
    r"(?:local |regional )?authorit(?:y|ies)",
    Kind.OTHER: r"organi[sz]ations?|partners?|institutions?|institutes?|foundations?|"
    r"colleges?|cent(?:re|er)s?|clubs?|entities|bodies",
}
_NOT_PLAIN = r"(?:associated|business|graduate|language|summer|driving|music|sunday|dance|art)"
"""Before a noun, they make it something that the kinds do not tell."""
_NUMBERS = {
    word: value
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
        ],
        start=1,
    )
} | {"a": 1, "an": 1, "another": 1, "my": 1, "our": 1, "both": 2, "twenty": 20, "thirty": 30}
COUNT = rf"(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|\d{{1,3}})"
_ADJECTIVES = (
    "small|local|partner|youth|sports?|public|private|european|different|other|new|young|little|"
    "rural|cultural|regional|big|large|single|eligible|further|additional"
)
_JOINED = re.compile(
    r"^[\s,(]*(?:and|with|and with|plus|&|(?:and )?together with|and also|as well as)?[\s,]*$",
    re.IGNORECASE,
)


_NAME_FOLLOWS = re.compile(
    r"^\s*(?:,\s*(?:and )?|(?:and|&|plus) )(?:from |in )?(?:the )?"
    r"(?!(?:Can|Could|May|Are|Is|We|Do|Does|Our|My|Would|Will|And)\b)[A-Z][a-z]"
)
"""After a list of countries: a name that nobody knows, so that the list was not read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One or more organisations of one kind.

    Attributes:
        places: keys of their countries, at least one organisation in each; none where not said.
        spread: how many countries they are from, where only that is said.
        programme: whether these are said to be Member States or associated countries.
        exact: whether the number is said ("two schools", not "schools").
        ours: the asker's own. start, end: where it stands in the question.
    """

    kind: Kind
    count: int
    places: tuple[str, ...] = ()
    spread: int = 0
    programme: bool = False
    exact: bool = True
    ours: bool = False
    said: str = ""
    start: int = 0
    end: int = 0


_PARTNER = re.compile(r"\bpartner", re.IGNORECASE)
"""Our partners, and our partner schools, are others."""


def number(word: str) -> int:
    """The number that a word or figure says."""
    folded = word.casefold()
    return _NUMBERS[folded] if folded in _NUMBERS else int(folded)


def joined(question: str, one: Party, two: Party) -> bool:
    """Whether two neighbouring mentions are told as one list: nothing but "and" between them."""
    return _JOINED.match(question[one.end : two.start]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Finds mentions of organisations and countries; one for each guide."""

    places: Places
    names: str
    adjectives: dict[str, str]
    also: dict[str, str]
    mention: re.Pattern[str]

    def find(self, question: str) -> tuple[Party, ...]:
        """The organisations that a question names, in order."""
        parties: list[Party] = []
        for match in self.mention.finditer(question):
            party = self._party(match, parties)
            if party is not None:
                parties.append(party)
        return tuple(parties)

    def leaves_out(self, question: str, parties: Sequence[Party]) -> bool:
        """Whether a question counts more than was read: "two Italian NGOs and one French"."""
        counted = rf"\b{COUNT} (?:{'|'.join(self.adjectives)})\b"
        return any(
            not any(party.start <= match.start() < party.end for party in parties)
            for match in re.finditer(counted, question, re.IGNORECASE)
        )

    def keys(self, text: str) -> tuple[str, ...]:
        """Keys of the countries that a list of names holds, in order."""
        found = re.findall(self.names, text, re.IGNORECASE)
        return tuple(dict.fromkeys(self._key(name) for name in found))

    def _key(self, name: str) -> str:
        folded = self.also.get(fold(name), fold(name))
        if folded in self.places.names:
            return self.places.names[folded]
        codes = countries_in(name)
        return next(iter(codes)) if len(codes) == 1 else folded

    def _party(self, match: re.Match[str], before: Sequence[Party]) -> Party | None:
        noun, det = match["noun"], (match["det"] or match["det2"] or "").casefold()
        listed = match["listed"] or match["only"]
        if match["odd"] or (not noun and not before) or (noun and not det and not listed):
            return None
        kind = _kind(noun) if noun else before[-1].kind
        keys = self.keys(listed) if listed else ()
        if listed and re.search(r"\bor\b", listed):
            keys = ()
        goes_on = _NAME_FOLLOWS.match(match.string[match.end() :]) is not None
        adjective = re.search(rf"\b(?:{'|'.join(self.adjectives)})\b", match["adj"] or "", re.I)
        if adjective and not keys:
            keys = (self.adjectives[adjective[0].casefold()],)
        words = det.split()
        plural = noun is not None and noun.casefold().endswith("s")
        count = number(words[-1]) if words else max(2, len(keys)) if plural else 1
        exact = bool(words) and not (plural and words[-1] in ("our", "my"))
        if plural and words and words[-1] in ("our", "my"):
            count = max(2, len(keys))
        spread = number(match["spread"]) if match["spread"] else 0
        return Party(
            kind=kind,
            count=count,
            places=keys if len(keys) == count or (len(keys) < count and not goes_on) else (),
            spread=spread,
            programme=bool(match["eu"]),
            exact=exact,
            ours=bool(words) and words[0] in ("our", "my") and not _PARTNER.search(match[0]),
            said=_said(match[0]),
            start=match.start(),
            end=match.end(),
        )


def _said(words: str) -> str:
    """The words of a mention; its bracket closed."""
    said = " ".join(words.split()).strip(" ,(")
    return f"{said})" if said.count("(") > said.count(")") else said


_BARE = re.compile(rf"(?:{'|'.join(_NOUNS.values())})$", re.IGNORECASE)
_QUALIFIED = re.compile(rf"(?:(?:{_ADJECTIVES}) )*{_BARE.pattern}", re.IGNORECASE)
_ENDS_IN_NOUN = re.compile(rf"\b{_BARE.pattern}", re.IGNORECASE)


def ends_in_noun(words: str, *, whole: bool = False) -> bool:
    """Whether words end in a name of an organisation; with `whole`, whether they are one."""
    return (_QUALIFIED.match(words) if whole else _ENDS_IN_NOUN.search(words)) is not None


def is_adjective(words: str) -> bool:
    """Whether words only qualify the organisation that they stand before."""
    return re.fullmatch(rf"(?:(?:{_ADJECTIVES})(?:$| ))+", words, re.IGNORECASE) is not None


def _kind(noun: str) -> Kind:
    folded = noun.casefold()
    return next(kind for kind, words in _NOUNS.items() if re.fullmatch(words, folded))


def reader(places: Places) -> Reader:
    """A reader for the countries that a guide lists and those that `corpus.countries` knows."""
    known = [form for forms in load_countries().names.values() for form in forms["en"]]
    codes, also = peoples()
    far = {code: key for name, key in places.names.items() for code in world_in(name.title())}
    adjectives = {
        word: code if code in places.by_key else far.get(code, code) for word, code in codes.items()
    }
    listed = [*known, *map(fold, known), *places.names, *also]
    names = rf"(?:{'|'.join(re.escape(n) for n in sorted(set(listed), key=len, reverse=True))})\b"
    return Reader(
        places=places,
        names=names,
        adjectives=adjectives,
        also=also,
        mention=_mentions(names, tuple(adjectives)),
    )


@lru_cache(maxsize=16)
def _mentions(names: str, adjectives: tuple[str, ...]) -> re.Pattern[str]:
    """Organisations with their number and countries, see `Reader.find`; made once for a guide.

    Args:
        names: of countries, a pattern.
        adjectives: of countries.
    """
    nouns = "|".join(_NOUNS.values())
    adjective = rf"(?:(?:{_ADJECTIVES}|{'|'.join(adjectives)}) )"
    one = rf"(?:the )?{names}"
    several = rf"{one}(?:(?:\s*,\s*(?:and |or )?|\s+(?:and|&|plus|or) )(?:from |in )?{one})*"
    where = r"(?:,? (?:both |all |each )?(?:are |is |that is |which is )?(?:established |based |"
    where += r"located |situated )?(?:from|in) | \()"
    counted = (
        rf"(?P<spread>{COUNT}) (?:different )?(?P<eu>eu |programme |eu member |member )?"
        r"(?:countries|states)"
    )
    pattern = rf"""
        (?<![\w-])
        (?:(?:(?P<det>(?:our |my )?{COUNT}|our|my)\s+)?
           (?P<adj>{adjective}{{0,3}})(?P<odd>{_NOT_PLAIN}\s)?(?P<noun>{nouns})\b
           (?:{where}(?:(?P<listed>{several})|{counted}))?
         |(?P<det2>{COUNT})\ (?:from|in)\ (?P<only>{several}))
    """
    # Blanks of the readable pieces are real blanks.
    return re.compile(re.sub(r"\n\s*", "", pattern), re.IGNORECASE)
