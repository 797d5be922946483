"""What a request writes and the answer kept under its key are one: both are there, or neither."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI

from coach.storage.database import Db
from tests.web.conftest import House
from tests.web.routes import API
from tests.web.test_access import everything, ids_of, in_order, send

# A kill between the two, as the database sees it: the answer is not written.
BROKEN = """CREATE TRIGGER broken BEFORE UPDATE ON idempotency_keys WHEN NEW.status IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'killed'); END"""
STREAM = {"accept": "text/event-stream"}
# What the background work writes at its own time.
ELSEWHERE = {"jobs", "job_files", "vectors", "index_generations", "index_answers"}


def keyed(app: FastAPI) -> Iterator[str]:
    """The routes that take an Idempotency-Key, as the API describes them."""
    for path, methods in app.openapi()["paths"].items():
        for method, route in methods.items():
            if any(one["name"] == "Idempotency-Key" for one in route.get("parameters", ())):
                yield f"{method.upper()} {path}"


def ask(house: House, name: str, key: str, **headers: str) -> Any:
    """The answer of a route to a request under this key."""
    row = API[name]
    told = {**row.headers, "idempotency-key": key, **headers}
    viewer = "mentee" if row.right == "mentee" else "mentor"
    return send(house, name, replace(row, headers=told), viewer, ids_of(house, row, "own"))


def written(house: House) -> dict[str, Any]:
    """Every row that a request may write."""
    return {name: rows for name, rows in everything(house).items() if name not in ELSEWHERE}


def execute(db: Db, statement: str) -> None:
    db.execute(sa.text(statement))


def test_an_answer_that_cannot_be_kept_leaves_nothing_written(
    with_agenda: House, change: Callable[..., Any]
) -> None:
    house = with_agenda
    names = in_order(keyed(house.app))
    assert len(names) >= 14
    change(execute, BROKEN)
    before = written(house)
    for name in names:
        assert ask(house, name, "k").status_code == 500, name
        assert written(house) == before, name
    streamed = ask(house, "POST /api/v1/sessions/{session_id}/agenda", "k", **STREAM).text
    assert "event: block" in streamed
    assert "event: done" not in streamed
    assert written(house) == before
    change(execute, "DROP TRIGGER broken")
    for name in names:
        first = ask(house, name, "k")
        assert first.status_code < 300, (name, first.text)
        kept = written(house)
        again = ask(house, name, "k")
        assert (first.status_code, first.content) == (again.status_code, again.content), name
        assert written(house) == kept, name


def test_a_conflict_is_told_again_with_both_texts(with_agenda: House) -> None:
    name = "POST /api/v1/sessions/{session_id}/agenda/edits"
    answers = [ask(with_agenda, name, "k", **{"if-match": '"7"'}) for _ in range(2)]
    assert [one.status_code for one in answers] == [409, 409]
    assert answers[0].json() == answers[1].json()
    told = answers[0].json()
    assert told["offered_text"] == "What the two of us are here for"
    assert told["kept_text"] not in (None, told["offered_text"])
