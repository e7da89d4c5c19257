"""The tables of the ledger, and the steps that bring an older ledger up to date."""

from __future__ import annotations

MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    INSERT INTO meta VALUES ('library_id', lower(hex(randomblob(6)))), ('version', '0');
    CREATE TABLE documents (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        file TEXT NOT NULL,
        state TEXT NOT NULL,
        status TEXT NOT NULL,
        built_by TEXT NOT NULL,
        title TEXT NOT NULL,
        language TEXT NOT NULL,
        programme TEXT,
        year INTEGER,
        version TEXT,
        date TEXT,
        pages INTEGER NOT NULL,
        sections INTEGER NOT NULL,
        tables INTEGER NOT NULL,
        chunks INTEGER NOT NULL,
        warnings TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        structure BLOB NOT NULL,
        text BLOB NOT NULL
    );
    CREATE UNIQUE INDEX complete_id ON documents (id) WHERE state = 'complete';
    CREATE UNIQUE INDEX complete_sha256 ON documents (sha256) WHERE state = 'complete';
    CREATE TABLE boxes (
        row INTEGER NOT NULL REFERENCES documents (row) ON DELETE CASCADE,
        page INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (row, page)
    ) WITHOUT ROWID;
    CREATE TABLE failures (
        file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        status TEXT NOT NULL,
        reason TEXT NOT NULL,
        read_by TEXT NOT NULL,
        failed_at TEXT NOT NULL,
        PRIMARY KEY (sha256)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE documents ADD COLUMN official INTEGER NOT NULL DEFAULT 1;
    UPDATE documents SET official = 0
        WHERE title LIKE '%: an unofficial digest%' OR title LIKE '%: un resumen no oficial%'
        OR title LIKE '%: eine inoffizielle Kurzfassung%' OR title LIKE '%un résumé non officiel%';
    CREATE TABLE corrections (
        sha256 TEXT PRIMARY KEY,
        edition TEXT NOT NULL,
        made_at TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE packs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL,
        vectors INTEGER NOT NULL
    );
    CREATE TABLE packed (
        row INTEGER NOT NULL REFERENCES documents (row) ON DELETE CASCADE,
        pack INTEGER NOT NULL REFERENCES packs (number) ON DELETE CASCADE,
        PRIMARY KEY (row, pack)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE failures ADD COLUMN document_id TEXT NOT NULL DEFAULT '';",
)
"""Entry i brings a ledger from schema version i to i + 1. Entries are only ever added."""
