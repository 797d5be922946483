"""Lives 200 seasons of eight sessions offline, and counts what any agenda forgot or repeated."""

import asyncio
import time

from benchmarks.record import record
from coach.coaching.pipeline import open_coach
from coach.evaluation.season import run_seasons
from coach.knowledge.starter import open_starter_library
from coach.pairs.exchange import read_pairs
from tests.command_line import PAIRS

PAIRS_LIVED = 200
GOAL_S = 120.0
COMMAND = "python -m benchmarks.season"


def main() -> None:
    """Measure, print and record the time and the findings of each check."""
    records = [one.record for one in read_pairs(PAIRS.read_text(encoding="utf-8"), PAIRS.name)]
    with open_starter_library() as library:
        start = time.perf_counter()
        report = asyncio.run(run_seasons(open_coach(library), records, PAIRS_LIVED))
        took = time.perf_counter() - start
    print(f"{report.pairs} seasons, {report.agendas} agendas in {took:.1f} s (goal {GOAL_S} s)")
    record("d.season_200_pairs_s", round(took, 1), "s", GOAL_S, took <= GOAL_S, COMMAND)
    for check, count in report.count().items():
        print(f"{check}: {count} findings")
        record(f"d.season_{check}_found", count, "", 0, count == 0, COMMAND)


if __name__ == "__main__":
    main()
