"""What a database looks a word up by, so that forms of one word are looked up once."""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import sqlalchemy as sa

from coach.knowledge.lexical import is_sqlite
from coach.storage.database import Db
from coach.storage.lexical import TOKENIZE

_ASK = "INSERT INTO asked (rowid, word) VALUES (?, ?)"
_STEMS = "SELECT doc, term FROM stems ORDER BY doc, offset"


class Fts5:
    """FTS5 with nothing in it but the words it is asked about; threads share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._db.execute(f"CREATE VIRTUAL TABLE asked USING fts5(word, content='', {TOKENIZE})")
        self._db.execute("CREATE VIRTUAL TABLE stems USING fts5vocab('asked', 'instance')")

    def stems(self, words: Sequence[str]) -> dict[str, str]:
        """The stem of each word; one of several parts has several, in their order."""
        found: list[list[str]] = [[] for _ in words]
        with self._lock:
            self._db.execute("BEGIN")
            try:
                self._db.executemany(_ASK, enumerate(words))
                for place, stem in self._db.execute(_STEMS):
                    found[place].append(stem)
            finally:
                self._db.execute("ROLLBACK")
        return {word: " ".join(parts) for word, parts in zip(words, found, strict=True)}


@lru_cache(maxsize=1)
def open_fts5() -> Fts5:
    """That of this process."""
    return Fts5()


def load_stems(db: Db, words: Sequence[str]) -> dict[str, str]:
    """What this database looks each of these words up by: words of one stem find the same."""
    if not words:
        return {}
    if is_sqlite(db):
        return open_fts5().stems(words)
    select = sa.text(
        "SELECT word, CAST(plainto_tsquery('english', word) AS text) "
        "FROM unnest(CAST(:words AS text[])) AS word"
    )
    return {word: stem for word, stem in db.execute(select, {"words": list(words)})}
