"""Errors raised on purpose.

    GuideError                  message says what, which, and what to do next
    ├── SettingsError           a setting is unknown or has a wrong value
    ├── ModelError              model weights are missing, changed or cannot be loaded
    ├── LanguageModelError      the language model does not answer (carries why)
    ├── DocumentError           a file cannot be read as a guide (carries its status)
    ├── LibraryError            the data folder, ledger or vector store cannot be used
    │   ├── LibraryLockedError  another process is writing to the library
    │   ├── StoreUnreachableError  the server with the vectors does not answer, for now
    │   ├── EmptyLibraryError   nothing is indexed yet
    │   ├── DamagedDocumentError  what the ledger holds of one document cannot be read
    │   └── IndexMismatchError  the index was built by another embedder or chunking
    ├── CatalogueError          the catalogue of official documents, or a request to it, is wrong
    ├── DownloadError           an official document could not be downloaded (says where to look)
    │   └── OfflineError        there is no network
    ├── QuestionError           the question cannot be asked (unknown filter)
    │   ├── BlankQuestionError  it is blank, or signs alone
    │   ├── LongQuestionError   it is too long (carries how long)
    │   ├── UnknownChoiceError  a filter names what the library does not hold (carries what)
    │   └── UnknownDocumentError  there is no such document or passage, or none any more
    ├── BusyError               the server has as much to do as it can (carries when to come back)
    └── EvaluationError         a question set, a run or a benchmark cannot be used

Only command lines, the web API and the chat window catch `GuideError`; nothing catches
`Exception` to go on.
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

MOST_NAMED = 5
"""So many things of the library are named where one that is not there was asked for."""


class GuideError(Exception):
    """Base of all errors raised on purpose; `str(error)` is shown to the user as it stands."""


class SettingsError(GuideError):
    """A setting is unknown or has a wrong value."""


class ModelError(GuideError):
    """Model weights are missing, changed, or cannot be loaded."""


class LanguageModelError(GuideError):
    """The language model does not answer.

    Attributes:
        reason: why, in one word of `assistant.generation`, for counting.
        retry_after_s: when to come back, where its service said so.
    """

    def __init__(self, message: str, *, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after_s = retry_after_s


class DocumentError(GuideError):
    """A file cannot be read as a guide.

    Attributes:
        status: the final state of the file, one of `corpus.model.DocumentStatus`.
    """

    def __init__(self, message: str, *, status: str) -> None:
        super().__init__(message)
        self.status = status


class LibraryError(GuideError):
    """The data folder, the ledger or the vector store cannot be used."""


class LibraryLockedError(LibraryError):
    """Another process is writing to the library."""


class StoreUnreachableError(LibraryError):
    """The server that holds the vectors cannot be reached; it may be back in a moment."""


class EmptyLibraryError(LibraryError):
    """Nothing is indexed yet."""


class DamagedDocumentError(LibraryError):
    """What the ledger holds of one document cannot be read."""


class IndexMismatchError(LibraryError):
    """The index was built by another embedder or another chunking than the settings name."""


class QuestionError(GuideError):
    """The question cannot be asked: blank, too long, or filtered by something unknown."""


class BlankQuestionError(QuestionError):
    """The question is blank, or holds nothing but signs."""

    def __init__(self) -> None:
        super().__init__("The question is blank. Type words, e.g. 'Who can apply?'.")


class LongQuestionError(QuestionError):
    """The question is too long.

    Attributes:
        count: its characters.
        most: how many are allowed.
    """

    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            f"The question has {count:,} characters; {most:,} are allowed. Ask one thing at a time."
        )
        self.count = count
        self.most = most


class UnknownChoiceError(QuestionError):
    """The search is narrowed to a document, programme or language that the library does not hold.

    The message names a few that it holds, those written most like it first.

    Attributes:
        kind: "document", "programme" or "language".
    """

    def __init__(self, kind: str, value: str, held: Collection[str]) -> None:
        named = sorted(held)
        if len(named) > MOST_NAMED:
            named = get_close_matches(value, named, MOST_NAMED, cutoff=0)
        more = f" and {len(held) - len(named):,} more" if len(held) > len(named) else ""
        choices = ", ".join(named) or "none"
        super().__init__(f"The library holds no {kind} '{value}'. It holds: {choices}{more}.")
        self.kind = kind


class UnknownDocumentError(QuestionError):
    """The library holds no such document or passage, or none any more."""


class BusyError(GuideError):
    """The server has as much to do as it can.

    Attributes:
        retry_after_s: when to come back.
    """

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class EvaluationError(GuideError):
    """A question set, a run or a benchmark cannot be used as it is."""


class CatalogueError(GuideError):
    """The catalogue of official documents, or a request to it, is wrong."""


class DownloadError(GuideError):
    """An official document could not be downloaded; the message says where to look for it."""


class OfflineError(DownloadError):
    """There is no network: nothing else need be tried."""
