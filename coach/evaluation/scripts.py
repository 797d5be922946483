"""How scripted pairs live: what they keep, miss, cancel and give back, session by session."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

Kept = Literal["all", "none", "every other"]
Missed = Literal["never", "at first", "every other"]
SESSIONS = 8
RESCUE_MINUTES = 15
_LOW_UNTIL = 3


@dataclass(frozen=True, slots=True)
class Script:
    """One way to live a season of sessions, numbered from 1."""

    keeps: Kept
    misses: Missed
    cancels: tuple[int, ...]
    swaps_low: bool
    rescues: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What the report calls it."""
        swap = "little swap at first" if self.swaps_low else "full swap"
        away = f"cancels {' and '.join(map(str, self.cancels))}" if self.cancels else "meets always"
        short = f", a rescue in {' and '.join(map(str, self.rescues))}" if self.rescues else ""
        return f"keeps {self.keeps}, misses {self.misses}, {away}, {swap}{short}"

    def is_held(self, number: int) -> bool:
        """Whether the two meet this time."""
        return number not in self.cancels

    def minutes(self, number: int) -> int | None:
        """How long the two can meet this time; None is as long as they agreed."""
        return RESCUE_MINUTES if number in self.rescues else None

    def keeps_promise(self, number: int) -> bool:
        """Whether what was open is done when session `number` asks for it."""
        return self.keeps == "all" or (self.keeps == "every other" and number % 2 == 0)

    def recalls(self, number: int) -> bool:
        """Whether what is asked from memory in session `number` is known."""
        if self.misses == "at first":
            return number > 2
        return self.misses == "never" or number % 2 == 0

    def led(self, number: int, planned: int) -> int:
        """The minutes the mentee really leads, of those planned for the swap."""
        return 0 if self.swaps_low and number <= _LOW_UNTIL else planned


def all_scripts() -> Iterator[Script]:
    """Every combination, in a fixed order that varies quickly in all of them."""
    ways = product(
        (((), ()), ((2, 5), ()), ((2, 6), (4,))), (False, True),
        ("never", "at first", "every other"),
        ("all", "none", "every other"),
    )  # fmt: skip
    for (cancels, rescues), low, misses, keeps in ways:
        yield Script(keeps, misses, cancels, low, rescues)  # type: ignore[arg-type]
