"""Copies tables of a SQLite database into a file beside it, to be changed there and dropped.

Whoever writes meanwhile does not wait: the copy is made in one reading transaction.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables
from coach.storage.lexical import DOCUMENT_WORDS, lexical_tables
from coach.storage.tables import Table

PREFIX = "coach-aside-"
# FTS5 keeps all it knows in these, so nothing need be read and split again.
PARTS = ("data", "idx", "content", "docsize", "config")
# A process that was killed leaves its copy behind.
LEFT_AFTER = 86_400


@contextmanager
def open_aside(database: Database, names: Sequence[str]) -> Iterator[Database]:
    """A copy of these tables and of what full-text search knows; gone when the block ends."""
    place = Path(str(sa.make_url(database.url).database)).resolve()
    _clear(place.parent)
    with TemporaryDirectory(prefix=PREFIX, dir=place.parent, ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "aside.db"
        url = f"sqlite:///{copy}"
        create_tables(url)
        _copy(place, copy, names)
        opened = open_database(url)
        try:
            yield opened
        finally:
            opened.close()


def _copy(source: Path, target: Path, names: Sequence[str]) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        run = connection.execute
        run("PRAGMA synchronous=OFF")
        run("ATTACH ? AS live", (str(source),))
        run("BEGIN")
        for name in names:
            # Named, for a database that came here by migrations may have them in another order.
            columns = ", ".join(f'"{one.name}"' for one in Table.metadata.tables[name].columns)
            run(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM live.{name}")  # noqa: S608  our own names
        for table in (*lexical_tables("sqlite"), DOCUMENT_WORDS):
            for part in PARTS:
                run(f"DELETE FROM main.{table}_{part}")  # noqa: S608  our own names
                run(f"INSERT INTO main.{table}_{part} SELECT * FROM live.{table}_{part}")  # noqa: S608  our own names
        run("COMMIT")


def _clear(folder: Path) -> None:
    """Let go of copies that a process left behind when it was killed."""
    for left in folder.glob(f"{PREFIX}*"):
        if time.time() - left.stat().st_mtime > LEFT_AFTER:
            shutil.rmtree(left, ignore_errors=True)
