"""Takes turns: one person's drafts go one after the other, so that nobody waits behind a crowd."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import UUID

from coach.errors import CoachError

AT_ONCE, WAITING = 1, 8
PAUSE, LONGEST_PAUSE = 1.0, 10.0
# A person whose drafts queue leaves the machine to the others for so many times as long as each
# took, and never longer than this: a draft by a model hardly needs the machine.
LEFT_TO_OTHERS, LONGEST_LEFT = 3.0, 0.6


class TooManyDrafts(CoachError):
    """A person asked for more drafts at once than may wait."""

    status = 429
    title = "You have asked for many drafts at once. Wait until they are there, then ask again."


@dataclass(slots=True)
class _Line:
    """The drafts of one person: those under way and those that wait, and those being refused."""

    door: asyncio.Semaphore
    inside: int = 0
    refused: int = 0
    free_from: float = 0.0


@dataclass(slots=True)
class Turns:
    """Lets each person in a few drafts at a time; whoever asks for too many is told, slowly."""

    at_once: int = AT_ONCE
    waiting: int = WAITING
    pause: float = PAUSE
    rest: float = LEFT_TO_OTHERS
    _lines: dict[UUID, _Line] = field(default_factory=dict)

    @asynccontextmanager
    async def take(self, person_id: UUID) -> AsyncIterator[None]:
        """Wait for this person's turn; raises TooManyDrafts when too many wait already."""
        line = self._lines.setdefault(person_id, _Line(asyncio.Semaphore(self.at_once)))
        if line.inside >= self.at_once + self.waiting:
            await self._refuse(line)
        line.inside += 1
        try:
            async with line.door:
                await asyncio.sleep(line.free_from - time.monotonic())
                before = time.monotonic()
                yield
                took = time.monotonic() - before
                line.free_from = before + took + min(self.rest * took, LONGEST_LEFT)
        finally:
            line.inside -= 1
            if not line.inside:
                self._lines.pop(person_id, None)

    async def _refuse(self, line: _Line) -> NoReturn:
        """Say no after a while: a refusal costs little, and the more come the slower they go."""
        line.refused += 1
        try:
            await asyncio.sleep(min(self.pause * max(1, line.refused // 4), LONGEST_PAUSE))
        finally:
            line.refused -= 1
        raise TooManyDrafts
