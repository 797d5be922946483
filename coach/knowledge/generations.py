"""Generations of the index: which one is live, how one is built, and how it follows the library.

The index is a cache of what the database holds, which nobody need trust: a damaged one is put
aside and built again from the vectors in the database, without one call to a model.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import uuid4

import anyio
import sqlalchemy as sa
from anyio import to_thread

from coach.knowledge.index import (
    Home,
    Place,
    close,
    fill,
    guarded,
    list_keys,
    nearest,
    one_of,
    open_home,
    runs,
    sound,
)
from coach.knowledge.library import library_version
from coach.knowledge.nearest import IndexBroken
from coach.knowledge.shelf import Shelf, load_shelf
from coach.llm.embeddings import Vectors
from coach.storage import tables
from coach.storage.database import Database, Db

# What a vector is made from; another text in front or another cut is another generation.
RECIPE = "cosine, length 1, title > headings > text, passages of 1,000 characters"
REBUILT = "The search index was missing or damaged and has been built again from the database."
T = TypeVar("T")
PATIENCE = 5.0
LOCK = 7_263_519  # any number that no other program on this server locks


@dataclass(frozen=True, slots=True)
class Recipe:
    """What one generation is made with."""

    model: str
    dimension: int

    @property
    def prefix(self) -> str:
        """The beginning of the names of all generations made this way."""
        text = f"{self.model}\n{self.dimension}\n{RECIPE}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Built:
    """A generation that was built and tried, and the version of the library it holds."""

    name: str
    version: str
    recipe: Recipe


class ChromaIndex:
    """An open index. It answers for one version of the library and can follow to the next."""

    def __init__(self, home: Home, name: str, shelf: Shelf, version: str) -> None:
        self.version = version
        self.home = home
        self.note: str | None = None
        self._name = name
        self._shared = home.shared
        self._probe = one_of(shelf)
        self._limiter = anyio.CapacityLimiter(4)
        self._client, self._collection = guarded(lambda: home.connect(name))
        self._known = {int(key) for key in shelf.keys}
        if self._shared:
            try:
                self._known = guarded(lambda: list_keys(self._collection))
            except IndexBroken:
                close(self._client)
                raise

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, or IndexBroken."""
        if not self._known:
            return {}
        ask = partial(nearest, self._collection, vector, limit)
        with anyio.move_on_after(PATIENCE):
            return await to_thread.run_sync(
                guarded, ask, limiter=self._limiter, abandon_on_cancel=True
            )
        raise IndexBroken("The search index does not answer.")

    @property
    def is_there(self) -> bool:
        """Whether its files still lie there: Chroma answers on from deleted ones."""
        folder = self.home.folder
        return folder is None or (folder / self._name).is_dir()

    async def probe(self) -> None:
        """See that a passage still finds itself, or raise IndexBroken."""
        if self._probe is None:
            return
        key, vector = self._probe
        if (await self.nearest(vector, 1)).keys() != {key}:
            raise IndexBroken("The search index no longer finds what was put into it.")

    async def follow(self, database: Database, recipe: Recipe) -> None:
        """Take in what was published since, and let go of what was withdrawn."""
        version, shelf = await database.read(_state, recipe)
        if self._shared and await database.read(_live, recipe) != self._name:
            raise IndexBroken("Another worker has built the search index again.")
        if version != self.version or len(shelf.keys) != len(self._known):
            known, wanted = self._known, {int(key) for key in shelf.keys}
            if self._shared:
                known = await self._in_thread(lambda: list_keys(self._collection))
            if known != wanted:
                await database.transact(save_answer, self._name, None)
                await self._in_thread(lambda: self._change(shelf, known))
            self._known, self._probe, self.version = wanted, one_of(shelf), version

    async def read_back(self, database: Database, recipe: Recipe) -> bool:
        """Note the version the index answers for; False when the library has moved on meanwhile.

        Raises IndexBroken when the index does not find what the database holds.
        """
        version, shelf = await database.read(_state, recipe)
        if version != self.version:
            return False
        if not await self._in_thread(lambda: sound(self._collection, shelf)):
            raise IndexBroken("The search index did not find what was put into it.")
        await database.transact(save_answer, self._name, version)
        return True

    def mend(self, shelf: Shelf) -> bool:
        """Bring the index to what this shelf holds; whether it then finds it."""
        self._change(shelf, self._known)
        self._known = {int(key) for key in shelf.keys}
        return sound(self._collection, shelf)

    def close(self) -> None:
        """Let go of the files."""
        guarded(lambda: close(self._client))

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(partial(guarded, work), limiter=self._limiter)

    def _change(self, shelf: Shelf, known: set[int]) -> None:
        wanted = {int(key) for key in shelf.keys}
        for gone in runs(sorted(known - wanted)):
            self._collection.delete(ids=[str(key) for key in gone])
        fill(self._collection, shelf, wanted - known)


@contextmanager
def open_index(place: Place, database: Database, recipe: Recipe) -> Iterator[ChromaIndex]:
    """The index of this model, tried first and built again when it is missing or damaged."""
    with open_home(place) as home:
        with one_builder(home, database):
            index = _opened(home, database, recipe)
        try:
            yield index
        finally:
            index.close()


@contextmanager
def one_builder(home: Home, database: Database) -> Iterator[None]:
    """Let one process at a time open and build where several share a server."""
    if not home.shared or database.writer.dialect.name != "postgresql":
        yield
        return
    with database.writer.connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(LOCK)))


def _opened(home: Home, database: Database, recipe: Recipe) -> ChromaIndex:
    with database.reading() as db:
        version, shelf = _state(db, recipe)
        name = _live(db, recipe)
    note = None
    live = name
    if live is None or not guarded(lambda: home.healthy(str(live), shelf)):
        index = _mended(home, name, shelf, version)
        if index is not None:
            return index
        note = REBUILT if name is not None else None
        live = _replace(home, database, (version, shelf), recipe)
    index = ChromaIndex(home, live, shelf, version)
    index.note = note
    return index


def _mended(home: Home, name: str | None, shelf: Shelf, version: str) -> ChromaIndex | None:
    """The generation on a server with what it lacked, if that is all that was wrong with it."""
    if name is None or not home.shared:
        return None
    with suppress(IndexBroken):
        index = ChromaIndex(home, name, shelf, version)
        with suppress(IndexBroken):
            if guarded(lambda: index.mend(shelf)):
                return index
        index.close()
    return None


def rebuild_index(place: Place, database: Database, recipe: Recipe) -> int:
    """Build the index anew from the vectors in the database; how many passages it holds."""
    with open_home(place) as home, one_builder(home, database):
        with database.reading() as db:
            version, shelf = _state(db, recipe)
        _replace(home, database, (version, shelf), recipe)
    return len(shelf.keys)


def load_answer(db: Db, recipe: Recipe) -> tuple[str | None, str | None]:
    """The generation in use, and the version of the library it was last read back as."""
    name = _live(db, recipe)
    row = tables.IndexAnswer
    version = db.scalar(sa.select(row.version).where(row.name == name)) if name else None
    return name, version


def save_answer(db: Db, name: str, version: str | None) -> None:
    """Note for which version of the library a generation answers, or that it does for none."""
    row, known = tables.IndexAnswer, sa.select(tables.IndexGeneration.name)
    db.execute(sa.delete(row).where(sa.or_(row.name == name, row.name.not_in(known))))
    if version is not None:
        db.add(row(name=name, version=version))


def _state(db: Db, recipe: Recipe) -> tuple[str, Shelf]:
    return library_version(db), load_shelf(db, recipe.model, recipe.dimension)


def _live(db: Db, recipe: Recipe) -> str | None:
    """The name of the generation in use, if it was made the way we make them."""
    row = tables.IndexGeneration
    select = sa.select(row.name).where(row.state == "live", row.name.startswith(recipe.prefix))
    return db.scalar(select)


def build_beside(home: Home, database: Database, recipe: Recipe) -> Built:
    """Build a generation beside the others and try it; whichever serves goes on serving."""
    with one_builder(home, database):
        with database.reading() as db:
            state = _state(db, recipe)
        return _build(home, database, state, recipe)


def swap_in(db: Db, built: Built) -> str | None:
    """Let a generation be the live one; the name of the one before, kept until the next."""
    old = _swap(db, built.name, built.recipe)
    db.flush()
    save_answer(db, built.name, built.version)
    return old


def _replace(home: Home, database: Database, state: tuple[str, Shelf], recipe: Recipe) -> str:
    """Build a generation beside the others, try it, and only then let it be the live one."""
    built = _build(home, database, state, recipe)
    with database.transaction() as db:
        old = swap_in(db, built)
    with suppress(IndexBroken):  # what is left over is let go of the next time
        guarded(lambda: home.drop_but({built.name, old or built.name}))
    return built.name


def _build(home: Home, database: Database, state: tuple[str, Shelf], recipe: Recipe) -> Built:
    version, shelf = state
    name = f"{recipe.prefix}-{uuid4().hex[:8]}"
    guarded(lambda: home.build(name, shelf))
    if not guarded(lambda: home.healthy(name, shelf)):
        with database.reading() as db:
            kept = db.scalars(sa.select(tables.IndexGeneration.name)).all()
        guarded(lambda: home.drop_but(kept))
        raise IndexBroken("A fresh search index did not find what was put into it.")
    return Built(name, version, recipe)


def _swap(db: Db, name: str, recipe: Recipe) -> str | None:
    """Make this generation the live one; the name of the one before, kept until the next."""
    row = tables.IndexGeneration
    old = db.scalar(sa.select(row.name).where(row.state == "live"))
    db.execute(sa.delete(row).where(row.state != "live"))
    db.execute(sa.update(row).values(state="retired"))
    db.add(row(name=name, model=recipe.model, dimension=recipe.dimension, state="live"))
    return old
