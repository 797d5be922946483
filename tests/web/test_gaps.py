"""What the library lacks reaches the admin as a topic and a count, and as words when shared."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from coach.knowledge.article import UNWRITTEN
from coach.knowledge.versions import load_source
from coach.pairs.drafts import save_recap
from coach.pairs.gaps import (
    UNHEARD,
    AskedAgain,
    list_gaps,
    list_gaps_of,
    save_asked_again,
    save_gap,
)
from coach.people.people import save_programme
from tests.web.conftest import NOW, REFUSED, UNKNOWN, House


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
    (gap,) = gaps_of(house)
    assert (gap["topic"], gap["questions"], gap["count"]) == (UNHEARD, [], 2)
    assert gap["gaps"][0]["question"] is None
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


def test_an_article_is_begun_from_a_gap_and_written(
    house: House, recap_id: UUID, change: Any
) -> None:
    house.as_("mentee").post(f"/sessions/{house.seeded.held_id}/recaps/{recap_id}/share")
    admin = house.as_("admin")
    (cluster,) = gaps_of(house)
    gap_id = cluster["gaps"][0]["id"]
    begun = admin.post("/admin/gaps/article", data={"gap": gap_id, "kind": "career"})
    editing = "/admin/library/how-do-i-tune-an-annealer/edit"
    assert begun.headers["location"] == editing
    twice = admin.post("/admin/gaps/article", data={"gap": gap_id})
    assert (twice.status_code, "was begun already" in twice.text) == (409, True)
    source = change(load_source, "how-do-i-tune-an-annealer", 1)
    for line in (
        f"- {UNKNOWN}",
        "owner: Ruth",
        "kind: career",
        "### Idea",
        "### Questions to ask",
    ):
        assert line in source
    page = admin.get("/admin/library/how-do-i-tune-an-annealer").text
    assert "Nobody has written this article yet" in page
    assert "how-do-i-tune-an-annealer" in admin.get("/admin/gaps").text
    for step in ("submit", "publish"):
        refused = admin.post(f"/api/v1/library/documents/how-do-i-tune-an-annealer/{step}")
        assert (refused.status_code, "still says" in refused.json()["detail"]) == (409, True)
    text = source.replace(UNWRITTEN, "An annealer is tuned by its schedule.")
    assert admin.post(editing, data={"source": text, "seen": "1"}).status_code == 303
    late = admin.post(editing, data={"source": text + "More.", "seen": "1"})
    assert (late.status_code, "Somebody saved another version" in late.text) == (409, True)
    assert "More." in late.text  # what was typed is not lost
    other = admin.post(editing, data={"source": text.replace("id: how", "id: why"), "seen": "2"})
    assert (other.status_code, "keeps its id" in other.text) == (422, True)
    place = "/api/v1/library/documents/how-do-i-tune-an-annealer/publish"
    published = admin.post(place, json={"reason": "It was missing"})
    assert published.status_code == 204


def test_an_article_needs_a_gap_of_the_own_programme(house: House, change: Any) -> None:
    elsewhere = change(save_programme, "Elsewhere")
    change(save_gap, elsewhere, "not_in_library", "macros")
    (foreign,) = change(list_gaps_of, elsewhere)
    admin = house.as_("admin")
    assert admin.post("/admin/gaps/article", data={}).status_code == 422
    asked = {"gap_ids": [str(foreign.id)]}
    assert admin.post("/api/v1/library/gaps/articles", json=asked).status_code == 404
    for act in ("close", "reopen"):
        assert admin.post(f"/api/v1/library/gaps/{foreign.id}/{act}").status_code == 404


def test_a_closed_gap_shows_before_and_after_and_can_be_opened_again(
    house: House, recap_id: UUID, change: Any
) -> None:
    house.as_("mentee").post(f"/sessions/{house.seeded.held_id}/recaps/{recap_id}/share")
    (gap,) = change(list_gaps, house.seeded.people["admin"])
    found = AskedAgain(
        "refused",
        True,
        0.7,
        0.45,
        NOW.isoformat(),
        "pivot-tables",
        "Pivot tables",
        "p1",
        "Idea",
        "So.",
    )
    change(save_asked_again, gap.id, found, "1", True)
    admin = house.as_("admin")
    assert gaps_of(house) == []
    (closed,) = admin.get("/api/v1/library/gaps?closed=true").json()["items"]
    again = closed["gaps"][0]["asked_again"]
    assert (again["before"], again["document_id"], again["passage_id"]) == (
        "refused",
        "pivot-tables",
        "p1",
    )
    assert "Before: refused. Now answered from" in admin.get("/admin/gaps").text
    assert admin.post(f"/admin/gaps/{gap.id}/reopen").status_code == 303
    (opened,) = gaps_of(house)
    assert opened["questions"] == [UNKNOWN]
