"""Which model's vectors are searched: the one that serves, whatever the settings name.

A model named anew in the settings does not serve before its vectors are there and the golden
questions have been compared; until then the one before it goes on, as long as it can be reached.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import numpy as np
import sqlalchemy as sa

from coach.knowledge.model_changes import load_decided, name_of, save_first
from coach.llm.embeddings import Encoder, EncoderFault, Vectors
from coach.llm.encoders import encoder_named
from coach.settings import Settings
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database, Db

Named = Callable[[str], Encoder | None]
LetGo = Callable[[], Awaitable[None]]


class Under:
    """An encoder whose vectors are kept under a label: made anew, they have one of their own."""

    def __init__(self, label: str, encoder: Encoder) -> None:
        self.model = label
        self.dimension = encoder.dimension
        self._encoder = encoder

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        rows = await self._encoder.encode(texts)
        self.dimension = self._encoder.dimension
        return rows


class Away:
    """A model that the settings no longer reach: its vectors are here, and no new ones come."""

    def __init__(self, name: str) -> None:
        self.model = name
        self.dimension = 0

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """Raise EncoderFault, unless there is nothing to encode."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        raise EncoderFault(f"The settings no longer say where the model {self.model} is.")


class Serving:
    """The encoder whose vectors are searched; another takes its place once a change is taken."""

    def __init__(self, configured: Encoder, named: Named = lambda _: None) -> None:
        self.configured = configured
        self._named = named
        self._under = Under(configured.model, configured)
        self.model = configured.model
        self.dimension = configured.dimension

    async def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        under = self._under
        rows = await under.encode(texts)
        if under is self._under:
            self.dimension = under.dimension
        return rows

    def under(self, label: str) -> Under:
        """The encoder of this label, whether it serves or not."""
        name = name_of(label)
        is_configured = name == self.configured.model
        found = self.configured if is_configured else self._named(name)
        return Under(label, found or Away(name))

    def turn_to(self, label: str) -> None:
        """Let this label serve from now on."""
        self._under = self.under(label)
        self.model, self.dimension = label, self._under.dimension


def load_serving(db: Db) -> str | None:
    """The label whose vectors are searched; None where nothing was ever embedded or decided."""
    decided = load_decided(db)
    if decided is not None:
        return decided
    row = tables.IndexGeneration
    return db.scalar(sa.select(row.model).where(row.state == "live").limit(1))


def serving_encoder(settings: Settings, configured: Encoder, database: Database) -> Serving:
    """The encoder whose vectors are searched, which need not be the one that is named now."""
    encoder = Serving(configured, partial(encoder_named, settings))
    with database.reading() as db:
        label = load_serving(db)
    if label is not None and label != encoder.model:
        encoder.turn_to(label)
    return encoder


async def turned(encoder: Encoder, database: Database, let_go: LetGo) -> bool:
    """Whether another label serves now; its index is let go of before it does."""
    if not isinstance(encoder, Serving):
        return False
    label = await database.read(load_serving)
    if label is None or label == encoder.model:
        return False
    await let_go()
    encoder.turn_to(label)
    return True


async def settle(encoder: Encoder, database: Database) -> None:
    """Keep which model serves, where nothing was decided before."""
    if isinstance(encoder, Serving) and await database.read(load_decided) is None:
        await database.transact(save_first, encoder.model, now())
