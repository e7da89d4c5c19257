"""Loads sentence-transformers models by name or folder, with or without a network.

The only home of sentence_transformers. What is in a folder or in the local cache is loaded
without asking the hub. A name that is not there is asked for only where the hub can be reached:
the library itself would retry for more than a minute before it gave up.
"""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from corpus.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

Model = TypeVar("Model")

_REACH_S = 5.0
_READ_WHOLE_BYTES = 1 << 22
_SAMPLES = 16
_SAMPLE_BYTES = 1 << 16
_DECISIVE = {".json", ".txt", ".model", ".safetensors", ".bin", ".onnx"}


def load_sentence_transformer(name: str) -> SentenceTransformer:
    """An embedding model by name or folder.

    Raises:
        ModelError: where it cannot be loaded, saying what to do.
    """
    from sentence_transformers import SentenceTransformer

    return _load(name, lambda local: SentenceTransformer(_source(name), local_files_only=local))


def load_cross_encoder(name: str) -> CrossEncoder:
    """A reranking model by name or folder.

    Raises:
        ModelError: where it cannot be loaded, saying what to do.
    """
    from sentence_transformers import CrossEncoder

    model: CrossEncoder = _load(
        name, lambda local: CrossEncoder(_source(name), local_files_only=local)
    )
    return model


def local_folder(name: str) -> Path | None:
    """The folder of a model that can be loaded without a network: itself, or in the cache."""
    folder = Path(_source(name))
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith("."):
        return None
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for owned in (name, f"sentence-transformers/{name}", f"cross-encoder/{name}"):
        try:
            found = try_to_load_from_cache(owned, "config.json")
        except HFValidationError:
            continue
        if isinstance(found, str):
            return Path(found).parent
    return None


def fingerprint_of(name: str) -> str:
    """Name of a model and a hash of the files that decide what it gives.

    Large files are sampled at evenly spaced places: any training changes all of a file.

    Args:
        name: as the settings have it; a folder counts by its last part, so that it may move.

    Raises:
        ModelError: where the files are not on this machine.
    """
    folder = local_folder(name)
    if folder is None:
        raise ModelError(f"The files of the model {name} are not in the local model cache.")
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in _DECISIVE and p.is_file()):
        size = path.stat().st_size
        digest.update(json.dumps([path.relative_to(folder).as_posix(), size]).encode())
        with path.open("rb") as stream:
            if size <= _READ_WHOLE_BYTES:
                digest.update(stream.read())
                continue
            for number in range(_SAMPLES):
                stream.seek((size - _SAMPLE_BYTES) * number // (_SAMPLES - 1))
                digest.update(stream.read(_SAMPLE_BYTES))
    short = folder.name if Path(_source(name)).is_dir() else name
    return f"{short}@{digest.hexdigest()[:12]}"


def _source(name: str) -> str:
    """What the library is given: it does not know that `~` is the home folder."""
    return str(Path(name).expanduser()) if name.startswith("~") else name


def _load(name: str, load: Callable[[bool], Model]) -> Model:
    from safetensors import SafetensorError

    # What the libraries raise for a missing, damaged or foreign model.
    failures = (
        OSError,
        ValueError,
        RuntimeError,
        LookupError,
        TypeError,
        AttributeError,
        ImportError,
        SafetensorError,
    )
    try:
        return load(True)
    except failures as error:
        first = error
    folder = Path(_source(name))
    if folder.is_dir():
        raise ModelError(
            f"The model {name} cannot be loaded: {_short(first)}. Take a folder that "
            "sentence-transformers wrote, or download the model again."
        ) from first
    if folder.is_absolute() or name.startswith("."):
        raise ModelError(f"There is no model folder {name}. Correct the setting.") from first
    offline = _why_unreachable()
    if offline:
        raise ModelError(
            f"The model {name} is neither a folder nor complete in the local cache, and the "
            f"model hub cannot be reached ({offline}). Correct the name in the settings, or set it "
            "to the folder of a model that was downloaded elsewhere."
        ) from first
    try:
        return load(False)
    except failures as error:
        raise ModelError(
            f"The model {name} cannot be downloaded: {_short(error)}. "
            "Correct the name in the settings, or set it to the folder of a model."
        ) from error


def _why_unreachable() -> str | None:
    """Why the hub cannot be reached; None where it answers."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return "HF_HUB_OFFLINE is set"
    if not constants.ENDPOINT.startswith(("https://", "http://")):
        return f"HF_ENDPOINT is {constants.ENDPOINT}"
    request = urllib.request.Request(constants.ENDPOINT, method="HEAD")  # noqa: S310  checked above
    try:
        with urllib.request.urlopen(request, timeout=_REACH_S):  # noqa: S310
            return None
    except urllib.error.HTTPError:
        return None
    except OSError as error:
        return str(getattr(error, "reason", error))


def _short(error: BaseException) -> str:
    """The first sentence of a message that may run over pages."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")[:300]
