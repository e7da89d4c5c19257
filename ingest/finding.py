"""Which files a run takes."""

from __future__ import annotations

import os
import stat
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
    """The files to take, each once, and a report for each path that leads to none.

    A folder below those named that cannot be searched has a report, too.
    """
    found: dict[Path, Found] = {}
    lost: dict[Path, FileReport] = {}
    for path in paths:
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            lost[path] = missing_report(path, f"There is no file or folder {shown(path)}.")
        except OSError as error:
            lost[path] = unopened_report(path, error)
        else:
            if stat.S_ISDIR(mode):
                files, problems = _inside(path)
                for file in files:
                    new = Found(path=file, name=name_of(file), named=False)
                    found.setdefault(file.resolve(), new)
                lost |= problems
                if not files and not problems:
                    said = f"There is no PDF in the folder {shown(path)}."
                    lost[path] = missing_report(path, said)
            elif stat.S_ISREG(mode):
                found[path.resolve()] = Found(path=path, name=name_of(path), named=True)
            else:
                lost[path] = _no_file_report(path)
    return list(found.values()), list(lost.values())


def missing_report(path: Path, reason: str) -> FileReport:
    """The report of a file that is not there to be read."""
    return FileReport(
        file=name_of(path) or shown(path), path=str(path), status=MISSING, warnings=(reason,)
    )


def report_on(file: Found, status: str, *warnings: str, seconds: float = 0.0) -> FileReport:
    """The report of a file that is not in the library."""
    return FileReport(
        file=file.name, path=str(file.path), status=status, warnings=warnings, seconds=seconds
    )


def unopened_report(path: Path, error: OSError) -> FileReport:
    """The report of a file that the system does not give."""
    return missing_report(path, f"It cannot be opened: {error.strerror}.")


def _no_file_report(path: Path) -> FileReport:
    # It would be read twice, to know it and to take it in; a pipe gives its bytes once, or never.
    what = f"{shown(path)} is no file but a pipe, a socket or a device."
    return missing_report(path, f"{what} Save what it gives as a file, and name that.")


def _inside(folder: Path) -> tuple[list[Path], dict[Path, FileReport]]:
    """The PDF files below a folder in order, and what could not be looked into."""
    files: list[Path] = []
    lost: dict[Path, FileReport] = {}
    folders = [folder]
    while folders:  # not nested calls: folders may be nested deeper than those
        searched = folders.pop()
        try:
            with os.scandir(searched) as entries:
                for entry in entries:
                    path = searched / entry.name
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif _is_guide(path, lost):
                        files.append(path)
        except OSError as error:
            reason = f"The folder {shown(searched)} cannot be searched: {error.strerror}."
            lost[searched] = missing_report(searched, reason)
    return sorted(files), dict(sorted(lost.items()))


def _is_guide(path: Path, lost: dict[Path, FileReport]) -> bool:
    # Hidden files are not guides ("._name.pdf" holds what a Mac knows about "name.pdf").
    if path.suffix.lower() != ".pdf" or path.name.startswith("."):
        return False
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        lost[path] = unopened_report(path, error)
        return False
