"""Which files a run takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.naming import name_of, shown
from ingest.report import MISSING, FileReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to take in.

    Attributes:
        path: where it is. name: what it is called in the library.
        named: whether it was named itself rather than found in a folder.
    """

    path: Path
    name: str
    named: bool


def find_files(paths: Sequence[Path]) -> tuple[list[Found], list[FileReport]]:
    """The files to take, each once, and a report for each path that leads to none."""
    found: dict[Path, Found] = {}
    missing: list[FileReport] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() == ".pdf")
            # Hidden files are not guides ("._name.pdf" holds what a Mac knows about "name.pdf").
            files = [p for p in inside if p.is_file() and not p.name.startswith(".")]
            for file in files:
                found.setdefault(file.resolve(), Found(path=file, name=name_of(file), named=False))
            if not files:
                missing.append(
                    missing_report(path, f"There is no PDF in the folder {shown(path)}.")
                )
        elif path.exists():
            found[path.resolve()] = Found(path=path, name=name_of(path), named=True)
        else:
            missing.append(missing_report(path, f"There is no file or folder {shown(path)}."))
    return list(found.values()), missing


def missing_report(path: Path, reason: str) -> FileReport:
    """The report of a file that is not there to be read."""
    return FileReport(file=name_of(path), path=str(path), status=MISSING, warnings=(reason,))
