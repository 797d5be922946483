"""The vectors of a library in memory: compared with a question, exactly and all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from coach.knowledge.documents import DocumentKind
from coach.knowledge.learning import Answerers, learn_answerers, learn_side
from coach.knowledge.outside import load_outside
from coach.knowledge.stored import IN_CHUNKS, PASSAGES, chunks, text_hash
from coach.knowledge.vectors import LITTLE, VECTORS, embedded, list_heads
from coach.llm.embeddings import Vectors
from coach.storage import tables
from coach.storage.database import Db

# What the closest question of a document says, and the next two: one may be near by chance.
# Chosen on the tuning half of the golden questions.
AGREE = np.array([4, 2, 1], dtype=np.float32) / 7
# How much it counts which document a question belongs to, beside the questions nearest to it.
# Chosen there as well; anything from 1 to 4 finds about as much.
BELONGING = 2.0
# As near as this to what the library says, a question lies outside of it no longer.
STEPS_BACK = 0.66
READ_AT_ONCE = 2_000


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
    outside: Vectors
    side: Vectors
    answerers: Answerers
    firsts: NDArray[np.int64]

    def nearest(self, vector: Vectors, kind: DocumentKind | None, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, by comparing with each of them."""
        scores = compare(self.vectors, vector)
        if kind is not None:
            scores = np.where(self.kinds == kind, scores, -np.inf)
        count = min(limit, len(scores))
        best = np.argpartition(scores, -count)[-count:] if count else np.zeros(0, dtype=int)
        best = best[np.isfinite(scores[best])]
        ordered = best[np.lexsort((self.keys[best], -scores[best]))]
        return dict(zip(self.keys[ordered].tolist(), scores[ordered].tolist(), strict=True))

    def cosines(self, vector: Vectors, keys: Iterable[int]) -> dict[int, float]:
        """The cosine of each of these passages that has a vector."""
        wanted, rows = self._rows(keys)
        return dict(zip(wanted, compare(self.vectors[rows], vector).tolist(), strict=True))

    def title_cosines(self, vector: Vectors, keys: Iterable[int]) -> dict[int, float]:
        """The cosine of the title over each of these passages."""
        wanted, rows = self._rows(keys)
        found = compare(self.titles[self.title_rows[rows]], vector).tolist()
        return dict(zip(wanted, found, strict=True))

    def asked_cosines(self, closest: Vectors, keys: Iterable[int]) -> dict[int, float]:
        """The cosine of the closest question that the document of each passage says it answers."""
        wanted, rows = self._rows(keys)
        found = closest[self.owners[rows]].tolist()
        return {key: one for key, one in zip(wanted, found, strict=True) if one > -np.inf}

    def agreed(self, closest: Vectors, vector: Vectors) -> Vectors:
        """How surely each document is asked for; -inf for those that do not say what for.

        From its `closest` questions, and from what sets its questions apart from all others.
        """
        first, second, third = AGREE
        agreed: Vectors = first * closest[:, 0] + second * closest[:, 1] + third * closest[:, 2]
        agreed[self.answerers.owners] += BELONGING * self.answerers.weigh(vector)
        return agreed

    def nearest_asked(self, closest: Vectors, kind: DocumentKind | None, limit: int) -> list[int]:
        """The passages of the documents that are asked for in words nearest to these."""
        if not len(self.asked):
            return []
        if kind is not None:
            others = np.setdiff1d(self.owners, self.owners[self.kinds == kind])
            closest = closest.copy()
            closest[others] = -np.inf
        best = np.argsort(-closest)[:limit]
        return [int(key) for key in self.keys[np.isin(self.owners, best[closest[best] > -np.inf])]]

    def outside_cosine(self, vector: Vectors) -> float | None:
        """The cosine of the closest question that this library does not answer.

        None where no document says what it is asked for, so that there is nothing to weigh it with.
        """
        if not len(self.asked):
            return None
        return float(compare(self.outside, vector).max(initial=0.0))

    def leaning(self, vector: Vectors) -> float:
        """To which side a question leans: near 1 what is answered, near -1 what is not."""
        return float(self.side[:-1] @ vector + self.side[-1])

    def closest(self, vector: Vectors) -> float:
        """The cosine of whatever in the library comes closest."""
        return max(
            float(compare(said, vector).max(initial=-1.0))
            for said in (self.asked, self.titles, self.vectors)
        )

    def owners_of(self, keys: Iterable[int]) -> dict[int, int]:
        """A number for the document of each of these passages."""
        wanted, rows = self._rows(keys)
        return dict(zip(wanted, self.owners[rows].tolist(), strict=True))

    def firsts_of(self, keys: Iterable[int]) -> dict[int, int]:
        """The first passage of the document of each of these, by its key."""
        wanted, rows = self._rows(keys)
        return dict(zip(wanted, self.firsts[rows].tolist(), strict=True))

    def closest_asked(self, vector: Vectors) -> Vectors:
        """For each document, the cosines of its three closest questions, the best first.

        Where it has fewer, the last stands in again; -inf where it has none.
        """
        scores = compare(self.asked, vector)
        closest = np.full((int(self.owners.max(initial=-1)) + 1, len(AGREE)), -np.inf, np.float32)
        for place in range(len(AGREE)):
            best = np.full(len(closest), -np.inf, dtype=np.float32)
            np.maximum.at(best, self.asked_owners, scores)
            before = closest[:, max(place - 1, 0)]
            closest[:, place] = np.where(best > -np.inf, best, before)
            scores = np.where(scores < best[self.asked_owners], scores, -np.inf)
        return closest

    def _rows(self, keys: Iterable[int]) -> tuple[list[int], NDArray[np.int64]]:
        """The passages that are here, and where; the keys of a shelf are in order."""
        wanted = np.fromiter(keys, dtype=np.int64)
        if not len(self.keys) or not len(wanted):
            return [], np.zeros(0, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        here = self.keys[rows] == wanted
        return wanted[here].tolist(), rows[here]


def compare(vectors: Vectors, vector: Vectors) -> Vectors:
    """The cosine of each of these vectors of length 1 with another."""
    # Row by row, as they lie in memory: twice as fast as a product of matrices, which waits for it.
    return np.asarray(np.vecdot(vectors, vector), dtype=np.float32)


def load_shelf(db: Db, model: str, dimension: int) -> Shelf:
    """The vectors of the published passages that have one, and those of their titles."""
    rows, vectors = _load_rows(db, model, dimension)
    owners = {one: number for number, one in enumerate(dict.fromkeys(row[2] for row in rows))}
    titles, places, asked = _load_heads(db, model, dimension, owners)
    heading = np.array(titles)
    questions = np.array([one for _, one in asked], dtype=np.float32).reshape(-1, dimension)
    lines = list(_load_vectors(db, model, dimension, load_outside() if asked else ()).values())
    outside = _still_outside(lines, (questions, heading, vectors))
    owner_rows = np.array([owners[row[2]] for row in rows], dtype=np.int64)
    askers = np.array([number for number, _ in asked], dtype=np.int64)
    titled = np.array([owners[version] for version in places], dtype=np.int64)
    asking = np.isin(titled, askers)
    keys = np.array([row[0] for row in rows], dtype=np.int64)
    return Shelf(
        keys=keys,
        kinds=np.array([row[1] for row in rows], dtype=np.str_),
        vectors=vectors,
        titles=heading,
        title_rows=np.array([places.get(row[2], 0) for row in rows], dtype=np.int64),
        owners=owner_rows,
        asked=questions,
        asked_owners=askers,
        outside=outside,
        side=learn_side(np.concatenate((questions, heading[1:])), outside),
        answerers=learn_answerers(
            np.concatenate((questions, heading[1:][asking])),
            np.concatenate((askers, titled[asking])),
            outside,
        ),
        firsts=_firsts(keys, owner_rows),
    )


def _load_rows(db: Db, model: str, dimension: int) -> tuple[list[tuple[int, str, UUID]], Vectors]:
    """Key, kind and version of each passage that has a vector, in order, and their vectors."""
    select = embedded(
        sa.select(PASSAGES.c.key, tables.Document.kind, PASSAGES.c.version_id, VECTORS.values),
        model,
        dimension,
    ).order_by(PASSAGES.c.key)
    rows: list[tuple[int, str, UUID]] = []
    numbers = bytearray()
    # Read in parts and kept as they come: a large library would be in memory three times.
    for part in db.execute(select.execution_options(yield_per=READ_AT_ONCE)).partitions():
        rows += [(key, kind, version) for key, kind, version, _ in part]
        numbers += b"".join(values for *_, values in part)
    vectors = np.frombuffer(numbers, dtype=LITTLE).reshape(-1, dimension)
    return rows, vectors.astype(np.float32, copy=False)


def _firsts(keys: NDArray[np.int64], owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """The key of the first passage of the same owner, for each; the keys are in order."""
    those, rows = np.unique(owners, return_index=True)
    return keys[rows[np.searchsorted(those, owners)]]


def _load_heads(
    db: Db, model: str, dimension: int, owners: dict[UUID, int]
) -> tuple[list[NDArray[np.float32]], dict[UUID, int], list[tuple[int, NDArray[np.float32]]]]:
    """The vectors of the titles, where each version has its own, and those of what is asked."""
    heads = list_heads(db)
    texts = {text for head in heads.values() for text in head}
    shelved = _load_vectors(db, model, dimension, texts)
    # Row 0 is for those without a title, or whose title has no vector yet.
    titles = [np.zeros(dimension, dtype=np.float32)]
    places = {}
    asked = []
    for version, number in owners.items():
        title, *said = heads.get(version, ("",))
        if title in shelved:
            places[version] = len(titles)
            titles.append(shelved[title])
        asked += [(number, shelved[one]) for one in said if one in shelved]
    return titles, places, asked


def _still_outside(lines: list[NDArray[np.float32]], library: tuple[Vectors, ...]) -> Vectors:
    """Those of these lines that nothing in the library comes near."""
    outside = np.array(lines, dtype=np.float32).reshape(-1, library[0].shape[1])
    for said in library:
        outside = outside[(outside @ said.T).max(axis=1, initial=0.0) < STEPS_BACK]
    return outside


def _load_vectors(
    db: Db, model: str, dimension: int, texts: Iterable[str]
) -> dict[str, NDArray[np.float32]]:
    """The vectors of those of these texts that have one."""
    hashes = {text_hash(text): text for text in texts}
    found: dict[str, NDArray[np.float32]] = {}
    for chunk in chunks(sorted(hashes), IN_CHUNKS):
        select = sa.select(VECTORS.content_hash, VECTORS.values).where(
            VECTORS.model == model, VECTORS.dimension == dimension, VECTORS.content_hash.in_(chunk)
        )
        for digest, values in db.execute(select):
            found[hashes[digest]] = np.frombuffer(values, dtype=LITTLE)
    return found
