"""The open service as requests and commands use it; knows nothing of HTTP."""

import threading
from dataclasses import dataclass, field

import anyio

from coach.coaching.pipeline import Coach
from coach.resources import Resources
from coach.settings import Settings
from coach.web.throttle import Allowance, Throttle
from coach.web.turns import Turns

READERS = 2


@dataclass(slots=True)
class Front:
    """The open service as requests see it; `closing` is set when it is about to stop."""

    settings: Settings
    resources: Resources
    coach: Coach
    throttle: Throttle = field(default_factory=Throttle)
    turns: Turns = field(default_factory=Turns)
    reports: Allowance = field(default_factory=Allowance)
    readers: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(READERS))
    closing: threading.Event = field(default_factory=threading.Event)
