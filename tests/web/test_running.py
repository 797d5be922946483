"""A session is run: on time, late, as a rescue; what was not reached comes first next time."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House


@pytest.fixture
def path(house: House, mentor: TestClient) -> str:
    """A planned session with a draft agenda."""
    found = f"/api/v1/sessions/{house.seeded.session_id}"
    assert mentor.post(f"{found}/agenda").status_code == 201
    return found


@pytest.fixture
def run(mentor: TestClient, path: str) -> Callable[..., httpx2.Response]:
    """Do one thing to the session under way."""

    def send(what: str = "", **body: Any) -> httpx2.Response:
        return mentor.post(f"{path}/run{'/' + what if what else ''}", json=body)

    return send


def by_kind(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["kind"]: block for block in body["agenda"]["blocks"]}


def test_beginning_settles_the_plan_and_happens_once(
    mentor: TestClient, mentee: TestClient, path: str, run: Callable[..., httpx2.Response]
) -> None:
    assert mentor.get(f"{path}/run").status_code == 404
    first, again = run(), mentee.post(f"{path}/run", json={"minutes_left": 20})
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert mentor.get(f"{path}/agenda").json()["state"] == "settled"
    known = mentor.get(path).json()
    assert (known["state"], known["started_at"]) == ("planned", first.json()["started_at"])
    moved = mentor.patch(path, json={"minutes": 60})
    assert moved.status_code == 409
    assert "has begun" in moved.json()["detail"]


def test_twelve_minutes_left_keep_what_is_done_and_what_matters(
    path: str, run: Callable[..., httpx2.Response]
) -> None:
    run()
    run("marks", block_id="b1", minutes=9)
    run("marks", block_id="b2", minutes=11)
    body = run("fit", minutes_left=12).json()
    blocks = body["agenda"]["blocks"]
    assert [(b["id"], b["actual_minutes"]) for b in blocks[:2]] == [("b1", 9), ("b2", 11)]
    ahead = [block for block in blocks if block["actual_minutes"] is None]
    assert sum(block["minutes"] for block in ahead) == 12
    assert {"hands_on", "swap", "promises"} <= {block["kind"] for block in ahead}
    assert body["agenda"]["dropped"] != []


def test_a_rescue_session_of_fifteen_minutes_is_a_whole_one(
    path: str, run: Callable[..., httpx2.Response]
) -> None:
    body = run(minutes_left=15).json()
    blocks = body["agenda"]["blocks"]
    assert [block["actual_minutes"] for block in blocks] == [None] * len(blocks)
    assert sum(block["minutes"] for block in blocks) == body["agenda"]["minutes"] == 15
    assert {"hands_on", "swap", "promises"} <= {block["kind"] for block in blocks}
    assert body["ends_at"] > body["started_at"]
    assert run("close").json()["minutes"] == 15


def test_the_minutes_that_were_taken_make_the_balance_and_the_plan_stays(
    mentor: TestClient, house: House, path: str, run: Callable[..., httpx2.Response]
) -> None:
    plan = by_kind({"agenda": mentor.get(f"{path}/agenda").json()})
    run()
    run("marks", block_id=plan["swap"]["id"], minutes=17)
    run("marks", block_id=plan["teach_back"]["id"], minutes=0)
    missed = [plan["hands_on"]["id"]]
    closed = run("close", missed=missed)
    assert (closed.status_code, closed.json()["state"]) == (200, "held")
    assert closed.json()["mentee_led_minutes"] == 17
    settled = by_kind({"agenda": mentor.get(f"{path}/agenda").json()})
    assert settled["swap"]["minutes"] == plan["swap"]["minutes"]
    assert settled["swap"]["actual_minutes"] is None
    exported = mentor.get(f"/api/v1/pairs/{house.seeded.pair_id}/export").json()
    held = exported["history"][-1]["agenda"]
    assert "hands_on" not in by_kind({"agenda": held})
    assert by_kind({"agenda": held})["swap"]["actual_minutes"] == 17
    page = mentor.get(f"/pairs/{house.seeded.pair_id}").text
    assert "Greta led 17" in page


def test_closing_twice_is_one_effect_and_history_stays(
    mentor: TestClient, mentee: TestClient, path: str, run: Callable[..., httpx2.Response]
) -> None:
    run()
    first = run("close", minutes=40).json()
    assert mentee.post(f"{path}/run/close", json={"minutes": 9}).json() == first
    assert mentee.post(f"{path}/outcome", json={"minutes": 9}).json() == first
    other = mentee.post(f"{path}/outcome", json={"state": "cancelled"})
    assert other.status_code == 409
    assert run("marks", block_id="b1", minutes=3).status_code == 409
    assert run("fit", minutes_left=3).status_code == 409


def test_what_was_left_over_is_offered_first_next_time(
    house: House, mentor: TestClient, path: str, run: Callable[..., httpx2.Response]
) -> None:
    run(minutes_left=12)
    dropped = run("close").json() and mentor.get(f"{path}/run").json()["agenda"]["dropped"]
    assert dropped
    pair = f"/api/v1/pairs/{house.seeded.pair_id}/sessions"
    plan = {"date": "2027-02-01", "minutes": 45}
    following = mentor.post(pair, json=plan).json()["id"]
    agenda = mentor.post(f"/api/v1/sessions/{following}/agenda").json()
    first = " ".join(step["text"] for step in agenda["blocks"][0]["steps"][:2])
    taught = [one["title"] for one in dropped if one["kind"] in ("demo", "hands_on")]
    assert taught
    assert all(f"“{title}”" in first for title in taught)
    # What every session has of its own, nobody missed.
    assert "warm_up" in {one["kind"] for one in dropped}
    assert "“From memory”" not in first
    assert [c for c in agenda["contract"] if c["holds"] is False] == []


@pytest.mark.parametrize(
    ("what", "body"),
    [
        pytest.param("marks", {"block_id": "b1", "minutes": 181}, id="longer than any session"),
        pytest.param("marks", {"block_id": "b1", "minutes": -1}, id="less than nothing"),
        pytest.param("fit", {"minutes_left": 0}, id="no time at all"),
        pytest.param("fit", {"minutes_left": 9000}, id="all week"),
        pytest.param("close", {"minutes": 99_999}, id="held for weeks"),
    ],
)
def test_minutes_that_cannot_be_are_refused(
    what: str, body: dict[str, Any], run: Callable[..., httpx2.Response]
) -> None:
    run()
    answer = run(what, **body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_marking_twice_is_one_mark_and_can_be_taken_back(
    mentor: TestClient, path: str, run: Callable[..., httpx2.Response]
) -> None:
    run()
    first, again = (run("marks", block_id="b1", minutes=4) for _ in range(2))
    assert first.json() == again.json()
    assert first.headers["etag"] == again.headers["etag"] == '"2"'
    assert run("marks", block_id="b9-9", minutes=4).status_code == 404
    back = run("marks", block_id="b1", minutes=None).json()
    assert back["agenda"]["blocks"][0]["actual_minutes"] is None
    headers = {"idempotency-key": "k"}
    twice = [
        mentor.post(f"{path}/run/fit", json={"minutes_left": 20}, headers=headers) for _ in range(2)
    ]
    assert twice[0].content == twice[1].content


def test_the_page_runs_a_session_without_scripts(house: House, mentor: TestClient) -> None:
    session = f"/sessions/{house.seeded.session_id}"
    nothing = mentor.get(f"{session}/run")
    assert nothing.status_code == 409
    assert "no agenda yet" in nothing.text
    mentor.post(f"{session}/agenda")
    assert "Begin now" in mentor.get(f"{session}/run").text
    assert mentor.post(f"{session}/run", data={"act": "begin"}).status_code == 303
    mark = {"act": "mark", "block_id": "b1", "minutes": "6"}
    assert mentor.post(f"{session}/run", data=mark).status_code == 303
    page = mentor.get(f"{session}/run").text
    assert "took 6 min" in page
    assert "minutes left" in page
    wrong = mentor.post(f"{session}/run", data={"act": "fit", "minutes": "twelve"})
    assert wrong.status_code == 422
    assert "whole numbers" in wrong.text
    assert mentor.post(f"{session}/run", data={"act": "fit", "minutes": "12"}).status_code == 303
    assert "Kept for next time" in mentor.get(f"{session}/run").text
    close = {"act": "close", "missed": ["b4"], "minutes": "33"}
    assert mentor.post(f"{session}/run", data=close).headers["location"] == f"{session}#notes"
    assert "was held" in mentor.get(f"{session}/run").text
