"""A promise is owner, action and when; it counts once its owner says so, and keeps its story."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House


def promise(owner: str, text: str = "Send the sheet", due: str = "2027-01-21") -> dict[str, str]:
    return {"owner": owner, "text": text, "due": due}


@pytest.fixture
def path(house: House) -> str:
    return f"/api/v1/sessions/{house.seeded.held_id}/commitments"


@pytest.fixture
def pair(house: House) -> str:
    return f"/api/v1/pairs/{house.seeded.pair_id}"


def texts(client: TestClient, pair: str) -> list[str]:
    return [one["text"] for one in client.get(f"{pair}/commitments").json()["items"]]


def test_ones_own_promise_counts_and_the_others_waits_for_a_word(
    mentor: TestClient, mentee: TestClient, path: str, pair: str
) -> None:
    assert mentor.post(path, json=promise("mentor", "Mine")).json()["counts"] is True
    offered = [mentor.post(path, json=promise("mentee", "Yours")).json() for _ in range(2)]
    assert offered[0] == offered[1]
    assert offered[0]["counts"] is False
    assert ("Mine" in texts(mentor, pair), "Yours" in texts(mentor, pair)) == (True, False)
    (waiting,) = mentee.get(f"{pair}/offers").json()["items"]
    assert (waiting["text"], waiting["is_mine"]) == ("Yours", True)
    offer = f"/api/v1/offers/{waiting['id']}"
    assert mentor.post(offer, json={"accept": True}).status_code == 404
    first, again = (mentee.post(offer, json={"accept": True}) for _ in range(2))
    assert first.json() == again.json()
    assert texts(mentor, pair).count("Yours") == 1
    assert mentee.post(offer, json={"accept": False}).status_code == 409
    assert mentor.get(f"{pair}/offers").json()["items"] == []


def test_a_declined_promise_never_counts(
    mentor: TestClient, mentee: TestClient, path: str, pair: str
) -> None:
    offer = mentor.post(path, json=promise("mentee", "Too much")).json()["id"]
    answer = mentee.post(f"/api/v1/offers/{offer}", json={"accept": False})
    assert answer.json() == {"commitment_id": None}
    assert "Too much" not in texts(mentor, pair)
    agenda = mentor.post(f"{path.replace('/commitments', '')}/follow-ups").text
    assert "Too much" not in agenda


def test_what_became_of_a_promise_is_told_with_who_and_when(
    mentor: TestClient, mentee: TestClient, path: str, pair: str
) -> None:
    made = mentor.post(path, json=promise("mentor")).json()["id"]
    marks = ("open", "open", "blocked", "open", "done", "done", "dropped")
    for number, status in enumerate(marks):
        who = mentee if number % 2 and number != 1 else mentor
        answer = who.patch(f"/api/v1/commitments/{made}", json={"status": status})
        assert answer.status_code == 204
    told = mentor.get(f"{pair}/commitments/changes").json()["items"]
    story = [(one["change"], one["who"]) for one in told]
    assert story == [
        ("made", "Amal"), ("kept_open", "Amal"), ("blocked", "Amal"), ("opened", "Greta"),
        ("done", "Amal"), ("done", "Greta"), ("dropped", "Amal"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"due": "  "}, "Say by when", id="no when"),
        pytest.param({"text": " "}, "1 to 300 characters", id="no action"),
        pytest.param({"text": "x" * 301}, "1 to 300 characters", id="an essay"),
    ],
)
def test_a_promise_lacks_nothing(
    changes: dict[str, str], why: str, mentor: TestClient, path: str
) -> None:
    answer = mentor.post(path, json={**promise("mentor"), **changes})
    assert answer.status_code == 422
    assert why in answer.json()["detail"]


def test_a_note_only_suggests_a_promise(house: House, mentor: TestClient, pair: str) -> None:
    session = f"/sessions/{house.seeded.held_id}"
    text = "Good talk. I will send the budget sheet."
    mentor.post(f"{session}/notes", data={"text": text, "visibility": "mine"})
    assert 'value="Send the budget sheet"' in mentor.get(session).text
    assert 'value="Send the budget sheet"' not in house.as_("mentee").get(session).text
    assert "Send the budget sheet" not in texts(mentor, pair)
    form = promise("mentor", "Send the budget sheet")
    assert mentor.post(f"{session}/commitments", data=form).status_code == 303
    assert 'value="Send the budget sheet"' not in mentor.get(session).text
    assert "Send the budget sheet" in texts(mentor, pair)


def test_the_pages_tell_the_same(house: House, mentor: TestClient, mentee: TestClient) -> None:
    session = f"/sessions/{house.seeded.held_id}"
    form: dict[str, Any] = promise("mentee", "Bring <b>two</b> reports", "before we meet")
    assert mentor.post(f"{session}/commitments", data=form).status_code == 303
    assert "It counts once Greta accepts it" in mentor.get(session).text
    page = mentee.get(f"/pairs/{house.seeded.pair_id}").text
    assert "Bring &lt;b&gt;two&lt;/b&gt; reports" in page
    offer = page.split('action="/offers/')[1].split('"')[0]
    answer = {"accept": "yes", "pair_id": str(house.seeded.pair_id)}
    assert mentee.post(f"/offers/{offer}", data=answer).status_code == 303
    assert "accepted, Greta" in mentor.get(session).text
    lacking = mentor.post(f"{session}/commitments", data={**form, "due": ""})
    assert lacking.status_code == 422
    assert "Say by when" in lacking.text


@pytest.mark.parametrize(("state", "told"), [("paused", "is paused"), ("ended", "has ended")])
def test_a_pair_that_stopped_is_read_by_its_two_and_takes_nothing_new(
    state: str, told: str, house: House, path: str, pair: str
) -> None:
    mentor, mentee = house.as_("mentor"), house.as_("mentee")
    planned = f"/api/v1/sessions/{house.seeded.session_id}"
    mentor.post(f"{planned}/agenda")
    before = mentee.get(f"{planned}/agenda").json()
    assert mentee.patch(pair, json={"state": state}).json()["state"] == state
    held = path.removesuffix("/commitments")
    writes: tuple[tuple[str, dict[str, Any]], ...] = (
        (path, promise("mentor")),
        (f"{held}/notes", {"text": "New", "visibility": "pair"}),
        (f"{pair}/sessions", {"date": "2027-03-01", "minutes": 45}),
        (f"{planned}/run", {}),
        (f"{planned}/outcome", {"state": "held"}),
    )
    for where, body in writes:
        answer = mentor.post(where, json=body)
        assert (answer.status_code, told in answer.json()["detail"]) == (409, True), where
    words = {"edit": "words", "place": "purpose", "text": "New words"}
    late = mentor.post(f"{planned}/agenda/edits", json=words, headers={"if-match": '"1"'})
    assert late.status_code == 409
    for who in (mentor, mentee):
        assert who.get(f"{planned}/agenda").json() == before
        assert who.get(f"{held}/notes").status_code == 200
        assert who.get(f"/sessions/{house.seeded.held_id}").status_code == 200
    back = mentor.patch(pair, json={"state": "active"})
    assert back.status_code == (200 if state == "paused" else 409)


@pytest.mark.parametrize("state", ["paused", "ended"])
def test_no_page_of_a_pair_that_stopped_offers_what_it_would_refuse(
    state: str, house: House, pair: str
) -> None:
    mentor, mentee = house.as_("mentor"), house.as_("mentee")
    planned, held = house.seeded.session_id, house.seeded.held_id
    mentor.post(f"/api/v1/sessions/{planned}/agenda")
    mentor.post(f"/api/v1/sessions/{held}/follow-ups")
    assert mentee.patch(pair, json={"state": state}).status_code == 200
    read = (f"/sessions/{planned}", f"/sessions/{held}", f"/sessions/{held}/questions")
    for where in (*read, f"/sessions/{planned}/prep", f"/pairs/{house.seeded.pair_id}"):
        page = mentor.get(where)
        forms = re.findall(r'<form[^>]*action="([^"]*)"', page.text)
        kept = [one for one in forms if not one.endswith(("/state", "/sign-out"))]
        assert (page.status_code, kept) == (200, []), where
    for where in (f"/sessions/{planned}/agenda/edit", f"/sessions/{planned}/run"):
        assert mentor.get(where).status_code == 409, where
    # What is one's own can still be asked for again, and taken away.
    asked = mentee.post(f"/api/v1/sessions/{held}/recaps", json={"question": "What is a filter?"})
    assert asked.status_code == 201
    assert mentor.delete(f"/api/v1/notes/{house.seeded.note_id}").status_code == 204
    assert mentee.delete(f"/api/v1/memory/{house.seeded.item_id}").status_code == 204
