"""What is done once more where a document was removed, or read anew, while a question met it.

Who asks has named none of the documents that an answer goes through, so their going is no fault of
the question. A document that was named, and is gone, is refused by the second look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from corpus.errors import BusyError, UnknownDocumentError

T = TypeVar("T")


def twice(look: Callable[[], T]) -> T:
    """What a look at the library gives.

    Raises:
        BusyError: if documents go during the second look as well.
    """
    try:
        return look()
    except UnknownDocumentError:
        pass
    try:
        return look()
    except UnknownDocumentError as error:
        raise _changing() from error


def stream_twice(look: Callable[[], Iterator[T]]) -> Iterator[T]:
    """The same for a look that gives one thing after the other; what is no text may come again.

    Raises:
        BusyError: if documents go during the second look as well, or once text was shown, which
            cannot be taken back.
    """
    shown = False
    for last in (False, True):
        try:
            for event in look():
                shown = shown or isinstance(event, str)
                yield event
        except UnknownDocumentError as error:
            if shown or last:
                raise _changing() from error
        else:
            return


def _changing() -> BusyError:
    return BusyError(
        "The library is being changed: documents that fit were removed meanwhile. Ask again.",
        retry_after_s=2,
    )
