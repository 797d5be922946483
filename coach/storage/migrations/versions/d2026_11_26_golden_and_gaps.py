"""Pinned golden questions, gaps that are asked again one by one, and the jobs of both."""

import uuid
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import JSON, UTCDateTime

revision: str = "2026_11_26_golden_and_gaps"
down_revision: str | None = "2026_11_26_jobs"
BEFORE = "kind IN ('import', 'index', 're-embed', 'freshness')"
AFTER = "kind IN ('import', 'index', 're-embed', 'freshness', 'trial', 're-ask')"
JOBS = (
    "id, kind, state, stage, done, total, attempts, turn, argument, told, error, hint, author, "
    "worker, once, due_at, heartbeat_at, created_at, changed_at"
)
FILES = "job_id, position, name, data, outcome, told"
OLD = sa.table(
    "gaps",
    sa.column("id", sa.Uuid()),
    sa.column("programme_id", sa.Uuid()),
    sa.column("reason", sa.Text()),
    sa.column("topic", sa.Text()),
    sa.column("question", sa.Text()),
    sa.column("count", sa.Integer()),
    sa.column("last_at", UTCDateTime()),
)
NEW = sa.table("gaps", *(sa.column(one.name, one.type) for one in OLD.c), sa.column("digest"))


def upgrade() -> None:
    """Make the table of pins, part the gaps by question, and let jobs be of two more kinds."""
    op.create_table(
        "golden_pins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expected", JSON, nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_pins")),
        sa.UniqueConstraint("digest", name=op.f("uq_golden_pins_digest")),
    )
    rows = op.get_bind().execute(sa.select(OLD)).mappings().all()
    op.drop_table("gaps")
    make_gaps(is_new=True)
    for row in rows:
        questions = (row["question"] or "").splitlines()
        alone = row["count"] - len(questions)
        kept = {**row, "question": "", "digest": "", "count": alone}
        if alone > 0:
            op.bulk_insert(NEW, [kept])
        for question in dict.fromkeys(questions):
            said = {"id": uuid.uuid4(), "question": question, "count": 1}
            op.bulk_insert(
                NEW,
                [
                    {
                        **kept,
                        **said,
                        "digest": sha256(
                            " ".join(question.casefold().split()).encode()
                        ).hexdigest(),
                    }
                ],
            )
    change_kinds(AFTER)


def downgrade() -> None:
    """Put the questions of a topic together again, and drop what was made."""
    op.execute("DELETE FROM jobs WHERE kind IN ('trial', 're-ask')")
    change_kinds(BEFORE)
    rows = op.get_bind().execute(sa.select(OLD).order_by(OLD.c.last_at)).mappings().all()
    op.drop_table("gaps")
    make_gaps(is_new=False)
    together: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        place = (row["programme_id"], row["reason"], row["topic"])
        kept = together.setdefault(place, {**row, "question": "", "count": 0})
        kept["count"] += row["count"]
        kept["question"] = "\n".join(filter(None, (kept["question"], row["question"])))
    for kept in together.values():
        op.bulk_insert(OLD, [{**kept, "question": kept["question"] or None}])
    op.drop_table("golden_pins")


def make_gaps(is_new: bool) -> None:
    """Make the table of gaps."""
    more: tuple[sa.Column[Any], ...] = (
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("asked_again", JSON, nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
    )
    unique = ("programme_id", "reason", "topic", *(("digest",) if is_new else ()))
    op.create_table(
        "gaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=not is_new),
        *(more[:1] if is_new else ()),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        *(more[1:] if is_new else ()),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_gaps_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_gaps_{'_'.join(unique)}")),
    )


def change_kinds(check: str) -> None:
    """Let jobs be of these kinds.

    SQLite can only make the table anew, and dropping the old one would take its files along; so
    both are copied first.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_jobs_kind"), "jobs", type_="check")
        op.create_check_constraint(op.f("ck_jobs_kind"), "jobs", check)
        return
    make_jobs("jobs_anew", check)
    copy("jobs", "jobs_anew", JOBS)
    make_files("job_files_anew", "jobs_anew")
    copy("job_files", "job_files_anew", FILES)
    op.drop_table("job_files")
    op.drop_table("jobs")
    op.rename_table("jobs_anew", "jobs")
    op.rename_table("job_files_anew", "job_files")
    op.create_index(op.f("ix_jobs_state_created_at"), "jobs", ["state", "created_at"])


def copy(old: str, new: str, names: str) -> None:
    """Copy these columns of a table into another."""
    wanted = names.split(", ")
    source = sa.table(old, *(sa.column(name) for name in wanted))
    target = sa.table(new, *(sa.column(name) for name in wanted))
    op.execute(sa.insert(target).from_select(wanted, sa.select(source)))


def make_jobs(name: str, check: str) -> None:
    """Make the table of jobs under this name."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(one, sa.Text(), nullable=False) for one in ("kind", "state", "stage")),
        *(
            sa.Column(one, sa.Integer(), nullable=False)
            for one in ("done", "total", "attempts", "turn")
        ),
        sa.Column("argument", JSON, nullable=False),
        *(
            sa.Column(one, sa.Text(), nullable=True)
            for one in ("told", "error", "hint", "author", "worker", "once")
        ),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("heartbeat_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(check, name=op.f("ck_jobs_kind")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_jobs_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("once", name=op.f("uq_jobs_once")),
    )


def make_files(name: str, jobs: str) -> None:
    """Make the table of the files that jobs import under this name."""
    op.create_table(
        name,
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"], [f"{jobs}.id"], name=op.f("fk_job_files_job_id_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_job_files")),
    )
