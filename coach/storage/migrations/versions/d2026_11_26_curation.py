"""What curating the library keeps: files handed in and not yet drafts."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import JSON, UTCDateTime

revision: str = "2026_11_26_curation"
down_revision: str | None = "2026_11_26_prep_briefs"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("uploads")
