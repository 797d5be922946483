"""A session keeps its minutes and its order through clock changes, in every zone."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from coach.pairs.pairing import KnownPair
from coach.web.pages.runs import put_on_clock
from coach.web.rendering import clock, short_day
from coach.web.running import Running, minutes_since
from tests.coaching.contract.make import agenda

PAIR = KnownPair(uuid4(), "P", "", "active", "mentor", uuid4(), "Amal", uuid4(), "Greta")


@pytest.fixture
def live_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let the service run in another time zone."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "began", "told", "day"),
    [
        pytest.param("Europe/Berlin", datetime(2027, 3, 28, 0, 50, tzinfo=UTC),
                     ("01:50", "03:50"), "28 Mar 2027", id="the night that lacks an hour"),
        pytest.param("Europe/Berlin", datetime(2027, 10, 31, 0, 50, tzinfo=UTC),
                     ("02:50", "02:50"), "31 Oct 2027", id="the night that has one twice"),
        pytest.param("Pacific/Kiritimati", datetime(2027, 2, 28, 10, 30, tzinfo=UTC),
                     ("00:30", "01:30"), "1 Mar 2027", id="fourteen hours ahead"),
    ],
)  # fmt: skip
def test_a_session_keeps_its_minutes_and_its_order(
    zone: str, began: datetime, told: tuple[str, str], day: str, live_in: Callable[[str], None]
) -> None:
    live_in(zone)
    plan = agenda()
    ends = began + timedelta(minutes=plan.minutes)
    blocks = list(put_on_clock(plan, Running(plan, 1, began, began, ends), PAIR))
    spans = [(b.starts, b.ends) for b in blocks if b.starts and b.ends]
    assert len(spans) == len(blocks)
    assert all(end - start == timedelta(minutes=b.minutes)
               for (start, end), b in zip(spans, blocks, strict=True))  # fmt: skip
    assert all(spans[n][1] == spans[n + 1][0] for n in range(len(spans) - 1))
    assert (spans[0][0], spans[-1][1]) == (began, ends)
    assert (clock(began), clock(ends)) == told
    assert short_day(began.astimezone()) == day
    assert minutes_since(began, ends) == plan.minutes
    assert minutes_since(began, began - timedelta(hours=2)) == 0
