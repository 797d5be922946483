"""What the library lacks reaches the admin as a topic and a count, and as words when shared."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from coach.pairs.drafts import save_recap
from coach.web.gaps import UNHEARD
from tests.web.conftest import REFUSED, UNKNOWN, House


def gaps_of(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.as_("admin").get("/api/v1/library/gaps").json()["items"]
    return found


@pytest.fixture
def recap_id(house: House, change: Any) -> UUID:
    """A recap of the held session that the library could not answer."""
    kept: UUID = change(save_recap, house.seeded.people["mentee"], house.seeded.held_id, REFUSED)
    return kept


def test_an_unanswered_question_is_counted_without_its_words(house: House) -> None:
    path = f"/api/v1/sessions/{house.seeded.held_id}/recaps"
    for _ in range(2):
        asked = house.as_("mentee").post(path, json={"question": "Zyxgloth frobnicators?"})
        assert asked.json()["draft"]["refused"]
    assert gaps_of(house) == [
        {"reason": "not_in_library", "topic": UNHEARD, "questions": [], "count": 2}
    ]
    page = house.as_("admin").get("/admin/gaps").text
    assert "asked 2 times" in page
    assert "frobnicators" not in page


def test_an_answered_question_leaves_no_gap(house: House) -> None:
    path = f"/api/v1/sessions/{house.seeded.held_id}/recaps"
    asked = house.as_("mentee").post(path, json={"question": "How do I group a pivot table?"})
    assert not asked.json()["draft"]["refused"]
    assert gaps_of(house) == []
    assert "Nothing is missing so far" in house.as_("admin").get("/admin/gaps").text


def test_an_agenda_counts_the_goals_and_the_wish_that_the_library_lacks(house: House) -> None:
    pair = f"/api/v1/pairs/{house.seeded.pair_id}/sessions"
    plan = {"date": "2027-03-01", "minutes": 45, "wish": "Zyxgloth frobnicators"}
    session = house.as_("mentee").post(pair, json=plan).json()
    drafted = house.as_("mentor").post(f"/api/v1/sessions/{session['id']}/agenda").json()
    assert any("Zyxgloth" in gap["text"] for gap in drafted["gaps"])
    assert [gap["count"] for gap in gaps_of(house)] == [1]
    assert "Zyxgloth" not in str(gaps_of(house))


def test_the_words_of_a_question_are_handed_in_by_the_one_who_asked(
    house: House, recap_id: UUID
) -> None:
    path = f"/sessions/{house.seeded.held_id}/recaps"
    assert "Hand them my question" in house.as_("mentee").get(path).text
    for _ in range(2):
        sent = house.as_("mentee").post(f"{path}/{recap_id}/share")
        assert sent.headers["location"] == f"{path}?shared=true"
    assert "not your name" in house.as_("mentee").get(f"{path}?shared=true").text
    (gap,) = gaps_of(house)
    assert gap["questions"] == [UNKNOWN]
    page = house.as_("admin").get("/admin/gaps").text
    assert UNKNOWN in page
    assert "Greta" not in page


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"question": "Does my depression matter here?"}, id="too personal"),
        pytest.param({"question": None}, id="no question"),
        pytest.param({"not_covered": []}, id="an answer"),
    ],
)
def test_what_is_no_gap_or_too_personal_is_not_handed_in(
    changed: dict[str, Any], house: House, change: Any
) -> None:
    seeded = house.seeded
    recap_id = change(save_recap, seeded.people["mentee"], seeded.held_id, REFUSED | changed)
    path = f"/api/v1/sessions/{seeded.held_id}/recaps/{recap_id}/share"
    answer = house.as_("mentee").post(path)
    assert answer.status_code == 409
    assert gaps_of(house) == []


def test_a_recap_of_another_session_is_not_found(house: House, recap_id: UUID) -> None:
    for session, recap in (
        (house.seeded.session_id, recap_id),
        (house.seeded.held_id, uuid4()),
    ):
        path = f"/api/v1/sessions/{session}/recaps/{recap}/share"
        assert house.as_("mentee").post(path).status_code == 404
