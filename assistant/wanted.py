"""Kinds of facts that answer what a question asks for."""

from __future__ import annotations

from assistant.facts import FactKind, find_facts
from assistant.model import Asks, Query

WANTED = {
    Asks.AMOUNT: frozenset({FactKind.AMOUNT, FactKind.PERCENT}),
    Asks.DATE: frozenset({FactKind.DATE, FactKind.TIME}),
    Asks.DURATION: frozenset({FactKind.DURATION}),
    Asks.NUMBER: frozenset({FactKind.NUMBER, FactKind.DURATION, FactKind.PERCENT, FactKind.AMOUNT}),
    Asks.SHARE: frozenset({FactKind.PERCENT}),
}


def kinds_wanted(query: Query) -> frozenset[FactKind]:
    """Kinds of facts that answer what a question asks for."""
    return frozenset(kind for asks in query.wants for kind in WANTED[asks])


def holds_fact(text: str, kinds: frozenset[FactKind]) -> bool:
    """Whether a text holds a fact of one of some kinds."""
    return any(fact.kind in kinds for fact in find_facts(text))
