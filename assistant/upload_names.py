"""What a file that is sent is called on disk and in the library.

People's files are called "Guide & annex.pdf" and "l'appel 2026.pdf". Any name will do that is one
name, for it goes to no shell: only its letters are mended, as `ingest.naming` does for files that
lie on disk.
"""

from __future__ import annotations

from corpus.errors import QuestionError

NAME_CHARS = 255
NAME_BYTES = 240
"""Of the name of a file in UTF-8; file systems take 255."""
ENDING = ".pdf"
PATTERN = r"^[^./\\][^/\\]*\.[pP][dD][fF]$"
"""The same for the contract: JSON Schema has no better words."""


def upload_name(name: str) -> str:
    """A name as it is kept: what cannot be printed is U+FFFD, and what is too long is cut.

    Raises:
        QuestionError: if it is no name of a PDF.
    """
    if len(name) > NAME_CHARS:
        raise QuestionError(f"The name of the file is too long: {NAME_CHARS} characters will do.")
    if "/" in name or "\\" in name or name.startswith("."):
        raise QuestionError("The name of a file holds no / and no \\, and begins with no dot.")
    stem, ending = name[: -len(ENDING)], name[-len(ENDING) :]
    if ending.lower() != ENDING or not stem:
        raise QuestionError(f"The name of the file must end in {ENDING}.")
    mended = "".join(letter if letter.isprintable() else "\ufffd" for letter in stem)
    room = NAME_BYTES - len(ending)
    return mended.encode()[:room].decode(errors="ignore") + ending
