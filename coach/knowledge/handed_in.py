"""The files of an import that a worker does: kept in the database until each is done with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coach.errors import CoachError
from coach.jobs.faults import JobNotFound
from coach.jobs.rows import add_job
from coach.knowledge.adding import NothingToAdd
from coach.knowledge.bulk import Imported, Load
from coach.knowledge.reading.heading import Head
from coach.storage import tables
from coach.storage.columns import now
from coach.storage.database import Database, Db

FILE = tables.JobFile
# A job that is still being handed in is not due; nobody waits for as long as this.
HANDING_IN = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Publishing:
    """That an import publishes what it brings; with a reason even when questions are lost."""

    accept_loss: str = ""


def hand_in(
    database: Database,
    files: Mapping[str, Load],
    head: Head,
    author: str | None,
    publishing: Publishing | None,
) -> UUID:
    """Keep these files and the job that imports them; it is begun when all of them are kept."""
    if not files:
        raise NothingToAdd("There is no file to import.")
    argument = {
        "head": {**asdict(head), "topics": list(head.topics)},
        "publish": publishing is not None,
        "accept_loss": publishing.accept_loss.strip() if publishing else "",
    }
    with database.transaction() as db:
        job_id = add_job(db, "import", argument, author=author)
        assert job_id is not None  # noqa: S101  only jobs with a name of their own are not added
        row = db.get_one(tables.Job, job_id)
        row.stage, row.due_at = "handed in", now() + HANDING_IN
    for position, (name, load) in enumerate(files.items()):
        with database.transaction() as db:
            db.add(_file(job_id, position, name, load))
    with database.transaction() as db:
        row = db.get_one(tables.Job, job_id)
        row.stage, row.due_at, row.total = "waiting", None, len(files)
    return job_id


def list_told(db: Db, job_id: UUID) -> list[tuple[str, str, str]]:
    """Name, outcome and the line of each file of a job, in order."""
    if db.get(tables.Job, job_id) is None:
        raise JobNotFound
    rows = db.execute(
        sa.select(FILE.name, FILE.outcome, FILE.told)
        .where(FILE.job_id == job_id)
        .order_by(FILE.position)
    )
    return [(name, outcome or "waiting", told or "") for name, outcome, told in rows]


def list_waiting(db: Db, job_id: UUID) -> list[tuple[int, str]]:
    """Place and name of each file that is still to be done."""
    rows = db.execute(
        sa.select(FILE.position, FILE.name)
        .where(FILE.job_id == job_id, FILE.outcome.is_(None))
        .order_by(FILE.position)
    )
    return [(position, name) for position, name in rows]


def list_done(db: Db, job_id: UUID) -> set[str]:
    """The names of the files that became documents."""
    select = sa.select(FILE.name).where(FILE.job_id == job_id, FILE.outcome == "done")
    return set(db.scalars(select))


def load_file(db: Db, job_id: UUID, position: int) -> bytes:
    """The bytes of a file that was handed in."""
    data = db.scalar(sa.select(FILE.data).where(FILE.job_id == job_id, FILE.position == position))
    return bytes(data or b"")


def save_told(db: Db, job_id: UUID, position: int, imported: Imported) -> None:
    """Say what became of a file; one that failed keeps its bytes, to be tried again."""
    values: dict[str, Any] = {"outcome": imported.outcome, "told": imported.told}
    if imported.brought is not None:
        values["document_id"] = imported.brought.document_id
        values["version"] = imported.brought.number
    if imported.outcome != "failed":
        values["data"] = None
    where = sa.and_(FILE.job_id == job_id, FILE.position == position)
    db.execute(sa.update(FILE).where(where).values(values))


def list_brought(db: Db, job_id: UUID) -> dict[str, int]:
    """The version of each document that the files of a job hold."""
    rows = db.execute(
        sa.select(FILE.document_id, FILE.version)
        .where(FILE.job_id == job_id, FILE.document_id.is_not(None))
        .order_by(FILE.position)
    )
    return {str(document_id): version or 0 for document_id, version in rows}


def count_told(db: Db, job_id: UUID) -> dict[str, int]:
    """How many files there are of each outcome."""
    rows = db.execute(
        sa.select(FILE.outcome, sa.func.count()).where(FILE.job_id == job_id).group_by(FILE.outcome)
    )
    return {outcome or "waiting": count for outcome, count in rows}


def _file(job_id: UUID, position: int, name: str, load: Load) -> tables.JobFile:
    row = tables.JobFile(job_id=job_id, position=position, name=name)
    try:
        row.data = load()
    except CoachError as fault:
        row.outcome, row.told = "failed", fault.detail
    return row
