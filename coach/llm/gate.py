"""The gate before the model: so many calls at once, so many waiting, and a rest after failures."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from coach.llm.faults import LLMFault, ModelBusy, ModelCut, ModelDown, ModelResting, ModelTooSlow

_COUNTED = (ModelDown, ModelTooSlow, ModelCut)


class Gate:
    """Lets calls through in order; after several failures in a row none, until it has rested.

    Then one call may try; when it fails too, the gate rests again.
    """

    def __init__(
        self,
        lanes: int = 8,
        queue: int = 200,
        failures: int = 4,
        rest: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lanes = asyncio.Semaphore(lanes)
        self._room = lanes + queue
        self._inside = 0
        self._failures, self._rest, self._clock = failures, rest, clock
        self._failed = 0
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """Whether the model is left alone just now."""
        return self._failed >= self._failures and self._clock() < self._rests_until

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """Wait for a lane; raises ModelResting or ModelBusy at once."""
        trying = self._look()
        if self._inside >= self._room:
            raise ModelBusy
        self._inside += 1
        try:
            async with self._lanes:
                if self.resting and not trying:
                    raise ModelResting
                yield
        except _COUNTED:
            self._fail()
            raise
        except LLMFault:
            raise
        else:
            self._failed = 0
        finally:
            self._inside -= 1

    def _look(self) -> bool:
        """Whether this call is the one that tries after a rest; raises ModelResting in a rest."""
        if self.resting:
            raise ModelResting
        if self._failed < self._failures:
            return False
        self._rests_until = self._clock() + self._rest  # the others wait for what comes of it
        return True

    def _fail(self) -> None:
        self._failed += 1
        if self._failed >= self._failures:
            self._rests_until = self._clock() + self._rest
