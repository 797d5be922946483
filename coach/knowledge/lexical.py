"""Search for words: FTS5 on SQLite, tsvector on PostgreSQL, behind the same functions.

Scores are bm25 or close to it on both, larger is better. Nothing a person types reaches the
query language of either: each term is quoted or bound.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from coach.knowledge.documents import DocumentKind, Passage
from coach.knowledge.words import STOP_WORDS, normalise, stem, words
from coach.storage.database import Db
from coach.storage.lexical import DOCUMENTS, gather_documents

DEPTH = 100
# Far below the best: fusion wants the score of passages that the other search found. More of them
# take longer, and nDCG@10 stays the same.
DEEP = 300
# So many rows at once mostly hold enough of each kind.
KINDS_AT_ONCE = 400
# The limits below keep a search fast in a large library; a small one answers for every term.
SMALL = 3_000
MOST_TERMS = 24
RAREST_TERMS = 10
FEWEST_TERMS = 2
MOST_TOUCHED = 6_000
COMMON_SHARE = 0.2
MAX_INDEXED = 100_000
TITLE, HEADING = 2.0, 1.0
_SHORT_PREFIX = re.compile(r"\b([a-z]{1,2})-(?=[a-z])")
# One hit of a lone term has ts_rank .304 at weight .5, where bm25 has its idf.
_RANK_SCALE = 1 / 0.304


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query and in how many published passages it occurs."""

    word: str
    passages: int


def idf(passages: int, total: int) -> float:
    """How much a word tells that occurs in this many of all passages; an unknown one tells most."""
    return math.log(1 + (total - passages + 0.5) / (passages + 0.5))


def spelled(text: str) -> str:
    """The text as it is searched: normalised, and "e-mail" written "email"."""
    return _SHORT_PREFIX.sub(r"\1", normalise(text))


def query_words(text: str) -> tuple[str, ...]:
    """The words to look for: each stem once, stop words only when there is nothing else."""
    everything = words(spelled(text))
    telling = [word for word in everything if word not in STOP_WORDS] or everything
    return tuple({stem(word): word for word in reversed(telling)}.values())[::-1]


def choose_terms(terms: Iterable[Term], total: int) -> tuple[Term, ...]:
    """The terms worth searching for: known ones, in a large library only the rarest."""
    known = sorted((term for term in terms if term.passages), key=lambda term: term.passages)
    if total <= SMALL:
        return tuple(known[:MOST_TERMS])
    rare = [term for term in known if term.passages <= COMMON_SHARE * total]
    # The time of a search grows with the passages that its terms touch together.
    touched = accumulate(term.passages for term in rare or known)
    fit = sum(1 for count in touched if count <= MOST_TOUCHED)
    return tuple((rare or known)[: min(max(fit, FEWEST_TERMS), RAREST_TERMS)])


# --- Writing ----------------------------------------------------------------------------------


def save_words(db: Db, passages: Mapping[int, Passage]) -> None:
    """Make these passages findable, by key."""
    rows = [
        {
            "key": key,
            "kind": passage.document_kind,
            "title": spelled(passage.document_title),
            "heading": spelled(
                " | ".join((*passage.heading_path, *passage.topics, *passage.asked_as))
            ),
            "text": spelled(passage.text[:MAX_INDEXED]),
        }
        for key, passage in passages.items()
    ]
    if not rows:
        return
    for table, row in tables_of(db):
        db.execute(
            sa.text(
                f"INSERT INTO {table} ({row}, kind, title, heading, text) "  # noqa: S608  our own names
                "VALUES (:key, :kind, :title, :heading, :text)"
            ),
            rows,
        )
    owners = {passage.document_id for passage in passages.values()}
    gather_documents(db.connection(), min(passages) if len(owners) == 1 else None)


def forget_words(db: Db, keys: Sequence[int]) -> None:
    """Make these passages unfindable."""
    for table, row in (*tables_of(db), (DOCUMENTS, tables_of(db)[0][1])):
        if keys:
            db.execute(
                sa.text(f"DELETE FROM {table} WHERE {row} = :key"),  # noqa: S608  our own names
                [{"key": key} for key in keys],
            )


def tables_of(db: Db) -> tuple[tuple[str, str], ...]:
    """The full-text tables of this database, and what their row is called."""
    if _is_sqlite(db):
        return ("passages_fts", "rowid"), ("passages_trigram_fts", "rowid")
    return (("passages_fts", "key"),)


def _is_sqlite(db: Db) -> bool:
    return db.get_bind().dialect.name == "sqlite"


# --- Reading ----------------------------------------------------------------------------------


def count_passages(db: Db) -> int:
    """How many passages can be found."""
    return int(db.scalar(sa.text("SELECT count(*) FROM passages_fts")) or 0)


def count_words(db: Db, wanted: Iterable[str]) -> dict[str, int]:
    """In how many passages each of these words occurs, as the database stems it."""
    if _is_sqlite(db):
        select = sa.text("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH :term")
        return {word: int(db.scalar(select, {"term": _in_text(word)}) or 0) for word in wanted}
    select = sa.text(
        "SELECT count(*) FROM passages_fts WHERE tsv @@ plainto_tsquery('english', :term)"
    )
    return {word: int(db.scalar(select, {"term": word}) or 0) for word in wanted}


def find_words(
    db: Db, terms: Sequence[Term], kind: DocumentKind | None, total: int, depth: int = DEPTH
) -> dict[int, float]:
    """Key and score of the passages that hold these terms, best first."""
    if not terms:
        return {}
    if _is_sqlite(db):
        return _match(db, terms, kind, depth)
    return _rank(db, terms, kind, _Size(total, depth))


@dataclass(frozen=True, slots=True)
class Matches:
    """The best rows for some terms in documents of any kind; `are_all` says that none is left."""

    rows: Sequence[tuple[int, float, DocumentKind]]
    are_all: bool

    def of(self, kind: DocumentKind | None, depth: int) -> dict[int, float] | None:
        """Key and score of the best passages of this kind, or None when more must be asked for."""
        best = [(key, score) for key, score, own in self.rows if kind in (None, own)][:depth]
        return dict(best) if self.are_all or len(best) == depth else None


def find_documents(db: Db, terms: Sequence[Term], total: int) -> dict[int, float]:
    """Key of the first passage and score of the documents that hold these terms, best first.

    Only documents of several passages: of one passage nothing new would be said.
    """
    if not terms:
        return {}
    if not _is_sqlite(db):
        return _rank(db, terms, None, _Size(total, DEEP), DOCUMENTS)
    select = sa.text(
        f"SELECT rowid, bm25({DOCUMENTS}, {TITLE}, 1.0) AS score FROM {DOCUMENTS} "  # noqa: S608  our own names
        f"WHERE {DOCUMENTS} MATCH :query ORDER BY +score, rowid LIMIT {DEEP}"
    )
    query = " OR ".join(_quoted(term.word) for term in terms)
    return {key: -found for key, found in db.execute(select, {"query": query})}


def find_matches(db: Db, terms: Sequence[Term], depth: int) -> Matches | None:
    """What holds these terms in one look for every kind; None where a look for each is as fast.

    A draft asks the same of tutorials, of career notes and of everything.
    """
    if not terms or not _is_sqlite(db):
        return None
    limit = max(KINDS_AT_ONCE, 2 * depth)
    rows = _best_rows(db, _in_text(*(term.word for term in terms)), limit, ", kind")
    return Matches([(key, -score, own) for key, score, own in rows], len(rows) < limit)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _in_text(*terms: str) -> str:
    """A query of FTS5 that looks for one of these terms, and never in the column of kinds."""
    return "{title heading text} : (" + " OR ".join(map(_quoted, terms)) + ")"


def _match(
    db: Db, terms: Sequence[Term], kind: DocumentKind | None, depth: int
) -> dict[int, float]:
    """The best rows by FTS5's bm25."""
    query = _in_text(*(term.word for term in terms))
    if kind is not None:
        query = f"({query}) AND kind : {_quoted(kind)}"
    return {key: -score for key, score in _best_rows(db, query, depth)}


def _best_rows(db: Db, query: str, limit: int, more: str = "") -> Sequence[Sequence[Any]]:
    """Rowid, bm25 and `more` columns of the best rows for a query of FTS5, best first."""
    # Ordered outside of FTS5, whose own order looks each row up again, and without the columns
    # that are not asked for: each would be read from the row. Both more than halve the time.
    select = sa.text(
        f"SELECT rowid, bm25(passages_fts, 0.0, {TITLE}, {HEADING}, 1.0) AS score{more} "  # noqa: S608  our own names
        "FROM passages_fts WHERE passages_fts MATCH :query ORDER BY +score, rowid LIMIT :limit"
    )
    return db.execute(select, {"query": query, "limit": limit}).all()


@dataclass(frozen=True, slots=True)
class _Size:
    """How many passages there are, and how many are wanted."""

    total: int
    depth: int


def _rank(
    db: Db,
    terms: Sequence[Term],
    kind: DocumentKind | None,
    size: _Size,
    table: str = "passages_fts",
) -> dict[int, float]:
    """The best rows by the sum of idf and ts_rank of each term, which saturates as bm25 does."""
    # Weights of D (text), C, B (headings), A (title).
    values: dict[str, object] = {"kind": kind, "weights": [0.5, 0.0, 0.5 * HEADING, 0.5 * TITLE]}
    parts, queries = [], []
    for number, term in enumerate(terms):
        query = f"plainto_tsquery('english', :w{number})"
        queries.append(query)
        parts.append(f":i{number} * ts_rank(CAST(:weights AS real[]), tsv, {query})")
        values[f"w{number}"] = term.word
        values[f"i{number}"] = idf(term.passages, size.total) * _RANK_SCALE
    only = "" if kind is None else "AND kind = :kind "
    rows = db.execute(
        sa.text(
            f"SELECT key, ({' + '.join(parts)}) AS score FROM {table} "  # noqa: S608  words are bound
            f"WHERE tsv @@ ({' || '.join(queries)}) {only}"
            f"ORDER BY score DESC, key LIMIT {size.depth}"
        ),
        values,
    )
    return {key: float(score) for key, score in rows}
