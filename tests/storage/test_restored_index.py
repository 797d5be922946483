"""After a restore the index comes back from the stored vectors, and answers as it did before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.sql_library import SqlLibrary
from coach.llm.embeddings import HashEncoder, Vectors
from coach.storage.backup import restore_backup, save_backup
from coach.storage.database import open_database
from coach.storage.migrate import migrate
from tests.conftest import fresh_postgres
from tests.knowledge.writing import add, written

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TITLES = ("Backups", "Prompts", "Passkeys", "Calendars", "Pivot tables", "Shared folders")

LONG = "## One\n### Idea\nBackups do work.\n\n## Two\n### Idea\nPasskeys do work."


class Counting(HashEncoder):
    """A model that counts the texts it was given."""

    def __init__(self) -> None:
        super().__init__(32)
        self.texts = 0

    async def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return await super().encode(texts)


@contextmanager
def new_place(url: str, folder: Path) -> Iterator[str]:
    """An empty database of the kind of this one."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{folder / 'fresh.db'}"
        return
    with fresh_postgres(url) as fresh:
        yield fresh


async def nothing(_stage: str, _done: int, _total: int) -> None:
    """Where nobody is told how far it is."""


async def answers(url: str, encoder: Counting, place: Path) -> tuple[list[object], int]:
    """What is found once the index is there, and how many texts were embedded to bring it."""
    database = open_database(url)
    meanings = Meanings(database, encoder, Place(place))
    before = encoder.texts
    try:
        assert "8 passages by hash-32 (index" in await meanings.bring(nothing)
        embedded = encoder.texts - before
        library = SqlLibrary(database, encoder, meanings)
        found = [await library.search(LibraryQuery(f"how do {one} work")) for one in TITLES]
        hits = [[(hit.passage.id, hit.score, hit.legs) for hit in one.hits] for one in found]
        assert all("dense" in one[0][2] for one in hits)
        return list(hits), embedded
    finally:
        meanings._close()
        database.close()


@pytest.mark.anyio
async def test_the_index_of_a_restored_place_is_built_without_a_call_to_a_model(
    database_url: str, tmp_path: Path
) -> None:
    migrate(database_url)
    database = open_database(database_url)
    for number, title in enumerate(TITLES):
        add(database, written(title), f"d{number}.md")
    add(database, written("Copies", body=LONG), "long.md")
    database.close()
    encoder = Counting()
    before, embedded = await answers(database_url, encoder, tmp_path / "old")
    assert embedded
    save_backup(database_url, tmp_path / "kept.zip", NOW)
    # A place of the same kind: from one kind to the other the words are weighed otherwise.
    with new_place(database_url, tmp_path) as fresh:
        restore_backup(tmp_path / "kept.zip", fresh)
        assert await answers(fresh, encoder, tmp_path / "new") == (before, 0)
