"""The vectors of passages, kept in the database: the truth from which any index can be rebuilt."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from coach.knowledge.documents import DocumentKind
from coach.knowledge.stored import PASSAGES, chunks
from coach.llm.embeddings import Encoder, Vectors, encode_checked
from coach.storage import tables
from coach.storage.database import Database, Db

BATCH = 64
_TABLE = tables.Vector
_LITTLE = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vectors of all published passages under one model, with whose they are."""

    keys: NDArray[np.int64]
    kinds: NDArray[np.str_]
    vectors: Vectors

    def nearest(self, vector: Vectors, kind: DocumentKind | None, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, by comparing with each of them."""
        scores = self.vectors @ vector
        if kind is not None:
            scores = np.where(self.kinds == kind, scores, -np.inf)
        count = min(limit, len(scores))
        best = np.argpartition(-scores, count - 1)[:count] if count else np.zeros(0, dtype=int)
        ordered = sorted(best, key=lambda place: (-scores[place], self.keys[place]))
        return {
            int(self.keys[place]): float(scores[place])
            for place in ordered
            if np.isfinite(scores[place])
        }


def load_shelf(db: Db, model: str, dimension: int) -> Shelf:
    """The vectors of the published passages that have one."""
    rows = db.execute(
        sa.select(PASSAGES.c.key, tables.Document.kind, _TABLE.values)
        .join(tables.Document, tables.Document.published_version_id == PASSAGES.c.version_id)
        .join(_TABLE, _TABLE.content_hash == PASSAGES.c.content_hash)
        .where(
            tables.Document.state == "published",
            _TABLE.model == model,
            _TABLE.dimension == dimension,
        )
        .order_by(PASSAGES.c.key)
    ).all()
    blob = b"".join(row[2] for row in rows)
    return Shelf(
        keys=np.array([row[0] for row in rows], dtype=np.int64),
        kinds=np.array([row[1] for row in rows], dtype=np.str_),
        vectors=np.frombuffer(blob, dtype=_LITTLE).reshape(-1, dimension).astype(np.float32),
    )


def list_unembedded(db: Db, model: str) -> list[tuple[str, str]]:
    """Hash and text of what is published and has no vector under this model yet."""
    version, document = tables.DocumentVersion, tables.Document
    rows = db.execute(
        sa.select(
            PASSAGES.c.content_hash,
            version.header,
            PASSAGES.c.heading_path,
            PASSAGES.c.text,
        )
        .join(document, document.published_version_id == PASSAGES.c.version_id)
        .join(version, version.id == PASSAGES.c.version_id)
        .outerjoin(
            _TABLE,
            sa.and_(_TABLE.content_hash == PASSAGES.c.content_hash, _TABLE.model == model),
        )
        .where(document.state == "published", _TABLE.content_hash.is_(None))
        .order_by(PASSAGES.c.key)
    )
    return list(
        {
            digest: f"{' > '.join((str(header['title']), *path))}\n{text}"
            for digest, header, path, text in rows
        }.items()
    )


def save_vectors(db: Db, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
    """Keep these vectors; one that is there already stays."""
    known = set(
        db.scalars(
            sa.select(_TABLE.content_hash).where(
                _TABLE.model == model, _TABLE.content_hash.in_(hashes)
            )
        )
    )
    for digest, vector in zip(hashes, vectors, strict=True):
        if digest not in known:
            blob = vector.astype(_LITTLE).tobytes()
            db.add(_TABLE(content_hash=digest, model=model, dimension=len(vector), values=blob))


async def embed_published(database: Database, encoder: Encoder) -> int:
    """Give every published passage its vector; each batch is kept as soon as it is there."""
    wanted = await database.read(list_unembedded, encoder.model)
    for chunk in chunks(wanted, BATCH):
        vectors = await encode_checked(encoder, [text for _, text in chunk])
        hashes = [digest for digest, _ in chunk]
        await database.transact(save_vectors, encoder.model, hashes, vectors)
    return len(wanted)
