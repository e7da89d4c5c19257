"""Passages are cut into sentences, items and rows without losing a visible character."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.units import UnitKind, split_units

TEXT = """Who can apply?
Any organisation, e.g. a school, can apply. The grant is EUR 60 000 (see p. 12). It lasts 2 years.
The following cannot apply:
• higher education institutions;
• persons.
Distance | Green | Other
500-1999 km | 417 EUR | 309 EUR"""


def test_sentences_items_and_rows() -> None:
    units = split_units(TEXT, offset=100)
    assert [(u.kind, u.text) for u in units] == [
        (UnitKind.SENTENCE, "Who can apply?"),
        (UnitKind.SENTENCE, "Any organisation, e.g. a school, can apply."),
        (UnitKind.SENTENCE, "The grant is EUR 60 000 (see p. 12)."),
        (UnitKind.SENTENCE, "It lasts 2 years."),
        (UnitKind.SENTENCE, "The following cannot apply:"),
        (UnitKind.ITEM, "• higher education institutions;"),
        (UnitKind.ITEM, "• persons."),
        (UnitKind.ROW, "Distance | Green | Other"),
        (UnitKind.ROW, "500-1999 km | 417 EUR | 309 EUR"),
    ]
    assert all(TEXT[u.span.start - 100 : u.span.end - 100] == u.text for u in units)


def test_an_item_knows_the_sentence_that_introduces_its_list() -> None:
    units = split_units(TEXT)
    lead = next(u for u in units if u.text == "The following cannot apply:")
    assert [u.lead for u in units if u.kind is UnitKind.ITEM] == [lead.span, lead.span]
    assert all(u.lead is None for u in units if u.kind is not UnitKind.ITEM)


@given(st.text(alphabet="ab .:;!?•|\nA1", max_size=80))
def test_units_hold_every_visible_character_in_order(text: str) -> None:
    units = split_units(text)
    position = 0
    kept = []
    for unit in units:
        assert unit.span.start >= position
        position = unit.span.end
        kept.append(text[unit.span.start : unit.span.end])
    assert "".join("".join(kept).split()) == "".join(text.split())


def test_a_label_on_the_line_above_leads() -> None:
    text = "Large events:\nApply by 22 January. Only once.\nA sentence of its own."
    units = {unit.text: unit.lead for unit in split_units(text)}
    label = next(u.span for u in split_units(text) if u.text == "Large events:")
    assert units == {
        "Large events:": None,
        "Apply by 22 January.": label,
        "Only once.": None,
        "A sentence of its own.": None,
    }


def test_what_stands_after_a_list_is_not_led_by_the_sentence_above_it() -> None:
    text = (
        "These are eligible:\n(1) Schools of any kind\n(2) Public authorities\nOthers cannot apply."
    )
    units = split_units(text)
    assert [bool(unit.lead) for unit in units] == [False, True, True, False]


def test_a_semicolon_before_a_figure_ends_nothing() -> None:
    text = "350 EUR; 200 EUR after one hundred participants. Πόσο; Δύο."
    assert [unit.text for unit in split_units(text)] == [
        "350 EUR; 200 EUR after one hundred participants.",
        "Πόσο;",
        "Δύο.",
    ]


def test_items_with_greek_letters_belong_to_the_sentence_above_them() -> None:
    text = "Η σύμπραξη έχει 8 εταίρους, με:\nα) μια επιχείρηση και\nβ) έναν πάροχο."
    lead, *items = split_units(text)
    assert [item.kind for item in items] == [UnitKind.ITEM, UnitKind.ITEM]
    assert {item.lead for item in items} == {lead.span}
