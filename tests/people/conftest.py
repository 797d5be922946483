"""An open database with one programme and one person in it."""

from collections.abc import Iterator

import pytest

from coach.people.people import KnownPerson, save_person, save_programme
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    create_tables(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def ada(database: Database) -> KnownPerson:
    with database.transaction() as db:
        return save_person(db, save_programme(db, "Both ways"), " Ada ", "Ada@Example.org ")
