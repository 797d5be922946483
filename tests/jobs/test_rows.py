"""A job has one worker at a time, and whoever has lost it writes nothing more."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from coach.jobs.faults import ClaimLost, JobNotFound, JobSettled
from coach.jobs.rows import (
    LEASE,
    MOST_ATTEMPTS,
    Claim,
    Due,
    add_job,
    cancel_job,
    claim_job,
    fail_job,
    finish_job,
    hold,
    list_due,
    list_jobs,
    load_job,
    release_job,
    retry_job,
    tell_stage,
)
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database


def do(database: Database, work: Any, *args: Any, **named: Any) -> Any:
    with database.transaction() as db:
        return work(db, *args, **named)


@pytest.fixture
def job_id(database: Database) -> UUID:
    added = do(database, add_job, "import")
    assert isinstance(added, UUID)
    return added


def claimed(database: Database, job_id: UUID, worker: str = "one", turn: int = 1) -> Claim:
    claim = do(database, claim_job, job_id, turn, worker, now())
    assert isinstance(claim, Claim)
    return claim


def fall_silent(database: Database, job_id: UUID) -> None:
    """Let the worker's last sign of life be long ago."""
    with database.transaction() as db:
        values = {"heartbeat_at": now() - LEASE - timedelta(seconds=1)}
        db.execute(sa.update(tables.Job).where(tables.Job.id == job_id).values(values))


def test_a_job_is_due_until_somebody_has_it(database: Database, job_id: UUID) -> None:
    assert do(database, list_due, now(), 5) == [Due(job_id, 1)]
    claimed(database, job_id)
    assert do(database, list_due, now(), 5) == []
    assert do(database, claim_job, job_id, 1, "two", now()) is None
    assert do(database, claim_job, job_id, 2, "two", now()) is None


def test_the_same_worker_goes_on_after_a_restart(database: Database, job_id: UUID) -> None:
    claimed(database, job_id)
    assert claimed(database, job_id).turn == 1
    assert do(database, load_job, job_id).attempts == 2


def test_a_silent_worker_loses_its_job_and_writes_nothing_more(
    database: Database, job_id: UUID
) -> None:
    first = claimed(database, job_id)
    fall_silent(database, job_id)
    assert do(database, list_due, now(), 5) == [Due(job_id, 2)]
    second = claimed(database, job_id, "two", turn=2)
    for late in (hold, release_job):
        with pytest.raises(ClaimLost):
            do(database, late, first)
    with pytest.raises(ClaimLost):
        do(database, finish_job, first, "done twice")
    do(database, finish_job, second, "done once")
    seen = do(database, load_job, job_id)
    assert (seen.state, seen.told, seen.worker, seen.attempts) == ("done", "done once", "two", 2)


def test_a_cancelled_job_lets_nobody_write(database: Database, job_id: UUID) -> None:
    claim = claimed(database, job_id)
    assert do(database, cancel_job, job_id).state == "cancelled"
    with pytest.raises(ClaimLost):
        do(database, tell_stage, claim, "reading", 3, 4)
    with pytest.raises(JobSettled, match="cancelled already"):
        do(database, cancel_job, job_id)
    assert do(database, list_due, now(), 5) == []


def test_a_retried_job_is_due_again_under_the_next_turn(database: Database, job_id: UUID) -> None:
    with pytest.raises(JobSettled, match="waiting: only a failed"):
        do(database, retry_job, job_id)
    claim = claimed(database, job_id)
    do(database, fail_job, claim, "The file is gone.", "Hand it in again.", again=False)
    seen = do(database, load_job, job_id)
    assert (seen.state, seen.error, seen.hint) == (
        "failed",
        "The file is gone.",
        "Hand it in again.",
    )
    assert do(database, retry_job, job_id).error is None
    assert do(database, list_due, now(), 5) == [Due(job_id, 2)]


def test_what_may_go_better_later_waits_a_while_and_not_for_ever(
    database: Database, job_id: UUID
) -> None:
    for turn in range(1, MOST_ATTEMPTS + 1):
        claim = claimed(database, job_id, turn=turn)
        do(database, fail_job, claim, "The server is away.", "It is tried again.", again=True)
        seen = do(database, load_job, job_id)
        assert seen.error == "The server is away."
        assert seen.state == ("waiting" if turn < MOST_ATTEMPTS else "failed")
        assert do(database, list_due, now(), 5) == []
    later = now() + timedelta(hours=1)
    assert do(database, list_due, later, 5) == []


def test_a_job_that_kills_its_worker_each_time_is_given_up(
    database: Database, job_id: UUID
) -> None:
    for _ in range(MOST_ATTEMPTS):
        claimed(database, job_id)
    assert do(database, claim_job, job_id, 1, "one", now()) is None
    assert do(database, load_job, job_id).state == "failed"


def test_of_the_same_only_one_waits(database: Database) -> None:
    first = do(database, add_job, "index", once="index")
    assert do(database, add_job, "index", once="index") is None
    claimed(database, first)
    second = do(database, add_job, "index", once="index")
    assert second is not None  # what is published while the first runs is for another
    assert do(database, list_due, now(), 5) == []  # but never two at a time
    assert [one.id for one in do(database, list_jobs)] == [second, first]


def test_a_worker_that_stops_gives_its_job_back(database: Database, job_id: UUID) -> None:
    do(database, release_job, claimed(database, job_id))
    assert do(database, list_due, now(), 5) == [Due(job_id, 2)]
    assert do(database, load_job, job_id).attempts == 0


def test_an_unknown_job_is_told(database: Database) -> None:
    for work in (load_job, cancel_job, retry_job):
        with pytest.raises(JobNotFound):
            do(database, work, uuid4())
