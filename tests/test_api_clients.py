"""Official clients of others against the running server."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from assistant.api import create_api
from assistant.kept import KeptAnswers
from assistant.langchain_retriever import GuideRetriever
from assistant.model import Answer, Filters, Note, Status, Turn
from assistant.web_policy import WebPolicy
from corpus.errors import LibraryLockedError
from tests.conftest import PROJECT
from tests.web import Double, citation, document, passage, running, wait_for

GUIDE = document()
OTHER = document("horizon-2026-v1-en")
ANSWER = Answer(
    question="How much?",
    status=Status.ANSWERED,
    text="EUR 30 000. [1]\nEUR 60 000. [1]",
    language="en",
    edition=(GUIDE.id, GUIDE.edition),
    citations=(citation(GUIDE),),
    passages=(passage(GUIDE),),
    notes=(Note("I took the newest edition."),),
)


@pytest.fixture(scope="module")
def double() -> Double:
    return Double(documents=(GUIDE, OTHER), answers={"How much?": ANSWER})


@pytest.fixture(scope="module")
def address(double: Double) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as home:
        kept = KeptAnswers.open(Path(home))
        app = WebPolicy(create_api(double, kept, version="1"))
        with contextlib.closing(kept), running(app) as address:
            yield address


# --- openai ---


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_openai_lists_models(client: openai.OpenAI) -> None:
    assert [m.id for m in client.models.list()] == ["programme-guides", GUIDE.id, OTHER.id]
    assert client.models.retrieve(GUIDE.id).id == GUIDE.id
    with pytest.raises(openai.NotFoundError, match="There is no model 'gpt-5'"):
        client.models.retrieve("gpt-5")


def test_openai_gets_an_answer_with_its_sources(
    client: openai.OpenAI, double: Double, address: str
) -> None:
    completion = client.chat.completions.create(
        model="programme-guides",
        temperature=0,
        messages=[
            {"role": "system", "content": "Answer like a pirate."},
            {"role": "user", "content": "KA210?"},
            {"role": "assistant", "content": "Yes."},
            {"role": "user", "content": [{"type": "text", "text": "How much?"}]},
        ],
    )
    (choice,) = completion.choices
    assert choice.finish_reason == "stop"
    assert choice.message.content == (
        f"{ANSWER.text}\n\nI took the newest edition.\n\nSources:\n"
        "[1] Erasmus+ Programme Guide 2026, page 1, Part B › Key Action 2 › Small-scale "
        f'Partnerships: "EUR 30 000" <{address}/documents/{GUIDE.id}.pdf#page=1>'
    )
    guide: dict[str, Any] = (completion.model_extra or {})["guide"]
    assert guide["citations"][0]["quote"] == "EUR 30 000"
    assert completion.id == f"chatcmpl-{guide['id']}"
    assert double.asked[-1] == (
        "How much?",
        Filters(),
        (Turn(role="user", content="KA210?"), Turn(role="assistant", content="Yes.")),
    )


def test_openai_gets_an_answer_in_pieces(client: openai.OpenAI, double: Double) -> None:
    stream = client.chat.completions.create(
        model=GUIDE.id, messages=[{"role": "user", "content": "How much?"}], stream=True
    )
    chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks]
    assert pieces[1:3] == ["EUR 30 000. [1]\n", "EUR 60 000. [1]"]
    assert "".join(pieces).startswith(f"{ANSWER.text}\n\nI took")
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert (chunks[-1].model_extra or {})["guide"]["status"] == "answered"
    assert len({chunk.id for chunk in chunks}) == 1
    assert double.asked[-1][1] == Filters(document_id=GUIDE.id)


def test_openai_reads_our_errors(client: openai.OpenAI, double: Double) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="blank"):
        client.chat.completions.create(
            model="programme-guides", messages=[{"role": "user", "content": " "}]
        )
    with pytest.raises(openai.NotFoundError, match="no model"):
        client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": "q"}])
    double.late_error = LibraryLockedError("locked, try later")
    try:
        with pytest.raises(openai.APIError, match="locked"):
            list(
                client.chat.completions.create(
                    model="programme-guides",
                    messages=[{"role": "user", "content": "q"}],
                    stream=True,
                )
            )
    finally:
        double.late_error = None


# --- MCP ---


def test_mcp_has_four_tools_that_explain_themselves(address: str) -> None:
    async def run() -> None:
        async with Client(f"{address}/mcp") as client:
            assert "word for word" in (client.instructions or "")
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "search", "list_documents", "get_page"}
            for tool in tools.values():
                assert len(tool.description or "") > 40
                assert tool.annotations is not None
                assert tool.annotations.read_only_hint
                for field in tool.input_schema.get("properties", {}).values():
                    assert field["description"]

    wait_for(run())


def test_mcp_tools_answer(address: str, double: Double) -> None:
    async def run() -> None:
        async with Client(f"{address}/mcp") as client:
            answer = await client.call_tool("ask", {"question": "How much?", "year": 2026})
            assert not answer.is_error
            assert answer.content[0].text.startswith("EUR 30 000. [1]")  # type: ignore[union-attr]
            data = answer.structured_content
            assert data is not None
            assert data["citations"][0]["page"] == 1
            assert len(data["id"]) == 24
            assert double.asked[-1][1] == Filters(year=2026)

            found = await client.call_tool("search", {"query": "lump sum", "top_k": 1})
            assert "EUR 60 000" in found.content[0].text  # type: ignore[union-attr]

            held = await client.call_tool("list_documents", {})
            assert [d["document_id"] for d in (held.structured_content or {})["documents"]] == [
                GUIDE.id,
                OTHER.id,
            ]

            page = await client.call_tool("get_page", {"document_id": GUIDE.id, "page": 1})
            assert (page.structured_content or {})["text"] == GUIDE.text

    wait_for(run())


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "  "}, "blank"),
        ("ask", {}, "question"),
        ("search", {"query": "  "}, "blank"),
        ("get_page", {"document_id": GUIDE.id, "page": 2}, "no page 2"),
        ("get_page", {"document_id": "../../etc/passwd", "page": 1}, "no document"),
    ],
)
def test_mcp_says_what_is_wrong(
    address: str, tool: str, arguments: dict[str, object], said: str
) -> None:
    async def run() -> None:
        async with Client(f"{address}/mcp") as client:
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert said in result.content[0].text  # type: ignore[union-attr]

    wait_for(run())


def test_mcp_over_standard_input_and_output(tmp_path: Path) -> None:
    async def run() -> None:
        command = StdioServerParameters(
            command=sys.executable,
            args=["-c", "from app import main; main(['mcp'])"],
            env={"GUIDE_HOME": str(tmp_path)},
            cwd=PROJECT,
        )
        async with Client(command) as client:
            assert len((await client.list_tools()).tools) == 4
            held = await client.call_tool("list_documents", {})
            assert held.structured_content == {"documents": []}
            answer = await client.call_tool("ask", {"question": "How much?"})
            assert answer.is_error
            assert "guide ingest" in answer.content[0].text  # type: ignore[union-attr]

    wait_for(run())


# --- LangChain ---


def test_langchain_puts_our_passages_into_a_chain(double: Double) -> None:
    retriever = GuideRetriever(service=double, top_k=1, filters=Filters(year=2026))

    def places(found: list[Document]) -> list[dict[str, Any]]:
        return [document.metadata for document in found]

    chain = retriever | RunnableLambda(places)
    (metadata,) = chain.invoke("lump sum")
    assert metadata["document_id"] == GUIDE.id
    assert metadata["page"] == 1
    assert metadata["url"] == f"/documents/{GUIDE.id}.pdf#page=1"
    assert json.dumps(metadata)
    (found,) = wait_for(retriever.ainvoke("lump sum"))
    assert found.page_content == GUIDE.text


def test_langchain_opens_the_library_of_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path))
    retriever = GuideRetriever.open(top_k=3)
    with contextlib.closing(retriever), pytest.raises(Exception, match="guide ingest"):
        retriever.invoke("lump sum")
