"""The running service keeps vectors and index in step, and search never waits for it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.index import Place
from coach.knowledge.meanings import Meanings
from coach.knowledge.nearest import IndexBroken
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import EncoderFault, HashEncoder, Vectors
from coach.storage.database import Database
from tests.knowledge.writing import add, written


class Counting(HashEncoder):
    """An encoder that counts the texts it was given, and fails while it is told to."""

    def __init__(self) -> None:
        super().__init__(32)
        self.texts = 0
        self.asleep = False

    async def encode(self, texts: Sequence[str]) -> Vectors:
        if self.asleep:
            raise EncoderFault("The model sleeps.")
        self.texts += len(texts)
        return await super().encode(texts)


@pytest.fixture
def filled(database: Database) -> Database:
    """A library of a few documents."""
    for number, title in enumerate(("Backups", "Prompts", "Passkeys", "Calendars")):
        add(database, written(title), f"d{number}.md")
    return database


async def legs(library: SqlLibrary, text: str) -> tuple[str, ...]:
    return (await library.search(LibraryQuery(text))).hits[0].legs


async def told(meanings: Meanings, state: str) -> None:
    """Wait until this is what the service says."""
    with anyio.fail_after(60):
        while not meanings.state.startswith(state):  # noqa: ASYNC110  it is watched from outside
            await anyio.sleep(0.02)


async def test_a_question_waits_for_no_model_before_there_are_vectors(filled: Database) -> None:
    encoder = Counting()
    library = SqlLibrary(filled, encoder)
    assert await legs(library, "prompts") == await legs(library, "prompts") == ("lexical",)
    assert encoder.texts == 0
    await embed_published(filled, encoder)
    embedded = encoder.texts
    assert await legs(library, "prompts") == ("lexical", "dense")
    assert encoder.texts == embedded + 1


async def test_what_is_published_is_soon_found_by_meaning(filled: Database, tmp_path: Path) -> None:
    meanings = Meanings(filled, Counting(), Place(tmp_path / "index"))
    library = SqlLibrary(filled, meanings.encoder, meanings)
    assert await legs(library, "prompts") == ("lexical",)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(meanings.keep)
        await told(meanings, "ok")
        assert meanings.state == "ok: 4 passages by hash-32 (index)"
        assert await legs(library, "prompts") == ("lexical", "dense")
        add(filled, written("Spreadsheets"), "d9.md")
        await told(meanings, "ok: 5 passages by hash-32 (index)")
        assert await legs(library, "spreadsheets") == ("lexical", "dense")
        tasks.cancel_scope.cancel()
    assert meanings.version is None


async def test_an_index_that_breaks_is_built_again_while_all_vectors_are_compared(
    filled: Database, tmp_path: Path
) -> None:
    encoder = Counting()
    meanings = Meanings(filled, encoder, Place(tmp_path / "index"))
    library = SqlLibrary(filled, encoder, meanings)
    await meanings.step()
    before = await library.search(LibraryQuery("About backups"))
    embedded = encoder.texts
    for folder in (tmp_path / "index").iterdir():
        shutil.rmtree(folder)
    meanings._put_down(IndexBroken("The search index is gone."))
    assert "rebuilding" in meanings.state
    meanwhile = await library.search(LibraryQuery("About backups", limit=7))
    assert meanwhile.missing_legs == ()
    asked = encoder.texts
    await meanings.step()
    assert meanings.state == "ok: 4 passages by hash-32 (index, built again once)"
    assert encoder.texts == asked  # not one text was embedded again
    assert embedded < asked  # only the question was
    after = await library.search(LibraryQuery("About backups"))
    assert [hit.passage.id for hit in after.hits] == [hit.passage.id for hit in before.hits]
    meanings._close()


async def test_a_folder_that_was_deleted_is_noticed_though_chroma_answers_on(
    filled: Database, tmp_path: Path
) -> None:
    meanings = Meanings(filled, Counting(), Place(tmp_path / "index"))
    await meanings.step()
    shutil.rmtree(tmp_path / "index")
    await meanings.step()
    assert meanings.state == "ok: 4 passages by hash-32 (index, built again once)"
    assert any((tmp_path / "index").iterdir())
    meanings._close()


async def test_without_an_index_all_vectors_are_compared(filled: Database) -> None:
    meanings = Meanings(filled, Counting(), Place())
    library = SqlLibrary(filled, meanings.encoder, meanings)
    await meanings.step()
    assert meanings.state == "ok: 4 passages by hash-32 (exact)"
    assert await legs(library, "calendars") == ("lexical", "dense")


async def test_a_sleeping_model_leaves_words_and_is_asked_again(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.knowledge.meanings.RETRY_AFTER", 0.01)
    encoder = Counting()
    encoder.asleep = True
    meanings = Meanings(filled, encoder, Place())
    library = SqlLibrary(filled, encoder, meanings)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(meanings.keep)
        await told(meanings, "waiting: The model sleeps.")
        assert await legs(library, "passkeys") == ("lexical",)
        encoder.asleep = False
        await told(meanings, "ok")
        assert await legs(library, "passkeys") == ("lexical", "dense")
        tasks.cancel_scope.cancel()


async def test_half_a_library_of_vectors_is_not_used(filled: Database) -> None:
    encoder = Counting()
    await Meanings(filled, encoder, Place()).step()
    for number in range(4):
        add(filled, written(f"More {number}"), f"e{number}.md")
    library = SqlLibrary(filled, encoder)
    assert (await library.search(LibraryQuery("backups"))).missing_legs == ("dense",)
    await Meanings(filled, encoder, Place()).step()
    assert (await library.search(LibraryQuery("backups"))).missing_legs == ()


async def test_another_model_has_vectors_of_its_own(filled: Database, tmp_path: Path) -> None:
    first = Meanings(filled, HashEncoder(32), Place(tmp_path / "index"))
    await first.step()
    first._close()
    second = Meanings(filled, HashEncoder(48), Place(tmp_path / "index"))
    await second.step()
    generations = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert len(generations) == 2  # the old one is kept beside the new
    assert second.state == "ok: 4 passages by hash-48 (index)"
    second._close()
    third = Meanings(filled, HashEncoder(32), Place())
    await third.step()
    assert third.state == "ok: 4 passages by hash-32 (exact)"
