"""Folders that Chroma leaves behind: those of collections that were removed.

Chroma keeps the graph of each collection in a folder named by a UUID, its segment. When a
collection is removed, the segment is struck from its database, but the folder stays, with all
vectors in it.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
from pathlib import Path

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIMEOUT_S = 30.0
_LOOK = """
import json, sqlite3, sys
database = sqlite3.connect(sys.argv[1] + "?mode=ro", uri=True, timeout=10)
print(json.dumps([row[0] for row in database.execute("SELECT id FROM segments")]))
"""

_log = logging.getLogger(__name__)


def remove_left_folders(folder: Path) -> None:
    """Deletes the folders of removed collections, and nothing else.

    Only for the writer, when it is making no collection. Readers make none, so a folder without a
    segment is nobody's; one that is still open elsewhere can be read to the end (where the system
    does not allow that, it is deleted another time).

    Args:
        folder: of an embedded Chroma.
    """
    # Folders are listed first: what is made from now on is not among them.
    try:
        found = [entry for entry in folder.iterdir() if _UUID.fullmatch(entry.name)]
    except OSError:
        return
    named = _segments(folder / "chroma.sqlite3") if found else None
    if named is None:
        return
    for entry in found:
        if entry.name not in named and entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)


def _segments(database: Path) -> frozenset[str] | None:
    """All that Chroma's database names; None where it cannot be read."""
    # In a process of its own: one that closes a file gives up all locks that it has on it, those of
    # an open Chroma, too.
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", "-c", _LOOK, database.absolute().as_uri()],
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
        return frozenset(json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        _log.info("Folders of removed vectors were not looked for: %s", error)
        return None
