"""Errors raised on purpose.

    GuideError                  message says what, which, and what to do next
    ├── SettingsError           a setting is unknown or has a wrong value
    ├── ModelError              model weights are missing, changed or cannot be loaded
    ├── DocumentError           a file cannot be read as a guide (carries its status)
    ├── LibraryError            the data folder, ledger or vector store cannot be used
    │   ├── LibraryLockedError  another process is writing to the library
    │   ├── EmptyLibraryError   nothing is indexed yet
    │   └── IndexMismatchError  the index was built by another embedder or chunking
    ├── QuestionError           the question cannot be asked (blank, too long, unknown filter)
    └── EvaluationError         a question set, a run or a benchmark cannot be used

Only command lines, the web API and the chat window catch `GuideError`; nothing catches
`Exception` to go on.
"""

from __future__ import annotations


class GuideError(Exception):
    """Base of all errors raised on purpose; `str(error)` is shown to the user as it stands."""


class SettingsError(GuideError):
    """A setting is unknown or has a wrong value."""


class ModelError(GuideError):
    """Model weights are missing, changed, or cannot be loaded."""


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


class EmptyLibraryError(LibraryError):
    """Nothing is indexed yet."""


class IndexMismatchError(LibraryError):
    """The index was built by another embedder or another chunking than the settings name."""


class QuestionError(GuideError):
    """The question cannot be asked: blank, too long, or filtered by something unknown."""


class EvaluationError(GuideError):
    """A question set, a run or a benchmark cannot be used as it is."""
