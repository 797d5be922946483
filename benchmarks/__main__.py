"""Runs every suite in a process of its own, one after the other, and shows what was measured."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.record import RESULTS

PACKAGE = "benchmarks"
SUITES = (
    "shape", "contract", "library", "golden", "retrieval", "retrieval_speed",
    "command_line", "service", "recap_service", "model", "season", "soak",
)  # fmt: skip
VERDICTS = {True: "holds", False: "MISSED", None: "-"}


def run_suite(suite: str) -> bool:
    """Measure one suite and say how busy the machine was; False when the suite crashed."""
    load = os.getloadavg()[0]
    print(f"== {suite} (load {load:.1f} on {os.cpu_count()} cores)", flush=True)
    before = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", f"{PACKAGE}.{suite}"], check=False)
    print(f"   {time.perf_counter() - before:.0f} s", flush=True)
    return done.returncode == 0


def read_rows() -> list[dict[str, Any]]:
    """Every figure kept so far."""
    if not RESULTS.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return rows


def show_table(rows: Sequence[dict[str, Any]]) -> None:
    """Print the figures with their goals and the commands that measure them."""
    table = Table("figure", "value", "unit", "goal", "", "peer", "ratio", "command")
    for row in rows:
        cells = (row["name"], f"{row['value']:g}", row["unit"], row["goal"])
        rest = (VERDICTS[row["holds"]], row["peer"], row["ratio"], row["command"])
        table.add_row(*("" if cell is None else str(cell) for cell in (*cells, *rest)))
    Console(width=150).print(table)


def main(asked: Sequence[str]) -> str | None:
    """Run the suites asked for, or all; what to say at the end when one crashed."""
    if unknown := [name for name in asked if name not in SUITES]:
        return f"There is no suite {unknown[0]!r}; there are {', '.join(SUITES)}."
    if not asked:
        # What an earlier run left behind must not pass for a figure of this one.
        RESULTS.unlink(missing_ok=True)
    crashed = [suite for suite in asked or SUITES if not run_suite(suite)]
    show_table(read_rows())
    return f"Crashed: {', '.join(crashed)}." if crashed else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
