from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.model import Answer, Condition, Deadline, Met, Note, NoteKind, Section, Status
from assistant.ui_answer import answer_html, question_html
from assistant.ui_escape import escaped, unbroken
from assistant.ui_record import record_of
from assistant.ui_text import load_messages
from tests.web import HOSTILE, citation, document

TEXT = load_messages()
OURS = {"div", "p", "a", "h2", "ol", "ul", "li", "span", "strong", "blockquote", "br", "button"}
OURS |= {"table", "thead", "tbody", "tr", "td", "th", "h3", "time"}
# Control characters and surrogate halves are replaced on purpose; the rest must come through.
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


class Reader(HTMLParser):
    """Tags and text as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def answered(text: str, *citations: object, **changes: object) -> Answer:
    fields: dict[str, object] = {
        "question": "q",
        "status": Status.ANSWERED if citations else Status.NOT_IN_GUIDES,
        "text": text,
        "language": "en",
        "citations": citations,
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]


@given(PLAIN)
def test_escaped_text_is_read_back_letter_by_letter(text: str) -> None:
    read = Reader(escaped(text))
    assert read.tags == []
    assert read.text == text


@given(PLAIN)
def test_escaped_text_is_no_markdown(text: str) -> None:
    """Even outside an HTML block, where a Markdown reader would look."""
    rendered = MarkdownIt("commonmark").renderInline(escaped(f"a{text}a"))
    assert Reader(rendered).tags == []


@given(st.text())
def test_any_text_can_be_sent(text: str) -> None:
    odd = text + "\ud800\x00"
    html = answer_html(answered(f"{odd} [1]", citation(document(), quote=odd)), TEXT, key="1")
    html.encode()


@given(PLAIN, PLAIN)
def test_an_answer_is_one_line_with_our_tags_only(text: str, quote: str) -> None:
    """One line without a blank one: a Markdown reader looks into such a block no further."""
    guide = document()
    html = answer_html(
        answered(
            f"x {text} [1]", citation(guide, quote=quote), notes=(Note(text),), searched=quote
        ),
        TEXT,
        key="1",
    )
    assert "\n" not in html
    assert html.startswith("<div")
    assert set(Reader(html).tags) <= OURS


def test_hostile_text_shows_literally() -> None:
    guide = document()
    html = answer_html(answered(f"{HOSTILE} [1]", citation(guide, quote=HOSTILE)), TEXT, key="1")
    read = Reader(html)
    assert read.text.count(HOSTILE) == 3  # the answer, the quote folded, the quote
    assert "script" not in read.tags
    assert "img" not in read.tags


def test_markers_lead_to_their_sources_and_unknown_ones_stay_text() -> None:
    guide = document()
    html = answer_html(answered("one [1] two [7]", citation(guide)), TEXT, key="3")
    assert 'href="#source-3-1"' in html
    assert 'id="source-3-1"' in html
    assert "source-3-7" not in html
    assert "one\u00a0[1] two [7]" in Reader(html).text, "no marker stands alone on a line"


def test_a_source_names_title_page_path_quote_and_address() -> None:
    guide = document()
    html = answer_html(
        answered("x [1]", citation(guide, quote="EUR 30 000", page=242)), TEXT, key="1"
    )
    text = Reader(html).text
    assert "Erasmus+ Programme Guide 2026, p. 242" in text
    assert "Part B › Key Action 2 › Small-scale Partnerships" in text
    assert "EUR 30 000" in text
    # Relative to the window's root, so that it holds behind a path prefix.
    address = escaped("documents/erasmus-plus-2026-v1-en.pdf#page=242")
    assert f'href="{address}" target="_blank"' in html


def test_of_a_long_path_the_innermost_headings_are_shown() -> None:
    from dataclasses import replace

    shown = replace(citation(document()), headings=("A", "B", "C", "D"))
    html = answer_html(answered("x [1]", shown), TEXT, key="1")
    assert "… › B › C › D" in Reader(html).text
    assert f'title="{escaped("A › B › C › D")}"' in html


def test_a_printed_number_that_differs_from_the_page_shows_both() -> None:
    guide = document()
    shown = citation(guide, page=12)
    from dataclasses import replace

    html = answer_html(answered("x [1]", replace(shown, label="x")), TEXT, key="1")
    assert "p. x (page 12 of the PDF)" in Reader(html).text


def test_rows_of_a_table_are_shown_as_a_table_and_lines_as_lines() -> None:
    quote = "Distances:\n100 km | EUR 28\n500 km | EUR 211\nfor each … participant."
    html = answer_html(answered("x [1]", citation(document(), quote=quote)), TEXT, key="1")
    assert (
        '>Distances&#58;<div class="rows"><table><tbody>'
        '<tr><td dir="auto">100 km</td><td dir="auto">EUR 28</td></tr>'
        '<tr><td dir="auto">500 km</td><td dir="auto">EUR 211</td></tr></tbody></table></div>'
        "for each … participant.<" in html
    )


def test_what_is_cut_after_a_row_is_no_part_of_its_last_cell() -> None:
    cited = citation(document(), quote="Distance | Green travel … 500 km | 417 EUR")
    html = answer_html(answered("417 EUR. [1]", cited), TEXT, key="1")
    assert '<td dir="auto">Green travel<span class="gap"> …</span></td>' in html


def test_rows_between_which_others_are_cut_are_a_table_too() -> None:
    """As in a head, then the row that is asked about, then a footnote."""
    quote = "Group | Staff | Learners … Norway. | 96-190 | 120 … ⁷ Rates: | per day … and person."
    html = answer_html(answered("A [1]", citation(document(), quote=quote)), TEXT, key="1")
    read = Reader(html)
    assert read.tags.count("tr") == 2, "what has fewer cells does not stand below others"
    assert read.tags.count("td") == 6
    assert read.text.count("…") == quote.count("…")
    rows = quote.split(" … ")
    for text in (*rows[0].split(" | "), *rows[1].split(" | "), "⁷ Rates: | per day", "and person."):
        assert text in read.text


def test_heads_stand_above_their_own_columns() -> None:
    """Where the one above the labels is not quoted, or is none."""
    rates = "Staff, per day | Learners … A1.1 | A1.2 … Greece, Malta. | 84-170 | 170"
    html = answer_html(answered("x [1]", citation(document(), quote=rates)), TEXT, key="1")
    (table,) = re.findall("<table>.*?</table>", html)
    rows = [re.findall(r'<td dir="auto">(.*?)</td>', row) for row in table.split("</tr>")[:-1]]
    assert [Reader(cell).text for row in rows for cell in row] == [
        *("", "Staff, per day", "Learners …"),
        *("", "A1.1", "A1.2 …"),
        *("Greece, Malta.", "84-170", "170"),
    ]


@pytest.mark.parametrize(
    "quote",
    [
        "Costs | Amount … Rules | Rates … Travel | 10 km | EUR 28 | EUR 30",  # may span columns
        "Costs | Amount … Distance | By train | By air",  # a table in a cell
        "By train | By air … 10 km | EUR 23 … 100 km | EUR 180 | EUR 210",  # a cell is empty
        "Distances: … 10 km | EUR 28",
        "10 km | EUR 28 … Greece | 84 | 170",  # another table
        "Travel | It is a contribution to costs. … Greece | 84 | 170",
    ],
)
def test_what_need_not_be_heads_of_columns_stands_above_none(quote: str) -> None:
    html = answer_html(answered("x [1]", citation(document(), quote=quote)), TEXT, key="1")
    assert "<td" not in html
    assert Reader(html).text.count("…") == quote.count("…")


def test_what_the_choices_leave_out_is_asked_without_them_by_a_press() -> None:
    note = Note("The choices leave out the guide of 2023.", NoteKind.LEFT_OUT)
    html = answer_html(answered("With the choices, none.", notes=(note,)), TEXT, key="1")
    assert html.index("With the") < html.index(str(note)) < html.index('class="ask unchosen"')
    assert html.count(f'value="q">{TEXT["unchosen"]}</button>') == 1
    assert "unchosen" not in answer_html(answered("None."), TEXT, key="1")


def test_an_answer_and_what_is_said_with_it_have_one_language() -> None:
    day = datetime(2026, 3, 5, tzinfo=UTC)
    cited = answered(
        "Le 5 mars. [1]",
        citation(document()),
        language="fr",
        searched="KA220",
        notes=(Note("Elle est dépassée.", NoteKind.DEADLINE_PASSED),),
        deadlines=(Deadline(moment=day, what="", citation=1, days=-9),),
    )
    shown = Reader(answer_html(cited, TEXT, key="1")).text
    french = load_messages("fr")
    for name in ("status.answered", "deadlines.title", "notes.deadline_passed"):
        assert french[name] in shown
        assert TEXT[name] not in shown
    assert "5 mars 2026" in shown
    assert TEXT["tools.copy"] in shown, "what is pressed is the window's"
    unknown = Reader(answer_html(answered("Não.", language="pt"), TEXT, key="1")).text
    assert TEXT["status.not_in_guides"] in unknown


@pytest.mark.parametrize(("question", "seen"), [("Thanks!", False), ("Should I apply?", True)])
def test_of_small_talk_nothing_is_to_be_done_but_its_record_is_there(
    question: str, seen: bool
) -> None:
    said = answered(
        "I answer questions.", status=Status.OUT_OF_SCOPE, question=question, searched=question
    )
    html = answer_html(said, TEXT, key="1", record=record_of(said, answer_id="one"))
    assert ('<div class="judged unseen">' not in html) == seen
    assert html.count("<button") == (4 if seen else 1)
    assert ('class="searched"' in html) == seen
    assert 'class="copy"' in html


def test_an_older_edition_is_noticed_right_below_the_text() -> None:
    notes = (Note("Quotes are English."), Note("It is of 2023.", NoteKind.OLDER_EDITION))
    rule = Condition(text="Two partners.", citation=1)
    answer = answered("A [1]", citation(document()), notes=notes, conditions=(rule,))
    shown = Reader(answer_html(answer, TEXT, key="1")).text
    assert shown.count("It is of 2023.") == 1
    assert shown.index("It is of 2023.") < shown.index("Two partners.")
    assert shown.index("Two partners.") < shown.index("Quotes are English.")


def test_bullets_within_a_line_are_a_list() -> None:
    text = "For sport: • Apply by 5 March. • Or later. [1]"
    html = answer_html(answered(text, citation(document())), TEXT, key="1")
    assert "<p>For sport&#58;</p><ul><li>Apply by 5 March.</li><li>Or later.&#160;<a" in html


def test_one_row_of_a_table_stays_a_line() -> None:
    html = answer_html(answered("x [1]", citation(document(), quote="A | B … C")), TEXT, key="1")
    assert "<table" not in html
    assert "A | B …" in Reader(html).text


def test_a_source_asks_for_its_page_with_the_quote() -> None:
    html = answer_html(
        answered("x [1]", citation(document(), quote="a/b & c", page=7)), TEXT, key="1"
    )
    address = escaped("documents/erasmus-plus-2026-v1-en/pages/7.png?quote=a%2Fb%20%26%20c")
    assert f'class="show" value="{address}"' in html


def test_what_was_searched_names_the_edition_that_answered() -> None:
    guide = document()
    html = answer_html(
        answered("x", searched="KA210, 2026", edition=(guide.id, guide.edition)), TEXT, key="1"
    )
    assert "Searched: KA210, 2026 — in Erasmus+ Programme Guide 2026" in Reader(html).text
    html = answer_html(
        answered("x", searched="q", edition=(guide.id, guide.edition)), TEXT, key="1"
    )
    assert "Searched in: Erasmus+ Programme Guide 2026" in Reader(html).text


def test_a_text_is_heard_in_the_language_of_the_guide_it_quotes() -> None:
    guide = document()
    edition = (guide.id, guide.edition)
    html = answer_html(
        answered("x [1]", citation(guide), edition=edition, language="de"), TEXT, key="1"
    )
    assert '<div class="text" dir="auto" lang="en">' in html
    html = answer_html(answered("Nichts.", language="de"), TEXT, key="1")
    assert '<div class="text" dir="auto" lang="de">' in html


def test_lists_and_paragraphs() -> None:
    html = answer_html(answered("Two sums:\n- one\n- two\n\nAnd more.\nStill."), TEXT, key="1")
    assert (
        "<p>Two sums&#58;</p><ul><li>one</li><li>two</li></ul><p>And more.</p><p>Still.</p>" in html
    )


def test_an_abstention_shows_near_places_once_and_a_contact_that_can_be_followed() -> None:
    guide = document()
    near = Section(document_id=guide.id, title=guide.edition.title, headings=("Part B",), page=3)
    answer = answered(
        "No answer.",
        sections=(near, near),
        contact="See https://example.org/a(b), or write.",
    )
    html = answer_html(answer, TEXT, key="1")
    assert html.count('class="place"') == 1
    assert "<blockquote" not in html
    assert f'href="{escaped("https://example.org/a(b")}"' in html
    assert 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_words(status: Status) -> None:
    citations = (citation(document()),) if status.cites else ()
    html = answer_html(answered("x", *citations, status=status), TEXT, key="1")
    assert TEXT[f"status.{status.value}"] in Reader(html).text


def test_a_question_keeps_its_lines() -> None:
    assert question_html("  a\nb <i> ").endswith('dir="auto">a<br>b &#60;i&#62;</div>')


def test_conditions_stand_in_their_table_and_not_in_the_text_too() -> None:
    rule = "At least 3 organisations."
    answer = answered(
        f"Judged by what you wrote. [1]\nNot met: {rule} [1]\nRegion 14: Switzerland [1]",
        citation(document()),
        conditions=(Condition(text=rule, citation=1, met=Met.NOT_MET, said="two schools"),),
    )
    shown = Reader(answer_html(answer, TEXT, key="1")).text
    table = shown.index(TEXT["conditions.title"])
    assert "Judged by what you wrote." in shown[:table]
    assert "Region 14: Switzerland" in shown[:table]
    assert rule not in shown[:table]
    assert rule in shown[table:]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("up to 60 000 EUR a day", "up to 60~000~EUR a day"),
        ("EUR 309 per day and 500 km", "EUR~309 per day and 500~km"),
        ("until 5 March 2026 at noon", "until 5~March~2026 at noon"),
        ("el 5 de marzo de 2026", "el 5~de~marzo~de~2026"),
        ("two lump sums grants : EUR 30", "two lump sums grants~: EUR~30"),
        ("Qui peut demander ? 3 :1", "Qui peut demander~? 3 :1"),
        ("Le guide dit : « trois » ; et (deux) ?", "Le guide dit~: «~trois~»~; et (deux)~?"),
        ("10 days", "10 days"),
        ("NEUR 5 or 3 kmx", "NEUR 5 or 3 kmx"),
    ],
)
def test_numbers_stay_with_what_they_count(text: str, held: str) -> None:
    assert unbroken(text) == held.replace("~", "\u00a0")
    assert escaped(held.replace("~", "\u00a0")) in question_html(text)


@pytest.mark.parametrize(
    ("quote", "folded"),
    [
        (
            "Duration of project | From 3 to 24 months. …\nDuration of activity | 5 to 21 days²⁴",
            True,
        ),
        (
            "Duration of project | From 3 to 24 months.\nVenue | In the country of one of them",
            False,
        ),
        ("From 3 to 24 months.", False),
    ],
)
def test_a_long_quote_of_what_the_answer_says_is_folded(quote: str, folded: bool) -> None:
    text = "Duration of project: From 3 to 24 months. [1]\nDuration of activity: 5 to 21 days [1]"
    html = answer_html(answered(text, citation(document(), quote=quote)), TEXT, key="1")
    assert ("<details" in html) is folded
    assert html.count("<blockquote") == 1
