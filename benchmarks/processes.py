"""What the suites share that start the coach as a person does: as a process of its own."""

import os
import socket
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COACH = (sys.executable, "-m", "coach")
PAIRS = ROOT / "tests" / "data" / "pairs" / "pairs.json"


def environment(data: Path) -> dict[str, str]:
    """The environment of a coach that keeps its data here and its bytecode in build/."""
    rest = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COACH_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    # An installed coach finds its bytecode; a switch of this shell must not slow it down.
    cache = ROOT / "build" / "bytecode"
    # Without a model of meanings, whose vectors for 1,000 documents take many minutes to make: what
    # meanings cost is measured by `python -m benchmarks retrieval_speed`.
    ours = {"COACH_DATA": str(data), "COACH_EMBEDDINGS": "off"}
    return rest | ours | {"PYTHONPYCACHEPREFIX": str(cache)}


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def quantile(times: list[float], percent: int) -> float:
    """The value that this many percent of the times stay below."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]
