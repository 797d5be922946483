"""Each of the two prepares alone, from the agenda of the session."""

from tests.web.conftest import MENTEE_CANARY, MENTOR_CANARY, House


def test_without_an_agenda_it_says_to_ask_for_one_first(house: House) -> None:
    path = f"/sessions/{house.seeded.session_id}/prep"
    answer = house.as_("mentor").post(f"/api/v1{path}")
    assert answer.status_code == 409
    assert "Draft the agenda first" in answer.json()["title"] + answer.json().get("detail", "")
    page = house.as_("mentor").post(path)
    assert page.status_code == 409
    assert "Draft the agenda first" in page.text


def test_each_reads_their_own_brief_and_nobody_the_others(house: House) -> None:
    session = f"/sessions/{house.seeded.session_id}"
    house.as_("mentor").post(f"/api/v1{session}/agenda")
    told = {}
    for reader in ("mentor", "mentee"):
        drafted = house.as_(reader).post(f"/api/v1{session}/prep")
        assert drafted.status_code == 201
        assert drafted.json()["draft"]["reader"] == reader
        (kept,) = house.as_(reader).get(f"/api/v1{session}/prep").json()["items"]
        assert kept["draft"] == drafted.json()["draft"]
        told[reader] = str(kept)
    assert MENTEE_CANARY not in told["mentor"]
    assert MENTOR_CANARY not in told["mentee"]
    for outsider in ("admin", "stranger"):
        assert house.as_(outsider).get(f"/api/v1{session}/prep").status_code == 404


def test_the_page_shows_the_brief_with_its_quotations(house: House) -> None:
    session = f"/sessions/{house.seeded.session_id}"
    mentor = house.as_("mentor")
    mentor.post(f"/api/v1{session}/agenda")
    assert f'href="{session}/prep"' in mentor.get(session).text
    assert mentor.post(f"{session}/prep").status_code == 303
    page = mentor.get(f"{session}/prep").text
    assert "What not to promise" in page
    assert "<blockquote>" in page
    assert "What to bring" not in page
    assert "What not to promise" not in house.as_("mentee").get(f"{session}/prep").text


def test_the_same_request_twice_drafts_once(house: House) -> None:
    session = f"/api/v1/sessions/{house.seeded.session_id}"
    mentee = house.as_("mentee")
    mentee.post(f"{session}/agenda")
    key = {"idempotency-key": "prepare-once"}
    first, again = (mentee.post(f"{session}/prep", headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert len(mentee.get(f"{session}/prep").json()["items"]) == 1
