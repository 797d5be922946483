"""Opens the database for commands that need nothing else, and chooses the programme they work for.

What the service, the library and drafting bring along takes longer to import than such a command
takes to answer, so this knows none of it.
"""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.people.people import list_programmes, save_programme
from coach.rendering.outline import plain
from coach.settings import Settings
from coach.storage.database import Database, Db, open_database
from coach.storage.opening import open_data

FIRST_PROGRAMME = "Reverse mentoring"


class DatabaseUnread(CoachError):
    """The database in the data folder does not answer as it should."""

    status = 503
    title = "The database cannot be read: run `coach migrate`, then `coach doctor`."


class ProgrammeUnchosen(CoachError):
    """There is no such programme, or there are several."""

    title = "Choose a programme with --programme."


@contextmanager
def open_here(settings: Settings) -> Iterator[Database]:
    """The database in the data folder, made and brought up to date if need be."""
    try:
        with open_data(settings) as database:
            yield database
    except sa.exc.DBAPIError as error:
        raise DatabaseUnread(
            "The database cannot be written: look at the data folder with `coach doctor`."
        ) from error


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


def choose_programme(db: Db, name: str | None, make: bool = False) -> UUID:
    """The programme of this name, or the only one; with `make` the first is made when asked for."""
    known = list_programmes(db)
    if make and (name or not known):
        return save_programme(db, name or FIRST_PROGRAMME)
    fitting = [one for one, called in known if name in (None, called)]
    if len(fitting) == 1:
        return fitting[0]
    if not known:
        raise ProgrammeUnchosen("There is no programme yet: add somebody with `coach person add`.")
    names = ", ".join(plain(called) for _, called in known)
    raise ProgrammeUnchosen(f"Choose one programme with --programme: {names}.")


def _is_there(url: str) -> bool:
    """Whether there is a database to open; a server is asked later."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return True
    return bool(parsed.database) and pathlib.Path(str(parsed.database)).is_file()


def _has_tables(database: Database) -> bool:
    return sa.inspect(database.reader).has_table("library_state")
