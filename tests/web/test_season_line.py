"""The season line: each meeting in its place, how it went, and what its promises came to."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from coach.pairs.commitments import KnownCommitment
from coach.pairs.sessions import KnownSession
from coach.web.pages.season import Promised, draw_season
from tests.web.conftest import House

TODAY = date(2027, 3, 1)


def session(number: int, state: Any = "held", minutes: int = 45, days: int = 0) -> KnownSession:
    """A session so many days from the first of March."""
    day = TODAY + timedelta(days=days)
    return KnownSession(
        uuid4(), uuid4(), number, day, minutes, state, None, (), None, None, None
    )  # fmt: skip


def promise(name: str, number: int, status: Any) -> KnownCommitment:
    """A promise as a session lists it."""
    return KnownCommitment(uuid4(), uuid4(), number, name, "mentor", "Do it", None, status)


def test_every_session_has_the_sign_of_how_it_stands() -> None:
    sessions = (
        session(1), session(2, "cancelled"), session(3, minutes=15), session(4, "planned", days=-1),
        session(5, "planned", days=20), session(6, "planned", days=6),
    )  # fmt: skip
    season = draw_season(sessions, (), 45, TODAY)
    kinds = [stop.kind for stop in season.stops]
    assert kinds == ["held", "cancelled", "rescue", "planned", "planned", "next"]
    assert [stop.x for stop in season.drawn] == [22, 66, 110, 154, 198, 242]
    assert dict(season.kinds).keys() == set(kinds)


def test_fifteen_minutes_are_no_rescue_for_a_pair_that_always_has_fifteen() -> None:
    (stop,) = draw_season((session(1, minutes=15),), (), 15, TODAY).stops
    assert stop.kind == "held"


def test_a_promise_carried_over_counts_where_it_was_made_and_as_it_stands_now() -> None:
    made = (
        promise("c1", 1, "done"), promise("c2", 1, "open"), promise("c2", 2, "open"),
        promise("c3", 2, "blocked"), promise("c4", 2, "dropped"),
    )  # fmt: skip
    first, second = draw_season((session(1), session(2)), made, 45, TODAY).stops
    assert first.promised == Promised(kept=1, open=1)
    assert first.promised.told == "1 kept, 1 open"
    assert [pip.kind for pip in first.pips] == ["kept", "open"]
    assert second.promised.told == "1 open, 1 let go"


def test_of_a_long_season_the_picture_shows_what_is_about_now_and_the_list_all() -> None:
    held = tuple(session(number) for number in range(1, 21))
    coming = tuple(session(number, "planned", days=number) for number in range(21, 31))
    season = draw_season(held + coming, (), 45, TODAY)
    assert [stop.session.number for stop in season.drawn] == list(range(15, 25))
    assert len(season.stops) == 30
    over = draw_season(held, (), 45, TODAY)
    assert [stop.session.number for stop in over.drawn] == list(range(11, 21))
    assert season.drawn[-1].x is not None
    assert season.drawn[-1].x < season.width


def test_a_session_under_way_says_so() -> None:
    begun = replace(session(1, "planned"), started_at=datetime.now(UTC))
    (stop,) = draw_season((begun,), (), 45, TODAY).stops
    assert stop.word == "under way"


@pytest.fixture
def mentor(house: House) -> TestClient:
    return house.as_("mentor")


def test_a_moved_session_says_from_which_day_until_it_is_back(
    house: House, mentor: TestClient
) -> None:
    path = f"/api/v1/sessions/{house.seeded.session_id}"
    page = f"/pairs/{house.seeded.pair_id}"
    assert "Moved from" not in mentor.get(page).text
    for day in ("2027-01-18", "2027-01-21"):
        assert mentor.patch(path, json={"date": day}).status_code == 200
        assert mentor.get(path).json()["moved_from"] == "2027-01-14"
    text = mentor.get(page).text
    assert "Moved from 14 Jan 2027" in text
    assert "moved to another day" in text
    exported = mentor.get(f"/api/v1/pairs/{house.seeded.pair_id}/export").json()
    assert exported["history"][-1]["moved_from"] == "2027-01-14"
    assert mentor.patch(path, json={"date": "2027-01-14"}).status_code == 200
    assert "Moved from" not in mentor.get(page).text


def test_the_page_says_in_words_what_the_picture_shows(house: House, mentor: TestClient) -> None:
    path = f"/api/v1/sessions/{house.seeded.session_id}"
    assert mentor.post(f"{path}/outcome", json={"state": "cancelled"}).status_code == 200
    text = mentor.get(f"/pairs/{house.seeded.pair_id}").text
    assert re.search(r'<svg class="line"[^>]* aria-hidden="true">', text)
    listed = text[text.index('<ol class="season"') : text.index("</ol>")]
    assert ">cancelled<" in listed
    assert ">held<" in listed
    assert re.search(r"Promises made here: \d+ (kept|open)", listed)
    assert listed.count('<a href="/sessions/') == text.count('class="line-number"')
