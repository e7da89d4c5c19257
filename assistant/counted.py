"""What a question has counted ("how many kids per trip"), and what a text counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.facts import FactKind, Quantity, find_facts, find_quantities, over_years
from assistant.lexicon import fold
from assistant.model import Query
from assistant.traits import NUMBER_WORD

_HOW_MANY = re.compile(
    r"(?:how many|number of|wie viele|anzahl (?:der|von)|combien d[e']|nombre d[e']|cuant[oa]s|"
    r"numero de|quant[ie]|quant[oa]s|\bile|liczba|ποσ(?:ουσ|εσ|οι|α)|cat[ei]) ?"
    r"((?:[^\W\d]+ ?){1,4})"
)
_GOES_ON = re.compile(
    r"\b(?:in|on|per|for|of|to|at|from|with|and|or|as|can|could|may|must|should|do|does|did|is|are|"
    r"was|were|will|would|we|i|you|they|it|our|my|the|have|has|had|there|needed|required|allowed|"
    r"maximum|minimum|max|min|at|least|most)\b"
)
"""What is counted ends here: "staff in one project"."""

PEOPLE = (
    "participants people persons learners students pupils kids children youngsters staff adults "
    "trainees apprentices guys members"
)
"""All of them are counted as participants where guides say how many may take part."""

PARTNERS = (
    "partners organisations organizations institutions universities schools applicants "
    "beneficiaries entities hei"
)
"""All of them are counted where guides say how large a partnership has to be."""

MEASURES = frozenset(
    {"eur", "euro", "km", "day", "week", "month", "year", "hour", "point", "percent", "per", "ect"}
)
"""Stems of words that a number before them counts: "350 EUR per participant" counts euros."""

PAID = frozenset({"eur", "euro", "per"})
"""Those of them that lead to what is counted where a sum is to be shared out."""
_LARGE = 3000
"""A number above the years: a sum of money, whatever stands beside it."""

REACH = 3
"""So many words after a number say what it counts."""


def counted_words(question: str) -> str:
    """The words after "how many", "number of" and the like; "" where nothing is to be counted."""
    phrases = (_GOES_ON.split(found)[0] for found in _HOW_MANY.findall(fold(question)))
    return " ".join(" ".join(phrases).split())


def states_sum(question: str) -> bool:
    """Whether a question states a sum of money: "with a grant of 300 000, how many ...?"."""
    return any(f.kind is FactKind.AMOUNT or f.value > _LARGE for f in find_facts(question))


def share_counted(
    stems: Sequence[str],
    *,
    counted: frozenset[str],
    alike: Sequence[frozenset[str]],
    weights: Mapping[str, float],
    paid: bool,
) -> float:
    """How much of what is to be counted follows a number of a text, 0…1.

    Args:
        stems: of the text, in order.
        counted: words that the question has counted, as stems.
        alike: `PEOPLE` and `PARTNERS`, as stems; any of a group stands for any other of it.
        weights: of the question's words.
        paid: the question states a sum (`states_sum`): what each of them costs counts them too.
    """
    each = {word: weights.get(word, 0.0) for word in counted}
    whole = sum(each.values()) or 1.0
    for group in alike:
        if group & counted:
            each |= dict.fromkeys(group, max(each[word] for word in group & counted))
    measures = MEASURES - counted - (PAID if paid else frozenset())
    if len(alike) > 1 and counted.isdisjoint(alike[1]):
        # "Two participating organisations" are no participants.
        pairs = zip(stems, (*stems[1:], ""), strict=True)
        stems = ["" if word in alike[0] and after in alike[1] else word for word, after in pairs]
    near = [
        sum(each.get(word, 0.0) for word in set(stems[at + 1 : at + 1 + REACH]))
        for at, word in enumerate(stems)
        if (word[:1].isdigit() or NUMBER_WORD.fullmatch(word))
        and measures.isdisjoint(stems[at + 1 : at + 2])
    ]
    return min(max(near, default=0.0) / whole, 1.0)


def stated(query: Query) -> tuple[Quantity, ...]:
    """Quantities that a question states; of the turns before, those that it does not replace."""
    own = (*find_quantities(query.told), *over_years(query.told))
    units = {quantity.unit for quantity in own}
    return own + tuple(q for q in find_quantities(query.topic) if q.unit not in units)
