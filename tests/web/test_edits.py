"""A draft agenda is made one's own: words, minutes, order, parts; a late edit loses nothing."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import House


@pytest.fixture
def edits(house: House, mentor: TestClient) -> str:
    """Where edits go; the session has a draft at version 1."""
    path = f"/api/v1/sessions/{house.seeded.session_id}/agenda"
    assert mentor.post(path).status_code == 201
    return f"{path}/edits"


@pytest.fixture
def edit(mentor: TestClient, edits: str) -> Callable[..., httpx2.Response]:
    """Send one edit of the version now kept."""

    def send(name: str, /, **fields: Any) -> httpx2.Response:
        seen = mentor.get(edits.removesuffix("/edits")).headers["etag"]
        return mentor.post(edits, json={"edit": name, **fields}, headers={"if-match": seen})

    return send


def by_kind(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The blocks of an agenda by their kind."""
    return {block["kind"]: block for block in body["blocks"]}


def kept(client: TestClient, edits: str) -> dict[str, Any]:
    """The agenda as it is kept now."""
    found: dict[str, Any] = client.get(edits.removesuffix("/edits")).json()
    return found


def test_any_text_can_be_said_in_other_words(edit: Callable[..., httpx2.Response]) -> None:
    text = "What the two of us want 🌱 \u05e9\u05dc\u05d5\u05dd"
    places = ("purpose", "b1/title", "b2/outcome", "b2/steps/0", "promises/1", "promises/0/when")
    for number, place in enumerate(places, 2):
        answer = edit("words", place=place, text=f"{text} {number}")
        assert answer.status_code == 200, place
        assert f"{text} {number}" in answer.text
        assert (answer.headers["etag"], answer.json()["state"]) == (f'"{number}"', "edited")
        assert answer.json()["contract"] == []


def test_a_place_that_is_not_there_is_not_found(edit: Callable[..., httpx2.Response]) -> None:
    for place in ("b99/title", "b1/steps/77", "b1/colour", "", "promises/9", "prep/both/0"):
        assert edit("words", place=place, text="Some words").status_code == 404, place
    for text in ("", "no", "x" * 91):
        answer = edit("words", place="b1/title", text=text)
        assert answer.status_code == 422
        assert "3 to 90 characters" in answer.json()["detail"]


def test_minutes_move_and_the_clock_follows(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    blocks = by_kind(kept(mentor, edits))
    giver, taker = blocks["hands_on"], blocks["swap"]
    body = edit("minutes", giver_id=giver["id"], taker_id=taker["id"], minutes=2).json()
    assert by_kind(body)["swap"]["minutes"] == taker["minutes"] + 2
    clock = 0
    for block in body["blocks"]:
        assert block["starts_at_minute"] == clock
        clock += block["minutes"]
    assert clock == body["minutes"]


REFUSED = (
    ("swap", 5, "career guidance keeps at least 15 %"),
    ("slack", 2, "at least 5 % of the time stays free"),
    ("promises", 1, "at least 2 minutes"),
    ("hands_on", 90, "it can give fewer than that"),
)


def test_the_contract_says_why_minutes_stay(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    blocks = by_kind(kept(mentor, edits))
    for giver, minutes, why in REFUSED:
        taker = blocks["hands_on" if giver != "hands_on" else "swap"]
        ids = {"giver_id": blocks[giver]["id"], "taker_id": taker["id"]}
        answer = edit("minutes", **ids, minutes=minutes)
        assert answer.status_code == 422
        assert why in answer.json()["detail"]
    assert by_kind(kept(mentor, edits)) == blocks


def test_the_contract_says_why_a_part_stays_in_its_place(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    promises = by_kind(kept(mentor, edits))["promises"]
    answer = edit("move", block_id=promises["id"], to=0)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(
        "the parts of a session keep their order, from arriving to the promises."
    )


def test_a_part_of_ones_own_comes_moves_and_goes(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    hands_on = by_kind(kept(mentor, edits))["hands_on"]
    added = edit(
        "add", kind="hands_on", title="My own budget sheet",
        lines=["Open your budget sheet.", "Where does the total come from?"],
        giver_id=hands_on["id"], minutes=4,
    )  # fmt: skip
    assert added.status_code == 200, added.text
    own = next(block for block in added.json()["blocks"] if block["id"] == "own-1")
    assert [step["kind"] for step in own["steps"]] == ["say", "ask"]
    assert {step["origin"] for step in own["steps"]} == {"pair"}
    place = added.json()["blocks"].index(own)
    moved = edit("move", block_id="own-1", to=place - 1)
    assert moved.json()["blocks"][place - 1]["id"] == "own-1"
    gone = edit("remove", block_id="own-1", taker_id=hands_on["id"])
    assert by_kind(gone.json())["hands_on"]["minutes"] == hands_on["minutes"]
    assert edit("remove", block_id="b1", taker_id="b2").status_code == 422


def test_one_block_is_written_anew_and_the_others_stay(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    edit("words", place="b1/title", text="Our own beginning")
    before = kept(mentor, edits)
    swap = by_kind(before)["swap"]
    answer = edit("rewrite", block_id=swap["id"])
    assert answer.status_code == 200, answer.text
    after = answer.json()
    for old, new in zip(before["blocks"], after["blocks"], strict=True):
        assert (new["id"], new["minutes"], new["lead"]) == (old["id"], old["minutes"], old["lead"])
        assert (new["steps"] == old["steps"]) is (old["id"] != swap["id"])
    assert after["blocks"][0]["title"] == "Our own beginning"
    assert [one["clause"] for one in after["contract"] if one["holds"] is False] == []


def test_a_lesson_about_another_goal_changes_as_one(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    before = by_kind(kept(mentor, edits))
    answer = edit(
        "rewrite",
        block_id=before["hands_on"]["id"],
        wish="Write a clear request to an AI assistant",
    )
    assert answer.status_code == 200, answer.text
    after = by_kind(answer.json())
    changed = {kind for kind in before if after[kind]["steps"] != before[kind]["steps"]}
    assert "hands_on" in changed
    assert changed <= {"demo", "hands_on", "teach_back"}
    assert "assistant" in str(after["hands_on"]).casefold()
    cited = {c["document_id"] for b in answer.json()["blocks"] for s in b["steps"]
             for c in s["citations"]}  # fmt: skip
    assert {source["document_id"] for source in answer.json()["sources"]} == cited


def test_a_goal_that_is_nobodys_is_not_found(
    mentor: TestClient, edits: str, edit: Callable[..., httpx2.Response]
) -> None:
    assert edit("rewrite", block_id="b3", goal_id="no-such-goal").status_code == 404


def test_of_two_editors_the_second_keeps_their_words(
    mentor: TestClient, mentee: TestClient, edits: str
) -> None:
    seen = {"if-match": '"1"'}
    words = {"edit": "words", "place": "b1/title"}
    assert mentor.post(edits, json={**words, "text": "Hers"}, headers=seen).status_code == 200
    late = mentee.post(edits, json={**words, "text": "His words"}, headers=seen)
    told = late.json()
    assert late.status_code == 409
    assert (told["kept_text"], told["offered_text"], told["version"]) == ("Hers", "His words", 2)
    for other in ({"edit": "rewrite", "block_id": "b1"},
                  {"edit": "move", "block_id": "b1", "to": 3}):  # fmt: skip
        assert mentee.post(edits, json=other, headers=seen).status_code == 409
    assert mentee.post(edits, json={**words, "text": "x"}).status_code == 428


def test_the_same_edit_twice_under_one_key_has_one_effect(mentor: TestClient, edits: str) -> None:
    headers = {"if-match": '"1"', "idempotency-key": "k"}
    body = {"edit": "words", "place": "purpose", "text": "Our purpose"}
    first, again = (mentor.post(edits, json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert first.headers["etag"] == again.headers["etag"] == '"2"'
    other = mentor.post(edits, json={**body, "text": "Another"}, headers=headers)
    assert other.status_code == 422


def test_a_settled_agenda_is_history(mentor: TestClient, edits: str) -> None:
    path = edits.removesuffix("/edits")
    mentor.post(f"{path}/settle", headers={"if-match": '"1"'})
    body = {"edit": "words", "place": "purpose", "text": "Too late"}
    answer = mentor.post(edits, json=body, headers={"if-match": '"2"'})
    assert answer.status_code == 409
    assert "Add a note" in answer.json()["detail"]


def test_the_page_shows_both_texts_and_keeps_what_was_typed(
    house: House, mentor: TestClient, mentee: TestClient, edits: str
) -> None:
    page = f"/sessions/{house.seeded.session_id}/agenda/edit"
    form = {"edit": "words", "place": "b1/steps/0", "version": "1"}
    assert mentor.post(page, data={**form, "text": "How are you?"}).status_code == 303
    late = mentee.post(page, data={**form, "text": "<b>My careful words</b>"})
    assert late.status_code == 409
    assert "How are you?" in late.text
    assert late.text.count("&lt;b&gt;My careful words&lt;/b&gt;") == 2
    assert mentee.post(page, data={**form, "version": "2", "text": "Mine"}).status_code == 303


def test_the_page_adds_and_refuses_in_a_sentence(
    house: House, mentor: TestClient, edits: str
) -> None:
    page = f"/sessions/{house.seeded.session_id}/agenda/edit"
    hands_on = by_kind(kept(mentor, edits))["hands_on"]["id"]
    own = {"edit": "add", "version": "1", "kind": "hands_on", "title": "Our own", "text": "Try it",
           "minutes": "3", "giver_id": hands_on}  # fmt: skip
    assert mentor.post(page, data={**own, "minutes": "99"}).status_code == 422
    assert "Try it" in mentor.post(page, data={**own, "minutes": "x"}).text
    assert mentor.post(page, data=own).status_code == 303
    assert "Our own" in mentor.get(page).text
    assert mentor.post(page, data={"edit": "nonsense"}).status_code == 422
