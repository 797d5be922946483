"""Finds documents that say much the same as another, before both are published."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from coach.knowledge.words import words
from coach.storage import tables
from coach.storage.database import Db

# Two texts that share this share of their runs of five words are one text, lightly edited.
ALIKE = 0.5
RUN = 5
HASHES = 128
_PRIME = (1 << 31) - 1  # a product of two smaller numbers still fits into 64 bits
_CHANCE = np.random.default_rng(20_260_101)
_A = _CHANCE.integers(1, _PRIME, HASHES, dtype=np.int64)
_B = _CHANCE.integers(0, _PRIME, HASHES, dtype=np.int64)

Signature = NDArray[np.int64]
KEPT_SIGNATURES = 20_000
_SIGNED: dict[str, Signature] = {}


@dataclass(frozen=True, slots=True)
class Alike:
    """A document much like the one at hand, and the estimated share of common runs of words."""

    document_id: str
    share: float


@dataclass(slots=True)
class Likeness:
    """The signatures of a library's documents; it grows with what is added."""

    signatures: dict[str, Signature] = field(default_factory=dict)

    def find(self, document_id: str, text: str) -> Alike | None:
        """The other document most like this text, when one is alike enough to be told of."""
        own = sign(text)
        shares = (
            Alike(name, float(np.mean(own == other)))
            for name, other in sorted(self.signatures.items())
            if name != document_id
        )
        best = max(shares, key=lambda alike: alike.share, default=None)
        return best if best is not None and best.share >= ALIKE else None

    def add(self, document_id: str, text: str) -> None:
        """Remember the newest text of a document."""
        self.signatures[document_id] = sign(text)


def load_likeness(db: Db) -> Likeness:
    """The signatures of the newest version of every document that is not archived."""
    document, version = tables.Document, tables.DocumentVersion
    rows = db.execute(
        sa.select(document.id, version.content_hash, version.text)
        .join(version, version.id == document.current_version_id)
        .where(document.state != "archived")
    )
    return Likeness({name: _signed(digest, text) for name, digest, text in rows})


def _signed(digest: str, text: str) -> Signature:
    """The signature of a version, which never changes, so that it is worked out once."""
    known = _SIGNED.get(digest)
    if known is None:
        if len(_SIGNED) >= KEPT_SIGNATURES:
            _SIGNED.clear()
        known = _SIGNED[digest] = sign(text)
    return known


def sign(text: str) -> Signature:
    """A MinHash of the text's runs of words: equal places estimate the share of equal runs."""
    runs = np.fromiter(_runs(text), dtype=np.int64) % _PRIME
    return np.asarray(((_A[:, None] * runs[None, :] + _B[:, None]) % _PRIME).min(axis=1))


def _runs(text: str) -> Iterable[int]:
    """A number for each run of words; a text shorter than one run is a run of its own."""
    said = words(text)
    last = max(len(said) - RUN + 1, 1)
    return {zlib.crc32(" ".join(said[at : at + RUN]).encode()) for at in range(last)}
