"""A BERT encoder with int8 weights, as numbers: what is read from a package and written as a graph.

All matrices are ready to multiply from the right: shape (inputs, outputs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_LARGEST_WEIGHT = 63
"""Weights get 7 bits. On processors without VNNI the sum of two products of 8 bits each saturates
in 16 bits: vectors would be worse there, and differ between machines."""

BLOCK = 32
"""Weights that share one scale in a `Q4Table`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the network; `epsilon` belongs to LayerNorm."""

    hidden: int
    layers: int
    heads: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Q4Table:
    """Rows of 4-bit numbers: `values` (rows, columns) in -8…7, `scales` (rows, columns / 32)."""

    values: npt.NDArray[np.int8]
    scales: Floats

    def dequantised(self) -> Floats:
        """The numbers meant, shape (rows, columns)."""
        rows, columns = self.values.shape
        blocks = self.values.reshape(rows, columns // BLOCK, BLOCK).astype(np.float32)
        blocks *= self.scales[:, :, None]
        return blocks.reshape(rows, columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class U8Table:
    """Rows of 8-bit numbers with one scale: (values - zero_point) * scale."""

    values: npt.NDArray[np.uint8]
    scale: float
    zero_point: int

    def dequantised(self) -> Floats:
        """The numbers meant, shape (rows, columns)."""
        return (self.values.astype(np.float32) - self.zero_point) * np.float32(self.scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """x @ (weight * scale) + bias: weight (inputs, outputs), scale and bias (outputs,)."""

    weight: npt.NDArray[np.int8]
    scale: Floats
    bias: Floats


def quantised(weight: Floats, bias: Floats) -> Linear:
    """A matrix (inputs, outputs) rounded, each output with the smallest scale that holds it."""
    scale = np.abs(weight).max(axis=0) / _LARGEST_WEIGHT
    return Linear(weight=np.rint(weight / scale).astype(np.int8), scale=scale, bias=bias)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """LayerNorm over the last axis."""

    weight: Floats
    bias: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer; `projection` gives query, key and value side by side."""

    projection: Linear
    attended: Linear
    attended_norm: Norm
    wide: Linear
    narrow: Linear
    output_norm: Norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of a cross-encoder: tanh(first token @ pooler) @ classifier is the logit."""

    pooler: Linear
    classifier: Linear


class Encoder(Protocol):
    """Where the numbers come from. Layers are made when asked for, one at a time."""

    @property
    def shape(self) -> Shape:
        """Sizes."""
        ...

    @property
    def words(self) -> Q4Table | U8Table:
        """Vectors of tokens, by id."""
        ...

    @property
    def positions(self) -> Floats:
        """Vectors of positions, shape (positions, hidden)."""
        ...

    @property
    def types(self) -> Floats:
        """Vectors of token types, shape (types, hidden)."""
        ...

    @property
    def embedding_norm(self) -> Norm:
        """Of the sum of the three."""
        ...

    @property
    def head(self) -> Head | None:
        """None where the vectors of the tokens are the output."""
        ...

    def layer(self, number: int) -> Layer:
        """Layer `number`, from 0."""
        ...
