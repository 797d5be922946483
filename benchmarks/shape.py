"""Times the shape solver over every length, with and without a demo."""

import statistics
import time
from collections.abc import Callable
from itertools import product

from benchmarks.record import record
from coach.coaching.shape import ShapeRequest, solve_shape

GOAL_MS = 1.0
COMMAND = "python -m benchmarks.shape"


def requests() -> list[ShapeRequest]:
    """Every length, every flag, at a level with a demo and at one without."""
    return [
        ShapeRequest(minutes, first, promises, due, covered, stalled, rehearsal, balance, level)
        for minutes in range(10, 181)
        for first, promises, due, covered, stalled, rehearsal, balance in product(
            (False, True), repeat=7
        )
        for level in ("basic", "confident")
    ]


def time_each(work: Callable[[ShapeRequest], object], items: list[ShapeRequest]) -> list[float]:
    """Milliseconds for each item."""
    times = []
    for item in items:
        start = time.perf_counter()
        work(item)
        times.append((time.perf_counter() - start) * 1000)
    return times


def main() -> None:
    """Measure, print and record the median and the 99th percentile."""
    asked = requests()
    times = time_each(solve_shape, asked)
    figures = {
        "a.shape_solver_median_ms": statistics.median(times),
        "a.shape_solver_p99_ms": statistics.quantiles(times, n=100)[98],
    }
    for name, value in figures.items():
        print(f"{name}: {value:.4f} ms over {len(asked)} requests (goal < {GOAL_MS} ms)")
        record(name, round(value, 4), "ms", GOAL_MS, value < GOAL_MS, COMMAND)


if __name__ == "__main__":
    main()
