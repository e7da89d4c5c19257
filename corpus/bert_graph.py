"""Builds the int8 ONNX graph of multilingual-e5-small straight from its 4-bit weights.

No float32 model is exported and quantised: each matrix is decoded, quantised per output channel
and written, so building takes about a second and little memory. The graph is made of onnxruntime's
fused operators, so a session has nothing left to optimise when it opens. What was chosen, and why
(`docs/design.md` has the measurements):

* word vectors stay in the 4-bit blocks of the source (exact, 54 MB instead of 384);
* weights have 7 bits and activations 8: on processors without VNNI the sum of two 8-bit products
  saturates in 16 bits, so vectors would differ between machines and lose accuracy on some;
* query, key and value are one multiplication.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from corpus.e5_weights import BLOCK, E5Weights, Q4Matrix

_CONTRIB = "com.microsoft"
_LIMIT = 63
"""Largest weight of 7 bits."""


def write_int8_graph(weights: E5Weights, path: Path) -> None:
    """Writes the model: `input_ids`, `attention_mask` (batch, sequence) → `last_hidden_state`.

    Args:
        weights: where the tensors come from.
        path: file to write.
    """
    builder = _Builder(weights)
    onnx.save(builder.build(), path)


class _Builder:
    """Collects nodes and initialisers; methods return the name of what they add."""

    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self._shape = weights.shape
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []

    def build(self) -> onnx.ModelProto:
        hidden = self._embed()
        self._node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        for number in range(self._shape.layers):
            is_last = number == self._shape.layers - 1
            output = "last_hidden_state" if is_last else f"layer{number}"
            hidden = self._layer(f"l{number}", hidden, output)
        sizes = ["batch", "sequence"]
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, sizes)
            for name in ("input_ids", "attention_mask")
        ]
        outputs = [
            helper.make_tensor_value_info(hidden, TensorProto.FLOAT, [*sizes, self._shape.hidden])
        ]
        graph = helper.make_graph(self._nodes, "encoder", inputs, outputs, self._tensors)
        # INT4 tensors came with opset 21 (intermediate representation 10).
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _embed(self) -> str:
        hidden, positions = self._shape.hidden, self._shape.positions
        words = self._weights.matrix("emb.word", columns=hidden)
        self._tensors.append(_int4_tensor("word", words))
        self._tensor("word.scale", words.scales)
        self._node(
            "GatherBlockQuantized",
            ["word", "input_ids", "word.scale"],
            "word.rows",
            contrib=True,
            gather_axis=0,
            quantize_axis=1,
            block_size=BLOCK,
        )
        # Every token is of type 0, so its vector is added to the positions here.
        of_position = self._weights.vector("emb.pos").reshape(positions, hidden)
        self._tensor("position", of_position + self._weights.vector("emb.type")[:hidden])
        self._tensor("zero", np.zeros(1, np.int64))
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        self._node("Slice", ["position", "zero", "length", "zero"], "position.rows")
        self._node("Add", ["word.rows", "position.rows"], "embedded")
        norm = [self._vector(f"emb.ln.{part}") for part in ("w", "b")]
        return self._node(
            "LayerNormalization",
            ["embedded", *norm],
            "normed",
            axis=-1,
            epsilon=self._shape.epsilon,
        )

    def _layer(self, name: str, hidden: str, output: str) -> str:
        projected = self._linear(f"{name}.qkv", [f"{name}.{part}" for part in "qkv"], hidden)
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self._nodes.append(helper.make_node("Split", [projected], parts, axis=-1, num_outputs=3))
        context = self._node(
            "MultiHeadAttention",
            [*parts, "", "mask"],
            f"{name}.context",
            contrib=True,
            num_heads=self._shape.heads,
        )
        attended = self._linear(f"{name}.attended", [f"{name}.ao"], context)
        middle = self._add_and_norm(f"{name}.aln", hidden, attended, f"{name}.middle")
        wide = self._linear(f"{name}.wide", [f"{name}.fi"], middle)
        active = self._node("Gelu", [wide], f"{name}.active", contrib=True)
        narrow = self._linear(f"{name}.narrow", [f"{name}.fo"], active)
        return self._add_and_norm(f"{name}.oln", middle, narrow, output)

    def _linear(self, name: str, sources: list[str], x: str) -> str:
        """Gives x @ W.T + b with one scale for each output channel; several sources side by side."""
        columns = self._shape.feed_forward if sources[0].endswith(".fo") else self._shape.hidden
        matrix = np.concatenate(
            [self._weights.matrix(f"{s}.w", columns=columns).dequantised() for s in sources]
        )
        scale = np.abs(matrix).max(axis=1) / _LIMIT
        self._tensor(f"{name}.w", np.rint(matrix / scale[:, None]).astype(np.int8).T)
        self._tensor(f"{name}.scale", scale)
        bias = np.concatenate([self._weights.vector(f"{s}.b") for s in sources])
        self._tensor(f"{name}.b", bias)
        quantised = [f"{name}.x", f"{name}.x.scale", f"{name}.x.zero"]
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [x], quantised))
        return self._node(
            "MatMulIntegerToFloat",
            [
                quantised[0],
                f"{name}.w",
                quantised[1],
                f"{name}.scale",
                quantised[2],
                "",
                f"{name}.b",
            ],
            name,
            contrib=True,
        )

    def _add_and_norm(self, source: str, x: str, y: str, output: str) -> str:
        norm = [self._vector(f"{source}.{part}") for part in ("w", "b")]
        return self._node(
            "SkipLayerNormalization",
            [x, y, *norm],
            output,
            contrib=True,
            epsilon=self._shape.epsilon,
        )

    def _vector(self, name: str) -> str:
        return self._tensor(name, self._weights.vector(name))

    def _tensor(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(
        self,
        operator: str,
        inputs: list[str],
        output: str,
        *,
        contrib: bool = False,
        **attributes: Any,
    ) -> str:
        domain = _CONTRIB if contrib else ""
        node = helper.make_node(operator, inputs, [output], domain=domain, **attributes)
        self._nodes.append(node)
        return output


def _int4_tensor(name: str, matrix: Q4Matrix) -> onnx.TensorProto:
    """Two weights to a byte, the first one in the low nibble."""
    nibbles = matrix.values.astype(np.uint8) & 15
    tensor = TensorProto(name=name, data_type=TensorProto.INT4, dims=nibbles.shape)
    tensor.raw_data = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).tobytes()
    return tensor
