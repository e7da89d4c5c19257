"""Fixtures every test may use."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from corpus.settings import LimitSettings, Settings
from tests.builders import make_boxes, make_pdf
from tests.chroma import running_chroma

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from corpus.embedding import Embedder
    from corpus.model import Document
    from ingest.reading import DrawnFile

# A busy machine must not make a property test fail: no time limit for one example. What decides
# about a change tries the same examples each time; everywhere else new ones are tried.
settings.register_profile("project", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("project")

PROJECT = Path(__file__).resolve().parent.parent

Open = Callable[..., "Assistant"]
"""Opens an assistant on some documents; see `opened`."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real guides beside the project; in CI it must be there."""
    folder = PROJECT.parent / "shared"
    if not (folder / "guides").is_dir():
        reason = f"the real guides are not here: {folder.name}/guides beside the project"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def guides(shared: Path) -> Path:
    """The real guides as PDF."""
    return shared / "guides"


@pytest.fixture(scope="session")
def drawn_guide(guides: Path) -> Callable[[str], DrawnFile]:
    """What the pages of a real guide draw, by the name of its file; each is read once."""
    from ingest.reading import read_drawn

    return cache(lambda name: read_drawn(guides / name, limits=LimitSettings()))


@pytest.fixture(scope="session")
def model_home(request: pytest.FixtureRequest) -> Path:
    """A data folder for converted models, kept between runs until their conversion changes.

    Tests that open a model put this folder, or a copy of the settings with it, in `home`; they
    write nothing else into it.
    """
    sources = ("bert", "bert_graph", "conversion", "e5_weights", "onnx_weights", "sentence_folder")
    digest = hashlib.sha256()
    for name in sources:
        digest.update((PROJECT / "corpus" / f"{name}.py").read_bytes())
    kept = request.config.cache.mkdir("models")
    home = kept / digest.hexdigest()[:12]
    for old in kept.iterdir():
        if old != home:
            shutil.rmtree(old, ignore_errors=True)
    home.mkdir(exist_ok=True)
    return home


@pytest.fixture(scope="session")
def embedder(model_home: Path) -> Embedder:
    """The embedder of many languages."""
    from corpus.embedders import open_embedder

    return open_embedder(Settings(home=model_home))


@pytest.fixture
def opened(model_home: Path, embedder: Embedder, tmp_path: Path) -> Iterator[Open]:
    """Opens an assistant on documents in memory, with the real embedder and reranker."""
    from assistant.wiring import open_assistant
    from corpus.packing import pack_boxes
    from corpus.passage_texts import passage_texts
    from corpus.writer import IndexWriter

    assistants: list[Assistant] = []

    def opening(*documents: Document) -> Assistant:
        (tmp_path / "models").symlink_to(model_home / "models")
        settings = Settings(home=tmp_path)
        with closing(IndexWriter.open(settings, embedder=embedder)) as writer:
            for document in documents:
                vectors = embedder.embed_passages(passage_texts(document))
                boxes = pack_boxes(document, make_boxes(document))
                writer.save(document, vectors, boxes, make_pdf(tmp_path, document))
        assistants.append(open_assistant(settings))
        return assistants[-1]

    yield opening
    for each in assistants:
        each.close()


@pytest.fixture(scope="session")
def starter() -> Path:
    """The starter guides that come with the project."""
    return PROJECT / "corpus" / "starter"


@pytest.fixture(name="settings")
def settings_of_a_new_home(tmp_path: Path) -> Settings:
    """Settings with a data folder that does not exist yet."""
    return Settings(home=tmp_path / "home")


@pytest.fixture(scope="session")
def eval_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the library of `tests.eval_library`; tests may add runs, nothing else."""
    from tests.eval_library import fill

    folder = tmp_path_factory.mktemp("home")
    fill(folder)
    return folder


@pytest.fixture
def question_file(tmp_path: Path) -> Path:
    """The set of questions of `tests.eval_library`."""
    from eval.question_files import write_questions
    from tests.eval_library import QUESTIONS

    path = tmp_path / "set.jsonl"
    write_questions(path, QUESTIONS)
    return path


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Chroma server of this test run."""
    with running_chroma(tmp_path_factory.mktemp("chroma-server")) as server:
        yield server.url
