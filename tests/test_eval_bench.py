from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import guide
from corpus.errors import EvaluationError
from corpus.model import tiles
from corpus.store import MemoryStore
from eval.bench import rank_questions
from eval.benchmarks import RECIPES, read_benchmark
from eval.questions import Question
from eval.systems import TutorialSystem, plain_query
from eval.tutorial import Tutorial
from tests.builders import WordEmbedder

DOCUMENTS = [
    {
        "id": "Plates",
        "title": "Plates",
        "passages": [
            {"id": "0", "section": "Plates", "text": "Plates are sent by post."},
            {"id": "7", "section": "Lost plates", "text": "Report lost plates to the police."},
        ],
    },
    {
        "id": "Insurance",
        "title": "Insurance",
        "passages": [{"id": "0", "section": "", "text": "  Insurance lapses after 90 days. "}],
    },
]
QUESTIONS = [
    {"id": "q0", "question": "i lost my plates", "gold": [["Plates", "7"]], "answerable": True},
    {"id": "q1", "question": "nothing", "gold": [], "answerable": False},
    {
        "id": "q2",
        "question": "when does it lapse?",
        "gold": [["Insurance", "0"], ["Plates", "0"]],
        "answerable": True,
        "history": [["user", "I have insurance"], ["agent", "Good."]],
    },
]


def write(folder: Path, documents: object = DOCUMENTS, questions: object = QUESTIONS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("documents", documents), ("questions", questions)):
        text = "".join(json.dumps(row) + "\n" for row in rows)  # type: ignore[attr-defined]
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_passages_become_pages_and_gold_passages_gold_pages(tmp_path: Path) -> None:
    [benchmark] = read_benchmark("doc2dial-en", write(tmp_path))
    document = benchmark.document
    assert [document.page_text(n) for n in (1, 2, 3)] == [
        "Plates are sent by post.\n",
        "Report lost plates to the police.\n",
        "Insurance lapses after 90 days.\n",
    ]
    assert tiles([page.span for page in document.pages], len(document.text))
    assert [section.headings for section in document.sections] == [
        ("Plates",),
        ("Plates", "Lost plates"),
        ("Insurance",),
    ]
    first, last = benchmark.questions
    assert first.gold_pages == (("doc2dial-en.jsonl", 2),)
    assert last.gold_pages == (("doc2dial-en.jsonl", 3), ("doc2dial-en.jsonl", 1))
    assert [turn.role for turn in last.history] == ["user", "assistant"]


def test_samples_are_the_same_each_time_and_a_limit_takes_their_start(tmp_path: Path) -> None:
    questions = [dict(QUESTIONS[0], id=f"q{i}") for i in range(1500)]
    folder = write(tmp_path, questions=questions)
    [whole] = read_benchmark("doc2dial-en", folder)
    [again] = read_benchmark("doc2dial-en", folder)
    [few] = read_benchmark("doc2dial-en", folder, limit=5)
    assert len({q.id for q in whole.questions}) == 1000
    assert whole.questions == again.questions
    assert few.questions == whole.questions[:5]


def test_a_trial_keeps_the_gold_passages_and_a_few_others(tmp_path: Path) -> None:
    folder = write(tmp_path)
    [first] = read_benchmark("doc2dial-en", folder, limit=1, others=0)
    assert [first.document.page_text(1), len(first.document.pages)] == [
        "Report lost plates to the police.\n",
        1,
    ]
    assert first.questions[0].gold_pages == (("doc2dial-en.jsonl", 1),)
    [more] = read_benchmark("doc2dial-en", folder, limit=1, others=1)
    assert more.document.text.startswith("Plates are sent")
    assert more.questions[0].gold_pages == (("doc2dial-en.jsonl", 2),)


def test_parallel_passages_in_english_are_the_gold_of_other_languages(tmp_path: Path) -> None:
    documents = [
        {"id": f"{lang}:p{i}", "title": "T", "lang": lang, "parallel_id": f"p{i}", "text": f"{i}"}
        for lang in ("de", "en")
        for i in range(2)
    ]
    questions = [
        {
            "id": f"{lang}:1",
            "lang": lang,
            "question": "?",
            "gold_parallel_id": "p1",
            "gold": [[f"{lang}:p1", None]],
            "answerable": True,
        }
        for lang in ("de", "es", "en")
    ]
    groups = read_benchmark("xquad", write(tmp_path, documents, questions))
    assert [group.group for group in groups] == [
        f"{lang}→en" for lang in RECIPES["xquad"].question_languages
    ]
    assert groups[0].questions[0].gold_pages == (("xquad.jsonl", 2),)
    assert groups[0].document.page_text(2) == "1\n"
    assert groups[0].document.sections[0].headings == ()
    assert groups[3].questions == ()


@pytest.mark.parametrize(
    ("name", "documents", "questions", "message"),
    [
        ("unknown", DOCUMENTS, QUESTIONS, 'no benchmark "unknown". Known are: doc2dial-en'),
        ("doc2dial-en", [{"title": "x"}], QUESTIONS, "not in the expected form"),
        ("doc2dial-en", DOCUMENTS, [{"id": "q", "gold": [["a", "b"]]}], "expected form"),
    ],
)
def test_what_is_no_benchmark_is_named(
    tmp_path: Path, name: str, documents: object, questions: object, message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        read_benchmark(name, write(tmp_path, documents, questions))


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"documents\.jsonl cannot be read"):
        read_benchmark("doc2dial-en", tmp_path)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "passages", "groups", "questions"),
    [
        ("doc2dial-en", 4588, 1, 1000),
        ("xquad", 240, 6, 200),
        ("mtrag-un", 1152, 1, 377),
        ("clapnq-dev", 597, 1, 300),
    ],
)
def test_the_real_benchmarks_are_read_whole(
    shared: Path, name: str, passages: int, groups: int, questions: int
) -> None:
    found = read_benchmark(name, shared / "benchmarks" / name)
    assert [len(group.questions) for group in found] == [questions] * groups
    assert len(found[0].document.pages) == passages


# -- systems ------------------------------------------------------------------------------------


def invoke(home: Path, *arguments: str | Path) -> Result:
    environment = {
        "GUIDE_HOME": str(home),
        "GUIDE_EMBEDDING__MODEL": "bge-small-en-v1.5",
        "GUIDE_RETRIEVAL__RERANKER": "none",
    }
    return CliRunner(env=environment).invoke(guide, ["bench", *map(str, arguments)])


def test_the_product_and_its_parts_rank_the_same_passages(tmp_path: Path) -> None:
    folder, kept = write(tmp_path / "sets" / "doc2dial-en"), tmp_path / "kept"
    arguments = ("doc2dial-en", "--folder", tmp_path / "sets", "--keep", kept)
    done = invoke(tmp_path / "home", *arguments, "--json")
    assert done.exit_code == 0, done.output
    body = json.loads(done.stdout)
    assert (body["benchmark"], body["passages"]) == ("doc2dial-en", 3)
    assert list(body["systems"]) == ["ours", "bm25", "dense"]
    for system in body["systems"].values():
        measures = system["groups"]["all"]["measures"]
        assert measures["recall@5"]["n"] == 2
        assert measures["recall@10"]["value"] == 1.0
    first = body["systems"]["bm25"]["groups"]["all"]["measures"]["mrr@10"]
    assert first["value"] == 1.0  # "lost plates" and "insurance" stand in one passage each
    again = invoke(tmp_path / "home", *arguments, "--systems", "bm25", "--limit", "1")
    assert again.stdout.splitlines()[1].split()[:3] == ["bm25", "all", "1"]
    changed = json.loads(json.dumps(DOCUMENTS))
    changed[0]["passages"][1]["text"] = "Something else altogether."
    write(folder, changed)
    other = invoke(tmp_path / "home", *arguments, "--systems", "bm25", "--json")
    values = json.loads(other.stdout)["systems"]["bm25"]["groups"]["all"]["measures"]
    assert values["mrr@10"]["value"] < 1.0  # the kept library follows its passages


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("doc2dial-en", "--folder", "."), 2, "There is no folder doc2dial-en in ."),
        (("doc2dial-en", "--systems", "ours,google"), 2, "not google"),
        (("doc2dial-en", "--systems", " ,"), 2, "not none"),
    ],
)
def test_wrong_use_is_said(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = invoke(tmp_path, *arguments)
    assert done.exit_code == code
    assert said in done.stderr


def test_a_benchmark_without_a_question_is_said(tmp_path: Path) -> None:
    write(tmp_path / "mtrag-un", questions=QUESTIONS[1:2])
    done = invoke(tmp_path / "home", "mtrag-un", "--folder", tmp_path, "--others", "1")
    assert done.exit_code == 1
    assert "holds no question that a passage answers" in done.stderr


def test_an_unknown_benchmark_is_said(tmp_path: Path) -> None:
    write(tmp_path / "mine")
    done = invoke(tmp_path / "home", "mine", "--folder", tmp_path)
    assert done.exit_code == 1
    assert 'There is no benchmark "mine"' in done.stderr


def test_the_tutorial_ranks_pages_by_their_nearest_chunk(tmp_path: Path) -> None:
    [benchmark] = read_benchmark("doc2dial-en", write(tmp_path))
    document = benchmark.document
    tutorial = Tutorial(lambda text: text.split(". "), WordEmbedder(), MemoryStore())
    told: list[tuple[int, int]] = []
    pages = [((document.file, p.number), document.page_text(p.number)) for p in document.pages]
    tutorial.add(pages, lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]
    system = TutorialSystem(tutorial)
    ranked = rank_questions(system, "tutorial", benchmark, lambda what, done, total: None)
    assert ranked.measures["recall@1"].n == 2
    assert tutorial.ranked("Report lost plates")[0] == (document.file, 2)
    tutorial.close()


def test_the_query_of_rivals_is_the_last_two_user_turns(tmp_path: Path) -> None:
    [benchmark] = read_benchmark("doc2dial-en", write(tmp_path))
    assert plain_query(benchmark.questions[1]) == "I have insurance\nwhen does it lapse?"
    assert plain_query(benchmark.questions[0]) == "i lost my plates"


def test_measures_of_a_group(tmp_path: Path) -> None:
    [benchmark] = read_benchmark("doc2dial-en", write(tmp_path))

    class Always:
        def ranked(self, question: Question) -> list[tuple[str, int]]:
            return [("doc2dial-en.jsonl", 1), ("doc2dial-en.jsonl", 2)]

    ranked = rank_questions(Always(), "always", benchmark, lambda what, done, total: None)
    values = {name: e.value for name, e in ranked.measures.items()}
    # One question has page 2 as its gold, the other pages 3 and 1.
    assert values == {
        "recall@1": 0.5,
        "recall@5": 1.0,
        "recall@10": 1.0,
        "mrr@10": 0.75,
        "share@5": 0.75,
    }
