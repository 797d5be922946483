"""The forms of the pages, as a browser without scripts sends them."""

import pathlib
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from coach.knowledge.adding import add_paths
from coach.storage.database import open_database
from tests.knowledge.sheets import source
from tests.web.conftest import House

NEW_PAIR = {
    "mentor_role": "developer",
    "mentee_role": "finance director",
    "mentee_level": "basic",
    "tech_goals": "Share a folder with the right people\r\n\r\nKeep versions apart",
    "career_goals": "Speak up in the steering group",
    "off_limits": "pay",
}


def test_a_session_is_planned_drafted_changed_and_settled(house: House, mentor: TestClient) -> None:
    plan = {"day": "2027-03-01", "minutes": "30", "wish": "Check a total"}
    made = mentor.post(f"/pairs/{house.seeded.pair_id}/sessions/new", data=plan)
    path = made.headers["location"]
    assert mentor.post(f"{path}/agenda").status_code == 303
    assert "clauses checked" in mentor.get(path).text
    step = {"version": "1", "block_id": "b1", "step": "0", "text": "What was new for you?"}
    assert mentor.post(f"{path}/agenda/steps", data=step).headers["location"] == f"{path}#b1"
    assert mentor.post(f"{path}/agenda/settle", data={"version": "2"}).status_code == 303
    page = mentor.get(path).text
    assert "What was new for you?" in page
    assert "Settled" in page
    assert "Composed from the library and your own words; no model was used." in page
    assert "Its words have changed since it was checked." in page


def test_a_conflict_shows_both_texts_on_the_page(
    house: House, mentor: TestClient, mentee: TestClient
) -> None:
    path = f"/sessions/{house.seeded.session_id}"
    mentor.post(f"{path}/agenda")
    step = {"version": "1", "block_id": "b1", "step": "0"}
    mentor.post(f"{path}/agenda/steps", data={**step, "text": "The first words"})
    answer = mentee.post(f"{path}/agenda/steps", data={**step, "text": "The second words"})
    assert answer.status_code == 409
    assert "It now says:</strong> The first words" in answer.text
    assert "You wrote:</strong> The second words" in answer.text


@pytest.mark.parametrize(
    ("place", "form", "sentence"),
    [
        pytest.param("notes", {"text": " "}, "A note needs some words.", id="an empty note"),
        pytest.param(
            "commitments",
            {"owner": "mentor", "text": "x" * 301},
            "A promise needs 1 to 300 characters.",
            id="a promise too long",
        ),
        pytest.param(
            "outcome", {"state": "held", "minutes": "soon"}, "write the minutes", id="odd minutes"
        ),
    ],
)
def test_what_can_be_put_right_is_said_where_it_was_tried(
    place: str, form: dict[str, str], sentence: str, house: House, mentor: TestClient
) -> None:
    answer = mentor.post(f"/sessions/{house.seeded.session_id}/{place}", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"minutes": "5"}, "from 10 to 180", id="too short"),
        pytest.param({"minutes": "many"}, "as a number", id="no number"),
        pytest.param({"day": "tomorrow"}, "choose the day", id="no day"),
    ],
)
def test_a_plan_that_cannot_be_keeps_what_was_typed(
    changed: dict[str, str], sentence: str, house: House, mentor: TestClient
) -> None:
    form = {"day": "2027-03-01", "minutes": "45", "wish": "My own report", **changed}
    answer = mentor.post(f"/pairs/{house.seeded.pair_id}/sessions/new", data=form)
    assert answer.status_code == 422
    assert "My own report" in answer.text
    assert sentence.removeprefix("from ") in answer.text


def test_questions_and_recaps_come_with_their_places(
    house: House, mentor: TestClient, mentee: TestClient
) -> None:
    path = f"/sessions/{house.seeded.held_id}"
    assert mentor.post(f"{path}/follow-ups").status_code == 303
    assert "asks:</strong>" in mentor.get(path).text
    asked = {"question": "How do I check that a total is right?"}
    assert mentee.post(f"{path}/recaps", data=asked).status_code == 303
    mentee.post(f"{path}/recaps", data={**asked, "style": "shorter"})
    mentee.post(f"{path}/recaps", data={"question": ""})
    page = mentee.get(f"{path}/recaps").text
    assert page.count("<article") == 3
    assert page.index("The whole session") < page.index("a total is right")
    assert "/library/pivot-tables#p" in page


def test_an_admin_forms_a_pair_of_two_people(house: House, admin: TestClient) -> None:
    people = house.seeded.people
    form: dict[str, Any] = {
        **NEW_PAIR,
        "mentor_id": str(people["stranger"].person_id),
        "mentee_id": str(people["mentee"].person_id),
    }
    assert admin.post("/admin/pairs", data=form).status_code == 303
    assert "Bo shares with Greta" in admin.get("/admin/pairs").text
    pairs = house.as_("stranger").get("/api/v1/pairs").json()["items"]
    new = next(pair for pair in pairs if pair["mentee_name"] == "Greta")
    told = house.as_("stranger").get(f"/api/v1/pairs/{new['id']}/export").json()
    assert [goal["kind"] for goal in told["goals"]] == ["tech", "tech", "career"]
    assert "Share a folder" not in admin.get("/admin/pairs").text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"career_goals": " "}, "at least one goal", id="no career goal"),
        pytest.param({"mentee_id": ""}, "two different people", id="nobody"),
        pytest.param({"session_minutes": "500"}, "from 10 to 180", id="too long"),
        pytest.param({"cadence_days": "often"}, "as a number", id="no number"),
    ],
)
def test_a_pair_that_cannot_be_is_refused_with_what_was_typed(
    changed: dict[str, str], sentence: str, house: House, admin: TestClient
) -> None:
    people = house.seeded.people
    ids = {key: str(people[key[:-3]].person_id) for key in ("mentor_id", "mentee_id")}
    answer = admin.post("/admin/pairs", data={**NEW_PAIR, **ids, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "finance director" in answer.text


def test_an_archived_document_leaves_the_library_at_once(
    admin: TestClient, mentor: TestClient
) -> None:
    assert mentor.get("/library/pivot-tables").status_code == 200
    admin.post("/admin/library/pivot-tables/archive")
    assert mentor.get("/library/pivot-tables").status_code == 404
    assert "/library/pivot-tables#" not in mentor.get("/library?q=pivot").text
    admin.post("/admin/library/pivot-tables/publish", data={"reason": "Taken out by mistake"})
    assert mentor.get("/library/pivot-tables").status_code == 200


def test_a_new_person_signs_in_with_the_link_shown_once(house: House, admin: TestClient) -> None:
    made = admin.post("/api/v1/people", json={"name": "Kim"}).json()
    path = made["sign_in_link"].removeprefix("http://testserver")
    newcomer = house.as_(None)
    assert newcomer.post(path).status_code == 303
    assert "Hello Kim" in newcomer.get("/").text
    assert house.as_(None).post(path).status_code == 400


def row_of(page: str, area: str) -> str:
    """What a person hears of one area in the picture of the library."""
    row = page[page.index(f'<th scope="row">{area}') :]
    return " ".join(re.sub(r"<[^>]+>", "", row[: row.index("</tr>")]).split())


def test_an_admin_sees_what_the_library_covers(admin: TestClient) -> None:
    before = admin.get("/admin/library").text
    assert "Published documents by area and level" in before
    found = re.search(r"basic: (\d+) documents?", row_of(before, "Spreadsheets"))
    assert found is not None
    admin.post("/admin/library/pivot-tables/archive")
    after = row_of(admin.get("/admin/library").text, "Spreadsheets")
    left = int(found[1]) - 1
    assert ("basic: –nothing yet" if not left else f"basic: {left} document") in after


def test_a_document_of_one_s_own_is_in_the_picture(
    house: House, admin: TestClient, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "ours.md"
    path.write_text(source(review_by="2020-01-01"), encoding="utf-8")
    database = open_database(f"sqlite:///{house.settings.data}/coach.db")
    list(add_paths(database, [path], publish=True, now=datetime.now(UTC)))
    database.close()
    page = admin.get("/admin/library").text
    assert re.search(r"basic: \d+ documents?, 1 due", row_of(page, "Your own documents"))
    assert ": 1 due for a review, " in page
