"""Which of the organisations that a question tells of applies, or coordinates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.parties import Party, joined

_APPLIES = (
    r"(?:apply|coordinat\w+|lead|submit|be (?:the |a )?(?:coordinator|applicant|lead)|act as)"
)
_WE_APPLY = re.compile(
    rf"\b(?:we|i)\b[^.?!;]{{0,30}}?\b{_APPLIES}\b|\b(?:can|could|may) (?:we|i)\b[^.?!;]{{0,20}}?"
    rf"\b{_APPLIES}\b|\bare we eligible to apply\b|\b(?:we|i) (?:are|am|would be) the "
    r"(?:coordinator|applicant)",
    re.IGNORECASE,
)
_IT_APPLIES = re.compile(
    rf"\b(?:can|could|may|might|would) (?:it|they)\b[^.?!;]{{0,20}}?\b{_APPLIES}\b", re.IGNORECASE
)
"""Of the only one told of: "can a Ukrainian NGO be a partner, and can it coordinate?"."""
_THEN_APPLIES = re.compile(
    rf"^(?:[\s,]*(?:can|could|may|to|would|will|wants? to|that|who|which|it|they|be allowed to|"
    rf"eligible to))*\s*{_APPLIES}\b",
    re.IGNORECASE,
)
_APPLIES_TOO = re.compile(
    rf"^[\s,]*(?:(?:can|could|may|will|wants? to|would like to|be allowed to|eligible to)\b[\s,]*)*"
    rf"(?:it\s+)?{_APPLIES}\b",
    re.IGNORECASE,
)
"""After the last of those who are told of beside who does."""
_SUBJECT = re.compile(
    r"(?:^|[.?!;:,(]|\b(?:can|could|may|will|would|does|do|is|are|am|be|if|whether|that|when|and|"
    r"as|so|but|hi|hello|plus|represent|(?:work|teach) (?:at|for|in)))\s*(?:the\s)?$",
    re.IGNORECASE,
)
"""What stands before who does something: "with a partner from Ukraine" is not who applies."""
_LED_BY = re.compile(r"\b(?:coordinated|led) by\s*$", re.IGNORECASE)
_AS_LEAD = re.compile(
    r"^\s*(?:as|is|being|would be) (?:the |our |a )?(?:coordinator|applicant|lead)", re.IGNORECASE
)


def applying(text: str, parties: Sequence[Party], *, asking: Sequence[Party]) -> tuple[Party, ...]:
    """Those one of which applies or coordinates.

    Args:
        text: a question, with plain apostrophes and single blanks.
        parties: the organisations that it tells of, in order.
        asking: those of them that "we" are.
    """
    named = [
        p
        for p in parties
        if (_THEN_APPLIES.match(text[p.end :]) and _is_subject(text, parties, p))
        or _AS_LEAD.match(text[p.end :])
        or _LED_BY.search(text[: p.start])
    ]
    if named:
        return _joined_before(text, parties, named[0]) if len(named) == 1 else ()
    with_others = _with_others(text, parties)
    if with_others:
        return with_others
    if len(parties) == 1 and _IT_APPLIES.search(text):
        return tuple(parties)
    if not _WE_APPLY.search(text):
        return ()
    return tuple(asking)


def _with_others(text: str, parties: Sequence[Party]) -> tuple[Party, ...]:
    """The asker's own, where others are told of after them: "can my NGO with a partner apply?".

    Of two others one may as well lead as the other.
    """
    for last in parties:
        if not _APPLIES_TOO.match(text[last.end :]):
            continue
        led = _joined_before(text, parties, last)
        while (at := parties.index(led[0])) and joined(text, parties[at - 1], led[0]):
            led = _joined_before(text, parties, parties[at - 1])
        if last not in led and all(p.ours for p in led) and _SUBJECT.search(text[: led[0].start]):
            return led
    return ()


def _is_subject(text: str, parties: Sequence[Party], party: Party) -> bool:
    """Whether a party, or the list that it ends, stands where who does something stands."""
    first = _joined_before(text, parties, party)[0]
    return _SUBJECT.search(text[: first.start]) is not None


def _joined_before(text: str, parties: Sequence[Party], last: Party) -> tuple[Party, ...]:
    """A party with those of its list that stand before it: "X and Y want to apply"."""
    chain = [last]
    for party in reversed(parties[: parties.index(last)]):
        between = text[party.end : chain[0].start]
        if not joined(text, party, chain[0]) or re.search(r"\bwith\b", between):
            break
        chain.insert(0, party)
    return tuple(chain)
