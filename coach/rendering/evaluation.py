"""An evaluation as text: clauses that broke, scores per output, and how two runs differ."""

from collections.abc import Iterable, Mapping, Sequence

MOST_SHOWN = 12
Scores = Mapping[str, float]


def render_broken(names: Sequence[tuple[str, Mapping[str, str]]]) -> list[str]:
    """A line for each clause that does not hold, the first dozen in full."""
    lines = [f"{name}: {clause} {why}" for name, broken in names for clause, why in broken.items()]
    left = len(lines) - MOST_SHOWN
    return lines[:MOST_SHOWN] + ([f"… and {left} more"] if left > 0 else [])


def render_scores(by_output: Mapping[str, Sequence[Scores]]) -> list[str]:
    """The mean of each score, a line for each output."""
    lines = []
    for output, found in by_output.items():
        names = dict.fromkeys(name for scores in found for name in scores)
        means = (f"{name} {_mean(one.get(name) for one in found):.2f}" for name in names)
        lines.append(f"{output:<11} {'  '.join(means)}")
    return lines


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0
