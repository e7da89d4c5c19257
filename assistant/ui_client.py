"""The one endpoint of the window for programs: what `gradio_client` calls as `/ask`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.kept import KeptAnswers
from assistant.model import Filters
from assistant.output import answer_json
from assistant.service import Answering
from corpus.errors import GuideError


def client_endpoint(
    service: Answering, kept: KeptAnswers | None, refuse: Callable[[str], Exception]
) -> Callable[..., dict[str, Any]]:
    """A function that answers like `POST /api/v1/answers`.

    Args:
        service: answers.
        kept: where answers are kept; nowhere where it is None.
        refuse: makes the error that the client is shown.
    """

    def ask(question: str, document_id: str = "", programme: str = "", year: int = 0) -> dict:  # type: ignore[type-arg] # Gradio reads it
        """Answer a question from the guides, with verified quotes and their pages."""
        filters = Filters(
            document_id=document_id or None, programme=programme or None, year=year or None
        )
        try:
            answer = service.ask(question, filters=filters)
            answer_id = kept.keep(answer) if kept is not None else ""
        except GuideError as error:
            raise refuse(str(error)) from error
        return {"id": answer_id, **answer_json(answer)}

    return ask
