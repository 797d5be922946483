"""Follow-up questions: kept for the next agenda, asked once, answered in private or for both."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House

CANARY = "canary-answer-55d1"


@pytest.fixture
def asked(house: House, mentor: TestClient) -> list[Any]:
    """The questions of the held session, drafted."""
    place = f"/api/v1/sessions/{house.seeded.held_id}"
    assert mentor.post(f"{place}/follow-ups").status_code == 201
    found: list[Any] = mentor.get(f"{place}/questions").json()["items"]
    return found


def turn(client: TestClient, question: Any, state: str) -> None:
    place = f"/api/v1/follow-ups/{question['draft_id']}/questions/{question['id']}"
    assert client.put(place, json={"state": state}).status_code == 204


def states(client: TestClient, house: House) -> list[Any]:
    found = client.get(f"/api/v1/sessions/{house.seeded.held_id}/questions").json()["items"]
    return [one["state"] for one in found]


def answered(client: TestClient, question: Any, text: str, visibility: str) -> None:
    place = f"/api/v1/follow-ups/{question['draft_id']}/questions/{question['id']}/answers"
    said = client.post(place, json={"text": text, "visibility": visibility})
    assert said.status_code == 201


def test_a_question_kept_for_next_time_is_in_the_agenda_once(
    house: House, asked: list[Any], mentor: TestClient, mentee: TestClient
) -> None:
    turn(mentee, asked[0], "for_next")
    place = f"/api/v1/sessions/{house.seeded.session_id}"
    agenda = mentor.post(f"{place}/agenda").json()
    opening = agenda["blocks"][0]
    assert sum(asked[0]["text"] in step["text"] for step in opening["steps"]) == 1
    assert [one for one in agenda["contract"] if one["holds"] is False] == []
    assert mentor.post(f"{place}/outcome", json={"state": "held"}).status_code == 200
    assert states(mentor, house)[0] == "asked"


def test_a_kept_question_that_the_agenda_had_no_room_for_waits_on(
    house: House, asked: list[Any], mentor: TestClient
) -> None:
    for question in asked:
        turn(mentor, question, "for_next")
    place = f"/api/v1/sessions/{house.seeded.session_id}"
    agenda = mentor.post(f"{place}/agenda").json()
    lines = [step["text"] for block in agenda["blocks"] for step in block["steps"]]
    shown = [any(one["text"] in line for line in lines) for one in asked]
    about_promises = ["your promise" in one["text"] for one in asked]
    # One about a promise stands where its promise is asked for; of the others there are two.
    assert about_promises.count(True) == sum(
        known for known, about in zip(shown, about_promises, strict=True) if about
    )
    assert sum(shown) == about_promises.count(True) + 2 < len(asked)
    assert [one for one in agenda["contract"] if one["holds"] is False] == []
    assert mentor.post(f"{place}/outcome", json={"state": "held"}).status_code == 200
    expected = ["asked" if one else "for_next" for one in shown]
    assert states(mentor, house) == expected


@pytest.mark.parametrize("state", ["asked", "skipped"])
def test_what_was_asked_or_skipped_is_not_suggested_again(
    state: str, house: House, asked: list[Any], mentor: TestClient
) -> None:
    for question in asked:
        turn(mentor, question, state)
    again = mentor.post(f"/api/v1/sessions/{house.seeded.held_id}/follow-ups").json()["draft"]
    before = {question["text"] for question in asked}
    assert not before & {question["text"] for question in again["questions"]}


def test_a_shared_answer_is_read_by_both_and_counts_as_asked(
    house: House, asked: list[Any], mentor: TestClient, mentee: TestClient
) -> None:
    answered(mentee, asked[1], "I would start with the budget meeting.", "pair")
    page = mentor.get(f"/sessions/{house.seeded.held_id}/questions").text
    assert "I would start with the budget meeting." in page
    assert states(mentor, house)[1] == "asked"


def test_a_private_answer_reaches_neither_the_partner_nor_a_shared_draft(
    house: House, asked: list[Any], mentor: TestClient, mentee: TestClient
) -> None:
    answered(mentee, asked[0], f"{CANARY}: the pivot table still scares me.", "mine")
    held = f"/api/v1/sessions/{house.seeded.held_id}"
    assert CANARY in mentee.get(f"{held}/questions").text
    assert states(mentor, house)[0] is None  # not even that there is an answer
    told = mentor.get(f"{held}/questions").text
    told += mentor.get(f"/sessions/{house.seeded.held_id}/questions").text
    for client in (mentor, mentee):
        told += client.post(f"/api/v1/sessions/{house.seeded.session_id}/agenda").text
        told += client.post(f"{held}/follow-ups").text
    told += mentor.post(f"/api/v1/sessions/{house.seeded.session_id}/prep").text
    assert CANARY not in told


def test_an_empty_answer_keeps_the_page_and_says_what_is_missing(
    house: House, asked: list[Any], mentee: TestClient
) -> None:
    form = {"draft_id": asked[0]["draft_id"], "question_id": asked[0]["id"], "state": "pair"}
    answer = mentee.post(f"/sessions/{house.seeded.held_id}/questions", data=form)
    assert answer.status_code == 422
    assert "A note needs some words." in answer.text
