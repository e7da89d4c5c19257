"""A language model behind an OpenAI-compatible address. The only home of LangChain's chat models.

What comes back is text to be checked (`assistant.grounding`), never an answer. Every way in which
a model can fail is one error, `LanguageModelError`, so that whoever asks can go on without it.
Nothing that the service says on failing is passed on: such sentences may hold the key or the
question.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from assistant.prompt import PROBE, Message
from corpus.errors import LanguageModelError
from corpus.settings import LlmSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OPENAI_URL = "https://api.openai.com/v1"
OLLAMA_URL = "http://127.0.0.1:11434/v1"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0
"""Before a model is asked again: doubled each time, unless the service says when to come back."""
AGAIN = frozenset({"unreachable", "rate_limited", "server"})
"""Failures that may pass."""

_SAYS = {
    "unreachable": "cannot be reached. Is its service running, and llm.base_url right?",
    "timeout": "did not answer in {timeout_s:g} s (llm.timeout_s).",
    "no_key": "needs a key. Set GUIDE_LLM__API_KEY.",
    "unauthorised": "refuses the key. Set GUIDE_LLM__API_KEY to a valid one.",
    "rate_limited": "is asked too much, or its budget is used up. Try again later.",
    "server": "has a fault on its side. Try again later.",
    "not_found": "is not known to the service. Check llm.model and llm.base_url.",
    "rejected": "does not take the request. Check llm.model; fewer llm.passages make it shorter.",
    "malformed": "answers what is no answer of an OpenAI-compatible service. Check llm.base_url.",
    "broken_off": "broke off in the middle of its answer.",
    "empty": "answered nothing.",
}


class LanguageModel:
    """A model of a service. Safe to call from several threads.

    Attributes:
        name: as the settings name it ("openai:gpt-x"). address: of its service.
    """

    def __init__(self, settings: LlmSettings, *, pause: Callable[[float], object] = time.sleep):
        """Opens nothing yet but the client.

        Args:
            settings: with a model.
            pause: waits, in seconds, before the model is asked again.

        Raises:
            LanguageModelError: if the settings name a model that needs a key, and no key.
        """
        provider, _, model = settings.model.partition(":")
        self.name = settings.model
        self.address = settings.base_url or (OLLAMA_URL if provider == "ollama" else OPENAI_URL)
        self._settings, self._pause = settings, pause
        key = settings.api_key.get_secret_value()
        if not key and self.address == OPENAI_URL:
            raise self._failure("no_key")
        self._chat = _open(model, self.address, key or "none", settings)

    def stream(self, messages: Sequence[Message]) -> Generator[str]:
        """What the model says to messages, in pieces. One time limit holds for all attempts.

        A service that sends nothing is waited for as long as the limit leaves; one that sends
        piece after piece is cut off at the limit.

        Raises:
            LanguageModelError: if it fails, also after some pieces.
        """
        end = time.monotonic() + self._settings.timeout_s
        for attempt in range(self._settings.retries + 1):
            begun = False
            try:
                for piece in self._attempt(messages, end):
                    begun = True
                    yield piece
            except LanguageModelError as error:
                if begun and error.reason in ("unreachable", "malformed", "server"):
                    raise self._failure("broken_off") from None
                pause_s = _pause_s(error, attempt)
                left = end - time.monotonic()
                last = attempt == self._settings.retries
                if begun or last or error.reason not in AGAIN or pause_s >= left:
                    raise
                self._pause(pause_s)
            else:
                if not begun:
                    raise self._failure("empty")
                return

    def probe(self) -> float:
        """Asks the model for a word; seconds until it came.

        Raises:
            LanguageModelError: if it does not answer.
        """
        start = time.monotonic()
        with closing(self.stream(PROBE)) as pieces:
            next(pieces)
        return time.monotonic() - start

    def _attempt(self, messages: Sequence[Message], end: float) -> Iterator[str]:
        """One request.

        Raises:
            LanguageModelError: with `retry_after_s` where the service said when to come back.
        """
        import openai
        from langchain_core.exceptions import LangChainException

        finished = False
        left = max(0.01, end - time.monotonic())
        try:
            turns = [(message.role, message.content) for message in messages]
            for chunk in self._chat.stream(turns, timeout=left):
                finished = finished or bool(chunk.response_metadata.get("finish_reason"))
                if chunk.text:
                    yield str(chunk.text)
                if time.monotonic() > end:
                    raise self._failure("timeout")
        except (openai.OpenAIError, LangChainException) as error:
            raise self._failure(_reason(error), _told(error)) from None
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            # What a service that is none sends in place of JSON, or JSON of another shape.
            raise self._failure("malformed") from None
        if not finished:
            raise self._failure("broken_off")

    def _failure(self, reason: str, retry_after_s: float | None = None) -> LanguageModelError:
        said = _SAYS[reason].format(timeout_s=self._settings.timeout_s)
        return LanguageModelError(
            f"The language model {self.name} ({self.address}) {said}",
            reason=reason,
            retry_after_s=retry_after_s,
        )


def open_model(settings: LlmSettings) -> LanguageModel | None:
    """The model that the settings name, None where they name none.

    Raises:
        LanguageModelError: if it needs a key and has none.
    """
    return LanguageModel(settings) if settings.model else None


def _open(model: str, address: str, key: str, settings: LlmSettings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    # At level DEBUG its client logs whole requests, with the question.
    logging.getLogger("openai").setLevel(logging.INFO)
    # Old servers know the old name of the limit only, OpenAI's new models the new one only.
    extra = {} if address == OPENAI_URL else {"extra_body": {"max_tokens": settings.max_tokens}}
    options: dict[str, Any] = {
        "max_completion_tokens": settings.max_tokens,
        "max_retries": 0,
        "timeout": settings.timeout_s,
        "temperature": 0,
        "use_responses_api": False,
        "stream_usage": False,
        **extra,
    }
    # One client for all: services other than OpenAI's speak its language too, Ollama among them.
    # Address and key are always ours: a key of the environment is never sent to another address.
    opened: BaseChatModel = init_chat_model(
        model, model_provider="openai", base_url=address, api_key=key, **options
    )
    return opened


def _reason(error: Exception) -> str:
    import openai
    from langchain_core import exceptions

    if isinstance(error, (openai.APITimeoutError, exceptions.ModelTimeoutError)):
        return "timeout"
    if isinstance(error, (openai.APIConnectionError, exceptions.ModelConnectionError)):
        return "unreachable"
    if not isinstance(error, openai.APIStatusError):
        # An event of the stream that tells of a fault has no status of its own.
        return "server" if isinstance(error, openai.APIError) else "malformed"
    status = error.status_code
    known = {401: "unauthorised", 403: "unauthorised", 404: "not_found", 429: "rate_limited"}
    return known.get(status, "server" if status >= 500 else "rejected")


def _told(error: Exception) -> float | None:
    """When to come back, in seconds, as the service said with its refusal."""
    import openai

    if not isinstance(error, openai.APIStatusError):
        return None
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _pause_s(error: LanguageModelError, attempt: int) -> float:
    if error.retry_after_s is not None:
        return error.retry_after_s
    return min(FIRST_PAUSE_S * 2.0**attempt, LONGEST_PAUSE_S)
