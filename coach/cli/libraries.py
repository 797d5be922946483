"""The library that commands read: the one in the data folder, or the starter library.

Nothing here writes, migrates or opens the index of meanings, so it works beside a running server.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa

from coach.cli.existing import open_existing
from coach.knowledge.documents import Found, Headword, Leg, LibraryQuery, Passage
from coach.knowledge.library import EMPTY, library_version
from coach.knowledge.retrieval import Library
from coach.knowledge.serving import serving_encoder
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.starter import open_starter_database
from coach.llm.embeddings import Encoder
from coach.llm.encoders import choose_encoder
from coach.settings import Settings
from coach.storage import tables
from coach.storage.database import Database

NO_MEANINGS = (
    "Only words were searched for: search for meanings is off, or still being made ready "
    "(coach doctor says which)."
)


@dataclass(frozen=True, slots=True)
class Shelves:
    """A database with documents, and what a person should know about where it came from."""

    database: Database
    remarks: tuple[str, ...] = ()


class WatchedLibrary:
    """A library that remembers which searches could not take part."""

    def __init__(self, library: Library, remarks: tuple[str, ...] = ()) -> None:
        self._library = library
        self._remarks = remarks
        self.missing_legs: set[Leg] = set()

    async def search(self, query: LibraryQuery) -> Found:
        """The passages for a query, best first."""
        found = await self._library.search(query)
        self.missing_legs.update(found.missing_legs)
        return found

    async def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """What is published of a document, in the order of its text."""
        return await self._library.passages_of(document_id)

    async def passages_of_each(self, *document_ids: str) -> Mapping[str, tuple[Passage, ...]]:
        """The same of several documents at once, by their ids."""
        return await self._library.passages_of_each(*document_ids)

    async def headwords(self) -> Mapping[str, Headword]:
        """Each term the library explains, by its normalised forms."""
        return await self._library.headwords()

    async def version(self) -> str:
        """A digest of everything published."""
        return await self._library.version()

    def remarks(self) -> tuple[str, ...]:
        """What a person should know about how the library was searched."""
        if "dense" not in self.missing_legs:
            return self._remarks
        return (*self._remarks, NO_MEANINGS)


@contextmanager
def open_library(settings: Settings) -> Iterator[WatchedLibrary]:
    """What drafts quote from: the published documents here, or else the starter library."""
    with open_shelves(settings, _has_published) as shelves:
        encoder = encoder_of(settings, shelves.database)
        yield WatchedLibrary(SqlLibrary(shelves.database, encoder, today=today), shelves.remarks)


def encoder_of(settings: Settings, database: Database) -> Encoder | None:
    """What compares meanings, if this database holds vectors of it; nothing is written for it."""
    configured = choose_encoder(settings).encoder
    if configured is None:
        return None
    # A database of an earlier version is read as it is.
    is_current = sa.inspect(database.reader).has_table("model_changes")
    encoder = serving_encoder(settings, configured, database) if is_current else configured
    with database.reading() as db:
        known = sa.select(tables.Vector.model).where(tables.Vector.model == encoder.model)
        return encoder if db.scalar(known.limit(1)) is not None else None


@contextmanager
def open_documents(settings: Settings) -> Iterator[Shelves]:
    """The documents here in whatever state, or else those of the starter library."""
    with open_shelves(settings, _has_documents) as shelves:
        yield shelves


@contextmanager
def open_shelves(settings: Settings, suits: Callable[[Database], bool]) -> Iterator[Shelves]:
    """The database here if it suits, else one with the starter library."""
    with open_existing(settings) as database:
        if database is not None and suits(database):
            yield Shelves(database)
            return
    with open_starter_database() as starter:
        told = f"The starter library was used: {settings.data} holds no library yet."
        yield Shelves(starter, (told,))


def _has_documents(database: Database) -> bool:
    with database.reading() as db:
        return db.scalar(sa.select(tables.Document.id).limit(1)) is not None


def _has_published(database: Database) -> bool:
    with database.reading() as db:
        return library_version(db) != EMPTY


def today() -> date:
    """The day it is where this command runs."""
    return datetime.now(UTC).astimezone().date()
