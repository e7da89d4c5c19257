"""Tunes the reader of units (`corpus/unit_reader.npz`) from the bundled reranker.

    python -m benchmarks.unit_examples examples.jsonl benchmarks/questions/readers.jsonl \
        benchmarks/questions/kinds.tsv
    python -m benchmarks.tune examples.jsonl unit_reader.npz

The upper six layers are tuned: biases, norms, and for each matrix a product of two thin ones
(LoRA, rank 8), on whether each unit answers its question (binary cross-entropy), on the units of a
question that do against those that do not (softmax), and on whether any unit answers the question
(binary cross-entropy of the best one). Three quarters of an hour on two cores.
With `--leave-out N` every N-th question is left out and measured afterwards: how often a unit that
answers comes first, by worth alone, by the reader alone, by both. Seeds are set; sums of threads
differ in the last digits.
"""

from __future__ import annotations

import argparse
import math
import random
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.readings import READING
from assistant.rerank import UNIT_TOKENS
from assistant.rerank_onnx import Pairs
from benchmarks.unit_examples import Example, read_examples
from corpus.bert import Encoder, Layer, Linear, Norm
from corpus.onnx_weights import OnnxWeights
from corpus.weights import MS_MARCO_MINILM, verified_file

LOWEST = 6
"""First layer that is tuned."""
RANK = 8
EPOCHS = 3
RATE = 1e-3
QUESTIONS = 12
"""In a step."""
AT_ONCE = 28
"""Pairs of about one length that are computed together."""
LISTWISE = 0.15
"""Weight of each question's softmax beside the mean of all pairs."""
WHOLE = 0.3
"""Weight of each question's best unit beside the mean of all pairs."""
DROPOUT = 0.1


def _tensor(values: npt.NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))


class Matrix(nn.Module):
    """A frozen matrix with what is added to it, and its bias."""

    weight: Tensor

    def __init__(self, linear: Linear, *, rank: int) -> None:
        """Takes a matrix; of rank 0 nothing is added."""
        super().__init__()
        inputs, outputs = linear.weight.shape
        self.register_buffer("weight", _tensor((linear.weight * linear.scale).T))
        self.bias = nn.Parameter(_tensor(linear.bias))
        self.down = nn.Parameter(torch.randn(inputs, rank) * 0.02)
        self.up = nn.Parameter(torch.zeros(rank, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """x @ (weight + what is added) + bias."""
        y = functional.linear(x, self.weight, self.bias)
        return y + 2 * (x @ self.down) @ self.up if self.down.shape[1] else y

    def tensors(self) -> dict[str, Tensor]:
        """What `corpus.tuned_weights` reads of it."""
        added = {"down": self.down, "up": 2 * self.up} if self.down.shape[1] else {}
        return {"bias": self.bias, **added}


def _norm(norm: Norm, epsilon: float) -> nn.LayerNorm:
    made = nn.LayerNorm(len(norm.bias), eps=epsilon)
    made.weight.data, made.bias.data = _tensor(norm.weight), _tensor(norm.bias)
    return made


class Block(nn.Module):
    """One layer."""

    def __init__(self, layer: Layer, *, heads: int, epsilon: float, rank: int) -> None:
        """Takes a layer of an encoder."""
        super().__init__()
        self.heads = heads
        self.projection = Matrix(layer.projection, rank=rank)
        self.attended = Matrix(layer.attended, rank=rank)
        self.attended_norm = _norm(layer.attended_norm, epsilon)
        self.wide = Matrix(layer.wide, rank=rank)
        self.narrow = Matrix(layer.narrow, rank=rank)
        self.output_norm = _norm(layer.output_norm, epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Hidden vectors (pairs, tokens, hidden)."""
        pairs, tokens, hidden = x.shape
        parts = self.projection(x).chunk(3, dim=-1)
        query, key, value = (
            part.view(pairs, tokens, self.heads, -1).transpose(1, 2) for part in parts
        )
        context = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = self.attended(context.transpose(1, 2).reshape(pairs, tokens, hidden))
        x = self.attended_norm(x + functional.dropout(attended, DROPOUT, self.training))
        narrow = self.narrow(functional.gelu(self.wide(x)))
        output: Tensor = self.output_norm(x + functional.dropout(narrow, DROPOUT, self.training))
        return output


class Upper(nn.Module):
    """The layers that are tuned, and the head."""

    def __init__(self, encoder: Encoder) -> None:
        """Takes them of a cross-encoder."""
        super().__init__()
        shape, head = encoder.shape, encoder.head
        assert head is not None
        self.layers = nn.ModuleList(
            Block(encoder.layer(n), heads=shape.heads, epsilon=shape.epsilon, rank=RANK)
            for n in range(LOWEST, shape.layers)
        )
        self.pooler = Matrix(head.pooler, rank=RANK)
        self.classifier = Matrix(head.classifier, rank=0)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Log odds of pairs, from what the layers below give."""
        for layer in self.layers:
            x = layer(x, mask)
        pooled = torch.tanh(self.pooler(x[:, 0]))
        logits: Tensor = self.classifier(functional.dropout(pooled, DROPOUT, self.training))
        return logits[:, 0]

    def tensors(self) -> dict[str, npt.NDArray[np.float16]]:
        """What `corpus.tuned_weights` reads."""
        found: dict[str, Tensor] = {}
        for path, module in self.named_modules():
            name = re.sub(r"layers\.(\d+)\.", lambda n: f"layer{int(n[1]) + LOWEST}/", path)
            held: dict[str, Tensor] = {}
            if isinstance(module, nn.LayerNorm):
                held.update(module.named_parameters())
            elif isinstance(module, Matrix):
                held = module.tensors()
            found |= {f"{name}/{part}": tensor for part, tensor in held.items()}
        return {name: each.detach().numpy().astype(np.float16) for name, each in found.items()}


class Lower:
    """The layers that stay as they are; what they give of each pair is kept."""

    def __init__(self, encoder: Encoder) -> None:
        """Takes them of a cross-encoder."""
        shape = encoder.shape
        self._words = _tensor(encoder.words.dequantised())
        self._positions = _tensor(encoder.positions)
        self._types = _tensor(encoder.types)
        self._norm = _norm(encoder.embedding_norm, shape.epsilon)
        self._layers = [
            Block(encoder.layer(n), heads=shape.heads, epsilon=shape.epsilon, rank=0).eval()
            for n in range(LOWEST)
        ]

    @torch.no_grad()
    def read(self, ids: list[int], types: list[int]) -> Tensor:
        """Hidden vectors (tokens, hidden) of a pair, by its token ids and types."""
        x = self._words[ids] + self._positions[: len(ids)] + self._types[types]
        x = self._norm(x)[None]
        mask = torch.ones(1, 1, 1, len(ids), dtype=torch.bool)
        for layer in self._layers:
            x = layer(x, mask)
        hidden: Tensor = x[0].to(torch.bfloat16)
        return hidden


class Trainer:
    """Tunes the upper layers on examples."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Reads all pairs through the lower layers."""
        encoder = OnnxWeights(verified_file(MS_MARCO_MINILM, "model.onnx"))
        pairs = Pairs(MS_MARCO_MINILM, max_tokens=UNIT_TOKENS)
        lower, self.upper = Lower(encoder), Upper(encoder)
        self.examples, self._read = examples, []
        for example in examples:
            asked = pairs.question(example.question)
            self._read.append([lower.read(*pairs.pair(asked, text)) for text in example.texts])

    def log_odds(self, pairs: Sequence[tuple[int, int]]) -> Tensor:
        """Of pairs (which example, which of its units), those of about one length together."""
        hidden = [self._read[example][unit] for example, unit in pairs]
        order = sorted(range(len(pairs)), key=lambda i: len(hidden[i]))
        found = []
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for begin in range(0, len(order), AT_ONCE):
                batch = [hidden[i].float() for i in order[begin : begin + AT_ONCE]]
                x = nn.utils.rnn.pad_sequence(batch, batch_first=True)
                lengths = torch.tensor([len(each) for each in batch])
                mask = torch.arange(x.shape[1])[None] < lengths[:, None]
                found.append(self.upper(x, mask[:, None, None]).float())
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(found)[back]

    def tune(self, chosen: Sequence[int]) -> None:
        """Tunes on some of the examples."""
        optimizer = torch.optim.AdamW(self.upper.parameters(), lr=RATE, weight_decay=0.01)
        steps = EPOCHS * math.ceil(len(chosen) / QUESTIONS)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.1)
        self.upper.train()
        for epoch in range(EPOCHS):
            losses = []
            order = random.sample(chosen, len(chosen))
            for begin in range(0, len(order), QUESTIONS):
                loss = self._loss(order[begin : begin + QUESTIONS])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_(self.upper.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                losses.append(float(loss.detach()))
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)
        self.upper.eval()

    def _loss(self, chosen: Sequence[int]) -> Tensor:
        units = [units_of(self.examples[number]) for number in chosen]
        pairs = [(n, unit) for n, each in zip(chosen, units, strict=True) for unit in each]
        answer = torch.tensor([float(self.examples[n].answers[unit]) for n, unit in pairs])
        odds = self.log_odds(pairs)
        ends = np.cumsum([0, *map(len, units)])
        listwise, whole = [], []
        for number, (begin, end) in zip(chosen, pairwise(ends), strict=True):
            own, right = odds[begin:end], answer[begin:end] > 0
            if right.any():
                listwise.append(own.logsumexp(0) - own[right].logsumexp(0))
                whole.append(functional.softplus(-own[right].max()))
            elif not self.examples[number].answerable:
                whole.append(functional.softplus(own.max()))
        loss = functional.binary_cross_entropy_with_logits(odds, answer)
        share = QUESTIONS / len(chosen)  # the last step of an epoch has fewer
        if listwise:
            loss = loss + LISTWISE * share * torch.stack(listwise).sum()
        return loss + WHOLE * torch.stack(whole).mean() if whole else loss


def units_of(example: Example) -> list[int]:
    """Of which units an example is learned this time: answers, the best others, some more."""
    right = [unit for unit, answers in enumerate(example.answers) if answers]
    wrong = [unit for unit, answers in enumerate(example.answers) if not answers]
    if not example.answerable:
        return wrong[:6]
    if not right:
        return random.sample(wrong, min(4, len(wrong)))
    more = wrong[4:]
    return [
        *right[:1],
        *random.sample(right[1:], min(2, len(right) - 1)),
        *wrong[:4],
        *random.sample(more, min(2, len(more))),
    ]


@torch.no_grad()
def measure(trainer: Trainer, left_out: Sequence[int]) -> None:
    """Prints how often a unit that answers comes first."""
    firsts: dict[str, list[bool]] = {"worth": [], "reader": [], "both": []}
    for number in left_out:
        example = trainer.examples[number]
        if not example.answerable:
            continue
        read = trainer.log_odds([(number, unit) for unit in range(len(example.texts))]).numpy()
        worth = np.array(example.worth)
        for name, values in ("worth", worth), ("reader", read), ("both", worth + READING * read):
            firsts[name].append(example.answers[int(values.argmax())])
    for name, hits in firsts.items():
        print(f"{name}: {np.mean(hits):.3f} of {len(hits)}")


def main() -> None:
    """Tunes, measures what was left out, and writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("examples", type=Path, nargs="+", help="of unit_examples.py")
    parser.add_argument("to", type=Path, help="file to write")
    parser.add_argument("--leave-out", type=int, default=0, metavar="N", help="every N-th")
    given = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    examples = [each for path in given.examples for each in read_examples(path)]
    trainer = Trainer(examples)
    every = range(len(examples))
    left_out = [n for n in every if given.leave_out and n % given.leave_out == 0]
    trainer.tune(sorted(set(every) - set(left_out)))
    if left_out:
        measure(trainer, left_out)
    np.savez_compressed(given.to, **cast(Any, trainer.upper.tensors()))


if __name__ == "__main__":
    main()
