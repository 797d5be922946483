"""The vectors of passages, kept in the database: the truth from which any index can be rebuilt."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coach.knowledge.outside import load_outside
from coach.knowledge.stored import (
    IN_CHUNKS,
    PASSAGES,
    chunks,
    headed,
    header_from,
    published,
    text_hash,
)
from coach.llm.embeddings import Encoder, Vectors, encode_checked
from coach.storage import tables
from coach.storage.database import Database, Db

BATCH = 64
VECTORS = tables.Vector
LITTLE = np.dtype("<f4")


def count_embedded(db: Db, model: str, dimension: int) -> int:
    """How many published passages have a vector under this model."""
    select: sa.Select[Any] = sa.select(sa.func.count())
    return db.scalar(embedded(select, model, dimension)) or 0


def embedded(select: sa.Select[Any], model: str, dimension: int) -> sa.Select[Any]:
    """This of the published passages that have a vector under this model."""
    return (
        select.select_from(PASSAGES)
        .join(tables.Document, tables.Document.published_version_id == PASSAGES.c.version_id)
        .join(VECTORS, VECTORS.content_hash == PASSAGES.c.content_hash)
        .where(
            tables.Document.state == "published",
            VECTORS.model == model,
            VECTORS.dimension == dimension,
        )
    )


def list_heads(db: Db) -> dict[UUID, tuple[str, ...]]:
    """The title of every published version, and the questions it says it answers."""
    version, document = tables.DocumentVersion, tables.Document
    rows = db.execute(
        sa.select(version.id, version.header)
        .join(document, document.published_version_id == version.id)
        .where(document.state == "published")
    )
    headers = {version_id: header_from(header) for version_id, header in rows}
    return {key: (header.title, *header.asked_as) for key, header in headers.items()}


def list_unembedded(db: Db, encoder: Encoder) -> list[tuple[str, str]]:
    """Hash and text of what is published and has no vector yet, what headers say first."""
    heads = list_heads(db)
    known = sa.and_(
        VECTORS.content_hash == PASSAGES.c.content_hash,
        VECTORS.model == encoder.model,
        sa.true() if not encoder.dimension else VECTORS.dimension == encoder.dimension,
    )
    rows = db.execute(
        published()
        .with_only_columns(
            PASSAGES.c.content_hash,
            PASSAGES.c.version_id,
            PASSAGES.c.heading_path,
            PASSAGES.c.text,
        )
        .outerjoin(VECTORS, known)
        .where(VECTORS.content_hash.is_(None))
        .order_by(PASSAGES.c.key)
    )
    passages = {
        digest: headed(heads.get(version_id, ("",))[0], path, text)
        for digest, version_id, path, text in rows
    }
    said = [*(text for head in heads.values() for text in head if text)]
    if any(len(head) > 1 for head in heads.values()):
        said += load_outside()
    wanted = {text_hash(text): text for text in said}
    for chunk in chunks(list(wanted), IN_CHUNKS):
        for digest in _known(db, encoder.model, encoder.dimension, chunk):
            del wanted[digest]
    return list((wanted | passages).items())


def _known(db: Db, model: str, dimension: int, hashes: Sequence[str]) -> Sequence[str]:
    """Those of these texts that have a vector."""
    select = sa.select(VECTORS.content_hash).where(
        VECTORS.model == model, VECTORS.content_hash.in_(hashes)
    )
    if dimension:
        select = select.where(VECTORS.dimension == dimension)
    return db.scalars(select).all()


def save_vectors(db: Db, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
    """Keep these vectors, in place of any of another dimension."""
    known = set(_known(db, model, vectors.shape[1], hashes))
    fresh = [
        {
            "content_hash": digest,
            "model": model,
            "dimension": len(vector),
            "values": vector.astype(LITTLE).tobytes(),
        }
        for digest, vector in zip(hashes, vectors, strict=True)
        if digest not in known
    ]
    if not fresh:
        return
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if is_sqlite else postgresql.insert)(VECTORS)
    # Two processes may embed the same library at once; the later one changes nothing.
    named = {"dimension": insert.excluded.dimension, "values": insert.excluded["values"]}
    db.execute(
        insert.on_conflict_do_update(index_elements=["content_hash", "model"], set_=named), fresh
    )


async def embed_published(
    database: Database, encoder: Encoder, told: Callable[[int, int], Awaitable[None]] | None = None
) -> int:
    """Give every published passage its vector; each batch is kept as soon as it is there."""
    wanted = await database.read(list_unembedded, encoder)
    done = 0
    for chunk in chunks(wanted, BATCH):
        vectors = await encode_checked(encoder, [text for _, text in chunk])
        hashes = [digest for digest, _ in chunk]
        await database.transact(save_vectors, encoder.model, hashes, vectors)
        done += len(chunk)
        if told is not None:
            await told(done, len(wanted))
    return len(wanted)
