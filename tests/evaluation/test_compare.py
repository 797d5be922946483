"""Two runs are compared over the pairs they share; the interval says when a change is plain."""

import pytest

from coach.evaluation.compare import compare
from coach.evaluation.run import Report, Result


def report(*scores: tuple[str, float], output: str = "agenda") -> Report:
    results = tuple(
        Result(pair, pair, output, {}, (), {"score": value}, 1.0) for pair, value in scores
    )
    return Report("2026-11-26T09:00:00+00:00", "v1", results)


BEFORE = report(*((f"P{number}", 0.5 + number / 100) for number in range(12)))


@pytest.mark.parametrize(
    ("shifts", "plain"),
    [
        pytest.param([0.1] * 12, True, id="every pair gains"),
        pytest.param([-0.1] * 12, True, id="every pair loses"),
        pytest.param([0.1, -0.1] * 6, False, id="half gain and half lose"),
        pytest.param([0.0] * 12, False, id="nothing changed"),
    ],
)
def test_a_change_is_plain_when_chance_does_not_explain_it(
    shifts: list[float], plain: bool
) -> None:
    after = report(
        *(
            (one.pair_id, one.scores["score"] + shift)
            for one, shift in zip(BEFORE.results, shifts, strict=True)
        )
    )
    (change,) = compare(BEFORE, after)
    assert change.is_plain is plain
    assert change.after - change.before == pytest.approx(sum(shifts) / 12)
    assert change.low <= change.after - change.before + 1e-9
    assert change == compare(BEFORE, after)[0]


def test_several_drafts_of_a_pair_count_as_one() -> None:
    after = report(("P1", 0.2), ("P1", 0.4), ("P2", 0.9))
    before = report(("P1", 0.3), ("P2", 0.9), ("P3", 0.0))
    (change,) = compare(before, after)
    assert change.pairs == 2
    assert [change.before, change.after] == pytest.approx([0.6, 0.6])


def test_runs_without_a_common_pair_are_not_compared() -> None:
    assert compare(report(("P1", 0.3)), report(("P2", 0.3))) == ()
    assert compare(report(("P1", 0.3)), report(("P1", 0.3), output="recap")) == ()
