"""The bm25 of a word in FTS5, from the places where it is said.

FTS5 has a function of this name, and the same formula with its numbers
(https://www.sqlite.org/fts5.html#the_bm25_function); asked row by row it takes longer, and threads
fight over each row.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.knowledge.lexical import HEADING, TITLE
from coach.knowledge.postings import NOTHING, Keys, Scores
from coach.storage.database import Db
from coach.storage.lexical import SAID

# FTS5's own: how soon one more time counts for less, how much the length tells, the least idf.
_K1, _B, _LEAST = 1.2, 0.75, 1e-6
# A column is told by the third letter of its name: title, heading, text; the kind counts nothing.
_WEIGHTS = np.zeros(128)
_WEIGHTS[[ord("t"), ord("a"), ord("x")]] = TITLE, HEADING, 1.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long each row of a table is, in words, beside the mean; keys are in order."""

    keys: Keys
    relative: NDArray[np.float64]


def load_sizes(db: Db, table: str) -> Sizes:
    """The sizes of all rows, as FTS5 keeps them: for each column a number of one to nine bytes."""
    rows_in_order = f"(SELECT id, sz FROM {table}_docsize ORDER BY id)"  # noqa: S608  our own names
    select = f"SELECT group_concat(id), group_concat(hex(sz), '') FROM {rows_in_order}"  # noqa: S608
    keys, packed = db.connection().exec_driver_sql(select).one()
    if keys is None:
        return Sizes(NOTHING.keys, NOTHING.values.astype(np.float64))
    rows = np.fromstring(keys, dtype=np.int32, sep=",")
    sizes = _unpacked(bytes.fromhex(packed)).reshape(len(rows), -1).sum(axis=1)
    return Sizes(rows, sizes / max(sizes.mean(), 1.0))


def load_bm25(db: Db, table: str, stem: str, sizes: Sizes) -> Scores:
    """What holds this stem, and what it adds to the score of each."""
    select = (
        "SELECT group_concat(doc), group_concat(substr(col, 3, 1), '') "  # noqa: S608  our own names
        f"FROM {SAID[table]} WHERE term = ?"
    )
    docs, columns = db.connection().exec_driver_sql(select, (stem,)).one()
    if docs is None:
        return NOTHING
    weights = _WEIGHTS[np.frombuffer(columns.encode(), dtype=np.uint8)]
    said = np.fromstring(docs, dtype=np.int32, sep=",")[weights > 0]
    keys, places = np.unique(said, return_inverse=True)
    counts = np.bincount(places, weights[weights > 0], len(keys))
    relative = sizes.relative[np.searchsorted(sizes.keys, keys)]
    idf = math.log((len(sizes.keys) - len(keys) + 0.5) / (len(keys) + 0.5))
    values = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * relative))
    return Scores(keys, (max(idf, _LEAST) * values).astype(np.float32))


def _unpacked(packed: bytes) -> NDArray[np.int64]:
    """The numbers in these bytes, seven bits in each; in the last of a number the eighth is 0."""
    given = np.frombuffer(packed, dtype=np.uint8).astype(np.int64)
    ends = np.flatnonzero(given < 128)
    starts = np.concatenate(([0], ends[:-1] + 1))
    found = np.zeros(len(ends), dtype=np.int64)
    for place in range(int((ends - starts).max()) + 1):
        at = np.minimum(starts + place, ends)
        found = np.where(starts + place <= ends, found * 128 + given[at] % 128, found)
    return found
