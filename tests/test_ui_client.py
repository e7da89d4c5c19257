"""`gradio_client` against the running window."""

from __future__ import annotations

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from assistant.model import Answer, Filters, Status
from tests.web import Double, citation, document, serving

GUIDE = document()


def test_gradio_client_asks_and_is_told_what_is_wrong() -> None:
    answer = Answer(
        question="How much?",
        status=Status.ANSWERED,
        text="EUR 30 000. [1]",
        language="en",
        citations=(citation(GUIDE),),
    )
    double = Double(documents=(GUIDE,), answers={"How much?": answer})
    # The client's heart goes on beating for a while after it is closed.
    with serving(double, wait=False) as address:
        client = Client(address, verbose=False, download_files=False, analytics_enabled=False)
        given = client.predict(question="How much?", year=2026, api_name="/ask")
        assert given["citations"][0]["quote"] == "EUR 30 000"
        assert len(given["id"]) == 24
        assert double.asked[-1] == ("How much?", Filters(year=2026), ())
        with pytest.raises(AppError, match="blank"):
            client.predict(question=" ", api_name="/ask")
        client.close()
