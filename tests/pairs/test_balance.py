"""The balance counts minutes led and promises settled in each direction, and nothing else."""

from dataclasses import replace

import pytest

from coach.pairs.balance import Share, build_balance
from coach.pairs.records import Commitment, PairRecord, PastSession
from tests.coaching.make import pair, session


def block(lead: str, minutes: int, actual: int | None = None) -> dict[str, object]:
    return {"lead": lead, "minutes": minutes, "actual_minutes": actual}


def met(number: int, *blocks: dict[str, object], **changes: object) -> PastSession:
    return replace(session(number, "We met."), agenda={"blocks": list(blocks)}, **changes)  # type: ignore[arg-type]


def promise(name: str, owner: str, status: str) -> Commitment:
    return Commitment(name, owner, "Do it", None, status)  # type: ignore[arg-type]


SEASON = pair(
    met(
        1, block("mentor", 20), block("mentee", 9), block("both", 16),
        commitments=(promise("a", "mentor", "open"), promise("b", "mentee", "open")),
    ),
    met(
        2, block("mentor", 20, actual=25), block("mentee", 10),
        commitments=(
            promise("a", "mentor", "done"), promise("b", "mentee", "dropped"),
            promise("c", "mentee", "done"), promise("d", "mentor", "open"),
        ),
    ),
    session(3, "We met without an agenda."),
)  # fmt: skip


def test_both_directions_are_counted() -> None:
    balance = build_balance(SEASON)
    assert (balance.minutes, balance.both_minutes) == (80, 16)
    assert balance.mentor == Share(45, 1, 1)
    assert balance.mentee == Share(19, 1, 2)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(pair(), id="never met"),
        pytest.param(pair(session(1, "We met.")), id="no agenda"),
        pytest.param(pair(met(1, block("mentor", 9), state="cancelled")), id="cancelled"),
        pytest.param(pair(replace(session(1), agenda={"blocks": "odd"})), id="an odd agenda"),
    ],
)
def test_a_session_that_says_nothing_counts_nothing(record: PairRecord) -> None:
    assert build_balance(record).minutes == 0
