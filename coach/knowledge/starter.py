"""The starter library in a database of its own, for one-shot commands and for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from coach.knowledge.adding import read_files
from coach.knowledge.library import publish_all
from coach.knowledge.sql_library import SqlLibrary
from coach.shipped import shipped
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables


@contextmanager
def open_starter_library(
    folder: Path | None = None, today: date | None = None
) -> Iterator[SqlLibrary]:
    """The shipped documents, published; gone when the block ends."""
    day = today or datetime.now(UTC).date()
    with open_starter_database(folder) as database:
        yield SqlLibrary(database, today=lambda: day)


@contextmanager
def open_starter_database(folder: Path | None = None) -> Iterator[Database]:
    """A database that holds the shipped documents and nothing else; gone when the block ends."""
    now = datetime.now(UTC)
    files = read_files([folder or shipped("knowledge")])
    with TemporaryDirectory(prefix="coach-library-", ignore_cleanup_errors=True) as place:
        url = f"sqlite:///{place}/library.db"
        create_tables(url)
        database = open_database(url)
        try:
            with database.transaction() as db:
                publish_all(db, (file.text for file in files), author=None, now=now)
            yield database
        finally:
            database.close()
