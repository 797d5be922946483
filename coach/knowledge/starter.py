"""The starter library in a database of its own, for one-shot commands and for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from coach.knowledge.adding import markdown_in, read_files
from coach.knowledge.documents import DocumentText
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.stocking import stock_library
from coach.shipped import shipped
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables

# A file as it is: its path, when it was last written, and how long it is.
_Stamp = tuple[Path, int, int]


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
    texts = _read_once(folder or shipped("knowledge"))
    with TemporaryDirectory(prefix="coach-library-", ignore_cleanup_errors=True) as place:
        url = f"sqlite:///{place}/library.db"
        create_tables(url)
        database = open_database(url)
        try:
            with database.transaction() as db:
                stock_library(db, texts, datetime.now(UTC))
            yield database
        finally:
            database.close()


def _read_once(folder: Path) -> tuple[DocumentText, ...]:
    """The documents of a folder, read again only when one of its files has changed."""
    stats = [(file, file.stat()) for file in markdown_in(folder)]
    stamps = tuple((file, stat.st_mtime_ns, stat.st_size) for file, stat in stats)
    return _read(folder, stamps)


@lru_cache(maxsize=2)
def _read(folder: Path, stamps: tuple[_Stamp, ...]) -> tuple[DocumentText, ...]:
    """The documents of a folder whose files bear these stamps."""
    return tuple(file.text for file in read_files([folder]))
