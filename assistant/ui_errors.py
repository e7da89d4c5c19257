"""Why something could not be done, as a sentence of the window in the asker's language.

Errors speak English, for the log and for programs; the window has sentences of its own for those
that an asker can do something about.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.ui_text import FALLBACK, number_name
from corpus.errors import (
    BlankQuestionError,
    BusyError,
    EmptyLibraryError,
    GuideError,
    LibraryLockedError,
    LongQuestionError,
    StoreUnreachableError,
    UnknownChoiceError,
    UnknownDocumentError,
)

_SENTENCES: tuple[tuple[type[GuideError], str], ...] = (
    (BlankQuestionError, "refused.blank"),
    (UnknownDocumentError, "refused.gone_document"),
    (EmptyLibraryError, "no_document"),
    (BusyError, "refused.busy"),
    (LibraryLockedError, "refused.later"),
    (StoreUnreachableError, "refused.later"),
)


def reason(error: GuideError, messages: Mapping[str, str]) -> str:
    """What the asker is told.

    Args:
        error: raised on purpose.
        messages: the window's sentences.
    """
    if isinstance(error, LongQuestionError):
        count, most = (number_name(n, messages) for n in (error.count, error.most))
        return messages["refused.long"].format(count=count, most=most)
    if isinstance(error, UnknownChoiceError):
        return messages[f"refused.gone_{error.kind}"]
    for kind, name in _SENTENCES:
        if isinstance(error, kind):
            return messages[name]
    # A fault of the library or of the settings: its words are for who runs the server.
    return str(error) if messages["language"] == FALLBACK else messages["refused.other"]
