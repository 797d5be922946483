"""Turns texts into vectors. Knows nothing of passages, indexes or databases."""

import hashlib
import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from coach.errors import CoachError

Vectors = NDArray[np.float32]
_WORD = re.compile(r"\w+")


class EncoderFault(CoachError):
    """An encoder gave vectors that cannot be compared."""

    status = 502
    title = "The embedding model gave an answer that cannot be used."


class Encoder(Protocol):
    """A model that places texts of like meaning close to each other."""

    model: str
    dimension: int

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""


class HashEncoder:
    """Gives texts with the same words the same direction: for tests, it knows no meaning."""

    def __init__(self, dimension: int = 64) -> None:
        self.model = f"hash-{dimension}"
        self.dimension = dimension

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, the same on every machine."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in _WORD.findall(text.casefold()) or [""]:
                digest = hashlib.sha256(word[:6].encode("utf-8", "replace")).digest()
                row[int.from_bytes(digest[:4], "big") % self.dimension] += (
                    1 if digest[4] % 2 else -1
                )
            if not row.any():
                row[0] = 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


async def encode_checked(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """The vectors of these texts at length 1, or EncoderFault when one of them is no direction."""
    vectors = np.asarray(await encoder.encode(texts), dtype=np.float32)
    if vectors.shape != (len(texts), encoder.dimension):
        raise EncoderFault(
            f"{encoder.model} gave an array of {vectors.shape} for {len(texts)} texts, "
            f"and {(len(texts), encoder.dimension)} was expected."
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise EncoderFault(f"{encoder.model} gave a vector without a direction.")
    return np.asarray(vectors / lengths, dtype=np.float32)
