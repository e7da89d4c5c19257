"""What is installed, where things are, and what is wrong, each with what to do about it."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from assistant.generation import LanguageModel
from corpus.embedders import embedder_fingerprint
from corpus.errors import GuideError, LanguageModelError
from corpus.index import Index
from corpus.settings import Settings

_PACKAGES = (
    "programme-guide-assistant",
    "chromadb",
    "bm25s",
    "gradio",
    "langchain",
    "langchain-openai",
    "onnxruntime",
    "pypdf",
    "pypdfium2",
    "sentence-transformers",
    "torch",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `advice` says what to do where it is not fine."""

    what: str
    found: str
    fine: bool = True
    advice: str = ""

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Looks at Python, packages, the data folder, the models and the library. Changes nothing.

    A language model that is set is asked for a word.
    """
    return (
        Finding(what="Python", found=f"{platform.python_version()} ({sys.executable})"),
        Finding(what="processors", found=str(os.cpu_count())),
        *(_package(name) for name in _PACKAGES),
        _home(settings),
        _embedder(settings),
        _language_model(settings),
        *_library(settings),
    )


def _package(name: str) -> Finding:
    try:
        return Finding(what=f"package {name}", found=version(name))
    except PackageNotFoundError:
        return Finding(
            what=f"package {name}",
            found="missing",
            fine=False,
            advice=f"Install it: pip install {name}",
        )


def _home(settings: Settings) -> Finding:
    home = settings.home
    place = home if home.exists() else next(p for p in home.parents if p.exists())
    if os.access(place, os.W_OK):
        state = "" if home.exists() else " (not made yet)"
        return Finding(what="data folder", found=f"{home}{state}")
    return Finding(
        what="data folder",
        found=f"{home} cannot be written to",
        fine=False,
        advice="Change its permissions, or set GUIDE_HOME to another folder.",
    )


def _embedder(settings: Settings) -> Finding:
    try:
        return Finding(what="embedder", found=embedder_fingerprint(settings))
    except GuideError as error:
        return Finding(what="embedder", found="cannot be used", fine=False, advice=str(error))


def _language_model(settings: Settings) -> Finding:
    what = "language model"
    if not settings.llm.model:
        return Finding(what=what, found="none set: answers are the guide's own words")
    try:
        model = LanguageModel(settings.llm)
        seconds = model.probe()
    except LanguageModelError as error:
        found = f"{settings.llm.model} does not answer"
        return Finding(what=what, found=found, fine=False, advice=str(error))
    return Finding(what=what, found=f"{model.name} at {model.address} answers in {seconds:.1f} s")


def _library(settings: Settings) -> tuple[Finding, ...]:
    if not settings.home.exists():
        return (_empty(),)
    try:
        library = Index.open(settings)
    except GuideError as error:
        return (Finding(what="library", found="unusable", fine=False, advice=str(error)),)
    try:
        records = library.records()
        failures = library.failures()
    finally:
        library.close()
    if not records:
        return (_empty(),)
    return (
        Finding(
            what="library",
            found=f"{len(records)} documents, {sum(r.pages for r in records)} pages, "
            f"{sum(r.chunks for r in records)} chunks",
        ),
        *(
            Finding(what=f"file {f.file}", found=f.status.value, fine=False, advice=f.reason)
            for f in failures
        ),
    )


def _empty() -> Finding:
    return Finding(
        what="library",
        found="empty",
        fine=False,
        advice="Add guides with: guide ingest PATH",
    )
