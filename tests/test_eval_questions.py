from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.model import Filters, Turn
from corpus.errors import EvaluationError
from corpus.model import Document
from corpus.records import DocumentRecord
from eval.checking import check
from eval.question_files import read_questions, write_questions
from eval.questions import GoldPage, Question, set_hash, to_record
from tests.eval_doubles import make_document
from tests.web import record


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def without_lines(questions: tuple[Question, ...]) -> list[Question]:
    return [replace(q, line=0) for q in questions]


LAUGHS = b"- &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"- &%c [%s]\n" % (98 + n, b", ".join([b"*%c" % (97 + n)] * 10)) for n in range(8)
)
"""Little text that stands for a billion items."""

FULL = Question(
    id="A1",
    question="how much for travel?",
    lang="en",
    kind="amount",
    topic="travel",
    history=(Turn(role="user", content="hi"), Turn(role="assistant", content="Hello.")),
    filters=Filters(programme="Erasmus+", year=2026),
    gold=(
        GoldPage(document="guide.pdf", page=7, quote="EUR 309"),
        GoldPage(document="b.pdf", page=1),
    ),
    alternatives=False,
    key_facts=(("309", "309 EUR"), ("travel",)),
    answer="309 euro.",
    note="[table]",
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
filled = texts.filter(lambda t: bool(t.strip()))
words = filled.map(str.strip)
questions = st.builds(
    Question,
    question=filled,
    id=st.just(""),
    lang=st.sampled_from(["", "en", "el"]),
    kind=st.sampled_from(["", "fact"]),
    history=st.lists(
        st.builds(
            Turn, role=st.sampled_from(["user", "assistant"]), content=st.text(max_size=20)
        ).filter(lambda t: t.content.isprintable())
    ).map(tuple),
    filters=st.builds(
        Filters, programme=st.none() | words, year=st.none() | st.integers(1000, 9999)
    ),
    gold=st.lists(
        st.builds(GoldPage, document=words, page=st.integers(1, 999), quote=texts), max_size=3
    ).map(tuple),
    alternatives=st.booleans(),
    key_facts=st.lists(st.lists(filled, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    answer=texts,
    note=texts,
)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@given(drawn=st.lists(questions, min_size=1, max_size=4))
@settings(max_examples=30)
def test_a_set_written_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, drawn: list[Question]
) -> None:
    path = tmp_path_factory.mktemp("sets") / f"set{suffix}"
    numbered = [replace(q, id=f"Q{i}") for i, q in enumerate(drawn)]
    write_questions(path, numbered)
    read = read_questions(path)
    blank = [
        replace(q, answer=q.answer.strip() and q.answer, note=q.note.strip() and q.note)
        for q in numbered
    ]
    assert without_lines(read) == (numbered if suffix == ".jsonl" else blank)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_every_field_survives(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"set{suffix}"
    write_questions(path, [FULL])
    assert without_lines(read_questions(path)) == [FULL]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''+1"])
def test_no_spreadsheet_takes_a_question_for_a_formula(tmp_path: Path, start: str) -> None:
    path = tmp_path / "set.csv"
    written = replace(FULL, question=f"{start} what?", key_facts=((f"{start} euro",),))
    write_questions(path, [written])
    with path.open(encoding="utf-8-sig", newline="") as file:
        [cells] = csv.DictReader(file)
    for name in ("question", "key_facts"):
        assert (cells[name] or "").startswith(("'", "["))
    assert without_lines(read_questions(path)) == [written]


def test_references_of_yaml_are_read(tmp_path: Path) -> None:
    text = "- &one {id: A, question: q, topic: t}\n- {<<: *one, id: B}\n"
    assert [q.topic for q in read_questions(write(tmp_path / "set.yaml", text))] == ["t", "t"]


def test_yaml_gives_the_same_questions_with_their_lines(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    text = "# a set\n" + yaml.safe_dump([to_record(FULL), to_record(replace(FULL, id="A2"))])
    read = read_questions(write(tmp_path / "set.yaml", text))
    assert without_lines(read) == [FULL, replace(FULL, id="A2")]
    assert read[0].line == 2
    assert text.splitlines()[read[1].line - 1].startswith("- ")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["questions-dev.jsonl", "questions-dev-extra.jsonl"])
def test_the_real_sets_are_read_whole(shared: Path, name: str) -> None:
    path = shared / "golden" / name
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    read = read_questions(path)
    assert [to_record(q) for q in read] == [
        {"note": ""} | row if "note" in row else row for row in rows
    ]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"id": "A", "question": "q", "qold": []}, 'unknown field "qold"'),
        ({"question": "q"}, 'the field "id" is missing'),
        ({"id": "A"}, 'the field "question" is missing'),
        ({"id": "A", "question": " \n"}, '"question" is blank'),
        ({"id": "A", "question": 5}, '"question" must be text, not 5 (put it in quotes)'),
        ({"id": "A", "question": "q", "answerable": "yes"}, '"answerable" must be true or false'),
        ({"id": "A", "question": "q", "gold": {}}, '"gold" must be a list'),
        (
            {"id": "A", "question": "q", "gold": [{"document": "a.pdf", "page": 0}]},
            'entry 1 of "gold": "page" is a whole number from 1, not 0',
        ),
        (
            {"id": "A", "question": "q", "gold": [{"document": "a.pdf", "page": True}]},
            '"page" is a whole number from 1, not true',
        ),
        ({"id": "A", "question": "q", "gold": [{"page": 1}]}, 'needs "document"'),
        ({"id": "A", "question": "q", "gold": ["a.pdf"]}, "must be an object"),
        (
            {"id": "A", "question": "q", "gold": [{"document": "a", "page": 1, "quote": 3}]},
            '"quote" must be text',
        ),
        (
            {"id": "A", "question": "q", "gold": [{"document": "a", "page": 1, "pages": 3}]},
            'unknown field "pages"',
        ),
        ({"id": "A", "question": "q", "key_facts": ["60"]}, 'entry 1 of "key_facts"'),
        ({"id": "A", "question": "q", "key_facts": [[60]]}, "each some text, not [60]"),
        ({"id": "A", "question": "q", "key_facts": [[]]}, 'entry 1 of "key_facts"'),
        ({"id": "A", "question": "q", "history": [["user", "x"]]}, 'turn 1 of "history"'),
        (
            {"id": "A", "question": "q", "history": [{"role": "agent", "content": "x"}]},
            'role is "user" or "assistant"',
        ),
        ({"id": "A", "question": "q", "filters": []}, None),
        ({"id": "A", "question": "q", "filters": [1]}, '"filters" must be an object'),
        ({"id": "A", "question": "q", "filters": {"call": 1}}, 'unknown filter "call"'),
        ({"id": "A", "question": "q", "filters": {"year": "2026"}}, "must be a whole number"),
        ({"id": "A", "question": "q", "filters": {"programme": 5}}, "must be text"),
        (
            {"id": "A", "question": "q", "answerable": False, "key_facts": [["5"]]},
            "answerable is false, but",
        ),
        (["A", "q"], "a question is an object"),
        ({"id": "A", "question": "half \ud800"}, "holds half of a character"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, record: object, message: str | None
) -> None:
    good = json.dumps({"id": "first", "question": "q"})
    path = write(tmp_path / "set.jsonl", f"{good}\n\n{json.dumps(record)}\n")
    if message is None:
        assert len(read_questions(path)) == 2
        return
    with pytest.raises(EvaluationError) as caught:
        read_questions(path)
    assert "set.jsonl" in str(caught.value)
    assert "line 3: " in str(caught.value)
    assert message in str(caught.value)


def test_a_duplicate_id_names_both_lines(tmp_path: Path) -> None:
    row = json.dumps({"id": "A1", "question": "q"})
    path = write(tmp_path / "set.jsonl", f"{row}\n{row}\n")
    with pytest.raises(EvaluationError, match=r'line 2: id "A1" occurs twice, first in line 1'):
        read_questions(path)


def test_many_problems_are_counted_and_the_first_shown(tmp_path: Path) -> None:
    path = write(tmp_path / "set.jsonl", '{"id": "A"}\n' * 50)
    with pytest.raises(EvaluationError, match=r"50 problems") as caught:
        read_questions(path)
    assert str(caught.value).endswith("and 30 more")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("set.jsonl", b'{"id": "A", "question": "q"}\n{"id": \n', "set.jsonl, line 2: not JSON"),
        ("set.jsonl", b"[" * 100_000, "line 1: not JSON"),
        ("set.jsonl", b"\n \n", "holds no questions"),
        ("set.jsonl", b'\n{"id": "\xe9"}', "line 2: not UTF-8"),
        ("set.csv", "id,question\nA,größer".encode("cp1252"), "line 2: not UTF-8 text. Save"),
        (
            "set.csv",
            b"nummer,frage\nA,q\n",
            "unknown: 'nummer', 'frage'; missing: 'id', 'question'",
        ),
        ("set.csv", b"id,question,id\nA,q,B\n", "twice: 'id'"),
        ("set.csv", b"", "missing: 'id', 'question'"),
        ("set.csv", b"id,question\n", "holds no questions"),
        ("set.csv", b"id;question\n\nA;one;two\n", "line 3: 3 cells under 2 columns"),
        ("set.csv", b'id,question\nA,"open\n', "not CSV"),
        ("set.csv", b"id,question,gold\nA,q,guide.pdf page 7\n", 'line 2: entry 1 of "gold"'),
        ("set.csv", b'id,question,gold\nA,q,"[{"\n', 'line 2: "gold" must be a list'),
        ("set.csv", b"id,question,answerable\nA,q,maybe\n", 'line 2: "answerable" must be'),
        ("set.csv", b"id,question,year\nA,q,soon\n", 'filter "year" must be a whole number'),
        ("set.csv", b"id,question\nA,q\nB,\nA,r\n", 'line 3: the field "question" is missing'),
        ("set.yaml", b"id: A\n", "one list of questions"),
        ("set.yaml", b"- id: A\n  question: [\n", "not YAML"),
        ("set.yaml", b"- id: A\n  question: 2026-99-99\n", "not YAML"),
        ("set.yaml", b"\n- id: A\n  question: q\n  lang: no\n", 'line 2: "lang" must be text'),
        ("set.yaml", b"", "holds no questions"),
        ("set.yaml", b"- &x {id: A, question: *x}\n", "its references (*name)"),
        ("set.yaml", LAUGHS, "more than 10 times as long"),
        ("set.yaml", b"- {id: A, question: q, 2026-01-01: x}\n", "line 1: holds what no JSON can"),
        ("set.yaml", b"- {id: A, question: q, !!binary YQ==: x}\n", "holds what no JSON can"),
        ("set.yaml", b"- {id: A, question: 0x" + b"f" * 9000 + b"}\n", "holds what no JSON can"),
        ("set.yaml", b"- {id: A, question: !!set {a}}\n", '"question" must be text'),
        ("set.yaml", b"- !!python/object/apply:os.getcwd []\n", "not YAML"),
        ("set.yaml", b"- " * 30_000 + b"A", "not YAML"),
        ("set.yaml", b"- {? [a] : b}\n", "not YAML"),
        ("set.txt", b"q", "files that end in .jsonl, .csv"),
    ],
)
def test_files_that_are_no_sets(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        read_questions(path)
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"nothing\.jsonl cannot be read: No such file"):
        read_questions(tmp_path / "nothing.jsonl")


def test_a_set_cannot_be_written_as_yaml_or_into_a_file(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"written as \.jsonl or \.csv"):
        write_questions(tmp_path / "set.yaml", [FULL])
    write(tmp_path / "file", "")
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_questions(tmp_path / "file" / "set.csv", [FULL])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_as_spreadsheets_write_it(tmp_path: Path, delimiter: str, mark: str) -> None:
    rows = [
        ["ID", "Question", "gold", "key_facts", "programme", "year", "answerable", "history"],
        [
            "A1",
            f'"what, is{delimiter} it?"',
            '"guide one.pdf#page=7 EUR 309\nother.pdf#page=12"',
            '"309 | 309,00\ntravel"',
            "Erasmus+",
            "2026",
            "YES",
            '"user: hi\nAssistant: Hello."',
        ],
        ["", "", "", "", "", "", "", ""],
        ["A2", "next", "", "", "", "", "no", ""],
    ]
    text = mark + "\r\n".join(delimiter.join(row) for row in rows)
    first, second = read_questions(write(tmp_path / "set.csv", text))
    assert first.question == f"what, is{delimiter} it?"
    assert first.gold_pages == (("guide one.pdf", 7), ("other.pdf", 12))
    assert first.gold[0].quote == "EUR 309"
    assert first.key_facts == (("309", "309,00"), ("travel",))
    assert first.filters == Filters(programme="Erasmus+", year=2026)
    assert first.history == (
        Turn(role="user", content="hi"),
        Turn(role="assistant", content="Hello."),
    )
    assert (first.answerable, second.answerable) == (True, False)
    assert (first.line, second.line) == (2, 7)


def test_ten_thousand_questions_are_read(tmp_path: Path) -> None:
    rows = "\n".join(f"Q{i};question {i};guide.pdf#page={i + 1}" for i in range(10_000))
    read = read_questions(write(tmp_path / "set.csv", f"id;question;gold\n{rows}\n"))
    assert len(read) == 10_000
    assert read[-1].gold_pages == (("guide.pdf", 10_000),)


def test_ten_thousand_questions_are_checked_and_problems_come_in_order() -> None:
    texts = [f"Rule {number} of the guide.\n" for number in range(1, 201)]
    library = OneDocument(make_document(texts))
    wrong = {i: i % 200 + 2 for i in range(500, 10_000, 1000)}  # the page after the right one
    many = [
        Question(
            id=f"Q{i}",
            question="which rule?",
            gold=(
                GoldPage(
                    document="guide.pdf", page=wrong.get(i, i % 200 + 1), quote=texts[i % 200]
                ),
            ),
            line=i + 1,
        )
        for i in range(10_000)
    ]
    found = check(many, library, quote_stands=lambda file, page, quote: False)
    assert [problem.line for problem in found] == [i + 1 for i in wrong]
    assert str(found[0]).endswith("is not on page 102 of guide.pdf (it stands on page 101)")


class OneDocument:
    """A library of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def records(self) -> tuple[DocumentRecord, ...]:
        return (record(self._document),)

    def document(self, document_id: str) -> Document:
        return self._document


def test_the_hash_follows_the_content_and_not_the_file(tmp_path: Path) -> None:
    write_questions(tmp_path / "a.jsonl", [FULL])
    write_questions(tmp_path / "b.csv", [FULL])
    a, b = read_questions(tmp_path / "a.jsonl"), read_questions(tmp_path / "b.csv")
    assert set_hash(a) == set_hash(b) == set_hash([replace(FULL, line=99)])
    assert set_hash(a) != set_hash([replace(FULL, answer="310 euro.")])
