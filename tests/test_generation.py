"""A language model behind a scripted service: what it says comes, how it fails is named."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.doctor import Finding, examine
from assistant.generation import LanguageModel, open_model
from assistant.prompt import Message
from corpus.errors import LanguageModelError, SettingsError
from corpus.settings import LlmSettings, Settings, load_settings
from tests.llm_server import KEY, Fails, Holds, Raw, Reply, Says, Server, llm_server

ASKED = (Message("system", "Be brief."), Message("user", "Who can apply?"))


@pytest.fixture(scope="module")
def service() -> Iterator[Server]:
    with llm_server(Says("")) as server:
        yield server


def said(server: Server, *replies: Reply, **settings: object) -> tuple[str, list[float]]:
    """What the model says, and the pauses it made before asking again."""
    server.script(*replies)
    pauses: list[float] = []
    model = LanguageModel(server.settings(**settings), pause=pauses.append)
    return "".join(model.stream(ASKED)), pauses


def test_what_the_model_says_comes_in_pieces(service: Server) -> None:
    service.script(Says("Any public organisation. [1]"))
    model = LanguageModel(service.settings())
    pieces = list(model.stream(ASKED))
    assert "".join(pieces) == "Any public organisation. [1]"
    assert len(pieces) > 1
    body = service.bodies[0]
    assert body["model"] == "scripted"
    assert body["temperature"] == 0
    assert body["max_tokens"] == body["max_completion_tokens"] == 700
    assert [m["content"] for m in body["messages"]] == ["Be brief.", "Who can apply?"]
    assert service.keys == [f"Bearer {KEY}"]


def test_a_word_tells_whether_it_answers(service: Server) -> None:
    service.script(Says("ready"))
    assert 0 < LanguageModel(service.settings()).probe() < 10


@pytest.mark.parametrize("again", [Fails(429), Fails(503), Fails(500)])
def test_what_may_pass_is_tried_again_after_a_pause(service: Server, again: Fails) -> None:
    assert said(service, again, again, Says("Good."), retries=2) == ("Good.", [0.5, 1.0])


def test_a_service_says_when_to_come_back(service: Server) -> None:
    assert said(service, Fails(429, retry_after="3"), Says("Good.")) == ("Good.", [3.0])
    with pytest.raises(LanguageModelError) as raised:
        said(service, Fails(429, retry_after="3600"), Says("Good."))
    assert raised.value.reason == "rate_limited"


@pytest.mark.parametrize(
    ("reply", "reason", "requests"),
    [
        (Fails(429), "rate_limited", 2),
        (Fails(500), "server", 2),
        (Fails(401), "unauthorised", 1),
        (Fails(403), "unauthorised", 1),
        (Fails(404), "not_found", 1),
        (Fails(400), "rejected", 1),
        (Says(""), "empty", 1),
        (Says("Half of", cut=True), "broken_off", 1),
        (Says("Half of", stop=""), "broken_off", 1),
        (Raw(b"data: {not json}\n\n"), "malformed", 1),
        (Raw(b'data: {"choices": 7}\n\ndata: [DONE]\n\n'), "malformed", 1),
        (Raw(b"<html>Welcome to a wireless network</html>", "text/html"), "malformed", 1),
        (Raw(b'data: {"error": {"message": "overloaded"}}\n\n'), "server", 2),
        (Raw(b"\x00\xff\xfe"), "malformed", 1),
    ],
    ids=str,
)
def test_each_failure_is_named_and_nothing_of_the_service_is_passed_on(
    service: Server, reply: Reply, reason: str, requests: int
) -> None:
    with pytest.raises(LanguageModelError) as raised:
        said(service, reply, retries=1)
    assert raised.value.reason == reason
    assert len(service.bodies) == requests
    assert "openai:scripted" in str(raised.value)
    assert KEY not in repr(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize("held", [Holds(), Holds("Half of")])
def test_a_silent_service_is_left_after_the_time_limit(service: Server, held: Holds) -> None:
    with pytest.raises(LanguageModelError) as raised:
        said(service, held, timeout_s=0.2)
    assert raised.value.reason == "timeout"
    assert len(service.bodies) == 1


def test_nobody_there() -> None:
    with llm_server(Says("")) as gone:
        settings = gone.settings(retries=1)
    pauses: list[float] = []
    with pytest.raises(LanguageModelError, match="cannot be reached") as raised:
        list(LanguageModel(settings, pause=pauses.append).stream(ASKED))
    assert (raised.value.reason, pauses) == ("unreachable", [0.5])


def test_the_key_is_shown_nowhere(service: Server, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(llm=service.settings())
    assert KEY not in f"{settings!r} {settings} {settings.model_dump_json()}"
    with caplog.at_level(logging.DEBUG):
        said(service, Says("Good."))
    assert KEY not in caplog.text
    assert "Who can apply" not in caplog.text


def test_the_doctor_says_which_model_is_set_and_whether_it_answers(
    service: Server, tmp_path: Path
) -> None:
    def told(llm: LlmSettings) -> Finding:
        found = examine(Settings(home=tmp_path / "none", llm=llm))
        return next(finding for finding in found if finding.what == "language model")

    service.script(Says("ready"))
    good = told(service.settings())
    assert good.fine
    assert f"openai:scripted at {service.url} answers" in good.found
    service.script(Fails(401))
    bad = told(service.settings())
    assert not bad.fine
    assert "GUIDE_LLM__API_KEY" in bad.advice
    assert KEY not in f"{good} {bad}"
    assert told(LlmSettings()).found.startswith("none set")


def test_models_are_named_by_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    assert open_model(LlmSettings()) is None
    with pytest.raises(LanguageModelError, match="GUIDE_LLM__API_KEY"):
        open_model(LlmSettings(model="openai:gpt"))
    ollama = open_model(LlmSettings(model="ollama:qwen3:4b"))
    assert ollama is not None
    assert (ollama.name, ollama.address) == ("ollama:qwen3:4b", "http://127.0.0.1:11434/v1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"GUIDE_LLM__MODEL": "gpt"},
        {"GUIDE_LLM__BASE_URL": "http://user:hunter2@host/v1"},
        {"GUIDE_LLM__API_KEYS": KEY},
    ],
)
def test_wrong_settings_are_named_without_secrets(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(wrong)
    assert KEY not in f"{raised.value} {raised.value.__cause__}"
    assert "hunter2" not in f"{raised.value}"


def test_settings_take_the_key_from_the_environment() -> None:
    settings = load_settings({"GUIDE_LLM__MODEL": "openai:x", "GUIDE_LLM__API_KEY": KEY})
    assert settings.llm.api_key.get_secret_value() == KEY
