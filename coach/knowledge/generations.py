"""Generations of the index: which one is live, how one is built, and how it follows the library.

The index is a cache of what the database holds, which nobody need trust: a damaged one is put
aside and built again from the vectors in the database, without one call to a model.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
    nearest,
    one_of,
    open_home,
    runs,
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
PATIENCE = 5.0


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


class ChromaIndex:
    """An open index. It answers for one version of the library and can follow to the next."""

    def __init__(self, home: Home, name: str, shelf: Shelf, version: str) -> None:
        self.version = version
        self.note: str | None = None
        self._known = {int(key) for key in shelf.keys}
        self._probe = one_of(shelf)
        self._limiter = anyio.CapacityLimiter(4)
        self._client, self._collection = guarded(lambda: home.connect(name))

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, or IndexBroken."""

        def ask() -> dict[int, float]:
            return nearest(self._collection, vector, limit)

        if not self._known:
            return {}
        with anyio.move_on_after(PATIENCE):
            return await to_thread.run_sync(
                guarded, ask, limiter=self._limiter, abandon_on_cancel=True
            )
        raise IndexBroken("The search index does not answer.")

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

        def change() -> None:
            wanted = {int(key) for key in shelf.keys}
            for gone in runs(sorted(self._known - wanted)):
                self._collection.delete(ids=[str(key) for key in gone])
            fill(self._collection, shelf, wanted - self._known)
            self._known = wanted
            self._probe = one_of(shelf)

        if version != self.version or len(shelf.keys) != len(self._known):
            await to_thread.run_sync(guarded, change, limiter=self._limiter)
            self.version = version

    def close(self) -> None:
        """Let go of the files."""
        guarded(lambda: close(self._client))


@contextmanager
def open_index(place: Place, database: Database, recipe: Recipe) -> Iterator[ChromaIndex]:
    """The index of this model, tried first and built again when it is missing or damaged."""
    with open_home(place) as home:
        with database.reading() as db:
            version, shelf = _state(db, recipe)
            name = _live(db, recipe)
        note = None
        live = name
        if live is None or not guarded(lambda: home.healthy(str(live), shelf)):
            note = REBUILT if name is not None else None
            live = _replace(home, database, shelf, recipe)
        index = ChromaIndex(home, live, shelf, version)
        index.note = note
        try:
            yield index
        finally:
            index.close()


def rebuild_index(place: Place, database: Database, recipe: Recipe) -> int:
    """Build the index anew from the vectors in the database; how many passages it holds."""
    with open_home(place) as home:
        with database.reading() as db:
            _, shelf = _state(db, recipe)
        _replace(home, database, shelf, recipe)
    return len(shelf.keys)


def _state(db: Db, recipe: Recipe) -> tuple[str, Shelf]:
    return library_version(db), load_shelf(db, recipe.model, recipe.dimension)


def _live(db: Db, recipe: Recipe) -> str | None:
    """The name of the generation in use, if it was made the way we make them."""
    row = tables.IndexGeneration
    select = sa.select(row.name).where(row.state == "live", row.name.startswith(recipe.prefix))
    return db.scalar(select)


def _replace(home: Home, database: Database, shelf: Shelf, recipe: Recipe) -> str:
    """Build a generation beside the others, try it, and only then let it be the live one."""
    name = f"{recipe.prefix}-{uuid4().hex[:8]}"
    guarded(lambda: home.build(name, shelf))
    if not guarded(lambda: home.healthy(name, shelf)):
        with database.reading() as db:
            kept = db.scalars(sa.select(tables.IndexGeneration.name)).all()
        guarded(lambda: home.drop_but(kept))
        raise IndexBroken("A fresh search index did not find what was put into it.")
    with database.transaction() as db:
        old = _swap(db, name, recipe)
    with suppress(IndexBroken):  # what is left over is let go of the next time
        guarded(lambda: home.drop_but({name, old or name}))
    return name


def _swap(db: Db, name: str, recipe: Recipe) -> str | None:
    """Make this generation the live one; the name of the one before, kept until the next."""
    row = tables.IndexGeneration
    old = db.scalar(sa.select(row.name).where(row.state == "live"))
    db.execute(sa.delete(row).where(row.state != "live"))
    db.execute(sa.update(row).values(state="retired"))
    db.add(row(name=name, model=recipe.model, dimension=recipe.dimension, state="live"))
    return old
