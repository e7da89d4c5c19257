"""When not to answer, and what to say instead.

Each reason can be said in one sentence: the question asks for what guides do not say (`cues`),
for an edition that is not in the library or that the choices made leave out, for an action that
the edition does not have, or no passage speaks of it. A refusal still helps: who can say, and the
nearest places in the guides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.cues import SMALL_TALK, Cues
from assistant.lexicon import Action, Lexicon, fold
from assistant.model import Asks, Passage, Query, Section, Status
from assistant.off_topic import share_held
from assistant.programmes import Programme, about, known_programmes
from assistant.traits import traits_of
from assistant.wanted import holds_fact, kinds_wanted
from assistant.worth import Candidate, Stems

_PERIOD = re.compile(r"(20\d\d)\s?[-\u2013]\s?(20\d\d)")
_REACHED_BY = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\+\d[\d ()/.-]{6,}\d")
"""An address or telephone number in a passage."""
SHARED_OF_OTHER = 0.5
"""Share of a question about another programme that a passage holds which answers it."""
BARE = "bare"
"""Of a question that says too little to look for."""
UNADDRESSED = frozenset({SMALL_TALK, BARE, "institution", "discovereu"})
"""Refusals that name nobody who can say more: no agency tells about the weather."""
_HARDLY, _TUNED_HARDLY = 0.02, 0.1
"""Score of a passage that says hardly anything of a single word, by either reranker."""
_LONG_WORD, _FEWEST_VOWELS, _AGAIN = 5, 0.2, re.compile(r"(.)\1{3}")
_AND = re.compile(r"^\W*(?:and|ok(?:ay)?|und|et|y|e|i|και)\b[\s,!.]*", re.IGNORECASE)
"""Begins what is said after an answer: "and thanks!" is thanks."""
_SECTIONS = 3
_VAGUE_WORDS, _VAGUE_PASSAGES = 2, 20
_SEVERAL, _CHOICES = 3, 5
_ASKS_WHAT_IT_IS = re.compile(
    r"\bwhat(?:'s| is| are| was) an? |\bmean(?:s|ing)?\b|\bwas ist (?:ein|eine) |\bbedeutet\b|"
    r"\bqu'?est[- ]ce qu|\bque es una? |\bsignifi\w+|\b(?:che )?cos'?e un|\bco to (?:jest|sa)\b|"
    r"\bτι (?:ειναι (?:ενα|ενασ|μια)|σημαινει)\b"
)
"""Asks what a word means, whatever that counts: "What is a lump sum?"."""
_MOST_ASKED = (
    "cooperation-partnerships",
    "small-scale-partnerships",
    "mobility-he",
    "youth-exchanges",
    "mobility-school",
    "mobility-vet",
    "mobility-adult",
    "accreditation",
)
"""Actions that most applicants ask about, in the order in which they are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why no answer is given.

    Attributes:
        name: of the message that says it. values: what its sentence names.
    """

    status: Status
    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevant:
    """The passages that may answer, or why none may."""

    passages: tuple[Passage, ...] = ()
    refusal: Refusal | None = None


def relevant(
    query: Query, passages: Sequence[Passage], *, cues: Cues, lexicon: Lexicon, stems: Stems
) -> Relevant:
    """What of the passages may answer a question.

    Args:
        query: as understood.
        passages: as ranked.
        cues: what guides cannot say.
        lexicon: actions and their years.
        stems: how words are reduced for comparison.
    """
    titles = {p.document.edition.title for p in passages}
    # With and without what it begins with, where that is only "and".
    said = dict.fromkeys((query.question, _AND.sub("", query.question)))
    cue = next(filter(None, (cues.find(text, titles) for text in said)), None)
    if cue is not None and not (cue.kind == "person" and _tells_contact(passages)):
        return Relevant(refusal=Refusal(status=cue.status, name=cue.kind))
    if _is_bare(query, passages, stems) or _adds_nothing(query):
        return Relevant(refusal=Refusal(status=Status.CLARIFY, name=BARE))
    kept = tuple(passages)
    kinds = kinds_wanted(query)
    for name in query.other_programmes:
        programme = known_programmes()[name]
        kept = about(kept, programme)
        kept = tuple(p for p in kept if _asked_of_it(query, p, programme, stems))
        if not any(not kinds or holds_fact(p.chunk.text, kinds) for p in kept):
            return _not_in_guides("other_programme", programme=name)
    if query.missing_years:
        newest = max((p.document.edition.year or 0 for p in kept), default=0)
        of_call = bool(query.actions) or query.about_deadline or min(query.missing_years) > newest
        kept = tuple(p for p in kept if _speaks_of(p, query.missing_years, of_call=of_call))
    missing = ", ".join(map(str, query.missing_years))
    no_edition = "no_edition_chosen" if query.left_out else "no_edition"
    if missing and not kept:
        return _not_in_guides(no_edition, years=missing)
    for action in _absent(query, kept, lexicon):
        kept = tuple(p for p in kept if _is_about(p, action))
        if missing and not kept:
            return _not_in_guides(no_edition, years=missing)
        if not kept:
            return _not_in_guides("ended", action=action.name(query.language))
    if not kept:
        return _not_in_guides("none_chosen" if query.left_out else "not_in_guides")
    return Relevant(passages=of_its_chapters(query, kept, lexicon))


def of_its_chapters(
    query: Query, passages: Sequence[Passage], lexicon: Lexicon
) -> tuple[Passage, ...]:
    """Passages that are of no other action's chapter; all, where there are none."""
    elsewhere = lexicon.belongs_elsewhere
    fitting = (p for p in passages if not elsewhere(p.chunk.headings, query.actions, query.fields))
    return tuple(fitting) or tuple(passages)


def _asked_of_it(query: Query, passage: Passage, programme: Programme, stems: Stems) -> bool:
    """Whether a passage holds half of what is asked of another programme, besides its name.

    It is named in passing, where one registers for both.
    """
    language = passage.document.edition.language
    if language != query.language:
        return True
    asked = frozenset(stems(programme.words.sub(" ", fold(query.topic)), language))
    return not asked or share_held(asked, passage, stems) >= SHARED_OF_OTHER


def tells_when(query: Query, shown: Sequence[Candidate]) -> bool:
    """Whether an answer holds a date, where by when to apply is all that is asked."""
    asked = query.about_deadline and query.wants == (Asks.DATE,)
    telling = (c for c in shown if not traits_of(c.unit.text).is_reference)
    return not asked or any(Asks.DATE in candidate.supplies for candidate in telling)


def _is_bare(query: Query, passages: Sequence[Passage], stems: Stems) -> bool:
    """Whether a question says too little to look for: "And in 2023?" as the first one, "Money?"."""
    known = query.actions or query.fields or query.terms or query.wants or query.follow_up
    words = frozenset(stems(query.topic, query.language))
    if known or query.missing_years or len(words) > 1 or not passages:
        return False
    best = passages[0]
    hardly = best.reranked and best.score < (_TUNED_HARDLY if best.tuned else _HARDLY)
    above = stems(" ".join(best.chunk.headings), best.document.edition.language)
    return not words or (hardly and words.isdisjoint(above))


def _adds_nothing(query: Query) -> bool:
    """Whether a question, or what goes on from one, is in letters that are no words: "asdfgh"."""
    words = re.findall(r"[^\W\d_]+", fold(query.question))
    known = query.actions or query.fields or query.terms
    return (query.follow_up or not known) and bool(words) and all(map(_is_no_word, words))


def _is_no_word(word: str) -> bool:
    """Whether Latin letters have next to no vowels, or one is written again and again."""
    latin = word.isascii() and len(word) >= _LONG_WORD
    vowels = sum(letter in "aeiouy" for letter in word)
    return latin and (vowels < len(word) * _FEWEST_VOWELS or _AGAIN.search(word) is not None)


def choices(
    query: Query, passages: Sequence[Passage], *, stems: Stems, lexicon: Lexicon
) -> tuple[str, ...]:
    """Actions one of which must be meant, where a question for a figure names none; else nothing.

    "What is the deadline?" has an answer for each action; which one is not ours to guess.
    """
    if query.actions or query.fields or query.follow_up or not query.wants:
        return ()
    if _ASKS_WHAT_IT_IS.search(fold(query.question)):
        return ()
    words = set(stems(query.topic, query.language))
    if len(words) > _VAGUE_WORDS:
        return ()
    found: dict[str, None] = {}
    for passage in passages[:_VAGUE_PASSAGES]:
        for heading in passage.chunk.headings:
            found.update(dict.fromkeys(lexicon.chapters(heading)))
    if len(found) < _SEVERAL:
        return ()
    sections = passages[0].document.sections
    held = lexicon.chapters_above(heading for section in sections for heading in section.headings)

    def fits(action: str) -> bool:
        # "The deadline?" may mean any, "the deadline for partnerships?" what is called so.
        return len(words) == 1 or bool(
            words & set(stems(lexicon.actions[action].names["en"], "en"))
        )

    asked = [action for action in _MOST_ASKED if action in held or action in found]
    meant = filter(fits, (*asked, *found))
    return tuple(dict.fromkeys((*meant, *found)))[:_CHOICES]


def nearest(passages: Sequence[Passage]) -> tuple[Section, ...]:
    """The best few places, one for each heading path."""
    sections: dict[tuple[str, tuple[str, ...]], Section] = {}
    for passage in passages:
        document, headings = passage.document, passage.chunk.headings
        section = Section(
            document_id=document.id,
            title=document.edition.title,
            headings=headings,
            page=passage.pages[0],
        )
        sections.setdefault((document.id, headings), section)
    return tuple(sections.values())[:_SECTIONS]


def _not_in_guides(name: str, **values: str) -> Relevant:
    return Relevant(refusal=Refusal(status=Status.NOT_IN_GUIDES, name=name, values=values))


def _tells_contact(passages: Sequence[Passage]) -> bool:
    return any(_REACHED_BY.search(passage.chunk.text) for passage in passages[:3])


def _absent(query: Query, passages: Sequence[Passage], lexicon: Lexicon) -> list[Action]:
    """Actions asked about that no edition searched has.

    One that ended does not matter where another that is asked about is there ("What replaced
    Strategic Partnerships?"), but for parts of actions (an intellectual output of KA220).
    """
    years = {p.document.edition.year for p in passages if p.document.edition.year is not None}
    actions = [lexicon.actions[key] for key in query.actions]
    if not years:  # the call year is not held: only what speaks of the action itself is left
        return actions if query.missing_years else []
    gone = [a for a in actions if not any(a.exists_in(year) for year in years)]
    if len(gone) < len(actions):
        return [action for action in gone if not action.chapter]
    return gone


def _is_about(passage: Passage, action: Action) -> bool:
    """Whether a passage is about an action: a heading names it, or a text without a call year."""
    names = (*action.names.values(), *action.synonyms, *action.codes)
    where = [*passage.chunk.headings]
    if passage.document.edition.year is None or not action.chapter:
        where += [passage.document.edition.title, passage.chunk.context, passage.chunk.text]
    text = fold(" ".join(where))
    return _any_of(names).search(text) is not None


@lru_cache(maxsize=256)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some names in a folded text, whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(fold(name)) for name in names)})(?!\w)")


def _speaks_of(passage: Passage, years: Sequence[int], *, of_call: bool) -> bool:
    """Whether a passage of a guide without that edition is about those years all the same.

    A period in its text ("2021-2027") says nothing of what the calls of its years were.
    """
    title = passage.document.edition.title
    text = passage.whole_text
    spans = [(int(a), int(b)) for a, b in _PERIOD.findall(title if of_call else f"{title} {text}")]
    told = f"{title} {_PERIOD.sub(' ', text) if of_call else text}"
    return all(
        re.search(rf"(?<!\d){year}(?!\d)", told) or any(a <= year <= b for a, b in spans)
        for year in years
    )
