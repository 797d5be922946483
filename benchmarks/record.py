"""Keeps measured figures in build/bench.json and prints them, one line each."""

import fcntl
import json
from pathlib import Path

RESULTS = Path(__file__).resolve().parent.parent / "build" / "bench.json"


def record(  # noqa: PLR0913  one figure has this many sides
    name: str,
    value: float,
    unit: str,
    goal: float | str | None,
    holds: bool | None,
    command: str,
    peer: str | None = None,
    ratio: float | None = None,
) -> None:
    """Keep one figure under its name, in place of an earlier one, and print it."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    row = {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "goal": goal,
        "holds": holds,
        "peer": peer,
        "ratio": ratio,
        "command": command,
    }
    with RESULTS.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        rows = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
        rows = sorted([*(old for old in rows if old["name"] != name), row], key=_by_name)
        fresh = RESULTS.with_suffix(".new")
        fresh.write_text(json.dumps(rows, indent=1) + "\n")
        fresh.replace(RESULTS)
    verdict = {True: "holds", False: "MISSED", None: "-"}[holds]
    print(f"{name:<44} {value:>10.3f} {unit:<5} goal {goal!s:<8} {verdict}")


def _by_name(row: dict[str, object]) -> str:
    return str(row["name"])
