"""The mentee's cards: what was taught comes back, moves when it is answered, and can be deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from coach.storage.tables import MemoryItem, MentoringSession, Pair
from coach.web.clock import today
from tests.web.conftest import House


def due_now(house: House, change: Callable[..., Any], **values: Any) -> None:
    """Let every card of the pair be due, with these values."""
    ours = sa.select(MentoringSession.id).where(MentoringSession.pair_id == house.seeded.pair_id)
    query = sa.update(MemoryItem).where(MemoryItem.session_id.in_(ours))
    change(lambda db: db.execute(query.values(due_on=today(), **values)))


def cards(client: TestClient, house: House) -> Any:
    return client.get(f"/api/v1/pairs/{house.seeded.pair_id}/memory").json()["items"]


def test_an_answer_on_the_page_moves_the_card(
    house: House, mentee: TestClient, change: Callable[..., Any]
) -> None:
    due_now(house, change)
    place = f"/pairs/{house.seeded.pair_id}/cards"
    before = cards(mentee, house)
    assert all(card["is_due"] for card in before)
    assert before[0]["answer"] not in before[0]["question"]
    assert before[0]["question"] in mentee.get(place).text.replace("&#34;", '"')
    form = {"answer": "knew_it", "due_on": before[0]["due_on"]}
    assert mentee.post(f"{place}/{before[0]['id']}", data=form).status_code == 303
    again = mentee.post(f"{place}/{before[0]['id']}", data=form)  # the button pressed twice
    assert again.status_code == 409
    after = {card["id"]: card for card in cards(mentee, house)}[before[0]["id"]]
    assert after["due_on"] > (today() + timedelta(days=1)).isoformat()
    assert not after["is_due"]


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        pytest.param("de", ("Stichwort", "Gedanke", "Was habt ihr in Session"), id="German"),
        pytest.param("es", ("alabra clave", "Qué hicimos en la sesión"), id="Spanish"),
        pytest.param("fr", ("ot-clé", "avons-nous fait à la séance"), id="French"),
    ],
)
def test_cards_made_before_ask_in_the_language_the_pair_speaks_now(
    house: House,
    mentee: TestClient,
    change: Callable[..., Any],
    language: str,
    asked: tuple[str, ...],
) -> None:
    before = cards(mentee, house)
    change(lambda db: speak(db, house, language))
    after = cards(mentee, house)
    assert [one["answer"] for one in after] == [one["answer"] for one in before]
    assert all(any(part in one["question"] for part in asked) for one in after)
    page = mentee.get(f"/pairs/{house.seeded.pair_id}/cards").text
    assert page.count(f'<strong lang="{language}">') == len(after)


def speak(db: Any, house: House, language: str) -> None:
    """Let the pair speak this language from now on."""
    pair = db.get_one(Pair, house.seeded.pair_id)
    agreed = {**(pair.profile.get("constraints") or {}), "language": language}
    pair.profile = {**pair.profile, "constraints": agreed}


def test_the_same_answer_under_one_key_counts_once(house: House, mentee: TestClient) -> None:
    card = cards(mentee, house)[0]
    path, said, key = f"/api/v1/memory/{card['id']}/answers", {"answer": "not"}, "once"
    first = mentee.post(path, json=said, headers={"Idempotency-Key": key})
    second = mentee.post(path, json=said, headers={"Idempotency-Key": key})
    assert first.json() == second.json()
    assert first.json()["last_answer"] == "not"


def test_what_the_cards_have_due_is_what_warm_up_and_recap_ask(
    house: House, mentee: TestClient, change: Callable[..., Any]
) -> None:
    due_now(house, change)
    api = f"/api/v1/sessions/{house.seeded.session_id}"
    warm_up = [
        block
        for block in mentee.post(f"{api}/agenda").json()["blocks"]
        if block["kind"] == "warm_up"
    ]
    recap = mentee.post(f"/api/v1/sessions/{house.seeded.held_id}/recaps", json={}).json()["draft"]
    told = " ".join(step["text"] for step in warm_up[0]["steps"])
    assert warm_up[0]["memory_item_ids"]
    asked = recap["recall_questions"]
    assert asked
    assert all(one["answer"] in told for one in asked)
    assert [v for v in recap["contract"] if v["clause"] == "RC17"][0]["holds"]


def test_a_card_deleted_or_not_yet_due_is_in_no_warm_up(
    house: House, mentee: TestClient, mentor: TestClient, change: Callable[..., Any]
) -> None:
    due_now(house, change)
    for card in cards(mentee, house):
        assert mentee.delete(f"/api/v1/memory/{card['id']}").status_code == 204
    assert cards(mentee, house) == []
    assert "no cards yet" in mentee.get(f"/pairs/{house.seeded.pair_id}/cards").text
    agenda = mentor.post(f"/api/v1/sessions/{house.seeded.session_id}/agenda").json()
    assert "warm_up" not in [block["kind"] for block in agenda["blocks"]]


def test_how_the_mentee_answers_shows_nowhere_to_the_mentor(
    house: House, mentee: TestClient, mentor: TestClient, change: Callable[..., Any]
) -> None:
    due_now(house, change)
    path = f"/api/v1/sessions/{house.seeded.session_id}/agenda"
    before = mentor.post(path).json()
    for card in cards(mentee, house):
        said = mentee.post(f"/api/v1/memory/{card['id']}/answers", json={"answer": "not"})
        assert said.status_code == 200
    assert mentor.post(path).json()["blocks"] == before["blocks"]
    assert "memory" not in mentor.get(f"/api/v1/pairs/{house.seeded.pair_id}/export").text


def test_what_a_warm_up_asked_rests_once_the_session_was_held(
    house: House, mentee: TestClient, change: Callable[..., Any]
) -> None:
    due_now(house, change)
    place = f"/api/v1/sessions/{house.seeded.session_id}"
    agenda = mentee.post(f"{place}/agenda").json()
    (asked,) = (block for block in agenda["blocks"] if block["kind"] == "warm_up")
    told = " ".join(step["text"] for step in asked["steps"])
    before = {card["id"]: card for card in cards(mentee, house) if card["answer"] in told}
    assert mentee.post(f"{place}/outcome", json={"state": "held"}).status_code == 200
    after = {card["id"]: card for card in cards(mentee, house) if card["id"] in before}
    assert after
    assert all(card["due_on"] > agenda["date"] for card in after.values())
    assert {card["last_answer"] for card in after.values()} == {None}
