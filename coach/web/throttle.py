"""Slows down whoever tries sign-in links at random or says the same thing without end."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from coach.errors import CoachError

FAILURES = 10
PAUSE = 600.0
ADDRESSES = 10_000
MOST_REPORTS = 10
HOUR = 3600.0


class TooManyTries(CoachError):
    """An address failed too often in a short time."""

    status = 429
    title = "Too many sign-in links failed from here. Wait ten minutes, then try again."


@dataclass(slots=True)
class Throttle:
    """Counts failures by address, in this process; the oldest addresses are forgotten first."""

    clock: Callable[[], float] = time.monotonic
    _failed: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def check(self, address: str) -> None:
        """Raise TooManyTries while this address has to wait."""
        since, count = self._failed.get(address, (0.0, 0))
        if count >= FAILURES and self.clock() - since < PAUSE:
            raise TooManyTries

    def count_failure(self, address: str) -> None:
        """Remember that this address failed."""
        since, count = self._failed.pop(address, (self.clock(), 0))
        if self.clock() - since >= PAUSE:
            since, count = self.clock(), 0
        self._failed[address] = (since, count + 1)
        while len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)


class TooManyReports(CoachError):
    """One person says of too many quotations that they are wrong."""

    status = 429
    title = (
        "You have reported a lot within an hour, and all of it was kept. "
        "Wait an hour before you report more."
    )


@dataclass(slots=True)
class Allowance:
    """How often each person may do something within an hour, counted in this process only."""

    clock: Callable[[], float] = time.monotonic
    _taken: OrderedDict[object, tuple[float, int]] = field(default_factory=OrderedDict)

    def take(self, who: object) -> None:
        """Count once more, or raise TooManyReports."""
        since, count = self._taken.pop(who, (self.clock(), 0))
        if self.clock() - since >= HOUR:
            since, count = self.clock(), 0
        self._taken[who] = (since, min(count + 1, MOST_REPORTS + 1))
        while len(self._taken) > ADDRESSES:
            self._taken.popitem(last=False)
        if count >= MOST_REPORTS:
            raise TooManyReports
