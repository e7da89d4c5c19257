"""Answers and passages as plain text, for programs that show nothing else (chat clients, MCP)."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model import Answer, Citation, Passage


def whole_text(answer: Answer, base_url: str = "") -> str:
    """An answer with its notes, sources and who else can say."""
    return answer.text + closing_text(answer, base_url)


def closing_text(answer: Answer, base_url: str = "") -> str:
    """What stands below the text of an answer; starts with an empty line where there is any.

    Args:
        answer: the answer.
        base_url: of this server, without the last slash, for links; "" leaves them out.
    """
    blocks: list[str] = [*answer.notes]
    if answer.contact:
        blocks.append(answer.contact)
    if answer.choices:
        blocks.append("\n".join(f"- {choice}" for choice in answer.choices))
    if answer.citations:
        lines = [_source_line(citation, base_url) for citation in answer.citations]
        blocks.append("\n".join(["Sources:", *lines]))
    return "".join(f"\n\n{block}" for block in blocks)


def passages_text(passages: Sequence[Passage]) -> str:
    """Ranked passages, each under the place where it stands."""
    return "\n\n".join(_passage_text(passage) for passage in passages) or "Nothing was found."


def _source_line(citation: Citation, base_url: str) -> str:
    path = f", {' › '.join(citation.headings)}" if citation.headings else ""
    link = f" <{base_url}{citation.url}>" if base_url else ""
    return (
        f'[{citation.number}] {citation.title}, page {citation.page}{path}: "{citation.quote}"'
        f"{link}"
    )


def _passage_text(passage: Passage) -> str:
    first, last = passage.pages
    pages = f"page {first}" if first == last else f"pages {first}-{last}"
    path = " › ".join(passage.chunk.headings)
    head = f"{passage.rank}. {passage.document.edition.title} ({passage.document.id}), {pages}"
    return "\n".join([f"{head}: {path}" if path else head, passage.chunk.text])
