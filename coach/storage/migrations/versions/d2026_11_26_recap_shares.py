"""Which recaps a mentee shared with the mentor."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime

revision: str = "2026_11_26_recap_shares"
down_revision: str | None = "2026_11_26_questions"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "recap_shares",
        sa.Column("recap_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recap_id"],
            ["recaps.id"],
            name=op.f("fk_recap_shares_recap_id_recaps"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recap_id", name=op.f("pk_recap_shares")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("recap_shares")
