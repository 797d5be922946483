"""Work that outlives a process, and what models were paid with."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from coach.storage.columns import Table, key, moment, now, one_of


class ModelUsage(Table):
    """What one draft took of a model; numbers only, and it stays when the person has gone."""

    __tablename__ = "model_usage"
    __table_args__ = (sa.Index(None, "programme_id", "day"), sa.Index(None, "person_id", "day"))
    id: Mapped[UUID] = key()
    programme_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("programmes.id", ondelete="CASCADE")
    )
    person_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("people.id", ondelete="SET NULL"))
    day: Mapped[date]
    purpose: Mapped[str]
    model: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cost: Mapped[float | None]
    created_at: Mapped[datetime] = moment()


class Job(Table):
    """Work that outlives the process: `turn` rises with each claim, `once` lets only one wait."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("kind", "import", "index", "re-embed", "freshness", "trial", "re-ask"),
        one_of("state", "waiting", "running", "done", "failed", "cancelled"),
        sa.Index(None, "state", "created_at"),
    )
    id: Mapped[UUID] = key()
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    stage: Mapped[str] = mapped_column(default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    turn: Mapped[int] = mapped_column(default=0)
    argument: Mapped[dict[str, object]] = mapped_column(default=dict)
    told: Mapped[str | None]
    error: Mapped[str | None]
    hint: Mapped[str | None]
    author: Mapped[str | None]
    worker: Mapped[str | None]
    once: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = moment()
    changed_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    found: Mapped[dict[str, object] | None]


class JobFile(Table):
    """One file handed in for an import, and what it became; its bytes go when it is done."""

    __tablename__ = "job_files"
    job_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    data: Mapped[bytes | None]
    outcome: Mapped[str | None]
    told: Mapped[str | None]
    document_id: Mapped[str | None]
    version: Mapped[int | None]
