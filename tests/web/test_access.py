"""Who may do what: every route × every viewer × own, foreign and unknown ids."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import sqlalchemy as sa

from coach.storage.tables import Table
from tests.web.conftest import MENTEE_CANARY, MENTOR_CANARY, House
from tests.web.routes import API, MATRIX, Row, routes_of

VIEWERS = ("mentor", "mentee", "stranger", "admin", None)


def send(house: House, name: str, row: Row, viewer: str | None, ids: dict[str, str]) -> Any:
    """The answer this viewer gets from this route about these things."""
    method, _, path = name.partition(" ")
    question = {"draft_id": ids["draft_id"], "question_id": ids["question_id"]}
    form = {**question, **row.form} if row.form and row.thing == "question" else row.form
    return house.as_(viewer).request(
        method, path.format(**ids) + row.query, json=row.json, data=form, headers=row.headers
    )


def ids_of(house: House, row: Row, whose: str) -> dict[str, str]:
    """What the parts of a path stand for: things of one's own, of others, or of nobody."""
    seeded = house.seeded
    if whose == "random":
        known = dict.fromkeys(
            (
                "pair_id",
                "session_id",
                "commitment_id",
                "offer_id",
                "note_id",
                "recap_id",
                "item_id",
                "draft_id",
                "job_id",
                "gap_id",
                "pin_id",
            ),
            str(uuid4()),
        )
        return {
            **known,
            "document_id": "no-such-document",
            "secret": "no-such-link",
            "question_id": "q1",
            "upload_id": str(uuid4()),
            "report_id": str(uuid4()),
            "number": "1",
        }
    held = dict.fromkeys(("held", "recap", "question"), seeded.held_id)
    session = {**held, "running": seeded.running_id}.get(row.thing) or seeded.session_id
    return {
        "pair_id": str(seeded.pair_id),
        "session_id": str(session),
        "commitment_id": str(seeded.commitment_id),
        "offer_id": str(seeded.offer_id),
        "note_id": str(seeded.note_id),
        "recap_id": str(seeded.recap_id),
        "item_id": str(seeded.item_id),
        "draft_id": str(seeded.draft_id),
        "question_id": "q1",
        "job_id": str(seeded.job_id),
        "gap_id": str(seeded.gap_id),
        "pin_id": str(seeded.pin_id),
        "document_id": "pivot-tables",
        "secret": seeded.link,
        "upload_id": str(seeded.upload_id),
        "report_id": str(uuid4()),
        "number": "1",
    }


def may(row: Row, viewer: str | None) -> bool:
    """Whether this viewer may use this route on what belongs to the mentor and the mentee."""
    if row.right == "anyone":
        return True
    if viewer is None:
        return False
    if row.thing == "note":
        return viewer == "mentor"
    allowed = {
        "person": VIEWERS,
        "pair": ("mentor", "mentee"),
        "mentee": ("mentee",),
        "admin": ("admin",),
    }
    return viewer in allowed[row.right]


def test_every_route_stands_in_the_matrix(house: House) -> None:
    assert routes_of(house.app) == set(MATRIX)


def refused(name: str, viewer: str | None, answer: httpx2.Response) -> bool:
    """Whether this answer tells a viewer nothing at all."""
    if viewer is not None:
        return answer.status_code == 404
    if name in API or not name.startswith("GET"):
        return answer.status_code == 401
    return answer.status_code == 303 and answer.headers["location"] == "/sign-in"


def in_order(names: Iterable[str]) -> list[str]:
    """Looking first, then what takes something away that others need, signing in and out last."""
    last = ("archive", "settle", "outcome", "close", "unpin", "DELETE", "delete")

    def turn(name: str) -> int:
        if name.startswith("POST /sign"):
            return 3
        return 2 if any(part in name for part in last) else int(not name.startswith("GET"))

    return sorted(names, key=turn)


@pytest.mark.parametrize("viewer", VIEWERS, ids=str)
def test_a_route_opens_to_those_who_may_and_to_nobody_else(
    viewer: str | None, with_agenda: House
) -> None:
    wrong = []
    for name in in_order(MATRIX):
        row = MATRIX[name]
        answer = send(with_agenda, name, row, viewer, ids_of(with_agenda, row, "own"))
        closed = refused(name, viewer, answer)
        opens = not closed and answer.status_code != 403 and answer.status_code < 500
        if may(row, viewer) is not opens or opens is closed:
            wrong.append(f"{name}: {answer.status_code}")
    assert wrong == []


def test_foreign_and_unknown_things_get_the_same_answer(with_agenda: House) -> None:
    wrong = []
    for name, row in MATRIX.items():
        if row.right not in ("pair", "mentee"):
            continue  # what these routes show belongs to nobody in particular
        unknown = send(with_agenda, name, row, "mentee", ids_of(with_agenda, row, "random"))
        foreign = send(with_agenda, name, row, "stranger", ids_of(with_agenda, row, "own"))
        if not unknown.status_code == foreign.status_code == 404 or foreign.text != unknown.text:
            wrong.append(f"{name}: {unknown.status_code}, {foreign.status_code}")
    assert wrong == []


@pytest.mark.parametrize(
    ("viewer", "canary"), [("mentee", MENTOR_CANARY), ("mentor", MENTEE_CANARY)]
)
def test_a_private_note_reaches_nobody_but_its_author(
    viewer: str, canary: str, with_agenda: House
) -> None:
    held, wrong = str(with_agenda.seeded.held_id), []
    for name in (name for name in MATRIX if name.startswith("GET")):
        ids = {**ids_of(with_agenda, MATRIX[name], "own"), "session_id": held}
        for who in (viewer, "admin", "stranger", None):
            if canary in send(with_agenda, name, MATRIX[name], who, ids).text:
                wrong.append(f"{name} for {who}")
    assert wrong == []


def test_an_author_does_see_the_private_note(house: House) -> None:
    held = f"/sessions/{house.seeded.held_id}"
    assert MENTOR_CANARY in house.as_("mentor").get(held).text
    assert MENTEE_CANARY in house.as_("mentee").get(held).text


def test_drafts_for_both_never_hold_a_private_note(house: House) -> None:
    seeded, told = house.seeded, ""
    for viewer in ("mentor", "mentee"):
        client = house.as_(viewer)
        told += client.post(f"/api/v1/sessions/{seeded.session_id}/agenda").text
        told += client.post(f"/api/v1/sessions/{seeded.held_id}/follow-ups").text
    asked = {"question": "What do I worry about in my review?"}
    told += house.as_("mentee").post(f"/api/v1/sessions/{seeded.held_id}/recaps", json=asked).text
    assert MENTOR_CANARY not in told
    assert (
        MENTEE_CANARY
        not in house.as_("mentor").get(f"/api/v1/sessions/{seeded.held_id}/recaps").text
    )


def everything(house: House) -> dict[str, Any]:
    """Every row of every table."""
    with house.app.state.front.resources.reading() as db:
        return {
            table.name: db.execute(sa.select(table)).all() for table in Table.metadata.sorted_tables
        }


def test_opening_pages_and_links_changes_nothing(house: House) -> None:
    before = everything(house)
    for name, row in MATRIX.items():
        if name.startswith("GET"):
            path = name[4:].format(**ids_of(house, row, "own")) + row.query
            for viewer in ("mentor", "mentee", "admin", None):
                house.as_(viewer).get(path)
    assert everything(house) == before
    link = house.as_(None).post(f"/sign-in/{house.seeded.link}")
    assert link.status_code == 303  # the link was opened above, and still works
    assert link.headers["location"] == "/"


def test_a_token_opens_the_api_and_no_page(house: House) -> None:
    bearer = {"authorization": f"Bearer {house.seeded.tokens['mentor']}"}
    client = house.as_(None)
    assert client.get("/api/v1/pairs", headers=bearer).status_code == 200
    assert client.get("/", headers=bearer).headers["location"] == "/sign-in"


@pytest.mark.parametrize("header", ["Bearer no", "Basic abc", "Bearer", "", "Bearer coach_a_b"])
def test_a_wrong_token_is_no_way_in_even_beside_a_cookie(header: str, house: House) -> None:
    answer = house.as_("mentor").get("/api/v1/pairs", headers={"authorization": header})
    assert answer.status_code == 401
