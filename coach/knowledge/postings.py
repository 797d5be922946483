"""What each word adds to the score of what holds it, in arrays that a library keeps.

The bm25 of a question is the sum of what each of its words says alone. So the scores of a word can
be kept, as long as the version of the library is the same, and added to those of any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from coach.knowledge.documents import DocumentKind
from coach.knowledge.lexical import HEADING, IN_TEXT, TITLE, Term, idf, is_sqlite, quoted
from coach.storage.database import Db
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS

Keys = NDArray[np.int32]
Values = NDArray[np.float32]
# One hit of a lone term has ts_rank .304 at weight .5, where bm25 has its idf.
_RANK_SCALE = 1 / 0.304
# Weights of D (text), C, B (headings), A (title).
_WEIGHTS = [0.5, 0.0, 0.5 * HEADING, 0.5 * TITLE]
_BM25 = {
    PASSAGE_WORDS: f"bm25({PASSAGE_WORDS}, 0.0, {TITLE}, {HEADING}, 1.0)",
    DOCUMENT_WORDS: f"bm25({DOCUMENT_WORDS}, {TITLE}, 1.0)",
}


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of passages, or of documents, by key; of a sum the keys are in order."""

    keys: Keys
    values: Values

    def best(self, count: int) -> dict[int, float]:
        """So many of the highest, the highest first; of equal ones the lower key first."""
        rows = np.arange(len(self.keys))
        if 0 < count < len(rows):
            least = np.partition(self.values, len(rows) - count)[len(rows) - count]
            rows = np.flatnonzero(self.values >= least)
        rows = rows[np.lexsort((self.keys[rows], -self.values[rows]))][:count]
        return dict(zip(self.keys[rows].tolist(), self.values[rows].tolist(), strict=True))

    def of(self, keys: Sequence[int]) -> Values:
        """The score of each of these keys, 0 where there is none."""
        wanted = np.asarray(keys, dtype=np.int32)
        if not len(self.keys):
            return np.zeros(len(wanted), dtype=np.float32)
        rows = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: Values = np.where(self.keys[rows] == wanted, self.values[rows], np.float32(0))
        return found

    def among(self, keys: Keys) -> "Scores":
        """Those whose key is one of these."""
        rows = np.isin(self.keys, keys, assume_unique=True)
        return Scores(self.keys[rows], self.values[rows])


NOTHING = Scores(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))


def scores_from(pairs: Mapping[int, float]) -> Scores:
    """The same scores in arrays."""
    keys = np.fromiter(pairs, dtype=np.int32)
    order = np.argsort(keys)
    return Scores(keys[order], np.fromiter(pairs.values(), dtype=np.float32)[order])


def add_up(parts: Sequence[Scores]) -> Scores:
    """The sum of the scores of each key."""
    if not parts:
        return NOTHING
    keys, places = np.unique(np.concatenate([one.keys for one in parts]), return_inverse=True)
    values = np.concatenate([one.values for one in parts])
    return Scores(keys, np.bincount(places, values, len(keys)).astype(np.float32))


def load_scores(db: Db, table: str, term: Term, total: int) -> Scores:
    """What holds this term, of `total` passages, and what it adds to the score of each."""
    if is_sqlite(db):
        select = f"SELECT rowid, -{_BM25[table]} FROM {table} WHERE {table} MATCH ?"  # noqa: S608  our own names
        query = (IN_TEXT if table == PASSAGE_WORDS else "") + quoted(term.word)
        rows = db.connection().exec_driver_sql(select, (query,)).all()
        factor = 1.0
    else:
        query = "plainto_tsquery('english', :word)"
        select = (
            f"SELECT key, ts_rank(CAST(:weights AS real[]), tsv, {query}) FROM {table} "  # noqa: S608
            f"WHERE tsv @@ {query}"
        )
        rows = db.execute(sa.text(select), {"word": term.word, "weights": _WEIGHTS}).all()
        factor = idf(term.passages, total) * _RANK_SCALE
    found = np.fromiter(chain.from_iterable(rows), np.float64, 2 * len(rows)).reshape(-1, 2)
    return Scores(found[:, 0].astype(np.int32), (factor * found[:, 1]).astype(np.float32))


def list_keys(db: Db, kind: DocumentKind) -> Keys:
    """The passages of documents of this kind that can be found."""
    if is_sqlite(db):
        select = f"SELECT rowid FROM {PASSAGE_WORDS} WHERE {PASSAGE_WORDS} MATCH :kind"  # noqa: S608  our own names
        value = f"kind : {quoted(kind)}"
    else:
        select, value = f"SELECT key FROM {PASSAGE_WORDS} WHERE kind = :kind", kind  # noqa: S608
    return np.array(list(db.scalars(sa.text(select), {"kind": value})), dtype=np.int32)
