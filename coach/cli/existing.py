"""Opens a database as it is, for commands that read it beside a running service.

Nothing here brings it up to date, and what does that takes long to import.
"""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from coach.errors import CoachError
from coach.settings import Settings
from coach.storage.database import Database, open_database


class DatabaseUnread(CoachError):
    """The database in the data folder does not answer as it should."""

    status = 503
    title = "The database cannot be read: run `coach migrate`, then `coach doctor`."


@contextmanager
def open_existing(settings: Settings) -> Iterator[Database | None]:
    """The database as it is, or None where none was made yet."""
    if not _is_there(settings.database_url):
        yield None
        return
    database = open_database(settings.database_url)
    try:
        yield database if _has_tables(database) else None
    except sa.exc.DBAPIError as error:
        raise DatabaseUnread from error
    finally:
        database.close()


def _is_there(url: str) -> bool:
    """Whether there is a database to open; a server is asked later."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    return bool(parsed.database) and pathlib.Path(str(parsed.database)).is_file()


def _has_tables(database: Database) -> bool:
    return sa.inspect(database.reader).has_table("library_state")
