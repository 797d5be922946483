"""What drafts need is read ahead, and read again when the library has changed."""

import anyio
import pytest

from coach.knowledge import warming, word_search
from coach.knowledge.documents import LibraryQuery
from coach.knowledge.spelling import known_elsewhere
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.starter import open_starter_library
from coach.knowledge.vectors import embed_published
from coach.knowledge.wording.phrases import read_rules
from coach.llm.embeddings import HashEncoder
from coach.storage.database import Database
from coach.storage.lexical import DOCUMENT_WORDS, PASSAGE_WORDS
from tests.knowledge.writing import add, written


class Failing:
    """A library that cannot be read the first time."""

    def __init__(self) -> None:
        self.reads = 0
        self.was_read_thrice = anyio.Event()

    async def version(self) -> str:
        return "one"

    async def read_vectors_ahead(self) -> None:
        pass

    async def read_words_ahead(self) -> bool:
        return False

    async def read_ahead(self) -> None:
        self.reads += 1
        if self.reads == 1:
            raise OSError("the database is away")
        if self.reads == 3:
            self.was_read_thrice.set()


async def test_a_fault_while_reading_ahead_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.001)
    library = Failing()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(warming.keep_warm, library)
        with anyio.fail_after(5):
            await library.was_read_thrice.wait()
        tasks.cancel_scope.cancel()


async def test_nothing_is_read_for_the_first_question_that_was_read_ahead() -> None:
    read_rules.cache_clear()
    known_elsewhere.cache_clear()
    warming.read_word_lists()
    assert known_elsewhere.cache_info().currsize == 1
    known = read_rules.cache_info().currsize
    assert known >= 5
    with open_starter_library() as library:
        await library.read_ahead()
        memo = library._memo
        assert memo is not None
        assert memo.vocabulary is not None
        assert memo.headwords is not None
        await library.read_ahead()
        assert library._memo is memo


class Changing:
    """A library to which three documents are added one after the other."""

    def __init__(self) -> None:
        self.versions = iter(("one", "two", "three"))
        self.of_which_read: list[str] = []
        self.now = ""
        self.was_read = anyio.Event()

    async def version(self) -> str:
        self.now = next(self.versions, self.now)
        return self.now

    async def read_ahead(self) -> None:
        pass

    async def read_vectors_ahead(self) -> None:
        pass

    async def read_words_ahead(self) -> bool:
        self.of_which_read.append(self.now)
        if len(self.of_which_read) == 4:
            self.was_read.set()
        return len(self.of_which_read) < 3


async def test_words_are_read_once_the_library_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(warming, "REST", 0.001)
    library = Changing()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(warming.keep_warm, library)
        with anyio.fail_after(5):
            await library.was_read.wait()
        tasks.cancel_scope.cancel()
    # All parts in one go, and at the next look whether there is more.
    assert library.of_which_read[:4] == ["three"] * 4


async def test_what_a_search_needs_was_read_before_and_is_read_anew_of_another_version(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "FOR_ITSELF", 1)
    for number, title in enumerate(("Backups", "Prompts")):
        add(database, written(title, body=f"{title} keep work safe."), f"d{number}.md")
    encoder = HashEncoder()
    await embed_published(database, encoder)
    library = SqlLibrary(database, encoder)
    assert not await library.read_words_ahead()  # other things come first
    await library.read_ahead()
    await warming.read_for_searches(library)
    memo = library._memo
    assert memo is not None
    assert memo.shelf is not None
    # The server of PostgreSQL would have to find them for every process.
    is_sqlite = database.url.startswith("sqlite")
    read = {table for table, _ in memo.words.kept.lists}
    assert read == ({PASSAGE_WORDS, DOCUMENT_WORDS} if is_sqlite else set())
    assert ("sqlite" in database.url) == any(stem == "backup" for _, stem in memo.words.kept.lists)
    kept = set(memo.words.kept.lists)
    found = await library.search(LibraryQuery("backups that keep work safe"))
    assert found.hits
    assert (set(memo.words.kept.lists) == kept) == is_sqlite
    add(database, written("Dashboards", body="Dashboards keep count."), "d2.md")
    await warming.read_for_searches(library)  # not before the rest of the new version is read
    assert library._memo is not memo
    assert library._memo is not None
    assert not library._memo.words.kept.lists
    await embed_published(database, encoder)
    await library.read_ahead()
    await warming.read_for_searches(library)
    assert library._memo.shelf is not None
    assert len(library._memo.shelf.keys) == 3
    assert (set(library._memo.words.kept.lists) > kept) == is_sqlite
