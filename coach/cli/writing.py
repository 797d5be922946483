"""Opens the data folder for commands that write to the library."""

from collections.abc import Iterator
from contextlib import contextmanager

from coach.cli.databases import open_here
from coach.knowledge.retrieval import SqlLibrary
from coach.resources import Resources
from coach.settings import Settings


@contextmanager
def open_writing(settings: Settings) -> Iterator[Resources]:
    """The data folder, made and brought up to date if need be."""
    with open_here(settings) as database:
        yield Resources(settings, database, SqlLibrary(database))
