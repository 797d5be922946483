"""What mentees keep of what was taught."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime
from coach.storage.tables import JSON

revision: str = "2026_11_26_memory_items"
down_revision: str | None = "2026_11_26_prep_briefs"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "memory_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("concept", sa.Text(), nullable=True),
        sa.Column("card", JSON, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("last_answer", sa.Text(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "last_answer IN ('knew_it', 'partly', 'not')",
            name=op.f("ck_memory_items_last_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_memory_items_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_memory_items_session_id_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_items")),
        sa.UniqueConstraint(
            "person_id",
            "session_id",
            "external_id",
            name=op.f("uq_memory_items_person_id_session_id_external_id"),
        ),
    )
    op.create_index(op.f("ix_memory_items_session_id"), "memory_items", ["session_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("memory_items")
