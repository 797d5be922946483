"""A library for each test, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty library."""
    create_tables(database_url)
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where documents lie before they are added."""
    path = tmp_path / "documents"
    path.mkdir()
    return path
