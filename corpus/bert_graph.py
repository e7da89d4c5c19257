"""Writes a BERT encoder as an ONNX graph that opens and runs fast in onnxruntime.

The graph is made of onnxruntime's fused operators, so a session has nothing to optimise when it
opens, and its tensors lie in a second file that is mapped into memory: opening takes 0.04 s
instead of 0.2-0.4 s, and half the memory. Chosen by measurement (`docs/models.md`):

* no attention mask: sequences are not padded (see `corpus.onnx_session`), and without a mask
  onnxruntime takes its faster attention;
* sum and LayerNorm as two operators: `SkipLayerNormalization` takes twice the time on processors;
* query, key and value in one multiplication.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from corpus.bert import BLOCK, Encoder, Linear, Norm, Q4Table, U8Table

_CONTRIB = "com.microsoft"
_MAPPED_BYTES = 1024


def write_graph(encoder: Encoder, path: Path) -> None:
    """Writes `path`, and its tensors beside it with the ending `.data`.

    Inputs are `input_ids` and, where the encoder has a head, `token_type_ids` (batch, sequence)
    of sequences of one length. The output is `last_hidden_state` (batch, sequence, hidden), or
    with a head `logits` (batch, 1).

    Args:
        encoder: where the numbers come from.
        path: file to write; neither it nor the data file may exist.
    """
    onnx.save(
        _Builder(encoder).build(),
        path,
        save_as_external_data=True,
        location=path.with_suffix(".data").name,
        size_threshold=_MAPPED_BYTES,
    )


class _Builder:
    """Collects nodes and tensors; methods return the name of what they add."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._shape = encoder.shape
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []

    def build(self) -> onnx.ModelProto:
        head = self._encoder.head
        hidden = self._embed(has_types=head is not None)
        for number in range(self._shape.layers):
            is_output = head is None and number == self._shape.layers - 1
            output = "last_hidden_state" if is_output else f"layer{number}"
            hidden = self._layer(number, hidden, output)
        names = ["input_ids"] if head is None else ["input_ids", "token_type_ids"]
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
            for name in names
        ]
        sizes: list[str | int] = ["batch", "sequence", self._shape.hidden]
        if head is not None:
            self._tensor("first", np.zeros((), np.int64))
            first = self._node("Gather", [hidden, "first"], "first.row", axis=1)
            pooled = self._node("Tanh", [self._linear("pooler", head.pooler, first)], "pooled")
            hidden = self._linear("logits", head.classifier, pooled)
            sizes = ["batch", 1]
        outputs = [helper.make_tensor_value_info(hidden, TensorProto.FLOAT, sizes)]
        graph = helper.make_graph(self._nodes, "encoder", inputs, outputs, self._tensors)
        # INT4 tensors came with opset 21 (intermediate representation 10).
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _embed(self, *, has_types: bool) -> str:
        words = self._encoder.words
        rows = self._q4_rows(words) if isinstance(words, Q4Table) else self._u8_rows(words)
        positions, types = self._encoder.positions, self._encoder.types
        # Where there is one kind of text only, every token is of type 0: added to the positions.
        self._tensor("position", positions if has_types else positions + types[0])
        self._tensor("zero", np.zeros(1, np.int64))
        self._node("Shape", ["input_ids"], "length", start=1, end=2)
        self._node("Slice", ["position", "zero", "length", "zero"], "position.rows")
        total = self._node("Add", [rows, "position.rows"], "embedded")
        if has_types:
            self._tensor("type", types)
            self._node("Gather", ["type", "token_type_ids"], "type.rows", axis=0)
            total = self._node("Add", [total, "type.rows"], "embedded.typed")
        return self._norm("normed", self._encoder.embedding_norm, total)

    def _q4_rows(self, table: Q4Table) -> str:
        self._tensors.append(_int4_tensor("word", table.values))
        self._tensor("word.scale", table.scales)
        return self._node(
            "GatherBlockQuantized",
            ["word", "input_ids", "word.scale"],
            "word.rows",
            contrib=True,
            gather_axis=0,
            quantize_axis=1,
            block_size=BLOCK,
        )

    def _u8_rows(self, table: U8Table) -> str:
        self._tensor("word", table.values)
        self._tensor("word.scale", np.asarray(table.scale, np.float32))
        self._tensor("word.zero", np.asarray(table.zero_point, np.uint8))
        self._node("Gather", ["word", "input_ids"], "word.bytes", axis=0)
        return self._node(
            "DequantizeLinear", ["word.bytes", "word.scale", "word.zero"], "word.rows"
        )

    def _layer(self, number: int, hidden: str, output: str) -> str:
        layer, name = self._encoder.layer(number), f"l{number}"
        projected = self._linear(f"{name}.projected", layer.projection, hidden)
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self._nodes.append(helper.make_node("Split", [projected], parts, axis=-1, num_outputs=3))
        context = self._node(
            "MultiHeadAttention",
            parts,
            f"{name}.context",
            contrib=True,
            num_heads=self._shape.heads,
        )
        attended = self._linear(f"{name}.attended", layer.attended, context)
        total = self._node("Add", [hidden, attended], f"{name}.attended.sum")
        middle = self._norm(f"{name}.middle", layer.attended_norm, total)
        wide = self._linear(f"{name}.wide", layer.wide, middle)
        active = self._node("Gelu", [wide], f"{name}.active", contrib=True)
        narrow = self._linear(f"{name}.narrow", layer.narrow, active)
        total = self._node("Add", [middle, narrow], f"{name}.narrow.sum")
        return self._norm(output, layer.output_norm, total)

    def _linear(self, name: str, linear: Linear, x: str) -> str:
        inputs = [
            x,
            self._tensor(f"{name}.weight", linear.weight),
            self._tensor(f"{name}.scale", linear.scale),
            "",
            self._tensor(f"{name}.bias", linear.bias),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, name, contrib=True)

    def _norm(self, name: str, norm: Norm, x: str) -> str:
        inputs = [
            x,
            self._tensor(f"{name}.weight", norm.weight),
            self._tensor(f"{name}.bias", norm.bias),
        ]
        epsilon = self._shape.epsilon
        return self._node("LayerNormalization", inputs, name, axis=-1, epsilon=epsilon)

    def _tensor(self, name: str, values: npt.NDArray[Any]) -> str:
        self._tensors.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
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


def _int4_tensor(name: str, values: npt.NDArray[np.int8]) -> onnx.TensorProto:
    """Two numbers to a byte, the first one in the low nibble."""
    nibbles = values.astype(np.uint8) & 15
    tensor = TensorProto(name=name, data_type=TensorProto.INT4, dims=nibbles.shape)
    tensor.raw_data = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).tobytes()
    return tensor
