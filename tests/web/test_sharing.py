"""A recap is the mentee's alone until they share it, and again once they take it back."""

from starlette.testclient import TestClient

from tests.web.conftest import House


def test_the_mentor_reads_a_recap_only_while_it_is_shared(
    house: House, mentor: TestClient, mentee: TestClient
) -> None:
    held = f"/sessions/{house.seeded.held_id}"
    asked = {"question": "What is a pivot table?"}
    recap = mentee.post(f"/api/v1{held}/recaps", json=asked).json()
    answer = recap["draft"]["answer"]["text"]
    assert recap["draft"]["refused"] is False
    place = f"{held}/recaps/{recap['id']}/partner"
    assert "Nothing is shared" in mentor.get(f"{held}/shared-recaps").text
    assert mentor.post(place, data={"readers": "both"}).status_code == 404
    for _ in range(2):  # the button pressed twice
        assert mentee.post(place, data={"readers": "both"}).status_code == 303
    assert answer in mentor.get(f"{held}/shared-recaps").text
    assert "Take it back" in mentee.get(f"{held}/recaps").text
    (shown,) = mentor.get(f"/api/v1{held}/shared-recaps").json()["items"]
    assert shown["id"] == recap["id"]
    assert mentor.get(f"{held}/recaps").status_code == 404
    assert mentee.delete(f"/api/v1{place}").status_code == 204
    assert mentor.get(f"/api/v1{held}/shared-recaps").json()["items"] == []
    assert answer not in mentor.get(f"{held}/shared-recaps").text


def test_a_shared_recap_stays_out_of_drafts_for_both(
    house: House, mentor: TestClient, mentee: TestClient
) -> None:
    held = f"/api/v1/sessions/{house.seeded.held_id}"
    canary = "canary-recap-1c0d"
    asked = {"question": f"What is a pivot table, {canary}?"}
    recap = mentee.post(f"{held}/recaps", json=asked).json()
    assert mentee.put(f"{held}/recaps/{recap['id']}/partner").status_code == 204
    told = mentor.post(f"/api/v1/sessions/{house.seeded.session_id}/agenda").text
    told += mentor.post(f"{held}/follow-ups").text
    assert canary not in told
