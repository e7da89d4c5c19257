"""Answers and passages as JSON: the contract that scripts, the API and the evaluation share."""

from __future__ import annotations

from typing import Any

from assistant.model import (
    Answer,
    Calculation,
    Citation,
    Condition,
    Deadline,
    Passage,
    Query,
    Section,
)
from corpus.model import Edition
from corpus.records import edition_fields

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
        "note_kinds": [note.kind.value for note in answer.notes],
        "contact": answer.contact,
        "choices": list(answer.choices),
        "sections": [section_json(section) for section in answer.sections],
        "differences": [citation_json(citation) for citation in answer.differences],
        "conditions": [condition_json(condition) for condition in answer.conditions],
        "calculation": calculation_json(answer.calculation) if answer.calculation else None,
        "deadlines": [deadline_json(deadline) for deadline in answer.deadlines],
        "suggestions": list(answer.suggestions),
        "searched": answer.searched,
        "removed": dict(answer.removed),
        "generated_by": answer.generated_by,
        "timings_ms": dict(answer.timings_ms),
    }


def behind(prefix: str, value: Any) -> Any:
    """The same JSON for a server behind a path prefix: its addresses (`url`) begin with it."""
    if not prefix:
        return value
    if isinstance(value, dict):
        return {
            key: f"{prefix}{inner}" if key == "url" else behind(prefix, inner)
            for key, inner in value.items()
        }
    return [behind(prefix, inner) for inner in value] if isinstance(value, list) else value


def edition_json(document_id: str, edition: Edition) -> Json:
    """Which edition answered."""
    return {"document_id": document_id, **edition_fields(edition)}


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


def section_json(section: Section) -> Json:
    """A place worth reading."""
    return {
        "document_id": section.document_id,
        "title": section.title,
        "headings": list(section.headings),
        "page": section.page,
        "url": section.url,
    }


def condition_json(condition: Condition) -> Json:
    """A condition and whether it is met: "met", "not_met" or "unknown"."""
    return {
        "text": condition.text,
        "citation": condition.citation,
        "met": condition.met.value,
        "said": condition.said,
    }


def calculation_json(calculation: Calculation) -> Json:
    """The factors, each cited or said by the asker, and the working in one line."""
    return {
        "factors": [
            {
                "value": f.value,
                "label": f.label,
                "citation": f.citation,
                "operator": f.operator,
            }
            for f in calculation.factors
        ],
        "result": calculation.result,
        "working": calculation.working,
    }


def deadline_json(deadline: Deadline) -> Json:
    """A deadline; the moments are ISO 8601 with their zone, a date alone where no hour is named."""
    moment = deadline.moment if deadline.timed else deadline.moment.date()
    return {
        "moment": moment.isoformat(),
        "local": deadline.local.isoformat() if deadline.local else None,
        "what": deadline.what,
        "citation": deadline.citation,
        "days": deadline.days,
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


def explained_json(passage: Passage) -> Json:
    """A passage with which search found it at which rank, and whether the reranker read it."""
    return passage_json(passage) | {
        "found_by": [{"search": name, "rank": rank} for name, rank in passage.found_by],
        "reranked": passage.reranked,
    }


def query_json(query: Query) -> Json:
    """How a question was read: what is searched for, where, and what was added."""
    return {
        "searched": query.search_text,
        "language": query.language,
        "documents": list(query.document_ids),
        "compared": list(query.compare),
        "years": list(query.years),
        "years_not_held": list(query.missing_years),
        "actions": list(query.actions),
        "fields": list(query.fields),
        "added_words": list(query.terms),
        "asks": query.asks.value,
        "wants": [asks.value for asks in query.wants],
        "follow_up": query.follow_up,
    }
