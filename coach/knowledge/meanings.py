"""Keeps vectors and index in step with the library while the service runs.

Until they are, and whenever they cannot be, search compares the vectors in the database or looks
for words alone; nobody waits for this.
"""

import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import partial

import anyio
import structlog
from anyio import to_thread

from coach.errors import CoachError
from coach.knowledge.generations import (
    Built,
    ChromaIndex,
    Recipe,
    build_beside,
    load_answer,
    open_index,
)
from coach.knowledge.index import Place, open_home
from coach.knowledge.library import library_version
from coach.knowledge.nearest import IndexBroken
from coach.knowledge.serving import settle, turned
from coach.knowledge.vectors import count_embedded, embed_published, list_unembedded
from coach.llm.embeddings import Encoder, Vectors, encode_checked
from coach.storage.database import Database

LOOK_EVERY = 1.0
RETRY_AFTER = 30.0
PROBE_EVERY = 60.0
PROBE = "a text that tells how long its vector is"
TURNS = 3  # a library that is being filled moves on while it is read back
WAITING = "waiting for a job that brings vectors and index up to date"
log = structlog.get_logger()
Tell = Callable[[str, int, int], Awaitable[None]]


class Meanings:
    """The index of the running service: opened beside it, watched, and built again when broken."""

    def __init__(
        self, database: Database, encoder: Encoder, place: Place, by_job: bool = False
    ) -> None:
        self.encoder = encoder
        self.behind = False
        self._by_job = by_job
        self._turn = anyio.Lock()
        self.state = "starting: search finds words"
        self.database = database
        self._place = place
        self._open = ExitStack()
        self._index: ChromaIndex | None = None
        self._done: str | None = None
        self._probed = time.monotonic()
        self._rebuilt = 0

    @property
    def version(self) -> str | None:
        """The version of the library the index answers for, if it answers."""
        return self._index.version if self._index is not None else None

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, or IndexBroken."""
        index = self._index
        if index is None:
            raise IndexBroken("The search index is not open yet.")
        try:
            return await index.nearest(vector, limit)
        except IndexBroken as fault:
            self._put_down(fault)
            raise

    async def keep(self) -> None:
        """Follow the library until cancelled; a fault is told, and tried again after a while."""
        try:
            while True:
                pause = LOOK_EVERY
                try:
                    await self.step()
                except Exception as fault:  # this must not end the service
                    told = fault.detail if isinstance(fault, CoachError) else "Something failed."
                    self.state = f"waiting: {told} Search goes on without"
                    log.warning("meanings_waiting", exc_info=fault)
                    pause = RETRY_AFTER
                await anyio.sleep(pause)
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._close)

    async def step(self) -> None:
        """Bring vectors and index to the version of the library there is now.

        Where jobs do that, this says that one is needed, and opens what a job has brought there.
        """
        async with self._turn:
            await self._step()

    async def bring(self, tell: Tell) -> str:
        """Do the same as a job: embed, put into the index, and read back; what is there then."""
        async with self._turn:
            await self._turn_over()
            for _ in range(TURNS):
                version = await self.database.read(library_version)
                await self._embed(tell)
                await tell("index", 0, 0)
                await self._follow()
                await tell("reading back", 0, 0)
                if await self._read_back():
                    break
            self._done, self.behind = version, False
            self.state = await self._told()
            return self.state

    async def build_beside(self, recipe: Recipe) -> Built | None:
        """Build the generation of another model where ours lies; ours answers meanwhile."""
        if not self._place.anywhere:
            return None
        async with self._turn:
            return await to_thread.run_sync(self._build_beside, recipe)

    def _build_beside(self, recipe: Recipe) -> Built:
        with ExitStack() as stack:
            # An open index holds the folder, and with it the right to build there.
            index = self._index
            home = index.home if index else stack.enter_context(open_home(self._place))
            return build_beside(home, self.database, recipe)

    async def _turn_over(self) -> None:
        """Let go of the index of a model that no longer serves."""
        if await turned(self.encoder, self.database, partial(to_thread.run_sync, self._close)):
            self._done = None

    async def _read_back(self) -> bool:
        """Whether the index holds what the library holds now, and finds it."""
        if self._index is None:
            return True
        try:
            return await self._index.read_back(self.database, self.recipe)
        except IndexBroken as fault:
            self._put_down(fault)
            raise

    async def _step(self) -> None:
        await self._turn_over()
        if self._index is not None and not self._index.is_there:
            self._put_down(IndexBroken("The folder of the search index is gone."))
        version = await self.database.read(library_version)
        if version != self._done:
            if self._by_job and not await self._current(version):
                self.behind = True
                self.state = f"{WAITING}: all vectors are compared, or words where there are none"
                return
            await self._embed()
            await self._follow()
            if self._by_job:
                await self._read_back()
            self._done, self.behind = version, False
            self.state = await self._told()
        elif self._index is None and self._place.anywhere:
            await self._follow()
            self.state = await self._told()
        elif time.monotonic() - self._probed > PROBE_EVERY:
            await self._probe()

    async def _current(self, version: str) -> bool:
        """Whether a job has brought this version to where it is looked up."""
        if not self.encoder.dimension:
            return False
        if await self.database.read(list_unembedded, self.encoder):
            return False
        if not self._place.anywhere:
            return True
        return (await self.database.read(load_answer, self.recipe))[1] == version

    async def _embed(self, tell: Tell | None = None) -> None:
        if not self.encoder.dimension:
            await encode_checked(self.encoder, [PROBE])

        async def told(done: int, total: int) -> None:
            self.state = f"embedding: {done} of {total} passages have a vector"
            if tell is not None:
                await tell("embedding", done, total)

        await embed_published(self.database, self.encoder, told)
        await settle(self.encoder, self.database)

    async def _follow(self) -> None:
        """Open the index if it is not, tried and built again where need be; then let it follow."""
        if not self._place.anywhere:
            return
        if self._index is None:
            self.state = "opening the index: all vectors are compared"
            await to_thread.run_sync(self._open_index)
        index = self._index
        assert index is not None  # noqa: S101  it was opened above
        try:
            await index.follow(self.database, self.recipe)
        except IndexBroken as fault:
            self._put_down(fault)
            raise

    @property
    def recipe(self) -> Recipe:
        """What this model's index is made with."""
        return Recipe(self.encoder.model, self.encoder.dimension)

    def _open_index(self) -> None:
        self._close()
        opened = open_index(self._place, self.database, self.recipe)
        self._index = self._open.enter_context(opened)
        if self._index.note is not None:
            self._rebuilt += 1
            log.warning("index_rebuilt", times=self._rebuilt)

    async def _probe(self) -> None:
        """Ask the open index for a passage whose vector is known."""
        self._probed = time.monotonic()
        if self._index is None:
            return
        try:
            await self._index.probe()
        except IndexBroken as fault:
            self._put_down(fault)

    def _put_down(self, fault: IndexBroken) -> None:
        """Search without the index from now on; the next step opens and tries it anew."""
        self._index = None
        self.state = f"rebuilding: {fault.detail} All vectors are compared meanwhile"
        log.warning("index_broken")

    async def _told(self) -> str:
        model = self.encoder.model
        count = await self.database.read(count_embedded, model, self.encoder.dimension)
        way = "exact" if self._index is None else "index"
        often = "once" if self._rebuilt == 1 else f"{self._rebuilt} times"
        again = f", built again {often}" if self._rebuilt else ""
        return f"ok: {count} passages by {model} ({way}{again})"

    def _close(self) -> None:
        self._index = None
        try:
            self._open.close()
        except IndexBroken:
            log.warning("index_not_closed")
