"""Answers and passages as JSON: the contract that scripts, the API and the evaluation share."""

from __future__ import annotations

from typing import Any

from assistant.model import Answer, Citation, Passage
from corpus.model import Edition

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """An answer as the command line and the API give it."""
    return {
        "question": answer.question,
        "status": answer.status.value,
        "text": answer.text,
        "language": answer.language,
        "edition": edition_json(*answer.edition) if answer.edition else None,
        "citations": [citation_json(citation) for citation in answer.citations],
        "passages": [passage_json(passage) for passage in answer.passages],
        "notes": list(answer.notes),
        "contact": answer.contact,
        "searched": answer.searched,
        "removed": dict(answer.removed),
        "timings_ms": dict(answer.timings_ms),
    }


def edition_json(document_id: str, edition: Edition) -> Json:
    """Which edition answered."""
    return {
        "document_id": document_id,
        "title": edition.title,
        "programme": edition.programme,
        "year": edition.year,
        "version": edition.version,
        "date": edition.date.isoformat() if edition.date else None,
        "language": edition.language,
    }


def citation_json(citation: Citation) -> Json:
    """A citation with the address where this server shows its page."""
    return {
        "number": citation.number,
        "document_id": citation.document_id,
        "document": citation.document,
        "title": citation.title,
        "page": citation.page,
        "label": citation.label,
        "headings": list(citation.headings),
        "quote": citation.quote,
        "url": citation.url,
    }


def passage_json(passage: Passage) -> Json:
    """A ranked passage; `pages` are its first and last physical page."""
    return {
        "rank": passage.rank,
        "score": round(passage.score, 6),
        "document_id": passage.document.id,
        "document": passage.document.file,
        "pages": list(passage.pages),
        "headings": list(passage.chunk.headings),
        "text": passage.chunk.text,
    }
