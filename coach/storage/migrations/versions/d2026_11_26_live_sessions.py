"""Sessions as they go, promises offered, and what became of each promise."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime
from coach.storage.tables import AS_WRITTEN

revision: str = "2026_11_26_live_sessions"
down_revision: str | None = "2026_11_26_recap_shares"
CHANGES = "'made', 'accepted', 'done', 'kept_open', 'opened', 'blocked', 'dropped'"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "session_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("body", AS_WRITTEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("anchor_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_session_runs_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_runs")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_runs_session_id")),
    )
    _make_offers()
    _make_changes()


def _make_offers() -> None:
    op.create_table(
        "promise_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("commitment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("owner IN ('mentor', 'mentee')", name=op.f("ck_promise_offers_owner")),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'declined')", name=op.f("ck_promise_offers_state")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_promise_offers_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_offers")),
    )
    op.create_index(op.f("ix_promise_offers_session_id"), "promise_offers", ["session_id"])


def _make_changes() -> None:
    op.create_table(
        "commitment_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(f"change IN ({CHANGES})", name=op.f("ck_commitment_changes_change")),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["pairs.id"],
            name=op.f("fk_commitment_changes_pair_id_pairs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_commitment_changes_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_changes")),
    )
    op.create_index(op.f("ix_commitment_changes_pair_id"), "commitment_changes", ["pair_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("commitment_changes")
    op.drop_table("promise_offers")
    op.drop_table("session_runs")
