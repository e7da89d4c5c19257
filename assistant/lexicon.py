"""The words applicants use and the words guides use: actions, codes, terms, fields of education.

Read from `assistant/data/actions.toml` and, for names in other languages and turns of phrase in any
of their forms, `assistant/data/forms.toml`. Matching folds case, accents and dashes and takes whole
words, the longest phrase first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files

from corpus.accents import unaccented
from corpus.phrases import Phrases
from corpus.word_forms import any_of

_CODE = re.compile(r"\bka[\s-]?(\d{3})(?:[\s-]?(sch|vet|adu|hed|you|spo)\b)?", re.IGNORECASE)
_CONDITION = "accreditation"
_NEEDED = re.compile(
    r"\b(?:need\w*|requir\w+|necessary|mandatory|compulsory|obligatory|must|without|brauch\w*|"
    r"notig|erforderlich|ohne|besoin|necessaires?|obligatoires?|faut|sans|necesit\w+|"
    r"necesari[oa]s?|obligatori[oa]s?|sin|bisogno|necessari[oa]|occorre|serve|senza|potrzeb\w+|"
    r"wymagan\w+|bez|χρειαζ\w+|απαιτ\w+|χωρισ|precis\w+|sem|nevoie|necesar\w*|fara)\b"
)
"""Asks whether something has to be there."""
_HIGHER = "mobility-he"
_CONSORTIUM_OF_HE = re.compile(
    r"^(?=.*\b(?:consorti|konsorti|consorc))(?=.*\b(?:heis?|eche|higher education|universit|"
    r"hochschul|superieur|superior|uczeln))(?!.*\b(?:vet|schools?|adult)\b)"
)
_PLAIN = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-") | {
    ord(letter): plain for letter, plain in zip("łøđı", "lodi", strict=True)
}
"""Dashes, and letters whose stroke or missing dot Unicode does not take for an accent."""


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without accents, dashes as hyphens, single spaces."""
    plain = unaccented(text.casefold(), "NFKD").translate(_PLAIN)
    return " ".join(plain.split())


def folded_letters(text: str) -> tuple[str, tuple[int, ...]]:
    """A text as `fold` gives it, and where each of its letters stands as typed; the end besides."""
    letters: list[str] = []
    places: list[int] = []
    for place, typed in enumerate(text):
        for plain in unaccented(typed.casefold(), "NFKD").translate(_PLAIN):
            blank = plain.isspace()
            if not blank or (letters and letters[-1] != " "):
                letters.append(" " if blank else plain)
                places.append(place)
    folded = "".join(letters)
    return folded.rstrip(), (*places[: len(folded.rstrip())], len(text))


def folded_forms(forms: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Forms of words (`corpus.word_forms`) by name, folded as the texts they are looked for in."""
    return {name: [fold(each) for each in listed] for name, listed in forms.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action of a programme; see the data file for what each attribute holds."""

    id: str
    codes: tuple[str, ...]
    names: Mapping[str, str]
    synonyms: tuple[str, ...]
    years: tuple[int, int]
    programme: str = "Erasmus+"
    field: str | None = None
    chapter: bool = True
    grants: bool = True
    headings: tuple[str, ...] = ()
    within: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Heading words in a language, the English ones where there are none."""
        return self.names.get(language, self.names["en"])

    def exists_in(self, year: int) -> bool:
        """Whether calls of a year had this action."""
        return self.years[0] <= year <= self.years[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A known phrase found in a text; offsets are of the folded text."""

    kind: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """All actions, terms (what is asked → what guides write) and fields (name → guide word).

    `forms` are expressions, by kind and key, for what questions call actions and terms; headings
    of chapters are named as `actions` has them.
    """

    actions: Mapping[str, Action]
    terms: Mapping[str, str]
    fields: Mapping[str, str]
    field_words: Mapping[str, str]
    suffixes: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[tuple[str, str], re.Pattern[str]] = field(default_factory=dict)

    @cached_property
    def _phrases(self) -> Mapping[str, tuple[str, str]]:
        phrases: dict[str, tuple[str, str]] = {}
        for word, name in self.field_words.items():
            phrases[fold(word)] = ("field", name)
        for word, guide in self.terms.items():
            phrases.setdefault(f"{fold(word)}s", ("term", guide))
            phrases[fold(word)] = ("term", guide)
        for action in self.actions.values():
            known: Iterable[str] = (*action.names.values(), *action.synonyms, *action.codes)
            phrases.update((fold(phrase), ("action", action.id)) for phrase in known)
        return phrases

    @cached_property
    def _known(self) -> Phrases:
        return Phrases(self._phrases)

    def belongs_elsewhere(
        self, headings: Sequence[str], actions: Sequence[str], fields: Sequence[str]
    ) -> bool:
        """Whether a heading path names the chapter of another action than those asked about.

        Where no action is asked about, whether it names chapters of other fields alone. An action
        that is part of several chapters belongs to those that are known (`within`), else to all.
        """
        path = frozenset[str]().union(*map(self.chapters, headings))
        if not path:
            return False
        parts = self.named_above(headings) - path
        parts_alone = actions and not any(self.actions[action].chapter for action in actions)
        if parts and parts_alone and parts.isdisjoint(actions):
            return True
        if actions:
            asked = [self.actions[action] for action in actions]
            if not all(action.chapter or action.within for action in asked):
                return False
            return not path & {*actions, *(each for action in asked for each in action.within)}
        of_path = {self.actions[action].field for action in path}
        return bool(fields) and None not in of_path and not of_path & set(fields)

    def chapters(self, heading: str) -> tuple[str, ...]:
        """Actions with a chapter of their own that a heading names."""
        return tuple(key for key in self._named_in(heading) if self.actions[key].chapter)

    def heads_an_action(self, heading: str) -> bool:
        """Whether a heading is that of a chapter, or of a part of one chapter, such as a lot."""
        named = (self.actions[key] for key in self._named_in(heading))
        return any(action.chapter or len(action.within) == 1 for action in named)

    def _named_in(self, heading: str) -> tuple[str, ...]:
        """All actions that a heading names; kept, for headings recur."""
        if heading not in self._known_headings:
            named = (m.key for m in self.find_written(heading) if m.kind == "action")
            self._known_headings[heading] = tuple(dict.fromkeys(named))
        return self._known_headings[heading]

    def chapters_above(self, headings: Iterable[str]) -> frozenset[str]:
        """Actions in whose chapters a passage under these headings is."""
        return frozenset(action for heading in headings for action in self.chapters(heading))

    def asked_about(self, actions: Sequence[str], text: str) -> tuple[str, ...]:
        """Those of the actions named that a question is about.

        "Do we need an accreditation for KA210?" is about KA210: what an action may ask for is no
        second action. Consortia of higher education have an accreditation of their own.
        """
        if _CONDITION in actions and _CONSORTIUM_OF_HE.search(fold(text)):
            actions = [_HIGHER if action == _CONDITION else action for action in actions]
            actions = tuple(dict.fromkeys(actions))
        others = tuple(action for action in actions if action != _CONDITION)
        asked = _NEEDED.search(fold(text)) is not None
        return others if others and asked and len(others) < len(actions) else tuple(actions)

    def named_above(self, headings: Iterable[str]) -> frozenset[str]:
        """The same and the parts of chapters that headings name, such as short-term projects."""
        return frozenset(action for heading in headings for action in self._named_in(heading))

    @cached_property
    def _known_headings(self) -> dict[str, tuple[str, ...]]:
        return {}

    def find(self, text: str) -> tuple[Match, ...]:
        """Known phrases of a text in order, none overlapping. Kinds: action, term, field."""
        return self._kept(text)

    @cached_property
    def _kept(self) -> Callable[[str], tuple[Match, ...]]:
        """What was found in the last texts: each question is looked at several times."""
        return lru_cache(maxsize=512)(self._find)

    def _find(self, text: str) -> tuple[Match, ...]:
        folded = fold(text)
        written = self.find_written(text)
        forms: list[Match] = []
        for form in sorted(self._forms_in(folded), key=lambda form: form.start - form.end):
            beside = [each for each in (*written, *forms) if _overlap(form, each)]
            if all(each.end - each.start < form.end - form.start for each in beside):
                forms.append(form)
        kept = (each for each in written if not any(_overlap(each, form) for form in forms))
        return tuple(sorted((*kept, *forms), key=lambda match: match.start))

    def _forms_in(self, folded: str) -> Iterator[Match]:
        for (kind, key), pattern in self.forms.items():
            for found in pattern.finditer(folded):
                yield Match(kind=kind, key=key, start=found.start(), end=found.end())

    def without_actions(self, text: str) -> str:
        """A folded text without the names of actions, which say nothing of what is asked.

        "Proyectos de corta duración" are asked about, no duration.
        """
        left = fold(text)
        for match in reversed(self.find(text)):
            if match.kind == "action":
                left = f"{left[: match.start]} {left[match.end :]}"
        return left

    def find_written(self, text: str) -> list[Match]:
        """Those that stand in a text as the data file of actions has them, word by word."""
        folded = fold(text)
        matches = []
        masked = folded
        for code in _CODE.finditer(folded):
            matches.extend(self._code_matches(code))
            masked = masked[: code.start()] + "#" * len(code[0]) + masked[code.end() :]
        for found in self._known.find(masked):
            kind, key = self._phrases[found.phrase]
            matches.append(Match(kind=kind, key=key, start=found.start, end=found.end))
        return matches

    def _code_matches(self, code: re.Match[str]) -> list[Match]:
        base = f"KA{code[1]}"
        suffix = (code[2] or "").upper()
        full = f"{base}-{suffix}" if suffix else base
        matches = [
            Match(kind="action", key=action.id, start=code.start(), end=code.end())
            for action in self.actions.values()
            if full in action.codes or (base in action.codes and full not in self._all_codes)
        ]
        if suffix in self.suffixes:
            name = self.suffixes[suffix]
            matches.append(Match(kind="field", key=name, start=code.start(), end=code.end()))
        return matches

    @cached_property
    def _all_codes(self) -> frozenset[str]:
        return frozenset(code for action in self.actions.values() for code in action.codes)


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def load_lexicon() -> Lexicon:
    """Reads the data files that come with the package."""
    forms = tomllib.loads(files("assistant").joinpath("data/forms.toml").read_text("utf-8"))
    words = folded_forms(forms["words"])
    raw = tomllib.loads(files("assistant").joinpath("data/actions.toml").read_text("utf-8"))
    actions = {
        entry["id"]: Action(
            id=entry["id"],
            codes=tuple(entry["codes"]),
            names=entry["names"],
            synonyms=tuple(entry["synonyms"]),
            within=tuple(entry.get("within", ())),
            years=(entry["years"][0], entry["years"][1]),
            programme=entry.get("programme", "Erasmus+"),
            field=entry.get("field"),
            chapter=entry.get("chapter", True),
            grants=entry.get("grants", True),
            headings=tuple(entry.get("headings", ())),
        )
        for entry in raw["action"]
    }
    return Lexicon(
        actions=actions,
        terms={word: entry["guide"] for entry in raw["term"] for word in entry["ask"]},
        fields={entry["name"]: entry["guide"] for entry in raw["field"]},
        field_words={word: entry["name"] for entry in raw["field"] for word in entry["ask"]},
        suffixes={entry["suffix"]: entry["name"] for entry in raw["field"]},
        forms={
            (kind, key): any_of(written, words)
            for kind, of_kind in (("action", forms["forms"]), ("term", forms["terms"]))
            for key, written in folded_forms(of_kind).items()
        },
    )
