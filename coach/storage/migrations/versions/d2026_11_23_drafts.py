"""Agendas, follow-up questions, recaps and gaps."""

import sqlalchemy as sa
from alembic import op

from coach.storage.tables import AS_WRITTEN, UTCDateTime

revision: str = "2026_11_23_drafts"
down_revision: str | None = "2026_11_23_pairs"


def upgrade() -> None:
    """Make the tables."""
    _agendas()
    _follow_ups()
    _recaps()
    _gaps()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("gaps")
    op.drop_table("recaps")
    op.drop_table("follow_ups")
    op.drop_table("agendas")


def _agendas() -> None:
    op.create_table(
        "agendas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("body", AS_WRITTEN, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'edited', 'settled')", name=op.f("ck_agendas_state")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_agendas_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agendas")),
        sa.UniqueConstraint("session_id", name=op.f("uq_agendas_session_id")),
    )


def _follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("body", AS_WRITTEN, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_follow_ups_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(op.f("ix_follow_ups_session_id"), "follow_ups", ["session_id"], unique=False)


def _recaps() -> None:
    op.create_table(
        "recaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("body", AS_WRITTEN, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["people.id"],
            name=op.f("fk_recaps_reader_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_recaps_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recaps")),
    )
    op.create_index(op.f("ix_recaps_reader_id"), "recaps", ["reader_id"], unique=False)
    op.create_index(op.f("ix_recaps_session_id"), "recaps", ["session_id"], unique=False)


def _gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_gaps_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
        sa.UniqueConstraint(
            "programme_id", "reason", "topic", name=op.f("uq_gaps_programme_id_reason_topic")
        ),
    )
