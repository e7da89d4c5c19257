"""Whether a question leans on what was asked before, and what of that it means.

Pure functions over text; `carrying` says what of the earlier words goes over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asking import wants_of
from assistant.carrying import carried_over
from assistant.lexicon import Lexicon, fold, folded_letters
from assistant.model import Asks
from assistant.years import YEAR

OPENING = re.compile(r"^(?:(?:ok(?:ay)?|yes|thanks?|thank you|great|right|hm+|well)[,.! ]+)+")
"""Taken note of what was said, before the next question."""
_FOLLOW_UP_START = re.compile(
    r"^(?:and|or|but|what about|how about|also|then|so|same|what if|und|was ist mit|et|y|e|"
    r"i(?! (?:m|am|have|study|want|do|was|need|get)\b)|a co|και|ve|si|for|in|is it|are they|"
    r"does it|do they|why)\b"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|those|these|that|this|there|she|he|her|his|the same|the other|such|"
    r"one|ones|instead|too|as well|davon|dazu|ça|cela|eso|ese|esa|questo|to samo)\b"
)
_OF_WHAT_WAS_SAID = re.compile(
    r"\b(?:for|of|about|with|in|to|from|on) (?:it|that|this|them|those|these|such)\b\W*$|"
    r"\bsuch an? \w+|^and\b"
)
"""Leans on what was said before in longer questions too."""
_OF_ANY_ACTION = re.compile(
    r"\b(?:projects?|applications?|apply|grant|partners?|participants?|organi[sz]ations?|deadline)\b"
)
"""Every action has them."""
_GENERAL_WORDS = 10
_SHORT_WORDS, _LONG_WORDS = 5, 20
_WHOLE = re.compile(
    r"^(?:(?:and|but|so|then|also)[, ]+)?"
    r"(?=(?:for |by |until )?(?:how|what|when|where|who|which)\b)"
    r"(?:(?=.*\b(?:can|may|must|should|could|will|would|do|does|did|is|are|was|were|have|has)\b)|"
    r"(?:\S+ ){5,})"
)
"""A question with a verb or enough words of its own: "and how many people can take part"."""
_OF_TAKING_PART = re.compile(
    r"^(?:(?:and|but|so|then) )?(?:(?:do|must|should|can|may|could) we (?:also )?"
    r"(?:need|have to have|include|involve|invite)\b|"
    r"(?:does|do|can|could|may|is|are|would|must|should) .{3,60}?\b(?:count|join|participate|"
    r"take part|coordinate|be (?:an? |the )?(?:partners?|applicants?|coordinators?)|eligible|"
    r"allowed|included)\b(?: (?:in )?(?:it|this|that|too|as well))?\W*$)"
)
"""Asks who may take part in what was asked about."""
_ALIKE = re.compile(r"\b(?:too|as well|also|either|then|same|instead)\b")
"""Asks of something else what was asked before."""
_SAME = re.compile(
    r"\b(?:was|were|is|are|has|have|had|did|does|do|it|that|this|they|those|these|the|same|"
    r"different\w*|change[ds]?|changed|higher|lower|earlier|later|more|less|bigger|smaller|longer|"
    r"shorter|also|already|been|be|as|than|too|and|but|or|so|what|how|about|for|in|of|under|with|"
    r"since|then|now|ones?|call|guide|edition|year|before|still|true|ok|okay|thanks?|thank|you|if|"
    r"und|auch|im|jahr|fur|bei|war|das|gleich|et|pour|dans|en|y|para|e|per|nel|i|dla|w)\b"
)
_COMPARES = re.compile(
    r"\b(?:same|different\w*|change[ds]?|higher|lower|earlier|later|more|less|bigger|smaller|"
    r"longer|shorter)\b"
)


def leans_back(text: str, lexicon: Lexicon) -> bool:
    """Whether a question cannot be understood without those before it."""
    folded = fold(text)
    words = re.findall(r"\w+", folded)
    opening = OPENING.sub("", folded)
    if _FOLLOW_UP_START.match(opening) and len(words) <= 14:
        return True
    named = any(match.kind == "action" for match in lexicon.find(text))
    if not named and len(words) <= _LONG_WORDS and _OF_WHAT_WAS_SAID.search(opening):
        return True
    if not named and len(words) <= _GENERAL_WORDS and _OF_TAKING_PART.search(opening):
        return True
    if len(words) <= _SHORT_WORDS:
        return not named or len(words) <= 2
    return not named and bool(_POINTS_BACK.search(folded)) and len(words) <= 12


def goes_on(text: str, lexicon: Lexicon) -> bool:
    """Whether a question names nothing of its own that it could be about.

    "How long can a project last?" after a question about an action is about that action.
    """
    folded = fold(text)
    if len(folded.split()) > _GENERAL_WORDS or not wants_of(text):
        return False
    named = any(match.kind in ("action", "field") for match in lexicon.find(text))
    return not named and _OF_ANY_ACTION.search(folded) is not None


def asks_anew(text: str, before: str, lexicon: Lexicon) -> bool:
    """Whether a whole question ("How long can it last?") takes over no more than the action."""
    opening = OPENING.sub("", fold(text))
    patterns = (_WHOLE, _OF_TAKING_PART)
    whole = not _FOLLOW_UP_START.match(opening) or any(p.search(opening) for p in patterns)
    return whole and asks_something_else(text, before, lexicon)


def asks_something_else(text: str, before: str, lexicon: Lexicon) -> bool:
    """Whether a question asks for another kind of figure than the one before, of the same action.

    "How long can it last?" after "How much can a Small-scale Partnership get?" is no question for
    money; nor is "do we need companies in it?". What goes over is the action.
    """
    folded = fold(text)
    if _ALIKE.search(folded) or all(m.kind != "action" for m in lexicon.find(before)):
        return False
    wanted, before_that = set(wants_of(text)), set(wants_of(before))
    if _OF_TAKING_PART.search(folded):  # after "how many partners?" it is about these
        return bool(before_that) and Asks.NUMBER not in before_that
    return bool(wanted) and bool(before_that) and not wanted & before_that


def asks_the_same(text: str, lexicon: Lexicon) -> bool:
    """Whether a question only says of what else, or of when, the one before is asked.

    "And for small-scale?", "was it the same in 2023?".
    """
    folded, _ = folded_letters(text)
    for match in sorted(lexicon.find(text), key=lambda m: -m.start):
        if match.kind in ("action", "field"):
            folded = f"{folded[: match.start]} {folded[match.end :]}"
    left = _SAME.sub(" ", YEAR.sub(" ", folded))
    return bool(folded) and not any(map(str.isalnum, left))


def is_aside(said: str, text: str, lexicon: Lexicon) -> bool:
    """Whether an earlier question that names no action says nothing of what is asked now.

    One that compares with another year does not mean that year for what follows; who may take part
    is asked of one after the other.

    Args:
        said: the earlier question.
        text: the new one.
        lexicon: actions, terms and fields.
    """
    if any(match.kind == "action" for match in lexicon.find(said)):
        return False
    if all(_OF_TAKING_PART.search(OPENING.sub("", fold(each))) for each in (said, text)):
        return True
    compares = _COMPARES.search(fold(said)) is not None
    return compares and bool(YEAR.search(said)) and asks_the_same(said, lexicon)


def same_question(text: str, chain: Sequence[str], lexicon: Lexicon) -> str:
    """The earlier question that is asked again of something else; "" where the new one asks itself.

    Args:
        text: the new question.
        chain: the turns it goes on from, the last one first.
        lexicon: actions, terms and fields.
    """
    if not asks_the_same(text, lexicon):
        return ""
    asked = next((turn for turn in chain if not asks_the_same(turn, lexicon)), "")
    return carried_over(asked, lexicon.find(text), lexicon.find(asked), ())
