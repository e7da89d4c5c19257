from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Answer
from assistant.ui_answer import answer_html
from assistant.ui_conversation import history, is_edited, restored
from assistant.ui_export import data, markdown
from assistant.ui_export_pdf import pdf
from assistant.ui_record import answers_of, record_of, stopped_record
from assistant.ui_text import languages, load_messages
from corpus.errors import QuestionError
from tests.browser.scenes import CONDITIONS, DEADLINE, DIFFERS, QUESTION, SUM, answers
from tests.web import HOSTILE

TEXT = load_messages()
SCENES = answers()
BASE = "https://guide.example.org/tools"


def talk(*questions: str) -> str:
    moment = datetime(2026, 3, 5, 12, tzinfo=UTC)
    return json.dumps(
        [record_of(SCENES[q], answer_id=f"id{n}", asked_at=moment) for n, q in enumerate(questions)]
    )


def printed(conversation: str) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf(conversation, TEXT, base=BASE))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def bare(answer: Answer) -> Answer:
    """Without what the browser does not keep, and what depends on the day."""
    deadlines = tuple(replace(d, days=0, local=None) for d in answer.deadlines)
    return replace(answer, passages=(), timings_ms={}, removed={}, deadlines=deadlines)


@pytest.mark.parametrize("question", list(SCENES))
def test_what_the_browser_keeps_comes_back_as_it_was(question: str) -> None:
    ((answer, record),) = answers_of(talk(question))
    assert bare(answer) == bare(SCENES[question])
    assert [note.kind for note in answer.notes] == [n.kind for n in SCENES[question].notes]
    assert record["id"] == "id0"
    assert record["asked_at"].startswith("2026-03-05T12:00")
    again = record_of(answer) | {"asked_at": record["asked_at"], "id": "id0"}
    assert [bare(a) for a, _ in answers_of(json.dumps([again]))] == [bare(answer)]


def test_days_are_counted_anew() -> None:
    ((answer, _),) = answers_of(talk(DEADLINE))
    first = answer.deadlines[0]
    assert first.days == (first.moment.date() - datetime.now(first.moment.tzinfo).date()).days


@pytest.mark.parametrize(
    "change",
    [
        {"status": "answered", "citations": []},
        {"status": "sure"},
        {"citations": [{"document_id": "../../etc/passwd"}]},
        {"deadlines": [{"moment": "soon", "what": "x", "citation": 1}]},
        {"text": "x" * 200_000},
        {"id": "<b>"},
    ],
)
def test_what_is_no_answer_is_refused(change: dict[str, object]) -> None:
    record = json.loads(talk(QUESTION))[0] | change
    with pytest.raises(QuestionError, match="Start a new one"):
        answers_of(json.dumps([record]))


@given(st.text(max_size=300))
def test_anything_else_is_refused_too(text: str) -> None:
    with pytest.raises(QuestionError):
        answers_of(text)


def test_a_kept_conversation_goes_on() -> None:
    records = json.loads(talk(QUESTION, SUM))
    conversation, said = restored(json.dumps({"records": records}), TEXT)
    assert said == ""
    assert [exchange.question for exchange in conversation] == [QUESTION, SUM]
    assert all(exchange.done for exchange in conversation)
    assert 'id="source-2-1"' in conversation[1].html
    assert not is_edited(conversation)
    for before, now in (("", TEXT["editing"]), ("Stopped.", "Stopped.")):
        kept = json.dumps({"records": records, "edited": True, "said": before})
        conversation, said = restored(kept, TEXT)
        assert is_edited(conversation)
        assert said == now
    with pytest.raises(QuestionError):
        restored(json.dumps({"records": []}), TEXT)


def test_what_was_stopped_comes_back_and_is_neither_history_nor_saved() -> None:
    half = stopped_record(HOSTILE, HOSTILE, asked_at="2026-03-05T12:00:00Z")
    kept = json.dumps([*json.loads(talk(QUESTION)), half])
    (first, last), _ = restored(f'{{"records": {kept}}}', TEXT)
    assert (last.question, last.text, last.done) == (HOSTILE, HOSTILE, False)
    assert TEXT["stopped"] in last.html
    value = last.html.split('value="')[1].split('"')[0]
    assert json.loads(unescape(value)) == half
    assert [turn.content for turn in history((first, last))][::2] == [QUESTION]
    assert HOSTILE not in data(kept)
    with pytest.raises(QuestionError):
        answers_of(json.dumps([half]))


def test_markdown_holds_every_citation_and_data() -> None:
    text = markdown(talk(QUESTION, CONDITIONS, SUM, DEADLINE, DIFFERS), TEXT, base=BASE)
    assert text.startswith("# Programme guide assistant\n\n## How much money")
    assert "Asked on 5 March 2026, 12:00 UTC" in text
    assert "A lump sum of EUR 30 000. [1]" in text
    assert "1. Erasmus+ Programme Guide 2026, p. 1  \nPart B › Key Action 2" in text
    assert "> EUR 60 000" in text
    assert "- Not met: Legally established for at least two years" in text
    assert "- 55 EUR a day x 4 participants x 10 days = 2 200 EUR" in text
    assert "- 5 March 2026, 12:00 Brussels time (passed): " in text
    assert "A. Erasmus+ Programme Guide 2025, p. 1" in text
    assert "says otherwise" not in text
    assert text.endswith("Official texts prevail.\n")


def test_what_is_due_is_saved_and_copied_as_it_is_shown() -> None:
    scene = SCENES[DEADLINE]
    loud = replace(scene, deadlines=(replace(scene.deadlines[0], what="SPORT IN THE EU"),))
    html = answer_html(loud, TEXT, key="1")
    value = html.split('class="copy"')[1].split('value="')[1].split('"')[0]
    assert json.loads(unescape(value))["deadlines"][0]["shown"] == "Sport in the EU"
    kept = json.dumps([record_of(loud, asked_at=datetime(2026, 3, 5, 12, tzinfo=UTC))])
    for text in (markdown(kept, TEXT, base=BASE), printed(kept)):
        assert ": Sport in the EU" in text
    assert "SPORT IN THE EU" in data(kept), "as the guide has it"


def test_heads_without_the_one_of_the_labels_are_saved_above_their_columns() -> None:
    quote = "Staff | Learners … Greece. | 84-170 | 170"
    scene = SCENES[SUM]
    cited = replace(scene, citations=(replace(scene.citations[0], quote=quote),))
    text = markdown(json.dumps([record_of(cited)]), TEXT, base=BASE)
    assert "> |  | Staff | Learners … |\n> | --- | --- | --- |\n> | Greece. | 84-170 |" in text


def test_saved_deadlines_say_whose_hour_it_is_and_nothing_that_goes_stale() -> None:
    kept = talk(DEADLINE).replace('"2026-03', '"1999-03').replace('"2026-10', '"2999-10')
    for text in (markdown(kept, TEXT, base=BASE), printed(kept)):
        assert "5 March 1999, 12:00 Brussels time (passed): Applications in the fields" in text
        assert "1 October 2999, 12:00 Brussels time: Applications in the field of" in text
        assert "days" not in text
        assert "today" not in text


def test_saved_conditions_begin_with_what_is_not_met() -> None:
    text = markdown(talk(CONDITIONS), TEXT, base=BASE)
    verdicts = ("not_met", "unknown", "met")
    places = [text.index(f"- {TEXT[f'conditions.{verdict}']}: ") for verdict in verdicts]
    assert places == sorted(places)


def test_what_stands_around_a_saved_answer_is_in_its_own_language() -> None:
    german = load_messages("de")
    answer = replace(SCENES[DEADLINE], question="Wann ist die Frist für KA220?", language="de")
    record = record_of(answer, asked_at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    both = json.dumps([record, *json.loads(talk(QUESTION))])
    names = ("status.answered", "deadlines.titles", "sources", "deadlines.brussels")
    for text in (markdown(both, TEXT, base=BASE), printed(both)):
        mine, other = text.split(QUESTION)
        for name in names[:3]:
            assert german[name] in mine
            assert TEXT[name] not in mine
        assert f"5. März 2026, 12:00 {german['deadlines.brussels']}" in mine
        assert german["export.asked"].format(date="5. März 2026, 12:00 UTC") in mine
        assert TEXT["status.answered"] in other
        assert TEXT["title"] in mine


def test_saved_paths_are_as_quiet_as_those_of_the_window() -> None:
    headings = ("PART B", "KEY ACTION 2", "COOPERATION PARTNERSHIPS", "FUNDING RULES")
    cited = replace(SCENES[QUESTION].citations[0], headings=headings)
    both = json.dumps([record_of(replace(SCENES[QUESTION], citations=(cited,)))])
    for text in (markdown(both, TEXT, base=BASE), printed(both)):
        assert "… › Key action 2 › Cooperation partnerships › Funding rules" in text
        assert "FUNDING" not in text


def test_saved_rows_of_tables_are_tables_and_headings_short() -> None:
    text = markdown(talk(SUM, DIFFERS), TEXT, base=BASE)
    table = (
        "> |  |  |  |\n> | --- | --- | --- |\n> | Activity | Days 1-14 | From day 15 |\n"
        "> | Group 1 | EUR 60 | EUR 42 |\n> | Group 2 | EUR 55 | EUR 39 |\n"
    )
    assert table in text
    assert f"\n\n### Editions differ\n\n{TEXT['differs']}\n\n" in text
    row = replace(SCENES[SUM].citations[0], quote="Title\nGroup 1 | EUR 60\nOne more")
    cited = replace(SCENES[SUM], text="Group 1 | EUR 60 [1]", citations=(row,))
    text = markdown(json.dumps([record_of(cited)]), TEXT, base=BASE)
    assert "> Title\n> Group 1 · EUR 60\n> One more" in text
    assert "Group 1 · EUR 60 [1]" in text
    assert "|" not in text


def test_saved_rows_without_a_head_have_none_and_no_signs_between_their_cells() -> None:
    rows = "Greece | 84-170 euro\nSpain | 72-140 euro"
    wide = " | ".join(["9 words"] * 7)
    long = f"{'Word. ' * 400} | 12\n{'Word. ' * 400} | 13"
    for quote in (rows, f"{wide}\n{wide}", long):
        cited = replace(SCENES[SUM].citations[0], quote=quote)
        kept = json.dumps([record_of(replace(SCENES[SUM], citations=(cited,)))])
        assert "|" not in printed(kept)
        assert "Greece 84-170 euro Spain 72-140 euro" in printed(kept) or quote != rows
        if quote == rows:
            table = "> |  |  |\n> | --- | --- |\n> | Greece | 84-170 euro |\n> | Spain |"
            assert table in markdown(kept, TEXT, base=BASE)


def test_saved_sources_lead_to_their_pages() -> None:
    url = SCENES[QUESTION].citations[0].url
    assert f"  \n<{BASE}{url}>\n\n> EUR 30 000" in markdown(talk(QUESTION), TEXT, base=BASE)
    pages = pypdf.PdfReader(io.BytesIO(pdf(talk(QUESTION), TEXT, base=BASE))).pages
    links = [note.get_object()["/A"]["/URI"] for page in pages for note in page.get("/Annots", ())]
    assert f"{BASE}{url}" in links


def test_each_saved_statement_is_a_paragraph_of_its_own() -> None:
    answer = replace(SCENES[QUESTION], text="First. [1]\nSecond. [2]")
    text = markdown(json.dumps([record_of(answer)]), TEXT, base=BASE)
    assert "\n\nFirst. [1]\n\nSecond. [2]\n\n" in text


def test_lists_within_a_statement_are_saved_as_lists() -> None:
    answer = replace(SCENES[QUESTION], text="Due by: • 5 March. • 1 October. [1]\nNext. [1]")
    kept = json.dumps([record_of(answer)])
    text = markdown(kept, TEXT, base=BASE)
    assert "\n\nDue by:\n\n- 5 March.\n- 1 October. [1]\n\nNext. [1]\n\n" in text
    assert "Due by: • 5 March. • 1 October. [1] Next. [1]" in printed(kept)


def test_what_is_saved_as_a_list_is_not_repeated_in_the_text() -> None:
    judged, summed = SCENES[CONDITIONS], SCENES[SUM]
    rows = "\n".join(f"Met: {c.text} [{c.citation}]" for c in judged.conditions)
    judged = replace(judged, text=f"Judged only by what you wrote. [1]\n{rows}")
    assert summed.calculation
    working = summed.calculation.working
    summed = replace(summed, text=f"{working} [1]\nThen. [1]")
    both = json.dumps([record_of(judged), record_of(summed)])
    for text in (markdown(both, TEXT, base=BASE), printed(both)):
        for condition in judged.conditions:
            assert text.count(f"{condition.text} [") == 1
        assert "(You said: founded last year)" in text
        assert text.count(working) == 1
        assert "4 participants (from your question)" in text


def test_no_heading_is_alone_at_the_end_of_a_page() -> None:
    for lines in range(16, 46):
        first = replace(SCENES[QUESTION], text="\n".join(["A line. [1]"] * lines))
        both = json.dumps([record_of(first), record_of(SCENES[DIFFERS])])
        names = ("status.answered", "sources", "notes.edition_differs", "differs")
        for page in pypdf.PdfReader(io.BytesIO(pdf(both, TEXT, base=BASE))).pages:
            last = page.extract_text().splitlines()[-1]  # the first one is the page's number
            assert last not in {*(TEXT[name] for name in names), DIFFERS}, lines


def test_markdown_leaves_hostile_text_as_text() -> None:
    text = markdown(talk("hostile"), TEXT, base=BASE)
    assert "<script" not in text.replace(r"\<script", "")
    assert "![x]" not in text
    assert r"\*\*b\*\*" in text


def test_json_holds_the_answers_as_the_api_gives_them() -> None:
    held = json.loads(data(talk(QUESTION, SUM)))["answers"]
    assert [answer["question"] for answer in held] == [QUESTION, SUM]
    assert held[0]["citations"][1]["quote"] == "EUR 60 000"
    assert held[1]["calculation"]["working"].endswith("= 2 200 EUR")


@pytest.mark.parametrize("language", languages())
def test_pdf_holds_every_citation_in_each_language(language: str) -> None:
    messages = load_messages(language)
    spoken = [record | {"language": language} for record in json.loads(talk(*SCENES))]
    file = pdf(json.dumps(spoken), messages, base=BASE)
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert messages["title"].replace("\u00ad", "") in text
    assert "[2] Erasmus+ Programme Guide 2025" in text
    assert "EUR 60 000" in text
    assert "[A] Erasmus+ Programme Guide 2025" in text
    assert messages["conditions.not_met"] in text
    assert HOSTILE.split()[0] in text
    assert "Léargas" in text


def test_pdf_leaves_out_letters_that_it_cannot_show_and_says_where_they_stand() -> None:
    asked = "كم تبلغ المنحة؟ Small-scale 🎓 Partnership, 小規模 (2026)"
    both = json.dumps([record_of(replace(SCENES[QUESTION], question=asked))])
    pages = pypdf.PdfReader(io.BytesIO(pdf(both, TEXT, base=BASE))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "[…]؟ Small-scale" not in text
    assert "[…] Small-scale Partnership, […] (2026)" in text
    assert TEXT["export.left_out"].format(sign="[…]") in text
    assert asked in markdown(both, TEXT, base=BASE).replace("\\", "")
    plain = pypdf.PdfReader(io.BytesIO(pdf(talk(QUESTION), TEXT, base=BASE))).pages[0]
    assert "[…]" not in plain.extract_text()
