"""Compares two runs: how each score changed, with an interval bootstrapped over pairs."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from coach.evaluation.run import Report

RESAMPLES = 2_000
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Difference:
    """How a score changed: the mean over pairs, and where 95 % of the resampled means lie."""

    output: str
    score: str
    pairs: int
    before: float
    after: float
    low: float
    high: float

    @property
    def is_plain(self) -> bool:
        """Whether the change is more than the luck of which pairs were asked."""
        return self.low > 0 or self.high < 0


def compare(before: Report, after: Report, resamples: int = RESAMPLES) -> tuple[Difference, ...]:
    """Each score of each output that both runs hold, over the pairs they share."""
    old, new = _by_pair(before), _by_pair(after)
    found = []
    for key in sorted(old.keys() & new.keys()):
        shared = sorted(old[key].keys() & new[key].keys())
        if not shared:
            continue
        was = [old[key][pair] for pair in shared]
        now = [new[key][pair] for pair in shared]
        low, high = _interval([b - a for a, b in zip(was, now, strict=True)], resamples)
        found.append(Difference(*key, len(shared), _mean(was), _mean(now), low, high))
    return tuple(found)


def _by_pair(report: Report) -> dict[tuple[str, str], dict[str, float]]:
    """Output and score → pair → mean: drafts of one pair are no independent observations."""
    values: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for result in report.results:
        for name, value in result.scores.items():
            values[result.output, name][result.pair_id].append(value)
    return {
        key: {pair: _mean(found) for pair, found in pairs.items()} for key, pairs in values.items()
    }


def _interval(differences: Sequence[float], resamples: int) -> tuple[float, float]:
    """Where the middle 95 % of the means of resampled pairs lie; the same on every machine."""
    chance = random.Random(SEED)  # noqa: S311  statistics, not secrets
    means = sorted(_mean(chance.choices(differences, k=len(differences))) for _ in range(resamples))
    return means[int(0.025 * resamples)], means[int(0.975 * resamples) - 1]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
