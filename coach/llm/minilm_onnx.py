"""Writes all-MiniLM-L6-v2 as one ONNX file from its published weights, pooling included.

The graph uses fused operators of onnxruntime where they are the faster ones, so that nothing has to
be optimised at start. Most products are of whole numbers of eight bits, which newer processors
multiply several times as fast as floats. What a token attends to stays in floats: rounded, it moves
short titles most. Every token is rounded by a scale of its own, so that whatever shares a batch
changes its vector as little as it did in floats.
"""

import json
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, WIDTH = 6, 12, 384
# Numbers are rounded to whole ones from -127 to 127.
LARGEST = 127
EPSILON = 1e-12
FUSED = "com.microsoft"
Weights = dict[str, NDArray[np.float32]]


def write_onnx(safetensors: Path, target: Path) -> None:
    """Write the model next to its final place and move it there whole."""
    graph = Graph(read_weights(safetensors))
    model = graph.model()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    try:
        onnx.save(model, str(fresh))
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def read_weights(path: Path) -> Weights:
    """The tensors of a safetensors file: eight bytes of length, a JSON header, raw numbers."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    start = 8 + length
    found: Weights = {}
    for name, about in header.items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        begin, end = about["data_offsets"]
        numbers = np.frombuffer(data[start + begin : start + end], dtype="<f4")
        found[name] = numbers.reshape(about["shape"])
    return found


def round_weights(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The weights, inputs by outputs, as whole numbers, and the scale of each output."""
    # Older processors add two products of bytes in sixteen bits, so that two neighbours of one sign
    # must stay small enough together for any two numbers they are multiplied with.
    one, other = matrix[:, ::2], matrix[:, 1::2]
    together = np.where(one * other > 0, np.abs(one) + np.abs(other), 0).max(axis=1)
    largest = np.maximum(np.abs(matrix).max(axis=1), together)
    scale = np.maximum(largest, np.finfo(np.float32).tiny) / LARGEST
    whole = np.rint(matrix / scale[:, None]).astype(np.int8)
    return whole.T, scale.astype(np.float32)


@dataclass(slots=True)
class Graph:
    """The network as it grows, one operator after the other."""

    weights: Weights
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)
    mask: str = ""

    def model(self) -> onnx.ModelProto:
        """The whole network: tokens and their mask in, one vector of length 1 for each text out."""
        state = self._embed()
        self.mask = self.run("Cast", ["attention_mask"], to=TensorProto.INT32)
        self.constant("thirds", np.full(3, WIDTH, dtype=np.int64))
        self.constant("step", np.array(1 / LARGEST, dtype=np.float32))
        self.constant("unit", np.array(1, dtype=np.float32))
        self.constant("middle", np.array(128, dtype=np.uint8))
        for layer in range(LAYERS):
            state = self._layer(state, f"encoder.layer.{layer}")
        self._pool(state)
        shape = ["texts", "tokens"]
        graph = helper.make_graph(
            self.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, shape)
                for name in ("input_ids", "attention_mask")
            ],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])],
            self.constants,
        )
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=8)

    def _embed(self) -> str:
        """The sum of what a token, its place and its part of the text stand for."""
        table = "embeddings"
        words = self.run("Gather", [self._weight(f"{table}.word_embeddings.weight"), "input_ids"])
        places = self.constant("places", self.weights[f"{table}.position_embeddings.weight"])
        length = self.run("Gather", [self.run("Shape", ["input_ids"]), self._whole("one", [1])])
        cut = [places, self._whole("first", [0]), length, self._whole("rows", [0])]
        part = self.weights[f"{table}.token_type_embeddings.weight"][0]
        total = self.run("Add", [words, self.run("Slice", cut)])
        total = self.run("Add", [total, self.constant("part", part)])
        return self._scaled(total, f"{table}.LayerNorm")

    def _layer(self, state: str, name: str) -> str:
        """Attention, then two products with a curve between them; each beside a short cut."""
        heads = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([self.weights[f"{head}.weight"] for head in heads])
        bias = np.concatenate([self.weights[f"{head}.bias"] for head in heads])
        joined = self.run("MatMul", [state, self.constant(f"{name}.qkv", matrix.T)])
        parts = [f"{name}.{part}" for part in ("asking", "asked", "told")]
        self.nodes.append(helper.make_node("Split", [joined, "thirds"], parts, axis=2))
        inputs = [*parts, self.constant(f"{name}.b", bias), self.mask]
        seen = self.run("MultiHeadAttention", inputs, domain=FUSED, num_heads=HEADS)
        state = self._join(seen, state, f"{name}.attention.output")
        wide = self._product(state, f"{name}.intermediate.dense")
        bent = [wide, self._weight(f"{name}.intermediate.dense.bias")]
        narrow = self.run("BiasGelu", bent, domain=FUSED)
        return self._join(narrow, state, f"{name}.output")

    def _join(self, value: str, beside: str, name: str) -> str:
        """The product with its bias, added to what it goes beside, and brought to one scale."""
        product = self._product(value, f"{name}.dense")
        biased = self.run("Add", [product, self._weight(f"{name}.dense.bias")])
        # SkipLayerNormalization, which is all three, takes twice as long.
        return self._scaled(self.run("Add", [biased, beside]), f"{name}.LayerNorm")

    def _scaled(self, value: str, name: str) -> str:
        inputs = [value, self._weight(f"{name}.weight"), self._weight(f"{name}.bias")]
        return self.run("LayerNormalization", inputs, axis=-1, epsilon=EPSILON)

    def _product(self, value: str, name: str) -> str:
        return self.times(value, self.weights[f"{name}.weight"], name)

    def times(self, value: str, matrix: NDArray[np.float32], name: str) -> str:
        """The product with a matrix of weights, as whole numbers; one scale for each token."""
        whole, scale = round_weights(matrix)
        largest = self.run("ReduceMax", [self.run("Abs", [value])], axes=[-1], keepdims=1)
        step = self.run("Mul", [largest, "step"])
        tokens = self.run("QuantizeLinear", [self.run("Div", [value, step]), "unit", "middle"])
        weights = [self.constant(f"{name}.whole", whole), "unit"]
        given = [tokens, *weights, self.constant(f"{name}.scale", scale), "middle"]
        return self.run("Mul", [self.run("MatMulIntegerToFloat", given, domain=FUSED), step])

    def _pool(self, state: str) -> None:
        """The mean of the tokens that are no padding, at length 1."""
        axis = self._whole("tokens", [1])
        mask = self.run("Cast", ["attention_mask"], to=TensorProto.FLOAT)
        column = self.run("Unsqueeze", [mask, self._whole("last", [2])])
        total = self.run("Mul", [state, column])
        total = self.run("ReduceSum", [total, axis], keepdims=0)
        mean = self.run("Div", [total, self.run("ReduceSum", [column, axis], keepdims=0)])
        self.nodes.append(helper.make_node("LpNormalization", [mean], ["vectors"], axis=-1, p=2))

    def run(
        self, operator: str, inputs: list[str], domain: str = "", **attributes: float | list[int]
    ) -> str:
        """One more operator; the name of what it gives."""
        name = f"n{len(self.nodes)}"
        given: dict[str, Any] = dict(attributes)
        node = helper.make_node(operator, inputs, [name], domain=domain, **given)
        self.nodes.append(node)
        return name

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """One more table of numbers, by its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _whole(self, name: str, values: list[int]) -> str:
        return self.constant(f"whole.{name}", np.array(values, dtype=np.int64))

    def _weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])
