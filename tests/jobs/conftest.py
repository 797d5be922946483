"""An empty library for each test, on both databases."""

from collections.abc import Iterator

import pytest

from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database."""
    create_tables(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()
