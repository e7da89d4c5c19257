"""What makes two runs the same run: question set, settings, index and program.

A run that was interrupted goes on only where all of them are as they were.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from corpus.records import DocumentRecord
from corpus.settings import Settings
from eval.questions import Question, set_hash

ASIDE: Mapping[str, bool | set[str]] = {
    "home": True,
    "server": True,
    "log": True,
    "limits": True,
    "llm": {"api_key"},
}
"""Settings that change no answer, and the key, which is nobody's business."""

LIBRARIES = (
    "programme-guide-assistant",
    "bm25s",
    "chromadb",
    "langchain",
    "langchain-openai",
    "numpy",
    "onnxruntime",
    "sentence-transformers",
    "torch",
)
PROJECT = Path(__file__).resolve().parent.parent
PROGRAM = ("assistant", "corpus")
"""Packages whose files decide an answer."""


def identity(
    questions: Sequence[Question], settings: Settings, records: Iterable[DocumentRecord]
) -> dict[str, object]:
    """What decides the results of a run, as JSON."""
    return {
        "question_set": set_hash(questions),
        "questions": len(questions),
        "settings": settings.model_dump(mode="json", exclude=ASIDE),
        "index": index_fingerprint(records),
        "program": program_fingerprint(),
    }


def index_fingerprint(records: Iterable[DocumentRecord]) -> str:
    """SHA-256 over what is indexed, from which bytes, by which embedder and chunking, and when."""
    rows = sorted((r.id, r.sha256, r.built_by, r.saved_at) for r in records)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def program_fingerprint(root: Path = PROJECT) -> str:
    """SHA-256 over the program's own files that decide an answer, code and data."""
    digest = hashlib.sha256()
    for package in PROGRAM:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.suffix in (".py", ".toml", ".json", ".tsv", ".txt"):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Installed versions of what answers are made with, and the commit where there is one."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    commit = _commit()
    return found | ({"commit": commit} if commit else {})


def _commit() -> str:
    git = shutil.which("git")
    if git is None or not (PROJECT / ".git").exists():
        return ""
    done = subprocess.run(  # noqa: S603 - a fixed command in our own folder
        [git, "-C", str(PROJECT), "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
