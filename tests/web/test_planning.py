"""A planned session can be moved by either of the two; what is over stays as it was."""

import pytest

from tests.web.conftest import House

MOVED = {"day": "2027-02-01", "minutes": "30", "wish": "Show me filters"}


def test_a_session_is_moved_on_its_page(house: House) -> None:
    path = f"/sessions/{house.seeded.session_id}"
    assert "Move this session" in house.as_("mentor").get(path).text
    sent = house.as_("mentor").post(f"{path}/plan", data=MOVED)
    assert sent.headers["location"] == f"{path}#plan"
    seen = house.as_("mentee").get(f"/api/v1{path}").json()
    assert (seen["date"], seen["minutes"], seen["wish"]) == ("2027-02-01", 30, "Show me filters")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"minutes": "5"}, "planned for 10 to 180 minutes", id="too short"),
        pytest.param({"minutes": "soon"}, "minutes as a number", id="no number"),
        pytest.param({"day": "2027-02-30"}, "choose the day", id="no day"),
    ],
)
def test_what_cannot_be_planned_is_said_where_it_was_tried(
    changed: dict[str, str], said: str, house: House
) -> None:
    path = f"/sessions/{house.seeded.session_id}"
    answer = house.as_("mentee").post(f"{path}/plan", data={**MOVED, **changed})
    assert answer.status_code == 422
    assert said in answer.text
    assert house.as_("mentee").get(f"/api/v1{path}").json()["minutes"] == 45


def test_the_api_changes_what_it_is_told_and_leaves_the_rest(house: House) -> None:
    path = f"/api/v1/sessions/{house.seeded.session_id}"
    client = house.as_("mentee")
    before = client.get(path).json()
    longer = client.patch(path, json={"minutes": 60}).json()
    assert longer == {**before, "minutes": 60}
    assert client.patch(path, json={"wish": ""}).json()["wish"] is None
    assert client.patch(path, json={"minutes": 0}).status_code == 422


def test_a_session_that_was_held_is_not_moved(house: House) -> None:
    path = f"/api/v1/sessions/{house.seeded.session_id}"
    client = house.as_("mentee")
    client.post(f"{path}/outcome", json={"state": "held"})
    answer = client.patch(path, json={"date": "2027-05-01"})
    assert answer.status_code == 409
    assert "is over" in answer.json()["detail"]


def test_the_pair_sees_how_its_minutes_were_shared(house: House) -> None:
    page = f"/pairs/{house.seeded.pair_id}"
    client = house.as_("mentor")
    assert "Both directions" not in client.get(page).text
    path = f"/api/v1/sessions/{house.seeded.session_id}"
    client.post(f"{path}/agenda")
    client.post(f"{path}/agenda/settle", headers={"if-match": '"1"'})
    client.post(f"{path}/outcome", json={"state": "held"})
    seen = client.get(page).text
    assert "Both directions" in seen
    assert "Of 45 minutes so far, Amal led" in seen
    assert 'class="bar-mentee"' in seen
