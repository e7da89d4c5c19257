"""Who can say what the guides do not: the agency or the office of the programme asked about."""

from __future__ import annotations

from collections.abc import Collection

from assistant.lexicon import Lexicon, fold
from assistant.messages import Messages
from assistant.model import Query
from assistant.programmes import known_programmes
from corpus.agencies import load_agencies
from corpus.countries import country_in

AGENCIES, HORIZON, PORTAL = "agencies", "horizon", "portal"
"""Whom a programme has for questions; see `assistant/data/programmes.toml`."""
_ERASMUS = "erasmus"


def contact(
    query: Query, messages: Messages, lexicon: Lexicon, searched: Collection[str | None] = ()
) -> str | None:
    """A sentence with addresses; None where nobody is certain to be the right one.

    Args:
        query: as understood.
        messages: sentences.
        lexicon: actions.
        searched: programmes of the guides that were searched.
    """
    known = load_agencies()
    kind, name = _asked_of(query, lexicon, searched)
    if kind == AGENCIES:
        return _agencies(query, messages, lexicon)
    if kind == HORIZON:
        points, service = known.horizon_contact_points, known.horizon_enquiries
        return messages.say("contact_horizon", query.language, points=points, service=service)
    if kind == PORTAL:
        return messages.say("contact_portal", query.language, programme=name, portal=known.portal)
    return None


def _asked_of(query: Query, lexicon: Lexicon, searched: Collection[str | None]) -> tuple[str, str]:
    """Who answers for the programme that is asked about, and its name."""
    text = f"{query.question} {query.search_text}"
    programmes = known_programmes()
    meant = {lexicon.actions[action].programme for action in query.actions}
    if _ERASMUS in fold(text) or any(name not in programmes for name in meant):
        return AGENCIES, ""
    named = [p for p in programmes.values() if p.name in meant or p.is_named_in(text)]
    if not named and len(searched) == 1:
        named = [p for p in programmes.values() if p.name in searched]
    if not named:
        return AGENCIES, ""
    return named[0].asked_of, named[0].name


def _agencies(query: Query, messages: Messages, lexicon: Lexicon) -> str:
    """The agency that the question names by its people or its country, else where to find one."""
    known = load_agencies()
    fields = query.fields or tuple(
        f for action in query.actions if (f := lexicon.actions[action].field)
    )
    country = known.country_called(query.told) or country_in(query.told)
    agencies = known.find(country, fields[0] if fields else None)
    named = "; ".join(f"{agency.name}: {agency.website}" for agency in agencies)
    if named:
        return messages.say("agencies", query.language, agencies=named, list=known.official_list)
    return messages.say("contact", query.language, list=known.official_list)
