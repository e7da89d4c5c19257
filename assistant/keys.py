"""API keys: made and revoked on the command line, asked for by the server.

A key is `guide_<id>_<secret>`. Only the SHA-256 of the secret is kept (`<home>/keys.sqlite3`): it
is 256 random bits, so that no slow hash is needed to keep it from being guessed. A revoked key
stops working at once, in all processes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from sqlite3 import Row

from corpus.errors import QuestionError
from corpus.records import timestamp
from corpus.sqlite import Database

KEYS_FILE = "keys.sqlite3"

_KEY = re.compile(r"guide_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_MIGRATIONS = (
    """
    CREATE TABLE keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        scope TEXT NOT NULL,
        hash BLOB NOT NULL,
        created_at TEXT NOT NULL,
        revoked_at TEXT
    ) WITHOUT ROWID;
    """,
)
"""Entry i brings a file from schema version i to i + 1. Entries are only ever added."""


class Scope(StrEnum):
    """What a key may do: ask, or change the library as well."""

    ASK = "ask"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key without its secret; times are UTC, ISO 8601."""

    id: str
    name: str
    scope: Scope
    created_at: str
    revoked_at: str | None = None


class Keys:
    """The open file. Safe to use from several threads and processes; close it in the end."""

    def __init__(self, home: Path) -> None:
        """Opens the keys of a data folder, making the file where there is none.

        Raises:
            LibraryError: if folder or file cannot be used.
        """
        self._database = Database(home / KEYS_FILE, _MIGRATIONS)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def create(self, name: str, scope: Scope) -> tuple[Key, str]:
        """A new key, and its text, which is shown this once only.

        Raises:
            QuestionError: if the name is none that a list can show.
        """
        name = name.strip()
        if not name or not name.isprintable():
            raise QuestionError(
                "A key needs a name that tells it from others, in one line of letters and signs: "
                'guide keys create "web site"'
            )
        key = Key(
            id=secrets.token_hex(4),
            name=name,
            scope=scope,
            created_at=timestamp(),
        )
        secret = secrets.token_urlsafe(32)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO keys (id, name, scope, hash, created_at) VALUES (?, ?, ?, ?, ?)",
                (key.id, key.name, key.scope.value, _hash(secret), key.created_at),
            )
        return key, f"guide_{key.id}_{secret}"

    def find(self, text: str) -> Key | None:
        """The key that a request shows; None where there is none such, or it is revoked."""
        match = _KEY.fullmatch(text)
        if match is None:
            return None
        found = self._database.query(
            "SELECT * FROM keys WHERE id = ? AND revoked_at IS NULL", match[1]
        )
        if not found or not hmac.compare_digest(found[0]["hash"], _hash(match[2])):
            return None
        return _key(found[0])

    def revoke(self, key_id: str) -> None:
        """Makes a key useless from now on.

        Raises:
            QuestionError: if there is no working key with this id.
        """
        with self._database.transaction() as connection:
            done = connection.execute(
                "UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                (timestamp(), key_id),
            )
            if not done.rowcount:
                raise QuestionError(
                    f"There is no working key {key_id!r}. `guide keys list` shows them."
                )

    def all(self) -> tuple[Key, ...]:
        """Every key, revoked ones too, in the order in which they were made."""
        return tuple(map(_key, self._database.query("SELECT * FROM keys ORDER BY created_at, id")))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _key(row: Row) -> Key:
    return Key(
        id=row["id"],
        name=row["name"],
        scope=Scope(row["scope"]),
        created_at=row["created_at"],
        revoked_at=row["revoked_at"],
    )
