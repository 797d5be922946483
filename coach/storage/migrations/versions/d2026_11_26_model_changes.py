"""Changes of the embedding model: what was compared before, and what was decided."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime
from coach.storage.tables import JSON

revision: str = "2026_11_26_model_changes"
down_revision: str | None = "2026_11_26_golden_and_gaps"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "model_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asks', 'taken', 'back')", name=op.f("ck_model_changes_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_changes")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("model_changes")
