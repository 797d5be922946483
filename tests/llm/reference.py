"""all-MiniLM-L6-v2 once more, written out in numpy: slow, plain, and independent of our graph."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from coach.llm.minilm_onnx import read_weights

Matrix = NDArray[np.float64]
_ERF = np.vectorize(math.erf)


class Reference:
    """The network, one text at a time."""

    def __init__(self, folder: Path) -> None:
        self.weights = {
            name: np.asarray(values, dtype=np.float64)
            for name, values in read_weights(folder / "model.safetensors").items()
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(256)

    def encode(self, text: str) -> Matrix:
        ids = self.tokenizer.encode(text).ids
        state = (
            self.weights["embeddings.word_embeddings.weight"][ids]
            + self.weights["embeddings.position_embeddings.weight"][: len(ids)]
            + self.weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self.norm(state, "embeddings.LayerNorm")
        for layer in range(6):
            state = self.layer(state, f"encoder.layer.{layer}")
        mean = state.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean))

    def layer(self, state: Matrix, name: str) -> Matrix:
        query, key, value = (
            self.product(state, f"{name}.attention.self.{part}").reshape(len(state), 12, 32)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("qhd,khd->hqk", query, key) / np.sqrt(32)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen = np.einsum("hqk,khd->qhd", shares, value).reshape(len(state), 384)
        seen = self.product(seen, f"{name}.attention.output.dense")
        state = self.norm(state + seen, f"{name}.attention.output.LayerNorm")
        wide = self.product(state, f"{name}.intermediate.dense")
        wide = wide * 0.5 * (1 + _ERF(wide / np.sqrt(2)))
        out = self.product(wide, f"{name}.output.dense")
        return self.norm(state + out, f"{name}.output.LayerNorm")

    def product(self, value: Matrix, name: str) -> Matrix:
        return np.asarray(value @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])

    def norm(self, value: Matrix, name: str) -> Matrix:
        centred = value - value.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])
