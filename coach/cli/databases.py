"""Opens the database for commands that need nothing else, and chooses the programme they work for.

What the service, the library and drafting bring along takes longer to import than such a command
takes to answer, so this knows none of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from coach.cli.existing import DatabaseUnread
from coach.errors import CoachError
from coach.people.people import list_programmes, save_programme
from coach.rendering.outline import plain
from coach.settings import Settings
from coach.storage.database import Database, Db
from coach.storage.opening import open_data

FIRST_PROGRAMME = "Reverse mentoring"


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
