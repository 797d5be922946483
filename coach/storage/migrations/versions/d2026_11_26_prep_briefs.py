"""Prep briefs, each for one reader."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime
from coach.storage.tables import AS_WRITTEN

revision: str = "2026_11_26_prep_briefs"
down_revision: str | None = "2026_11_26_model_usage"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "prep_briefs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("body", AS_WRITTEN, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["people.id"],
            name=op.f("fk_prep_briefs_reader_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_prep_briefs_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prep_briefs")),
    )
    op.create_index(op.f("ix_prep_briefs_reader_id"), "prep_briefs", ["reader_id"])
    op.create_index(op.f("ix_prep_briefs_session_id"), "prep_briefs", ["session_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("prep_briefs")
