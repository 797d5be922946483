"""Jobs as rows: added, claimed by one worker, told of, ended, cancelled and tried again.

Whoever works on a job holds a claim, and each of its transactions asks whether the claim still
holds; so work goes on with another worker after a lapse, and nothing is ever written twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast, get_args
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from coach.jobs.faults import ClaimLost, JobNotFound, JobSettled
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Db

Kind = Literal["import", "index", "re-embed", "freshness", "trial", "re-ask"]
State = Literal["waiting", "running", "done", "failed", "cancelled"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Two jobs of these would work on the same index.
ONE_AT_A_TIME = ("index", "re-embed")
# The same may be wanted again as soon as one of these has ended.
WANTED_AGAIN = ("trial", "re-ask")
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
PAUSES = (5, 30, 120, 600)
FORGOTTEN = "What the worker remembered of it was lost, so its stage is begun again."
ROW = tables.Job
FILE = tables.JobFile


@dataclass(frozen=True, slots=True)
class Job:
    """A job as people see it; a trial is about a document."""

    id: UUID
    kind: Kind
    state: State
    stage: str
    done: int
    total: int
    attempts: int
    told: str | None
    error: str | None
    hint: str | None
    author: str | None
    worker: str | None
    created_at: datetime
    changed_at: datetime
    document_id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has yet to end."""
        return self.state in ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker holds while it works on a job."""

    job_id: UUID
    kind: Kind
    turn: int
    argument: Mapping[str, object]
    author: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """A job somebody may begin, and the turn that would be."""

    job_id: UUID
    turn: int


def add_job(
    db: Db,
    kind: Kind,
    argument: Mapping[str, object] | None = None,
    *,
    author: str | None = None,
    once: str | None = None,
) -> UUID | None:
    """Add a job; of those with the same `once` there is only one, and then this adds none."""
    insert = (sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert)(ROW)
    job_id, moment = uuid4(), now()
    values = {
        "id": job_id,
        "kind": kind,
        "argument": dict(argument or {}),
        "author": author,
        "once": once,
        "created_at": moment,
        "changed_at": moment,
    }
    kept = db.execute(
        insert.values(values).on_conflict_do_nothing(index_elements=["once"]).returning(ROW.id)
    )
    return job_id if kept.scalar() is not None else None


def list_jobs(db: Db, limit: int = 50) -> tuple[Job, ...]:
    """The newest jobs, newest first."""
    rows = db.scalars(sa.select(ROW).order_by(ROW.created_at.desc(), ROW.id).limit(limit))
    return tuple(map(_seen, rows))


def load_job(db: Db, job_id: UUID) -> Job:
    """A job, or JobNotFound."""
    return _seen(_find(db, job_id))


def cancel_job(db: Db, job_id: UUID) -> Job:
    """Stop a job: it writes nothing more from now on; what it finished before stays."""
    row = _find(db, job_id, lock=True)
    if row.state not in ("waiting", "running"):
        raise JobSettled(f"This job is {row.state} already; only a failed one can be retried.")
    row.state, row.stage, row.once = "cancelled", "cancelled", None
    return _seen(row)


def retry_job(db: Db, job_id: UUID) -> Job:
    """Let a failed or cancelled job go on from where it was."""
    row = _find(db, job_id, lock=True)
    if row.state not in ("failed", "cancelled"):
        raise JobSettled(f"This job is {row.state}: only a failed or cancelled one can be retried.")
    row.state, row.stage, row.attempts = "waiting", "waiting", 0
    row.error = row.hint = row.due_at = None
    again = sa.and_(FILE.job_id == job_id, FILE.outcome == "failed", FILE.data.is_not(None))
    db.execute(sa.update(FILE).where(again).values(outcome=None, told=None))
    return _seen(row)


def resume_job(db: Db, job_id: UUID, more: Mapping[str, object], author: str | None) -> Job:
    """Let a job that has ended well go on with more said to it, in the name of who says it."""
    row = _find(db, job_id, lock=True)
    if row.state != "done":
        raise JobSettled(f"This job is {row.state}: only one that is done can go on with a reason.")
    row.argument, row.author = {**row.argument, **more}, author
    row.state, row.stage, row.attempts, row.told = "waiting", "waiting", 0, None
    return _seen(row)


def list_due(db: Db, moment: datetime, limit: int) -> Sequence[Due]:
    """Jobs that wait, and those whose worker has fallen silent, the oldest first."""
    lapsed = sa.and_(ROW.state == "running", ROW.heartbeat_at < moment - LEASE)
    waits = sa.and_(ROW.state == "waiting", sa.or_(ROW.due_at.is_(None), ROW.due_at <= moment))
    busy = sa.select(ROW.id).where(ROW.kind.in_(ONE_AT_A_TIME), ROW.state == "running").exists()
    free = sa.or_(ROW.kind.not_in(ONE_AT_A_TIME), ~busy)
    rows = db.execute(
        sa.select(ROW.id, ROW.turn)
        .where(sa.or_(lapsed, sa.and_(waits, free)))
        .order_by(ROW.created_at, ROW.id)
        .limit(limit)
    )
    return [Due(job_id, turn + 1) for job_id, turn in rows]


def find_last(db: Db, kind: Kind, argument: Mapping[str, object]) -> Job | None:
    """The newest job of this kind whose argument says all of this."""
    rows = db.scalars(sa.select(ROW).where(ROW.kind == kind).order_by(ROW.created_at.desc()))
    fitting = (row for row in rows if argument.items() <= row.argument.items())
    return next(map(_seen, fitting), None)


def is_open(db: Db, kinds: Sequence[str]) -> bool:
    """Whether a job of these kinds has yet to end."""
    row = sa.select(ROW.id).where(ROW.kind.in_(kinds), ROW.state.in_(("waiting", "running")))
    return db.scalar(row.limit(1)) is not None


def is_held(db: Db, worker: str) -> bool:
    """Whether this worker had begun a job, when it last stopped."""
    row = sa.select(ROW.id).where(ROW.worker == worker, ROW.state == "running")
    return db.scalar(row.limit(1)) is not None


def free_held(db: Db, worker: str) -> int:
    """Let what this worker had begun be begun again at once; how many jobs those are."""
    held = sa.and_(ROW.worker == worker, ROW.state == "running")
    values = {"state": "waiting", "stage": "waiting", "hint": FORGOTTEN}
    rows = db.execute(sa.update(ROW).where(held).values(values).returning(ROW.id))
    return len(rows.all())


# --- By the worker ----------------------------------------------------------------------------


def claim_job(db: Db, job_id: UUID, turn: int, worker: str, moment: datetime) -> Claim | None:
    """Take this turn of a job, or go on with it after a restart; None when it is not to be had."""
    row = db.get(ROW, job_id, with_for_update=True, populate_existing=True)
    if row is None or row.state not in ("waiting", "running"):
        return None
    goes_on = row.state == "running" and row.turn == turn and row.worker == worker
    lapsed = row.heartbeat_at is None or row.heartbeat_at < moment - LEASE
    free = row.turn == turn - 1 and (row.state == "waiting" or lapsed)
    if not (goes_on or free):
        return None
    row.turn, row.worker, row.heartbeat_at = turn, worker, moment
    row.attempts += 1
    if row.kind in ONE_AT_A_TIME:
        row.once = None  # what changes from now on is for the next one
    if row.attempts > MOST_ATTEMPTS:
        _fail(row, "The worker stopped each time it worked on this.", "Look into the log of it.")
        return None
    row.state, row.stage = "running", "started"
    return Claim(row.id, cast(Kind, row.kind), turn, row.argument, row.author)


def hold(db: Db, claim: Claim) -> tables.Job:
    """The row of a job this claim still holds, locked to the end of the transaction."""
    row = db.get(ROW, claim.job_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != "running" or row.turn != claim.turn:
        raise ClaimLost
    row.heartbeat_at = now()
    return row


def begin_stage(db: Db, claim: Claim, stage: str) -> None:
    """Say which stage the job is at."""
    hold(db, claim).stage = stage


def tell_stage(db: Db, claim: Claim, stage: str, done: int, total: int) -> None:
    """Say how far the job is."""
    row = hold(db, claim)
    row.stage, row.done, row.total = stage, done, total


def finish_job(db: Db, claim: Claim, told: str | None) -> None:
    """End the job well."""
    row = hold(db, claim)
    row.state, row.stage, row.told, row.error, row.hint = "done", "done", told, None, None
    _let_come_again(row)


def fail_job(db: Db, claim: Claim, error: str, hint: str, again: bool) -> None:
    """End the job with its error; or let it wait a while, when it may go better then."""
    row = hold(db, claim)
    if not again or row.attempts >= MOST_ATTEMPTS:
        _fail(row, error, hint)
        return
    row.state, row.error, row.hint = "waiting", error, hint
    row.due_at = now() + timedelta(seconds=PAUSES[min(row.attempts, len(PAUSES)) - 1])


def release_job(db: Db, claim: Claim) -> None:
    """Give a job back that has not ended, for the worker stops."""
    row = hold(db, claim)
    row.state, row.stage, row.attempts = "waiting", "waiting", row.attempts - 1


def _fail(row: tables.Job, error: str, hint: str) -> None:
    row.state, row.stage, row.error, row.hint = "failed", "failed", error, hint
    _let_come_again(row)


def _let_come_again(row: tables.Job) -> None:
    if row.kind in WANTED_AGAIN:
        row.once = None


def _find(db: Db, job_id: UUID, lock: bool = False) -> tables.Job:
    row = db.get(ROW, job_id, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise JobNotFound
    return row


def _seen(row: tables.Job) -> Job:
    return Job(
        id=row.id,
        kind=cast(Kind, row.kind),
        state=cast(State, row.state),
        stage=row.stage,
        done=row.done,
        total=row.total,
        attempts=row.attempts,
        told=row.told,
        error=row.error,
        hint=row.hint,
        author=row.author,
        worker=row.worker,
        created_at=row.created_at,
        changed_at=row.changed_at,
        document_id=cast(str | None, row.argument.get("document_id")),
    )
