"""The index is a cache: owned by one process, tried before use, rebuilt from the database."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from coach.knowledge.documents import LibraryQuery
from coach.knowledge.generations import REBUILT, Recipe, open_index, rebuild_index
from coach.knowledge.index import Place, open_home
from coach.knowledge.nearest import IndexBroken
from coach.knowledge.ownership import IndexBusy, IndexFolderUnusable, own
from coach.knowledge.sql_library import SqlLibrary
from coach.knowledge.vectors import embed_published
from coach.llm.embeddings import HashEncoder, Vectors
from coach.storage.database import Database, open_database
from coach.storage.fresh import create_tables
from tests.knowledge.writing import add, written

ENCODER = HashEncoder(32)
RECIPE = Recipe(ENCODER.model, ENCODER.dimension)
SUBJECTS = ("passkeys", "pivot tables", "prompts", "backups", "calendars", "dashboards")


AWAY = Place(url="http://127.0.0.1:1")


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where the index lies: the same tests hold for a folder and for a Chroma server."""
    if request.param == "folder":
        return Place(tmp_path / "index")
    return Place(url=request.getfixturevalue("chroma_server"))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    create_tables(sqlite_url)
    opened = open_database(sqlite_url)
    for number, subject in enumerate(SUBJECTS):
        add(opened, written(f"About {subject}"), f"doc-{number}.md")
    await embed_published(opened, ENCODER)
    yield opened
    opened.close()


async def test_the_index_finds_what_an_exact_comparison_finds(
    database: Database, place: Place
) -> None:
    exact = await SqlLibrary(database, ENCODER).search(LibraryQuery("About backups"))
    with open_index(place, database, RECIPE) as index:
        near = await SqlLibrary(database, ENCODER, index).search(LibraryQuery("About backups"))
    assert near.hits[0].passage.document_title == "About backups"
    assert near.hits[0].legs == ("lexical", "dense")
    assert [hit.passage.id for hit in near.hits] == [hit.passage.id for hit in exact.hits]
    assert near.hits[0].score == pytest.approx(exact.hits[0].score, abs=1e-4)
    assert near.missing_legs == exact.missing_legs == ()


async def test_the_index_follows_the_library(database: Database, place: Place) -> None:
    with open_index(place, database, RECIPE) as index:
        add(database, written("About horses", body="## A\n### Idea\nHorses run."), "doc-0.md")
        library = SqlLibrary(database, ENCODER, index)
        before = await library.search(LibraryQuery("horses run"))
        assert before.hits[0].passage.text == "Horses run."  # found by words, not in the index yet
        await embed_published(database, ENCODER)
        await index.follow(database, RECIPE)
        after = await library.search(LibraryQuery("horses run"))
        assert after.hits[0].legs == ("lexical", "dense")
        vector = (await ENCODER.encode(["passkeys"]))[0]
        assert len(await index.nearest(vector, 100)) == len(SUBJECTS)


def damage_segment(path: Path) -> None:
    (path / "chroma.sqlite3").write_bytes(b"not a database at all" * 500)


def delete_database(path: Path) -> None:
    (path / "chroma.sqlite3").unlink()


def delete_folder(path: Path) -> None:
    for file in sorted(path.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    path.rmdir()


@pytest.mark.parametrize("damage", [damage_segment, delete_database, delete_folder])
async def test_a_damaged_index_is_built_again_and_says_so(
    database: Database, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "index"
    rebuild_index(Place(folder), database, RECIPE)
    (generation,) = [path for path in folder.iterdir() if path.is_dir()]
    damage(generation)
    with open_index(Place(folder), database, RECIPE) as index:
        assert index.note == REBUILT
        vector = (await ENCODER.encode(["About dashboards"]))[0]
        assert len(await index.nearest(vector, 3)) == 3


async def test_a_collection_that_the_server_lost_is_built_again(
    database: Database, chroma_server: str
) -> None:
    place = Place(url=chroma_server)
    rebuild_index(place, database, RECIPE)
    with open_home(place) as home:
        home.drop_but(())
    with open_index(place, database, RECIPE) as index:
        assert index.note == REBUILT
        vector = (await ENCODER.encode(["About dashboards"]))[0]
        assert len(await index.nearest(vector, 3)) == 3
        with open_home(place) as home:
            home.drop_but(())
        with pytest.raises(IndexBroken):
            await index.nearest(vector, 3)


def test_a_server_that_is_away_is_a_broken_index(database: Database) -> None:
    with pytest.raises(IndexBroken), open_index(AWAY, database, RECIPE):
        pass


async def test_a_sound_index_is_used_again_without_a_word(database: Database, place: Place) -> None:
    assert rebuild_index(place, database, RECIPE) == len(SUBJECTS)
    with open_index(place, database, RECIPE) as index:
        assert index.note is None


class Broken:
    """An index that always fails."""

    def __init__(self, version: str) -> None:
        self.version = version

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        raise IndexBroken


async def test_a_broken_index_leaves_the_search_to_the_database(
    database: Database, place: Place
) -> None:
    with open_index(place, database, RECIPE) as index:
        library = SqlLibrary(database, ENCODER, index)
        sound = await library.search(LibraryQuery("About prompts"))

    library = SqlLibrary(database, ENCODER, Broken(index.version))
    found = await library.search(LibraryQuery("About prompts"))
    assert [hit.passage.id for hit in found.hits] == [hit.passage.id for hit in sound.hits]
    assert found.missing_legs == ()


class Asked(Broken):
    """An index that counts how often it is asked."""

    times = 0

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        self.times += 1
        return await super().nearest(vector, limit)


@pytest.mark.parametrize(("compared", "times"), [(len(SUBJECTS), 0), (len(SUBJECTS) - 1, 1)])
async def test_of_few_passages_all_are_compared_and_the_index_is_not_asked(
    compared: int, times: int, database: Database, place: Place
) -> None:
    with open_index(place, database, RECIPE) as index:
        asked = Asked(str(index.version))
    library = SqlLibrary(database, ENCODER, asked, compared=compared)
    found = await library.search(LibraryQuery("About prompts"))
    assert "dense" in found.hits[0].legs
    assert asked.times == times


def test_a_second_process_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\nfrom coach.knowledge.ownership import own\n"
        "with own(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    with holder:
        holder.stdout.readline()
        with pytest.raises(IndexBusy, match=f"process {holder.pid}"), own(tmp_path / "index"):
            pass
        holder.stdin.close()
        holder.wait(10)
        with own(tmp_path / "index"):
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(IndexFolderUnusable, match="file"), own(tmp_path / "file" / "index"):
        pass


def test_searching_without_an_encoder_never_imports_chroma() -> None:
    program = (
        "import asyncio, sys\n"
        "from coach.knowledge import index\n"
        "from coach.knowledge.documents import LibraryQuery\n"
        "from coach.knowledge.retrieval import open_starter_library\n"
        "with open_starter_library() as library:\n"
        "    found = asyncio.run(library.search(LibraryQuery('pivot table')))\n"
        "assert found.hits and found.missing_legs == ('dense',)\n"
        "assert 'chromadb' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
