"""Words as they are looked for: with FTS5 on SQLite, as a tsvector on PostgreSQL.

Nothing a person types reaches the query language of either: each term is quoted or bound.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import sqlalchemy as sa

from coach.knowledge.documents import Passage
from coach.knowledge.words import STOP_WORDS, normalise, stem, words
from coach.storage.database import Db
from coach.storage.lexical import DOCUMENT_WORDS, gather_documents

DEPTH = 100
# The limits below keep a search fast in a large library; a small one answers for every term.
SMALL = 3_000
MOST_TERMS = 24
RAREST_TERMS = 10
FEWEST_TERMS = 2
MOST_TOUCHED = 6_000
# A word in more than this share of the passages tells little; of more than LARGE passages fewer are
# looked at, so that the time for two common words stays bounded.
COMMON_SHARE, SHARE_OF_MANY = 0.2, 0.1
LARGE = 20_000
MAX_INDEXED = 100_000
TITLE, HEADING = 2.0, 1.0
# Never in the column of kinds.
IN_TEXT = "{title heading text} : "
_SHORT_PREFIX = re.compile(r"\b([a-z]{1,2})-(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query and in how many published passages it occurs.

    The stem is what the database looks it up by, where that is known.
    """

    word: str
    passages: int
    stem: str = ""


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
    rare = [term for term in known if term.passages <= most_for_rare(total)]
    # The time of a search grows with the passages that its terms touch together.
    touched = accumulate(term.passages for term in rare or known)
    fit = sum(1 for count in touched if count <= MOST_TOUCHED)
    return tuple((rare or known)[: min(max(fit, FEWEST_TERMS), RAREST_TERMS)])


def most_for_rare(total: int) -> float:
    """The most passages, of so many, that a word may occur in to be looked up beside others."""
    if total <= SMALL:
        return total
    return (COMMON_SHARE if total <= LARGE else SHARE_OF_MANY) * total


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
    for table, row in (*tables_of(db), (DOCUMENT_WORDS, tables_of(db)[0][1])):
        if keys:
            db.execute(
                sa.text(f"DELETE FROM {table} WHERE {row} = :key"),  # noqa: S608  our own names
                [{"key": key} for key in keys],
            )


def tables_of(db: Db) -> tuple[tuple[str, str], ...]:
    """The full-text tables of this database, and what their row is called."""
    if is_sqlite(db):
        return ("passages_fts", "rowid"), ("passages_trigram_fts", "rowid")
    return (("passages_fts", "key"),)


def is_sqlite(db: Db) -> bool:
    """Whether words are looked up with FTS5; else with a tsvector."""
    return db.get_bind().dialect.name == "sqlite"


# --- Reading ----------------------------------------------------------------------------------


def count_passages(db: Db) -> int:
    """How many passages can be found."""
    return int(db.scalar(sa.text("SELECT count(*) FROM passages_fts")) or 0)


def count_words(db: Db, wanted: Iterable[str]) -> dict[str, int]:
    """In how many passages each of these words occurs, as the database stems it."""
    if is_sqlite(db):
        select = sa.text("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH :term")
        return {
            word: int(db.scalar(select, {"term": IN_TEXT + quoted(word)}) or 0) for word in wanted
        }
    select = sa.text(
        "SELECT count(*) FROM passages_fts WHERE tsv @@ plainto_tsquery('english', :term)"
    )
    return {word: int(db.scalar(select, {"term": word}) or 0) for word in wanted}


def quoted(word: str) -> str:
    """A word as FTS5 looks for it, whatever is in it."""
    return '"' + word.replace('"', '""') + '"'
