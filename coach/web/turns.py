"""Takes turns: one person's drafts go one after the other, so that nobody waits behind a crowd."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from coach.errors import CoachError

AT_ONCE, WAITING = 1, 8
PAUSE = 1.0


class TooManyDrafts(CoachError):
    """A person asked for more drafts at once than may wait."""

    status = 429
    title = "You have asked for many drafts at once. Wait until they are there, then ask again."


@dataclass(slots=True)
class _Line:
    """The drafts of one person: those under way and those that wait."""

    door: asyncio.Semaphore
    inside: int = 0


@dataclass(slots=True)
class Turns:
    """Lets each person in a few drafts at a time; whoever asks for too many is told, slowly."""

    at_once: int = AT_ONCE
    waiting: int = WAITING
    pause: float = PAUSE
    _lines: dict[UUID, _Line] = field(default_factory=dict)

    @asynccontextmanager
    async def take(self, person_id: UUID) -> AsyncIterator[None]:
        """Wait for this person's turn; raises TooManyDrafts when too many wait already."""
        line = self._lines.setdefault(person_id, _Line(asyncio.Semaphore(self.at_once)))
        if line.inside >= self.at_once + self.waiting:
            # A refusal costs little, and one a second costs nobody else anything.
            await asyncio.sleep(self.pause)
            raise TooManyDrafts
        line.inside += 1
        try:
            async with line.door:
                yield
        finally:
            line.inside -= 1
            if not line.inside:
                self._lines.pop(person_id, None)
