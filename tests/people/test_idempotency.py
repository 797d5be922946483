"""The same request twice has one effect, and a key speaks for one person, route and payload."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coach.people.idempotency import (
    KEPT,
    RUNNING,
    Answer,
    Attempt,
    KeyReused,
    StillRunning,
    delete_attempt,
    save_answer,
    save_attempt,
)
from coach.people.people import KnownPerson, save_person
from coach.storage.database import Database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def attempt(ada: KnownPerson) -> Attempt:
    return Attempt(ada.viewer, "POST /agenda", "key-1", b'{"minutes": 45}')


def test_a_request_again_gets_the_saved_answer(database: Database, attempt: Attempt) -> None:
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON) is None
    with pytest.raises(StillRunning), database.transaction() as db:
        save_attempt(db, attempt, NOON)
    with database.transaction() as db:
        save_answer(db, attempt, Answer(422, '{"title": "no"}'), NOON)
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON) == Answer(422, '{"title": "no"}')
    with pytest.raises(KeyReused), database.transaction() as db:
        save_attempt(db, replace(attempt, payload=b"other"), NOON)


def test_of_eight_requests_at_once_one_goes_on(database: Database, attempt: Attempt) -> None:
    def ask(_: int) -> bool:
        try:
            with database.transaction() as db:
                return save_attempt(db, attempt, NOON) is None
        except StillRunning:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1


def test_a_key_is_free_again_after_a_day_or_when_work_broke_off(
    database: Database, attempt: Attempt
) -> None:
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON) is None
        delete_attempt(db, attempt)
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON) is None
        save_answer(db, attempt, Answer(200, "{}"), NOON)
        delete_attempt(db, attempt)
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON) == Answer(200, "{}")
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON + KEPT) is None


@pytest.mark.parametrize(
    "payload", [b'{"minutes": 45}', b"other"], ids=["the same request", "another"]
)
def test_of_two_that_had_the_key_one_after_the_other_one_writes(
    database: Database, attempt: Attempt, payload: bytes
) -> None:
    other = replace(attempt, payload=payload)
    for taker, moment in ((attempt, NOON), (other, NOON + RUNNING)):
        with database.transaction() as db:
            assert save_attempt(db, taker, moment) is None
    with database.transaction() as db:
        save_answer(db, other, Answer(201, "{}"), NOON + RUNNING)
    with pytest.raises(StillRunning), database.transaction() as db:
        save_answer(db, attempt, Answer(200, "late"), NOON + RUNNING)
    with database.transaction() as db:
        assert save_attempt(db, other, NOON + RUNNING) == Answer(201, "{}")


def test_an_answer_is_kept_although_its_key_ran_out_meanwhile(
    database: Database, attempt: Attempt
) -> None:
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON) is None
        assert save_attempt(db, replace(attempt, key="key-2"), NOON + RUNNING) is None
    with database.transaction() as db:
        save_answer(db, attempt, Answer(201, "{}"), NOON + RUNNING)
    with database.transaction() as db:
        assert save_attempt(db, attempt, NOON + RUNNING) == Answer(201, "{}")


def test_a_key_belongs_to_one_person_and_route(database: Database, attempt: Attempt) -> None:
    with database.transaction() as db:
        other = save_person(db, attempt.viewer.programme_id, "Bo").viewer
        for again in (attempt, replace(attempt, viewer=other), replace(attempt, route="PUT /x")):
            assert save_attempt(db, again, NOON) is None


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_sensible_length(database: Database, attempt: Attempt, key: str) -> None:
    with pytest.raises(KeyReused, match="200"), database.transaction() as db:
        save_attempt(db, replace(attempt, key=key), NOON)
