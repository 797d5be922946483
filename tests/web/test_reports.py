"""A reader says that a quotation is wrong: the place and the reason are kept, and nothing else."""

from typing import Any

import pytest
import sqlalchemy as sa

from coach.storage import tables
from coach.web.throttle import HOUR, MOST_REPORTS, Allowance, TooManyReports
from tests.web.conftest import House
from tests.web.routes import PASSAGE, PLACE, QUOTED

REPORTS = "/api/v1/library/reports"
WRONG = "/library/pivot-tables/wrong"
REASON = "The button is called Insert now."


def report(house: House, who: str = "mentee", **said: Any) -> Any:
    return house.as_(who).post(REPORTS, json={**PLACE, "reason": REASON, **said})


def queue(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.as_("admin").get(REPORTS).json()["items"]
    return found


def test_the_queue_gets_the_place_and_the_reason_and_nothing_of_the_pair(house: House) -> None:
    assert report(house).status_code == 204
    assert report(house).status_code == 204  # said twice, kept once
    (one,) = queue(house)
    assert (one["passage_id"], one["version"], one["reason"]) == (PASSAGE, 1, REASON)
    with house.app.state.front.resources.reading() as db:
        (row,) = db.execute(sa.select(tables.PassageReport.__table__)).all()
    seeded = house.seeded
    kept = " ".join(map(str, row))
    for person in seeded.people.values():
        assert str(person.person_id) not in kept
    assert str(seeded.pair_id) not in kept
    assert "Greta" not in house.as_("admin").get("/admin/reports").text


def test_a_quotation_of_an_agenda_leads_to_the_form(house: House) -> None:
    mentor = house.as_("mentor")
    mentor.post(f"/api/v1/sessions/{house.seeded.session_id}/agenda")
    page = mentor.get(f"/sessions/{house.seeded.session_id}").text
    assert "This step is wrong" in page
    form = mentor.get(f"{WRONG}?passage={QUOTED}")
    assert "What is wrong?" in form.text
    sent = mentor.post(WRONG, data={"passage": PASSAGE, "reason": REASON})
    assert "not who said so" in sent.text
    assert [one["reason"] for one in queue(house)] == [REASON]


def test_an_answer_settles_it_and_meets_the_next_reader(house: House) -> None:
    report(house)
    (one,) = queue(house)
    path = f"/admin/reports/{one['id']}/settle"
    admin = house.as_("admin")
    assert "Answer in 1 to 500" in admin.post(path, data={"answer": " "}).text
    answer = "Right: the next version says Insert."
    assert admin.post(path, data={"answer": answer}).status_code == 303
    assert queue(house) == []
    assert admin.get(f"{REPORTS}?settled=true").json()["items"][0]["answer"] == answer
    assert answer in house.as_("mentor").get(f"{WRONG}?passage={QUOTED}").text
    assert admin.post(path, data={"answer": answer}).status_code == 404


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        pytest.param("x" * 501, "500 characters", id="too long"),
        pytest.param("   ", "500 characters", id="empty"),
        pytest.param("It made my depression worse.", "something personal", id="too personal"),
        pytest.param("I want to kill myself.", "emergency number", id="in need"),
    ],
)
def test_a_reason_that_must_not_be_kept_is_refused_in_one_sentence(
    reason: str, told: str, house: House
) -> None:
    answer = house.as_("mentee").post(WRONG, data={"passage": PASSAGE, "reason": reason})
    assert answer.status_code == 422
    assert told in answer.text
    assert report(house, reason=reason).status_code == 422
    assert queue(house) == []


def test_one_person_cannot_flood_the_queue(house: House) -> None:
    sent = [report(house, reason=f"Wrong {n}").status_code for n in range(MOST_REPORTS + 2)]
    assert sent == [204] * MOST_REPORTS + [429] * 2
    assert report(house, "mentor", reason="Another person").status_code == 204
    assert len(queue(house)) == MOST_REPORTS + 1


def test_after_an_hour_there_is_room_again() -> None:
    moment = [0.0]
    allowance = Allowance(lambda: moment[0])
    for _ in range(MOST_REPORTS):
        allowance.take("greta")
    with pytest.raises(TooManyReports):
        allowance.take("greta")
    moment[0] = HOUR
    allowance.take("greta")


def test_what_nobody_could_read_cannot_be_reported(house: House) -> None:
    admin = house.as_("admin")
    made = admin.post("/api/v1/library/uploads?name=new.md", content=b"# New\n\nA draft.").json()
    admin.post(f"/api/v1/library/uploads/{made['id']}/draft", json={})
    place = {"document_id": "new", "passage_id": made["passages"][0]["passage_id"]}
    assert report(house, **place).status_code == 404
    admin.post("/api/v1/library/documents/new/publish", json={"reason": "New"})
    assert report(house, **place).status_code == 204
    admin.post("/api/v1/library/documents/new/archive")
    assert report(house, **place, reason="Gone, and still wrong").status_code == 204
    assert report(house, passage_id="pivot-tables#999-x").status_code == 404
