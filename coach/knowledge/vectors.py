"""The vectors of passages, kept in the database: the truth from which any index can be rebuilt."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects import postgresql, sqlite

from coach.knowledge.documents import DocumentKind
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
_TABLE = tables.Vector
_LITTLE = np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The vectors of all published passages under one model, with whose they are."""

    keys: NDArray[np.int64]
    kinds: NDArray[np.str_]
    vectors: Vectors
    titles: Vectors
    title_rows: NDArray[np.int64]
    owners: NDArray[np.int64]
    asked: Vectors
    asked_owners: NDArray[np.int64]

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

    def cosines(self, vector: Vectors, keys: Iterable[int]) -> dict[int, float]:
        """The cosine of each of these passages that has a vector."""
        wanted, rows = self._rows(keys)
        return dict(zip(wanted, (self.vectors[rows] @ vector).tolist(), strict=True))

    def title_cosines(self, vector: Vectors, keys: Iterable[int]) -> dict[int, float]:
        """The cosine of the title over each of these passages."""
        wanted, rows = self._rows(keys)
        found = (self.titles[self.title_rows[rows]] @ vector).tolist()
        return dict(zip(wanted, found, strict=True))

    def asked_cosines(self, vector: Vectors, keys: Iterable[int]) -> dict[int, float]:
        """The cosine of the closest question that the document of each passage says it answers."""
        wanted, rows = self._rows(keys)
        closest = self._closest(vector)[self.owners[rows]].tolist()
        return {key: one for key, one in zip(wanted, closest, strict=True) if one > -np.inf}

    def nearest_asked(self, vector: Vectors, kind: DocumentKind | None, limit: int) -> list[int]:
        """The passages of the documents that are asked for in words nearest to these."""
        closest = self._closest(vector)
        if not len(self.asked):
            return []
        if kind is not None:
            others = np.setdiff1d(self.owners, self.owners[self.kinds == kind])
            closest[others] = -np.inf
        best = np.argsort(-closest)[:limit]
        return [int(key) for key in self.keys[np.isin(self.owners, best[closest[best] > -np.inf])]]

    def owners_of(self, keys: Iterable[int]) -> dict[int, int]:
        """A number for the document of each of these passages."""
        wanted, rows = self._rows(keys)
        return dict(zip(wanted, self.owners[rows].tolist(), strict=True))

    def _closest(self, vector: Vectors) -> NDArray[np.float32]:
        """For each document, the cosine of the closest of its questions."""
        count = int(self.owners.max(initial=-1)) + 1
        closest = np.full(count, -np.inf, dtype=np.float32)
        np.maximum.at(closest, self.asked_owners, self.asked @ vector)
        return closest

    def _rows(self, keys: Iterable[int]) -> tuple[list[int], NDArray[np.int64]]:
        """The passages that are here, and where; the keys of a shelf are in order."""
        wanted = np.fromiter(keys, dtype=np.int64)
        if not len(self.keys) or not len(wanted):
            return [], np.zeros(0, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        here = self.keys[rows] == wanted
        return wanted[here].tolist(), rows[here]


def load_shelf(db: Db, model: str, dimension: int) -> Shelf:
    """The vectors of the published passages that have one, and those of their titles."""
    rows = db.execute(
        _embedded(
            sa.select(PASSAGES.c.key, tables.Document.kind, _TABLE.values, PASSAGES.c.version_id),
            model,
            dimension,
        ).order_by(PASSAGES.c.key)
    ).all()
    heads = list_heads(db)
    shelved = _load_vectors(
        db, model, dimension, {text for head in heads.values() for text in head}
    )
    owners = {version: number for number, version in enumerate(dict.fromkeys(r[3] for r in rows))}
    # Row 0 is for those without a title, or whose title has no vector yet.
    titles = [np.zeros(dimension, dtype=np.float32)]
    places = {}
    asked = []
    for version, number in owners.items():
        title, *questions = heads.get(version, ("",))
        if title in shelved:
            places[version] = len(titles)
            titles.append(shelved[title])
        asked += [(number, shelved[one]) for one in questions if one in shelved]
    blob = b"".join(row[2] for row in rows)
    return Shelf(
        keys=np.array([row[0] for row in rows], dtype=np.int64),
        kinds=np.array([row[1] for row in rows], dtype=np.str_),
        vectors=np.frombuffer(blob, dtype=_LITTLE).reshape(-1, dimension).astype(np.float32),
        titles=np.array(titles),
        title_rows=np.array([places.get(row[3], 0) for row in rows], dtype=np.int64),
        owners=np.array([owners[row[3]] for row in rows], dtype=np.int64),
        asked=np.array([one for _, one in asked], dtype=np.float32).reshape(-1, dimension),
        asked_owners=np.array([number for number, _ in asked], dtype=np.int64),
    )


def _load_vectors(
    db: Db, model: str, dimension: int, texts: Iterable[str]
) -> dict[str, NDArray[np.float32]]:
    """The vectors of those of these texts that have one."""
    hashes = {text_hash(text): text for text in texts}
    found: dict[str, NDArray[np.float32]] = {}
    for chunk in chunks(sorted(hashes), IN_CHUNKS):
        select = sa.select(_TABLE.content_hash, _TABLE.values).where(
            _TABLE.model == model, _TABLE.dimension == dimension, _TABLE.content_hash.in_(chunk)
        )
        for digest, values in db.execute(select):
            found[hashes[digest]] = np.frombuffer(values, dtype=_LITTLE)
    return found


def count_embedded(db: Db, model: str, dimension: int) -> int:
    """How many published passages have a vector under this model."""
    select: sa.Select[Any] = sa.select(sa.func.count())
    return db.scalar(_embedded(select, model, dimension)) or 0


def _embedded(select: sa.Select[Any], model: str, dimension: int) -> sa.Select[Any]:
    """This of the published passages that have a vector under this model."""
    return (
        select.select_from(PASSAGES)
        .join(tables.Document, tables.Document.published_version_id == PASSAGES.c.version_id)
        .join(_TABLE, _TABLE.content_hash == PASSAGES.c.content_hash)
        .where(
            tables.Document.state == "published",
            _TABLE.model == model,
            _TABLE.dimension == dimension,
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
        _TABLE.content_hash == PASSAGES.c.content_hash,
        _TABLE.model == encoder.model,
        sa.true() if not encoder.dimension else _TABLE.dimension == encoder.dimension,
    )
    rows = db.execute(
        published()
        .with_only_columns(
            PASSAGES.c.content_hash,
            PASSAGES.c.version_id,
            PASSAGES.c.heading_path,
            PASSAGES.c.text,
        )
        .outerjoin(_TABLE, known)
        .where(_TABLE.content_hash.is_(None))
        .order_by(PASSAGES.c.key)
    )
    passages = {
        digest: headed(heads.get(version_id, ("",))[0], path, text)
        for digest, version_id, path, text in rows
    }
    wanted = {text_hash(text): text for head in heads.values() for text in head if text}
    for chunk in chunks(list(wanted), IN_CHUNKS):
        for digest in _known(db, encoder.model, encoder.dimension, chunk):
            del wanted[digest]
    return list((wanted | passages).items())


def _known(db: Db, model: str, dimension: int, hashes: Sequence[str]) -> Sequence[str]:
    """Those of these texts that have a vector."""
    select = sa.select(_TABLE.content_hash).where(
        _TABLE.model == model, _TABLE.content_hash.in_(hashes)
    )
    if dimension:
        select = select.where(_TABLE.dimension == dimension)
    return db.scalars(select).all()


def save_vectors(db: Db, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
    """Keep these vectors, in place of any of another dimension."""
    known = set(_known(db, model, vectors.shape[1], hashes))
    fresh = [
        {
            "content_hash": digest,
            "model": model,
            "dimension": len(vector),
            "values": vector.astype(_LITTLE).tobytes(),
        }
        for digest, vector in zip(hashes, vectors, strict=True)
        if digest not in known
    ]
    if not fresh:
        return
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    insert = (sqlite.insert if is_sqlite else postgresql.insert)(_TABLE)
    # Two processes may embed the same library at once; the later one changes nothing.
    named = {"dimension": insert.excluded.dimension, "values": insert.excluded["values"]}
    db.execute(
        insert.on_conflict_do_update(index_elements=["content_hash", "model"], set_=named), fresh
    )


async def embed_published(
    database: Database, encoder: Encoder, told: Callable[[int, int], None] | None = None
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
            told(done, len(wanted))
    return len(wanted)
