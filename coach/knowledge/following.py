"""The index as a web process sees it that leaves all work to workers: it asks, and never builds."""

from functools import partial

import anyio
import structlog
from anyio import to_thread

from coach.errors import CoachError
from coach.knowledge.generations import PATIENCE, Recipe, load_answer
from coach.knowledge.index import Connection, Place, close, guarded, nearest, open_home
from coach.knowledge.library import library_version
from coach.knowledge.meanings import LOOK_EVERY, PROBE, RETRY_AFTER
from coach.knowledge.nearest import IndexBroken
from coach.knowledge.serving import turned
from coach.llm.embeddings import Encoder, Vectors, encode_checked
from coach.storage.database import Database

EXACT = "ok: all vectors are compared, for no index server is set"
log = structlog.get_logger()


class Follower:
    """Asks the generation that workers have made the live one, for the version they read back."""

    def __init__(self, database: Database, encoder: Encoder, place: Place) -> None:
        self.encoder = encoder
        self.state = "starting: all vectors are compared"
        self.version: str | None = None
        self._database = database
        self._place = place
        self._limiter = anyio.CapacityLimiter(4)
        self._name: str | None = None
        self._open: Connection | None = None

    async def nearest(self, vector: Vectors, limit: int) -> dict[int, float]:
        """Key and cosine of the nearest passages, or IndexBroken."""
        opened = self._open
        if opened is None:
            raise IndexBroken("The search index is not open yet.")

        def ask() -> dict[int, float]:
            return nearest(opened[1], vector, limit)

        with anyio.move_on_after(PATIENCE):
            try:
                return await to_thread.run_sync(
                    guarded, ask, limiter=self._limiter, abandon_on_cancel=True
                )
            except IndexBroken as fault:
                self._put_down(fault.detail)
                raise
        silent = "The search index does not answer."
        self._put_down(silent)
        raise IndexBroken(silent)

    async def keep(self) -> None:
        """Follow what workers do until cancelled; after a fault it is tried again."""
        try:
            while True:
                pause = LOOK_EVERY
                try:
                    await self.step()
                except Exception as fault:  # this must not end the service
                    told = fault.detail if isinstance(fault, CoachError) else "Something failed."
                    self.version = None
                    self.state = f"waiting: {told} All vectors are compared meanwhile"
                    log.warning("index_waiting", exc_info=fault)
                    pause = RETRY_AFTER / 10
                await anyio.sleep(pause)
        finally:
            self._put_down("The service stops.")

    async def step(self) -> None:
        """Take up the generation and the version that there are now."""
        await turned(self.encoder, self._database, self._let_go)
        if not self.encoder.dimension:
            await encode_checked(self.encoder, [PROBE])
        if self._place.url is None:
            self.state = EXACT
            return
        recipe = Recipe(self.encoder.model, self.encoder.dimension)
        name, version = await self._database.read(load_answer, recipe)
        if name is None:
            self.state = "waiting: no worker has built an index yet; all vectors are compared"
            return
        if name != self._name or self._open is None:
            self._put_down("A new index is taken up.")
            self._open = await to_thread.run_sync(guarded, partial(self._connect, name))
            self._name = name
        self.version = version
        is_current = version == await self._database.read(library_version)
        told = "the index" if is_current else "vectors are compared while workers change the index"
        self.state = f"ok: {told}, by {self.encoder.model} (kept by workers)"

    async def _let_go(self) -> None:
        self._put_down("Another model serves now.")

    def _connect(self, name: str) -> Connection:
        with open_home(self._place) as home:
            return home.connect(name)

    def _put_down(self, told: str) -> None:
        """Compare all vectors from now on; the next step opens the index anew."""
        opened, self._open, self.version = self._open, None, None
        self.state = f"waiting: {told} All vectors are compared meanwhile"
        if opened is not None:
            guarded(lambda: close(opened[0]))
