"""Kinds of facts that answer what a question asks for."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.facts import FactKind, find_facts
from assistant.model import Asks, Query
from assistant.traits import Traits

WANTED = {
    Asks.AMOUNT: frozenset({FactKind.AMOUNT, FactKind.PERCENT}),
    Asks.DATE: frozenset({FactKind.DATE, FactKind.TIME}),
    Asks.DURATION: frozenset({FactKind.DURATION}),
    Asks.NUMBER: frozenset({FactKind.NUMBER, FactKind.DURATION, FactKind.PERCENT, FactKind.AMOUNT}),
    Asks.SHARE: frozenset({FactKind.PERCENT}),
}


def supplied(wants: Sequence[Asks], traits: Traits, *, of_age: bool) -> frozenset[Asks]:
    """Those of the wanted kinds that a text holds; where ages are asked for, a number is one."""
    held = {asks for asks in wants if traits.kinds & WANTED[asks]}
    if of_age and not traits.is_age:
        held.discard(Asks.NUMBER)
    return frozenset(held)


def kinds_wanted(query: Query) -> frozenset[FactKind]:
    """Kinds of facts that answer what a question asks for."""
    return frozenset(kind for asks in query.wants for kind in WANTED[asks])


def holds_fact(text: str, kinds: frozenset[FactKind]) -> bool:
    """Whether a text holds a fact of one of some kinds."""
    return any(fact.kind in kinds for fact in find_facts(text))
