"""What drafts take of a model."""

import sqlalchemy as sa
from alembic import op

from coach.storage.columns import UTCDateTime

revision: str = "2026_11_26_model_usage"
down_revision: str | None = "2026_11_23_library"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "model_usage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programmes.id"],
            name=op.f("fk_model_usage_programme_id_programmes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_model_usage_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_usage")),
    )
    op.create_index(op.f("ix_model_usage_programme_id_day"), "model_usage", ["programme_id", "day"])
    op.create_index(op.f("ix_model_usage_person_id_day"), "model_usage", ["person_id", "day"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("model_usage")
