"""Which language a text is in. The only home of py3langid."""

from __future__ import annotations

import hashlib
import logging
import os
import uuid
import zipfile
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

LANGUAGES = (
    "en", "bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it",
    "lt", "lv", "mk", "mt", "nl", "no", "pl", "pt", "ro", "sk", "sl", "sr", "sv", "tr",
    "ar", "he", "hi", "hy", "ja", "ka", "ko", "ru", "th", "uk", "zh",
)  # fmt: skip
"""BCP-47 codes that are told apart: the languages of countries that take part in EU programmes, and
those of partners all over the world that a script of their own (or Cyrillic) sets apart."""

DEFAULT = "en"

MIN_PROBABILITY = 0.5
"""A guess below this is no guess: short questions full of action names look like any language."""


_log = logging.getLogger(__name__)

_kept_in: Path | None = None


def keep_unpacked(folder: Path) -> None:
    """Has the tables of the identifier kept in a folder as they are used, and read from there.

    The package holds them compressed, for 142 languages: 0.9 s to open, against 0.1 s. Whatever
    is wrong with the folder or what is in it, languages are told apart as without it.

    Args:
        folder: made where it is not there; 48 MB.
    """
    global _kept_in
    _kept_in = folder


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    path = _kept_in / _kept_name() if _kept_in else None
    if path is not None and (kept := _read(path)) is not None:
        return kept
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    if path is not None:
        _write(identifier, path)
    return identifier


def _kept_name() -> str:
    languages = hashlib.sha256(" ".join(LANGUAGES).encode()).hexdigest()[:8]
    return f"py3langid-{version('py3langid')}-{languages}.npz"


_WORD = {2: "H", 4: "I"}
"""Bytes of an unsigned number to its code in the module `array`."""


def _read(path: Path) -> Any:
    """The identifier as `_write` wrote it; None where it is not there or damaged."""
    from array import array

    import numpy as np
    from py3langid.langid import LanguageIdentifier

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            moves, rows = (
                array(_WORD[table.itemsize], table.tobytes())
                for table in (kept["moves"], kept["rows"])
            )
            return LanguageIdentifier(
                kept["ptc"],
                kept["pc"],
                kept["classes"].tolist(),
                moves,
                kept["output"].tolist(),
                norm_probs=True,
                tk_row=rows,
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("%s is damaged (%s) and is written again.", path, error)
        return None


def _write(identifier: Any, path: Path) -> None:
    import numpy as np

    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            np.savez(
                file,
                ptc=identifier.nb_ptc,
                pc=identifier.nb_pc,
                classes=np.array(identifier.nb_classes),
                moves=np.asarray(identifier.tk_nextmove),
                rows=np.asarray(identifier.tk_row),
                output=np.array(identifier.tk_output, dtype=np.int32),
            )
        os.replace(draft, path)
    except OSError as error:
        _log.info("The language identifier is not kept unpacked: %s", error)
        with suppress(OSError):
            draft.unlink()


def detect_language(text: str, *, default: str = DEFAULT) -> str:
    """The language of a text as one of `LANGUAGES`.

    Args:
        text: any length; a page of a document or a question of three words.
        default: what an undecided text counts as.
    """
    if not any(character.isalpha() for character in text):
        return default
    code, probability = _identifier().classify(text[:10_000])
    return str(code) if probability >= MIN_PROBABILITY else default
