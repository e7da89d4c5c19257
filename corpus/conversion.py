"""Writes bundled models into the data folder, once, in the form that opens and runs fast.

    <home>/models/<model>-<recipe>/
        onnx/model_int8.onnx, .data     what `corpus.onnx_session` opens
        conversion.json                 sizes of all files
        config.json, model.safetensors, tokenizer.json, modules.json, ...
                                        multilingual-e5-small only: what SentenceTransformer opens

Everything is written beside its place and renamed, so it is there whole or not at all; two
processes at once both write, and the first rename wins.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from corpus.e5_weights import open_e5_weights, read_e5_vocabulary
from corpus.errors import ModelError
from corpus.weights import E5_SMALL, Bundle, verified_file, verified_tuning

Progress = Callable[[str, float], None]
"""Called with what is being done and the share that is done, 0…1."""

GRAPH = Path("onnx") / "model_int8.onnx"
"""The graph, relative to the converted folder."""

_RECIPE = 1
"""Raised by every change to how weights are converted that changes what the models give."""

_MANIFEST = "conversion.json"
_ABANDONED_S = 3600.0


def recipe_hash(bundle: Bundle) -> str:
    """Hash of the weights and of how they are converted, 8 hexadecimal digits."""
    tuning = bundle.tuning[1:] if bundle.tuning else ()
    sources = " ".join((*sorted(bundle.sha256.values()), *tuning))
    return hashlib.sha256(f"{sources} {_RECIPE}".encode()).hexdigest()[:8]


def converted_folder(home: Path, bundle: Bundle) -> Path:
    """Where the converted model is or will be."""
    return home / "models" / f"{bundle.model}-{recipe_hash(bundle)}"


def is_converted(home: Path, bundle: Bundle) -> bool:
    """Whether the converted model is there, every file with its size."""
    folder = converted_folder(home, bundle)
    try:
        sizes = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def ensure_converted(home: Path, bundle: Bundle, progress: Progress | None = None) -> Path:
    """Converts the installed weights where that was not done yet.

    Args:
        home: data folder.
        bundle: one of multilingual-e5-small, bge-small-en-v1.5, ms-marco-MiniLM-L-12-v2 and
            the one tuned from it.
        progress: told what is being done, only when there is something to do.

    Returns:
        The converted folder.

    Raises:
        ModelError: where the weights are missing or changed, or the folder cannot be written.
    """
    folder = converted_folder(home, bundle)
    if is_converted(home, bundle):
        return folder
    report = progress or (lambda _stage, _share: None)
    report(f"Preparing {bundle.model}", 0.0)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder.parent, bundle)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write_model(bundle, draft, report)
            names = sorted(p.relative_to(draft) for p in draft.rglob("*") if p.is_file())
            sizes = {name.as_posix(): (draft / name).stat().st_size for name in names}
            (draft / _MANIFEST).write_text(json.dumps(sizes, indent=1), encoding="utf-8")
            _move_into_place(draft, folder, home, bundle)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"The model {bundle.model} cannot be written to {folder}: {error}. "
            "Make room there (600 MB), or set GUIDE_HOME to a folder that can be written."
        ) from error
    report(f"Prepared {bundle.model}", 1.0)
    return folder


def _write_model(bundle: Bundle, folder: Path, report: Progress) -> None:
    # Imported here: onnx is needed for conversion only, and slow to import.
    from corpus.bert_graph import write_graph
    from corpus.onnx_weights import OnnxWeights
    from corpus.tuned_weights import TunedWeights

    (folder / GRAPH).parent.mkdir()
    if bundle != E5_SMALL:
        encoder = OnnxWeights(verified_file(bundle, "model.onnx"))
        tuning = verified_tuning(bundle)
        write_graph(TunedWeights(encoder, tuning) if tuning else encoder, folder / GRAPH)
        return
    from corpus.sentence_folder import write_sentence_folder

    weights = open_e5_weights()
    report(f"Preparing {bundle.model}: int8", 0.1)
    write_graph(weights, folder / GRAPH)
    report(f"Preparing {bundle.model}: float32", 0.5)
    write_sentence_folder(weights, read_e5_vocabulary(), folder)


def _move_into_place(draft: Path, folder: Path, home: Path, bundle: Bundle) -> None:
    if not is_converted(home, bundle):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        draft.chmod(0o755)
        draft.rename(folder)
    except OSError:
        # Another process was first, which is as good; anything else is a fault.
        if not is_converted(home, bundle):
            raise


def _remove_abandoned(parent: Path, bundle: Bundle) -> None:
    """Removes what a killed process left; what another one is at work on is younger."""
    for draft in parent.glob(f".{bundle.model}-*"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(draft, ignore_errors=True)
